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
class AxisMap:
    """v -> v * content / source + offset."""

    source: int
    content: int
    offset: int = 0

    @property
    def mirrored(self) -> bool:
        return self.content < 0


class SpaceStep(Protocol):
    """A step that moves pixels: a `GeometricOp`, or one that cuts tiles."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Placement:
    """The size of a step's result, and how the two axes of its input lie in it."""

    h: int
    w: int
    y: AxisMap
    """From the input's y axis, to that of the result or, where it is transposed, to its x axis."""
    x: AxisMap
    transposed: bool = False

    def __post_init__(self) -> None:
        if max(self.h, self.w) > SIDE:
            raise ValueError(f"an image would become {self.h} x {self.w}, too large: {SIDE} a side")

    @classmethod
    def scaled(cls, h: int, w: int, to_h: int, to_w: int) -> Placement:
        """The whole picture, resized."""
        return cls(to_h, to_w, AxisMap(h, to_h), AxisMap(w, to_w))

    @classmethod
    def shifted(cls, h: int, w: int, to_h: int, to_w: int, top: int, left: int) -> Placement:
        """The picture at its own scale, its corner at (top, left) of the result."""
        return cls(to_h, to_w, AxisMap(h, h, top), AxisMap(w, w, left))


@dataclass(frozen=True)
class CoordinateSpace:
    """A system of pixel coordinates: an input's own, or what a geometric step made of another."""

    name: str
    parent: CoordinateSpace | None = None
    step: SpaceStep | None = None

    def steps_from(self, name: str) -> tuple[SpaceStep, ...] | None:
        """The geometric steps that lead from the frame of this name here, first one first."""
        steps: list[SpaceStep] = []
        space: CoordinateSpace | None = self
        while space is not None and space.name != name:
            if space.step is not None:
                steps.append(space.step)
            space = space.parent
        return tuple(reversed(steps)) if space is not None else None

    @property
    def root(self) -> CoordinateSpace:
        space = self
        while space.parent is not None:
            space = space.parent
        return space
