"""Tiles: the contract is of one sample, and the model takes the tiles of all as one batch.

Arrays are numpy's or torch's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from procdsl.codegen.python.with_processing import is_tiled
from procdsl.ir.pipeline import Value
from procdsl.records import replace
from procdsl.types.array import Array


def of_model(value: Value) -> Value:
    """A value of the contract as the model has it."""
    assert isinstance(value.type, Array), "a model takes and gives arrays"
    return replace(value, type=value.type.without("tile")) if is_tiled(value) else value


def as_batch(values: Sequence[Value], given: Sequence[Any]) -> list[Any]:
    """What the model takes or gives for a batch of samples."""
    pairs = zip(values, given, strict=True)
    return [x.reshape(-1, *x.shape[2:]) if is_tiled(value) else x for value, x in pairs]


def of_samples(values: Sequence[Value], found: Sequence[Any], count: int) -> list[Any]:
    """The same with the samples in front, of which there are so many."""
    pairs = zip(values, found, strict=True)
    return [x.reshape(count, -1, *x.shape[1:]) if is_tiled(value) else x for value, x in pairs]
