"""Where a geometric step puts the pixels of the picture it is given.

Coordinates are continuous: pixel i covers the interval from i to i+1. Per axis a step maps v to
`v * content / source + offset`, with whole numbers only, so that its inverse
`(v - offset) * source / content` brings a box back without a residue. A flipped axis has a
negative `content`. Where rows and columns change places, a coordinate on the input's y axis is one
on the result's x axis, and the other way round.

Both ways are computed in float32 in the order in which they are written here, one rounding an
operation. Points are [..., 2] of (x, y), boxes [..., 4] of (x1, y1, x2, y2); a mirrored axis
exchanges the two ends of a box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from procdsl.lazy import np
from procdsl.limits import SIDE
from procdsl.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class AxisMap:
    """v -> v * content / source + offset."""

    source: int
    content: int
    offset: int = 0

    @property
    def mirrored(self) -> bool:
        return self.content < 0

    def forward(self, v: np.ndarray) -> np.ndarray:
        """Coordinates of the input as those of the result."""
        moved = v * np.float32(self.content) / np.float32(self.source)
        return np.asarray(moved + np.float32(self.offset))

    def inverse(self, v: np.ndarray) -> np.ndarray:
        """Coordinates of the result as those of the input."""
        moved = (v - np.float32(self.offset)) * np.float32(self.source)
        return np.asarray(moved / np.float32(self.content))


class SpaceStep(Protocol):
    """A step that moves pixels: a `GeometricOp`, or one that cuts tiles."""

    @property
    def name(self) -> str: ...

    def picture(self, h: int, w: int) -> tuple[int, int]:
        """The height and width that it makes of a picture of h x w."""
        ...


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

    def points_forward(self, points: np.ndarray) -> np.ndarray:
        """Points of the input where the step has put them."""
        return self._crossed(_along(points, self.x.forward, self.y.forward))

    def points_back(self, points: np.ndarray) -> np.ndarray:
        """Points of the result where they were in the input."""
        return _along(self._crossed(points), self.x.inverse, self.y.inverse)

    def boxes_forward(self, boxes: np.ndarray) -> np.ndarray:
        """Boxes of the input where the step has put them."""
        return self._as_boxes(self.points_forward(_corners(boxes)), back=False)

    def boxes_back(self, boxes: np.ndarray) -> np.ndarray:
        """Boxes of the result where they were in the input."""
        return self._as_boxes(self.points_back(_corners(boxes)), back=True)

    def _crossed(self, points: np.ndarray) -> np.ndarray:
        return points[..., ::-1] if self.transposed else points

    def _as_boxes(self, corners: np.ndarray, back: bool) -> np.ndarray:
        """Two corners [..., 2, 2] as a box whose ends are in order again."""
        first, last = corners[..., 0, :].copy(), corners[..., 1, :].copy()
        maps = (self.y, self.x) if self.transposed and not back else (self.x, self.y)
        for axis, m in enumerate(maps):
            if m.mirrored:
                first[..., axis], last[..., axis] = corners[..., 1, axis], corners[..., 0, axis]
        return np.concatenate([first, last], axis=-1)


def _corners(boxes: np.ndarray) -> np.ndarray:
    return boxes.reshape(*boxes.shape[:-1], 2, 2)


def _along(
    points: np.ndarray,
    x: Callable[[np.ndarray], np.ndarray],
    y: Callable[[np.ndarray], np.ndarray],
) -> np.ndarray:
    return np.stack([x(points[..., 0]), y(points[..., 1])], axis=-1)


@dataclass(frozen=True)
class CoordinateSpace:
    """A system of pixel coordinates: an input's own, or what a geometric step made of another."""

    name: str
    parent: CoordinateSpace | None = None
    step: SpaceStep | None = None
    by: int | None = None
    """The number of the value that says how the step has moved them, where one does."""

    def spaces_from(self, name: str) -> tuple[CoordinateSpace, ...] | None:
        """The spaces that geometric steps have made on the way from the one of this name here."""
        spaces: list[CoordinateSpace] = []
        space: CoordinateSpace | None = self
        while space is not None and space.name != name:
            spaces.append(space)
            space = space.parent
        return tuple(reversed(spaces)) if space is not None else None

    def steps_from(self, name: str) -> tuple[SpaceStep, ...] | None:
        """The geometric steps that lead from the space of this name here, first one first."""
        spaces = self.spaces_from(name)
        if spaces is None:
            return None
        return tuple(space.step for space in spaces if space.step is not None)

    @property
    def root(self) -> CoordinateSpace:
        space = self
        while space.parent is not None:
            space = space.parent
        return space
