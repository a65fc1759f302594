"""The built-in input of `self_check`, and how its results are recorded.

Every backend makes the same numbers from a multiplicative hash of their index, with integer
arithmetic only. Exact results are recorded by digest; results with a bound by some of their values.

An extern is never run. What it is given is recorded, and a probe of its type stands for what it
gives: so all steps before and behind it are checked, here and in a service.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from procdsl.ir.extern import ExternCall
from procdsl.ir.pipeline import Pipeline, Step, Value, tolerance
from procdsl.lazy import np
from procdsl.opdef.geometric import GeometricOp
from procdsl.ops.axes.patchify import Patchify
from procdsl.ops.tiles.tile import Tile
from procdsl.reference.interpreter import Data, postprocess, preprocess
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.subsampled import frame_rows

_STEPS = [0, *range(1, 13), *range(-1, -12, -1)]
SIZES = [(max(1, int(61 * 1.5**n)), max(1, int(83 * 1.5**n))) for n in _STEPS]
"""The heights and widths to try where the type leaves them open: larger ones, then smaller ones."""
SIZES.insert(6, (448, 672))  # of many divisors, for patches that must leave nothing over

_VALUES = 32
_DTYPES = {"u8": "uint8", "u16": "uint16", "i32": "int32", "i64": "int64", "bool": "bool"}
_DTYPES |= {"f32": "float32", "f16": "float16"}


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
    return values.astype(_DTYPES[dtype]).reshape(shape)


def digest(x: np.ndarray) -> str:
    """SHA-256 of dtype, shape and bytes, the last axis running fastest."""
    head = f"{x.dtype.name} {list(x.shape)} ".encode()
    return hashlib.sha256(head + np.ascontiguousarray(x).tobytes()).hexdigest()


def tiles_of(pipeline: Pipeline, size: tuple[int, int]) -> int:
    """How many tiles `pre` cuts a picture of this size into; 7 where it cuts none."""
    for value in pipeline.fed:
        at = _followed(value, pipeline, size)
        if at and at.tile:
            return len(at.tile.corners(at.h, at.w))
    return 7


@dataclass(frozen=True)
class _Followed:
    """The height and width of a picture after the steps that move pixels, as far as to a tile."""

    h: int
    w: int
    tile: Tile | None


def _followed(value: Value, pipeline: Pipeline, size: tuple[int, int]) -> _Followed | None:
    """What a picture of this size has become; None for values that are of no input's pixels."""
    space = value.type.space if isinstance(value.type, Array) else None
    source = next((v for v in pipeline.inputs if space and v.name == space.root.name), None)
    if space is None or source is None:
        return None
    h, w = picture(source, size)
    for step in space.steps_from(source.name) or ():
        if isinstance(step, Tile):
            return _Followed(h, w, step)
        assert isinstance(step, GeometricOp), "no other steps move pixels"
        at = step.geometry(h, w)
        h, w = at.h, at.w
    return _Followed(h, w, None)


def _check_size(pipeline: Pipeline, size: tuple[int, int]) -> None:
    """A ValueError where no picture of this size passes `pre`; without its pixels."""
    for step in pipeline.serving():
        at = _followed(step.inputs[0], pipeline, size)
        if at is None or at.tile:
            continue
        if isinstance(step.op, GeometricOp):
            step.op.geometry(at.h, at.w)
        elif isinstance(step.op, Patchify):
            step.op.check_size(at.h, at.w)


