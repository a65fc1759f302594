"""Whole numbers in a file."""

from __future__ import annotations

from typing import Literal


def number_at(data: bytes, at: int, count: int, order: Literal["big", "little"] = "big") -> int:
    """The number in `count` bytes of a file, which must reach as far."""
    if at + count > len(data):
        raise ValueError("the file is cut off")
    return int.from_bytes(data[at : at + count], order)
