"""What an op is that moves the pixels of a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from procdsl import limits
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import rows_first
from procdsl.opdef.op import Op
from procdsl.records import dataclass, field
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.coordinates import CoordinateSpace, Placement


@dataclass(frozen=True)
class PlacementRule:
    """How a target computes a placement: a kernel, given h and w, these arguments and flags."""

    name: str
    arguments: tuple[int | float, ...]
    flags: Mapping[str, bool | str | int] = field(default_factory=dict)
    any_size: bool = False
    """Whether it chooses nothing by the size, so that a graph computes it for pictures of any."""


@dataclass(frozen=True, kw_only=True)
class GeometricOp(Op):
    """An op that moves pixels: it makes a new space of coordinates and knows the way back."""

    framewise: ClassVar[bool] = True

    scales: ClassVar[bool] = False
    """Whether it changes how large the picture is."""

    borders: ClassVar[bool] = False
    """Whether it lays the picture on a larger ground, or leaves some of it away."""

    crops: ClassVar[bool] = False
    """Whether it may leave some of the picture away."""

    def undone(self) -> GeometricOp | None:
        """The step that brings the pixels back, of one that turns or mirrors the picture."""
        return None

    def axes_order(self, x: Array) -> tuple[str, ...]:
        return rows_first(x)

    @property
    def placement_rule(self) -> PlacementRule:
        """What computes `placement` in a generated module."""
        raise NotImplementedError  # every geometric op has one

    def placement(self, h: int, w: int) -> Placement:
        """Where the pixels of an h x w picture go; a ValueError where the picture does not fit."""
        raise NotImplementedError  # every geometric op has one

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        """The result's axes where a size of the input is not known."""
        raise NotImplementedError  # every geometric op has one

    def check_size(self, h: int, w: int) -> None:
        self.placement(h, w)

    def picture(self, h: int, w: int) -> tuple[int, int]:
        """The height and width of the result."""
        at = self.placement(h, w)
        return at.h, at.w

    def placed(self, x: Array) -> Array:
        """The type of the result: other sizes, another space of coordinates; or a `Problem`."""
        h, w = x.axis("h"), x.axis("w")
        assert h is not None, "the type rule has asked for an image"
        assert w is not None, "the type rule has asked for an image"
        if h.size is not None and w.size is not None:
            at = self._fitting(x, h.size, w.size)
            h, w = Axis.of("h", at.h), Axis.of("w", at.w)
        else:
            h, w = self.extent(h, w)
        _check_pixels(self.name, x, h.size or 1, w.size or 1)
        space = CoordinateSpace(self.name, x.space, self) if x.space else None
        return x.resized(h=h, w=w).with_(space=space)

    def _fitting(self, x: Array, h: int, w: int) -> Placement:
        """The placement, or a `Problem` where a picture of this size does not fit."""
        try:
            return self.placement(h, w)
        except ValueError as error:
            raise Problem(
                "E310",
                f"`{self.name}` does not fit this image",
                found=str(error),
                wanted=f"arguments that fit an image of {h} x {w}",
                help="write other numbers in this step, or give the image another size in a step "
                "before it: those that training used",
                then=x.resized(h=Axis("h"), w=Axis("w")),
            ) from None


@dataclass(frozen=True, kw_only=True)
class AffineOp(Op):
    """An op that moves pixels by a matrix, which is its second value: known at run time.

    It gives pictures of one size, `h` and `w`, and a space `by` that value.
    """

    inputs: ClassVar[tuple[str, ...]] = ("x", "matrix")

    h: int
    w: int

    def axes_order(self, x: Array) -> tuple[str, ...]:
        return rows_first(x)

    def picture(self, h: int, w: int) -> tuple[int, int]:
        """The height and width of the result."""
        return self.h, self.w

    def placed(self, x: Array) -> Array:
        """The type of the result: its size, another space of coordinates."""
        space = CoordinateSpace(self.name, x.space, self) if x.space else None
        return x.resized(h=Axis.of("h", self.h), w=Axis.of("w", self.w)).with_(space=space)


def _check_pixels(name: str, x: Array, h: int, w: int) -> None:
    """A `Problem` where the result is larger than any picture that is read."""
    if h * w > limits.PIXELS:
        raise Problem(
            "E310",
            f"`{name}` makes too large a picture",
            found=f"{h} x {w}, which are {h * w:,} pixels",
            wanted=f"at most {limits.PIXELS:,} pixels",
            help="write a smaller size, that of the pictures of training",
            then=x.resized(h=Axis("h"), w=Axis("w")),
        )


def followed(steps: Iterable[GeometricOp], h: int, w: int) -> list[Placement]:
    """The placements of steps in a row, on a picture of h x w."""
    found = []
    for step in steps:
        found.append(step.placement(h, w))
        h, w = found[-1].h, found[-1].w
    return found