def shape_of(array: Array, size: tuple[int, int], tiles: int = 7) -> tuple[int, ...]:
    """The array's shape, with `size` for an open height and width and 7 for other open axes.

    A 4:2:0 frame is that of the largest picture of even sides within `size`.
    """
    h, w = size
    open_axes = {"h": h, "w": w, "tile": tiles}
    if array.subsampled:
        h, w = max(h // 2, 1) * 2, max(w // 2, 1) * 2
        open_axes = {"rows": frame_rows(h, w), "w": w}
    return tuple(axis.size or open_axes.get(axis.name, 7) for axis in array.axes)


def record(pipeline: Pipeline) -> dict[str, Any]:
    """What `self_check` compares: the size of the probe, and the reference's results on it."""
    for size in [*SIZES, *((w, h) for h, w in SIZES)]:
        try:
            _check_size(pipeline, size)
            return _record(pipeline, size)
        except ValueError as error:  # too small for a crop, or too large for a pad
            refusal = error
    raise ValueError(f"no size of picture passes the steps of `pre`: {refusal}")


def _record(pipeline: Pipeline, size: tuple[int, int]) -> dict[str, Any]:
    recorded: dict[str, Any] = {"size": list(size)}
    if pipeline.inputs:
        externs = _Externs(size)
        fed = preprocess(pipeline, inputs(pipeline.inputs, size), call=externs.call)
        results = _results(dict(zip(pipeline.model.inputs, fed, strict=True)), pipeline)
        recorded["preprocess"] = {**results, **externs.recorded}
    if pipeline.outputs:
        sizes = {value.name: picture(value, size) for value in pipeline.inputs}
        given = inputs(pipeline.model.outputs, size, tiles_of(pipeline, size))
        externs = _Externs(size)
        found = postprocess(pipeline, given, sizes, externs.call)
        results = _results(dict(zip(pipeline.outputs, found, strict=True)), pipeline)
        recorded["postprocess"] = {**results, **externs.recorded}
    return recorded


class _Externs:
    """Stands for externs, as `StandIn` does in a generated module."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.calls: Counter[str] = Counter()
        self.recorded: dict[str, Any] = {}

    def call(self, step: Step, given: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Record what the step is given; a probe for each of its results."""
        assert isinstance(step.op, ExternCall), "only those are stood for"
        extern = step.op.extern
        self.calls[extern.name] += 1
        for i, (value, array) in enumerate(zip(step.inputs, given, strict=True), start=1):
            name = f"{extern.name}, call {self.calls[extern.name]}, value {i}"
            self.recorded[name] = _result(array, tolerance(value))
        results = []
        for type_ in extern.gives:
            sides = {n: given[i].shape[axis] for n, (i, axis) in extern.sides(type_).items()}
            sized = type_.resized(**{name: Axis.of(name, size) for name, size in sides.items()})
            results.append(noise(shape_of(sized, self.size), type_.dtype))
        return results


def inputs(
    values: tuple[Value, ...], size: tuple[int, int], tiles: int = 7
) -> dict[str, np.ndarray]:
    """A probe for each value."""
    return {
        value.name: noise(shape_of(value.type, size, tiles), value.type.dtype)
        for value in values
        if isinstance(value.type, Array)
    }


def picture(value: Value, size: tuple[int, int]) -> tuple[int, int]:
    """The height and width of the picture in an input's probe."""
    assert isinstance(value.type, Array), "inputs are arrays"
    return value.type.picture(shape_of(value.type, size))


def _results(results: Mapping[Value, Data], pipeline: Pipeline) -> dict[str, Any]:
    fed = dict(zip(pipeline.model.inputs, pipeline.fed, strict=False))
    recorded: dict[str, Any] = {}
    for value, data in results.items():
        bound = tolerance(fed.get(value, value))
        if isinstance(data, dict):
            for name, array in data.items():
                real = array.dtype.kind == "f"  # the whole numbers of a record are decisions
                recorded[f"{value.name}.{name}"] = _result(array, bound if real else 0.0)
        else:
            recorded[value.name] = _result(data, bound)
    return recorded


def _result(data: np.ndarray | str | list[str], bound: float) -> dict[str, Any]:
    if isinstance(data, str | list):
        return {"text": data}
    if not bound:
        return {"sha256": digest(data)}
    flat = data.ravel()
    count = min(_VALUES, flat.size)
    values = [float(flat[i * flat.size // count]) for i in range(count)]
    return {"bound": bound, "shape": list(data.shape), "values": values}
