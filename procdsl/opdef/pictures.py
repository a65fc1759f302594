"""Ask an op of a picture, in whatever order its axes stand.

An op says in which order it takes a picture (`Op.axes_order`). One in another order is seen in the
op's own, and its result is then seen back: axes keep the places that they had, and an axis that is
new comes last. A 4:2:0 frame has one order. Checker, reference, verifier and passes ask here, so
that this holds for each op without a word in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from procdsl.lazy import np
from procdsl.opdef import clips
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Op
from procdsl.types.array import Array
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import Type


def turned(op: Op, types: tuple[Type, ...]) -> Array | None:
    """The first value as the op takes it, where its axes stand in another order."""
    first = types[0] if types else None
    if not isinstance(first, Array):
        return None
    order = op.axes_order(first)
    return None if order == first.names else first.ordered(order)


def infer(op: Op, types: tuple[Type, ...]) -> Type | tuple[Type, ...]:
    """The op's type rule; of a picture in another order, with the result in that order."""
    seen = turned(op, types)
    if seen is None:
        return clips.infer(op, types)
    try:
        return _seen_back(types[0], clips.infer(op, (seen, *types[1:])))
    except Problem as problem:
        if isinstance(problem.then, Array):
            problem.then = _seen_back(types[0], problem.then)
        raise problem.of(types[0], seen) from None


def doubts(op: Op, types: tuple[Type, ...]) -> Iterable[Problem]:
    """The op's doubts, said of the types as the file has them."""
    seen = turned(op, types)
    if seen is None:
        return clips.doubts(op, types)
    found = clips.doubts(op, (seen, *types[1:]))
    return (problem.of(types[0], seen) for problem in found)


def error_bound(op: Op, types: tuple[Type, ...]) -> ErrorBound | None:
    """By how much a backend may differ from the reference."""
    seen = turned(op, types)
    return clips.error_bound(op, types if seen is None else (seen, *types[1:]))


def reference(op: Op, types: tuple[Type, ...], values: tuple[Any, ...]) -> Any:
    """The op's meaning."""
    seen = turned(op, types)
    if seen is None:
        return clips.reference(op, types, values)
    first = types[0]
    assert isinstance(first, Array), "it was seen in another order"
    taken = (seen, *types[1:])
    x = np.transpose(values[0], [first.at(name) for name in seen.names])
    gives = clips.infer(op, taken)
    assert isinstance(gives, Array), "an op on pictures gives one"
    wanted = _seen_back(first, gives)
    found = clips.reference(op, taken, (x, *values[1:]))
    return np.transpose(found, [gives.at(name) for name in wanted.names])


def _seen_back(before: Type, found: Type | tuple[Type, ...]) -> Array:
    """A result with its axes where those of the picture were."""
    assert isinstance(before, Array), "it was seen in another order"
    assert isinstance(found, Array), "an op on pictures gives one"
    if found.subsampled:
        return found
    places = {name: place for place, name in enumerate(before.names)}
    return found.ordered(sorted(found.names, key=lambda name: places.get(name, len(places))))
