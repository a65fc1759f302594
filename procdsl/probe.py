"""The built-in input of `self_check`, and how its results are recorded.

Every backend makes the same numbers from a multiplicative hash of their index, with integer
arithmetic only. Exact results are recorded by digest; results with a bound by some of their values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from procdsl.interpret import Data, postprocess, preprocess
from procdsl.ir import Pipeline, Value, tolerance
from procdsl.lazy import np
from procdsl.op import GeometricOp
from procdsl.ops.tile import Tile
from procdsl.types import Array

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
    frames = (value.type.frame for value in pipeline.fed if isinstance(value.type, Array))
    for frame in filter(None, frames):
        h, w = size
        for step in frame.steps_from(frame.root.name) or ():
            if isinstance(step, Tile):
                return len(step.corners(h, w))
            assert isinstance(step, GeometricOp), "no other steps move pixels"
            at = step.geometry(h, w)
            h, w = at.h, at.w
    return 7


def shape_of(array: Array, size: tuple[int, int], tiles: int = 7) -> tuple[int, ...]:
    """The array's shape, with `size` for an open height and width and 7 for other open axes."""
    open_axes = {"h": size[0], "w": size[1], "tile": tiles}
    return tuple(axis.size or open_axes.get(axis.name, 7) for axis in array.axes)


def record(pipeline: Pipeline) -> dict[str, Any]:
    """What `self_check` compares: the size of the probe, and the reference's results on it."""
    for size in SIZES:
        try:
            return _record(pipeline, size)
        except ValueError as error:  # too small for a crop, or too large for a pad
            refusal = error
    raise ValueError(f"no size of picture passes the steps of `pre`: {refusal}")


def _record(pipeline: Pipeline, size: tuple[int, int]) -> dict[str, Any]:
    recorded: dict[str, Any] = {"size": list(size)}
    if pipeline.inputs:
        fed = preprocess(pipeline, inputs(pipeline.inputs, size))
        recorded["preprocess"] = _results(
            dict(zip(pipeline.model.inputs, fed, strict=True)), pipeline
        )
    if pipeline.outputs:
        sizes = {value.name: _hw(value, size) for value in pipeline.inputs}
        given = inputs(pipeline.model.outputs, size, tiles_of(pipeline, size))
        found = postprocess(pipeline, given, sizes)
        recorded["postprocess"] = _results(
            dict(zip(pipeline.outputs, found, strict=True)), pipeline
        )
    return recorded


def inputs(
    values: tuple[Value, ...], size: tuple[int, int], tiles: int = 7
) -> dict[str, np.ndarray]:
    """A probe for each value."""
    return {
        value.name: noise(shape_of(value.type, size, tiles), value.type.dtype)
        for value in values
        if isinstance(value.type, Array)
    }


def _hw(value: Value, size: tuple[int, int]) -> tuple[int, int]:
    assert isinstance(value.type, Array), "inputs are arrays"
    sizes = dict(zip(value.type.names, shape_of(value.type, size), strict=True))
    return sizes.get("h", 1), sizes.get("w", 1)


def _results(results: Mapping[Value, Data], pipeline: Pipeline) -> dict[str, Any]:
    fed = dict(zip(pipeline.model.inputs, pipeline.fed, strict=False))
    recorded: dict[str, Any] = {}
    for value, data in results.items():
        bound = tolerance(fed.get(value, value))
        if isinstance(data, dict):
            for name, array in data.items():
                recorded[f"{value.name}.{name}"] = _result(array, bound)
        else:
            recorded[value.name] = _result(data, bound)
    return recorded


def _result(data: np.ndarray | str | list[str], bound: float) -> dict[str, Any]:
    if isinstance(data, str | list):
        return {"text": data}
    if not bound or data.dtype.kind != "f":
        return {"sha256": digest(data)}
    flat = data.ravel()
    count = min(_VALUES, flat.size)
    values = [float(flat[i * flat.size // count]) for i in range(count)]
    return {"bound": bound, "shape": list(data.shape), "values": values}
