"""What the ops share that find points in maps: how large the picture is whose points they are."""

from __future__ import annotations

from procdsl.opdef.errors import Problem
from procdsl.ops.boxes._boxes import sides_of
from procdsl.types.array import Array
from procdsl.types.axis import Axis

SAYS = ("xy", "pixels")
XY = Axis.of("xy", 2)


def expect_sides_of(x: Array, op: str) -> tuple[int, int]:
    """The height and width of the picture that a value is of; or a `Problem`."""
    sides = sides_of(x.space)
    if sides is not None:
        return sides
    raise Problem(
        "E318",
        f"`{op}` does not know how large the picture is whose points these are",
        found=f"{x.described()}, of a picture of "
        + ("any size" if x.space else "which nothing is known"),
        wanted="what a model gives of an input whose height and width are known",
        help="give the model's input its size in `pre`, by `resize(h=..., w=...)` or `letterbox`; "
        "where the model has several inputs, `@x` behind the type says of which this is",
    )


def points_like(x: Array, axes: tuple[Axis, ...]) -> Array:
    """Points by these axes, in pixels of the picture that a value is of."""
    return Array("f32", (*axes, XY), kind="points", says=SAYS, space=x.space)
