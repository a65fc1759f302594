"""Boxes and points as the ops on coordinates take them."""

from __future__ import annotations

from procdsl.opdef.errors import Problem
from procdsl.ops.boxes._boxes import boxes_of
from procdsl.types.array import Array
from procdsl.types.value import Record, Type

SAYS = ("xy", "pixels")


def coordinates_of(found: Type, op: str) -> Array:
    """Points, boxes, or the boxes of a detection; or a `Problem`."""
    points = found.field("boxes") if isinstance(found, Record) else found
    if isinstance(points, Array) and points.kind == "rotated_boxes":
        field = isinstance(found, Record)
        raise Problem(
            "E319",
            f"`{op}` of rotated boxes",
            found=points.described(),
            wanted="their corners: a picture's two scales may differ, and a turned rectangle is "
            "none under these",
            help=f"`{'found' if field else 'corners'} = polygons(...)` of them comes before",
        )
    if not isinstance(points, Array) or points.dtype != "f32" or points.shape[-1:] != (2,):
        return boxes_of(found, op)
    if points.kind == "points" and points.says == SAYS:
        return points
    assert isinstance(found, Array), "of a record boxes are asked"
    raise Problem(
        "E319",
        f"`{op}` of numbers that are not said to be points",
        found=found.described(),
        wanted="points f32[..., xy=2] points(xy, pixels), boxes, or what `nms` gives",
        help=f"where they are declared, say what they are: `{found.with_(kind=None)} "
        "points(xy, pixels)`",
    )
