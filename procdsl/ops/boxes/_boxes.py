"""What the ops on coordinates share: the argument that names an input, and the boxes of a value."""

from __future__ import annotations

from dataclasses import dataclass

from procdsl.opdef.argument_types import ArgumentType
from procdsl.opdef.errors import Problem
from procdsl.types.array import Array
from procdsl.types.constants import Constant, Word
from procdsl.types.value import Record, Type


@dataclass(frozen=True)
class FrameName(ArgumentType):
    """The name of an input; the op is given the size of that input as its last value."""

    def read(self, value: Constant) -> Word:
        if not isinstance(value, Word):
            raise self.unfit(value)
        return value


FRAME = FrameName("the name of an input", Word("image"))


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
