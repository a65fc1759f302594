"""The built-in input of `self_check`.

Every backend makes the same numbers from a multiplicative hash of their index, with integer
arithmetic only. A picture has the first size of a list that passes all steps of `pre`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from procdsl import limits
from procdsl.ir.least_sizes import least_sizes, needed
from procdsl.ir.pipeline import Pipeline, Step, Value, picture_of
from procdsl.lazy import np
from procdsl.types.array import Array
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.subsampled import frame_rows
from procdsl.types.value import PictureSize, Record

Size = tuple[int, int]
"""A height and a width."""

_STEPS = [0, *range(1, 13), *range(-1, -12, -1)]
_UPRIGHT = [(max(1, int(61 * 1.5**n)), max(1, int(83 * 1.5**n))) for n in _STEPS]
_UPRIGHT.insert(6, (448, 672))  # of many divisors, for patches that must leave nothing over
_LONG = [(h, h * times) for times in (2, 4, 8, 16, 32) for h in (61, 15, 244)]
SIZES = [*_UPRIGHT, *((w, h) for h, w in _UPRIGHT), *_LONG, *((w, h) for h, w in _LONG)]
"""The heights and widths to try where the type leaves them open: larger ones, then smaller ones,
then long ones, which a line of text is."""

ANY = 7
"""How long an open axis is that is no side of a picture."""

DTYPES = {"u8": "uint8", "u16": "uint16", "i32": "int32", "i64": "int64", "bool": "bool"}
DTYPES |= {"f32": "float32", "f16": "float16"}
"""What numpy calls the dtypes."""


def noise(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Integers over the whole of u8 and u16, floats within -4..4, zeros for other dtypes."""
    n = np.arange(int(np.prod(shape, dtype=np.int64)), dtype=np.int64)
    mixed = ((n + 1) * 2654435761 & 0xFFFFFFFF) >> 8
    values: np.ndarray
    if dtype in ("u8", "u16"):
        values = mixed >> (16 if dtype == "u8" else 8)
    elif dtype in ("f32", "f16"):
        values = mixed.astype(np.float32) / np.float32(2**21) - np.float32(4)
    else:
        values = np.zeros_like(n)
    return values.astype(DTYPES[dtype]).reshape(shape)


def inputs(
    values: Sequence[Value], size: Size, axes: Mapping[str, int] | None = None
) -> dict[str, np.ndarray]:
    """A probe for each value; `axes` are the lengths of open axes."""
    return {
        value.name: noise(shape_of(value.type, size, axes), value.type.dtype)
        for value in values
        if isinstance(value.type, Array)
    }


