"""What the ops on masks of objects share: what they take."""

from __future__ import annotations

from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.ops.boxes._boxes import boxes_of
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.value import Type


def expect_masks(x: Type, op: str, *dtypes: str) -> Array:
    """Masks [n, h, w], one for each object, of one of the dtypes; or a `Problem`."""
    if isinstance(x, Array) and len(x.axes) == 3 and x.names[1:] == ("h", "w"):
        return expect_dtype(x, op, *dtypes)
    names = x.names if isinstance(x, Array) else ()
    turned = len(names) == 3 and {"h", "w"} < {*names}
    first = next((name for name in names if name not in ("h", "w")), "n")
    raise Problem(
        "E319",
        f"`{op}` works on the masks of objects",
        found=x.described(),
        wanted="masks [n, h, w]: one plane for each object",
        help=f"`layout({first}, h, w)` of them comes before"
        if turned
        else "give it what `matmul` makes of coefficients and prototypes, or what the model gives "
        "for each object, with the axes n, h and w; one mask alone has `n=1`",
    )


def expect_boxes_of(masks: Array, boxes: Type, op: str) -> Array:
    """One box for each mask; or a `Problem`."""
    found = boxes_of(boxes, op)
    if found.axes != (masks.axes[0], Axis.of("box", 4)):
        raise Problem(
            "E319",
            f"`{op}` does not get one box for each mask",
            found=f"{masks} and {found}",
            wanted=f"boxes [{masks.axes[0]}, box=4]",
            help="take masks and boxes of the same objects: with `indices=true` `nms` tells which "
            "these are, and `take(coefficients, found.indices, along=anchor)` brings the rest",
        )
    return found


def expect_of_each(masks: Array, x: Type, op: str, dtype: str, what: str) -> Array:
    """One number for each mask; or a `Problem`."""
    x = expect_dtype(x, op, dtype)
    if x.axes == masks.axes[:1]:
        return x
    raise Problem(
        "E319",
        f"`{op}` does not get one of the {what} for each mask",
        found=f"{masks} and {x}",
        wanted=f"{what} {dtype}[{masks.axes[0]}]",
        help="`max` over the classes gives the score and the id of each object",
    )
