"""The dtypes and shapes of tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from onnx import helper

DTYPES: Mapping[str, Any] = {
    "u8": np.uint8,
    "u16": np.uint16,
    "u32": np.uint32,
    "i32": np.int32,
    "i64": np.int64,
    "f16": np.float16,
    "f32": np.float32,
    "f64": np.float64,
    "bool": np.bool_,
}
"""The dtypes of the language, and those that are computed in, as numpy has them."""

Shape: TypeAlias = "tuple[int | None, ...]"
"""The sizes of a tensor's axes, None where one is open."""


def element_type(dtype: str) -> int:
    """The number that ONNX has for a dtype."""
    return helper.np_dtype_to_tensor_dtype(np.dtype(DTYPES[dtype]))


def broadcast(*shapes: Shape) -> Shape:
    """The shape of what is computed of tensors of these; beside 1 an open axis stays open."""
    rank = max(map(len, shapes))
    found: list[int | None] = []
    for sizes in zip(*((1,) * (rank - len(shape)) + shape for shape in shapes), strict=True):
        known = [size for size in sizes if size not in (None, 1)]
        found.append(known[0] if known else None if None in sizes else 1)
    return tuple(found)