def shape_of(array: Array, size: Size, axes: Mapping[str, int] | None = None) -> tuple[int, ...]:
    """The array's shape, with `size` for an open height and width, and `ANY` for unknown axes.

    A 4:2:0 frame is that of the largest picture of even sides within `size`.
    """
    h, w = size
    open_axes = {**(axes or {}), "h": h, "w": w}
    if array.subsampled:
        h, w = max(h // 2, 1) * 2, max(w // 2, 1) * 2
        open_axes = {"rows": frame_rows(h, w), "w": w}
    return tuple(axis.size or open_axes.get(axis.name, ANY) for axis in array.axes)


def picture(value: Value, size: Size) -> Size:
    """The height and width of the picture in an input's probe."""
    assert isinstance(value.type, Array), "inputs are arrays"
    return value.type.picture(shape_of(value.type, size))


def sizes(pipeline: Pipeline, size: Size) -> dict[str, Size]:
    """The heights and widths that `post` goes back to, by what it calls them.

    A picture that is no input of the pipeline has the probe's size.
    """
    found = {}
    for step in pipeline.post:
        for value in step.inputs:
            if isinstance(value.type, PictureSize):
                given = picture_of(pipeline.inputs, value.type)
                found[value.type.input] = picture(given, size) if given else size
    return found


def recorded(pipeline: Pipeline, size: Size) -> set[str]:
    """Which of `preprocess` and `postprocess` a golden record has: those that the reference runs in
    bounded time and memory."""
    found = set()
    if pipeline.inputs:
        pictures = {id(step): sides for step, sides in _pictures(pipeline, size)}
        costs = [_cost(step, pictures.get(id(step), size)) for step in pipeline.serving()]
        if _is_bounded(pipeline.inputs, costs, size):
            found.add("preprocess")
    if pipeline.outputs:
        axes = axis_sizes(pipeline, size)
        costs = [_cost(step, size, axes) for step in pipeline.post]
        if _is_bounded(pipeline.model.outputs, costs, size, axes):
            found.add("postprocess")
    return found


def _is_bounded(
    given: Sequence[Value],
    costs: Sequence[tuple[int, int]],
    size: Size,
    axes: Mapping[str, int] | None = None,
) -> bool:
    numbers = [*(one for one, _ in costs), *(_count(value, size, axes) for value in given)]
    work = sum(more for _, more in costs)
    few = max(numbers) <= limits.RECORDED and sum(numbers) <= limits.RECORDED_IN_ALL
    return few and work <= limits.RECORDED_WORK


def _cost(step: Step, size: Size, axes: Mapping[str, int] | None = None) -> tuple[int, int]:
    """How many numbers a step takes and gives, for a picture of this size, and makes on the way."""
    numbers = sum(_count(value, size, axes) for value in (*step.inputs, *step.outputs))
    shapes = (shape_of(type_, size, axes) for type_ in step.types if isinstance(type_, Array))
    return numbers, step.op.work(step.types, *shapes)


def _count(value: Value, size: Size, axes: Mapping[str, int] | None) -> int:
    arrays = [value.type] if isinstance(value.type, Array) else []
    if isinstance(value.type, Record):
        arrays = [type_ for _, type_ in value.type.fields]
    return sum(math.prod(shape_of(array, size, axes)) for array in arrays)


def check_size(pipeline: Pipeline, size: Size) -> None:
    """A ValueError where no picture of this size passes `pre`; without its pixels."""
    for step, sides in _pictures(pipeline, size):
        step.op.check_size(*sides)


def axis_sizes(pipeline: Pipeline, size: Size) -> dict[str, int]:
    """How long open axes are: what steps need at least, and what those of `pre` make, as tiles."""
    found: dict[str, int] = {}
    need = needed(pipeline.post)
    for value in (*pipeline.model.outputs, *pipeline.past_model):
        assert isinstance(value.type, Array), "`post` is given arrays"
        for name, least in least_sizes(value.type, need).items():
            found[name] = max(least, found.get(name, ANY))
    for step, sides in _pictures(pipeline, size):
        found |= step.op.axis_sizes(*sides)
    return found


def _pictures(pipeline: Pipeline, size: Size) -> Iterator[tuple[Step, Size]]:
    """The steps of `pre` that are given a picture, and its height and width."""
    moved = _Moved(pipeline.inputs, size)
    for step in pipeline.serving():
        type_ = step.inputs[0].type
        sides = moved.picture(type_.space if isinstance(type_, Array) else None)
        if sides is not None:
            yield step, sides


class _Moved:
    """The pictures of inputs, as steps move them: of each space what was found of its parent."""

    def __init__(self, inputs: Sequence[Value], size: Size) -> None:
        self._found: dict[int, Size | None] = {}
        self._starts: dict[CoordinateSpace, Size] = {}
        for value in inputs:
            if isinstance(value.type, Array) and value.type.space is not None:
                self._starts.setdefault(value.type.space, picture(value, size))
        self._roots_alone = all(start.parent is None for start in self._starts)

    def picture(self, space: CoordinateSpace | None) -> Size | None:
        """The height and width of the pixels in a space, if they are those of an input."""
        passed: list[CoordinateSpace] = []
        sides: Size | None = None
        while space is not None:
            if id(space) in self._found:
                sides = self._found[id(space)]
                break
            if space.parent is None or not self._roots_alone:
                sides = self._starts.get(space)
                if sides is not None:
                    break
            passed.append(space)
            space = space.parent
        for one in reversed(passed):
            if sides is not None and one.step is not None:
                sides = one.step.picture(*sides)
            self._found[id(one)] = sides
        return sides
