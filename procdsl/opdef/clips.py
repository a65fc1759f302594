"""Clips: an image with a leading axis `t`. An op on images works on each frame of one.

An op may say of other values, too, that it works on each along the first axis: a map of classes is
brought back to a picture class by class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Op
from procdsl.types.array import Array
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import Type


def is_clip(op: Op, types: tuple[Type, ...]) -> bool:
    """Whether the op is to be run on each frame of the first value."""
    first = types[0] if types else None
    return isinstance(first, Array) and op.one_by_one(first)


def infer(op: Op, types: tuple[Type, ...]) -> Type | tuple[Type, ...]:
    """The op's type rule; that of its frames on a clip."""
    if not is_clip(op, types):
        return op.infer(*types)
    t = types[0].axes[0]  # type: ignore[union-attr]  # a clip is an array
    frame = _of_frame(types)
    try:
        found = op.infer(*frame)
    except Problem as problem:
        if isinstance(problem.then, Array):
            problem.then = problem.then.with_(axes=(t, *problem.then.axes))
        raise problem.of(types[0], frame[0]) from None
    assert isinstance(found, Array), "an op on images gives an image"
    return found.with_(axes=(t, *found.axes))


def doubts(op: Op, types: tuple[Type, ...]) -> Iterable[Problem]:
    """The op's doubts; those of its frames on a clip."""
    if not is_clip(op, types):
        return op.doubts(*types)
    frame = _of_frame(types)
    return (problem.of(types[0], frame[0]) for problem in op.doubts(*frame))


def error_bound(op: Op, types: tuple[Type, ...]) -> ErrorBound | None:
    return op.error_bound(*(_of_frame(types) if is_clip(op, types) else types))


def reference(op: Op, types: tuple[Type, ...], values: tuple[Any, ...]) -> Any:
    """The op's meaning; on a clip that of its frames, one by one."""
    if not is_clip(op, types):
        return op.reference(types, *values)
    frame = _of_frame(types)
    return each(lambda x: op.reference(frame, x, *values[1:]), values[0])


def each(made: Callable[[np.ndarray], np.ndarray], clip: np.ndarray, axis: int = 0) -> np.ndarray:
    """What is made of each frame, along an axis; of none what zeros tell of the size."""
    frames = clip if len(clip) else np.zeros((1, *clip.shape[1:]), clip.dtype)
    return np.stack([made(frame) for frame in frames], axis).take(range(len(clip)), axis)


def _of_frame(types: tuple[Type, ...]) -> tuple[Type, ...]:
    first = types[0]
    assert isinstance(first, Array), "a clip is an array"
    return first.with_(axes=first.axes[1:]), *types[1:]
