"""Where a geometric step puts the pixels of the picture it is given.

Coordinates are continuous: pixel i covers the interval from i to i+1. Per axis a step maps v to
`v * content / source + offset`, with whole numbers only, so that its inverse
`(v - offset) * source / content` brings a box back without a residue. A flipped axis has a
negative `content`. Where rows and columns change places, a coordinate on the input's y axis is one
on the result's x axis, and the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from procdsl.limits import SIDE


@dataclass(frozen=True)
class Map:
    """v -> v * content / source + offset."""

    source: int
    content: int
    offset: int = 0

    @property
    def mirrored(self) -> bool:
        return self.content < 0


class Places(Protocol):
    """A step that moves pixels: a `GeometricOp`, or one that cuts tiles."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Geometry:
    """The size of a step's result, and how the two axes of its input lie in it."""

    h: int
    w: int
    y: Map
    """From the input's y axis, to that of the result or, where it is transposed, to its x axis."""
    x: Map
    transposed: bool = False

    def __post_init__(self) -> None:
        if max(self.h, self.w) > SIDE:
            raise ValueError(f"an image would become {self.h} x {self.w}, too large: {SIDE} a side")

    @classmethod
    def scaled(cls, h: int, w: int, to_h: int, to_w: int) -> Geometry:
        """The whole picture, resized."""
        return cls(to_h, to_w, Map(h, to_h), Map(w, to_w))

    @classmethod
    def shifted(cls, h: int, w: int, to_h: int, to_w: int, top: int, left: int) -> Geometry:
        """The picture at its own scale, its corner at (top, left) of the result."""
        return cls(to_h, to_w, Map(h, h, top), Map(w, w, left))
