"""What the ops on boxes share: the boxes of a value, and their way back through a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procdsl.opdef.errors import Problem
from procdsl.types.array import Array
from procdsl.types.value import Record, Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import PlacementVariable, Variable


def boxes_of(found: Type, op: str) -> Array:
    """The boxes of a detection, or the boxes themselves; or a `Problem`."""
    boxes = found.field("boxes") if isinstance(found, Record) else found
    if isinstance(boxes, Array) and boxes.kind == "boxes" and boxes.dtype == "f32":
        return boxes
    raise Problem(
        "E319",
        f"`{op}` works on boxes",
        found=found.described(),
        wanted="boxes, or what `nms` gives",
        help="give it what `nms` or `decode_yolo` gives; where the model gives boxes itself, say "
        "so in its contract: `f32[anchor=100, box=4] boxes`",
        then=found,
    )


def with_boxes(found: Type, boxes: Array) -> Type:
    """The same value with these boxes."""
    return found.with_field("boxes", boxes) if isinstance(found, Record) else boxes


def lower_back(
    build: Builder, boxes: Variable, at: PlacementVariable, called: Variable
) -> Variable:
    """The boxes in the coordinates of what a step was given, called like another variable."""
    back = build.like(called)
    named = {"at": at}
    build.call("coordinates/boxes_back", [boxes], attributes={}, named=named, result=back)
    return back
