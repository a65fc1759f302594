"""Boxes and points as the ops on coordinates take them."""

from __future__ import annotations

from procdsl.opdef.errors import Problem
from procdsl.ops.boxes._boxes import boxes_of
from procdsl.types.array import Array
from procdsl.types.value import Type

SAYS = ("xy", "pixels")


def coordinates_of(found: Type, op: str) -> Array:
    """Points, boxes, or the boxes of a detection; or a `Problem`."""
    if not isinstance(found, Array) or found.dtype != "f32" or found.shape[-1:] != (2,):
        return boxes_of(found, op)
    if found.kind == "points" and found.says == SAYS:
        return found
    raise Problem(
        "E319",
        f"`{op}` of numbers that are not said to be points",
        found=found.described(),
        wanted="points f32[..., xy=2] points(xy, pixels), boxes, or what `nms` gives",
        help=f"where they are declared, say what they are: `{found.with_(kind=None)} "
        "points(xy, pixels)`",
    )
