"""What the ops on boxes share: the boxes of a value, and their way back through a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from procdsl.diagnostics.suggest import choices
from procdsl.opdef.errors import Problem
from procdsl.opdef.geometric import GeometricOp
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.value import Record, Type

SCORES = ("scores", "probabilities")
"""The kinds whose values say how sure the model is: the larger the surer, in 0..1."""

CORNERS = ("xyxy", "pixels")
"""What ops take and give: corners (x1, y1) and (x2, y2), in pixels."""

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import PlacementVariable, Variable


def boxes_of(found: Type, op: str) -> Array:
    """The boxes of a detection, or the boxes themselves; or a `Problem`."""
    boxes = found.field("boxes") if isinstance(found, Record) else found
    fits = isinstance(boxes, Array) and boxes.kind == "boxes" and boxes.dtype == "f32"
    if isinstance(boxes, Array) and fits and boxes.shape[-1:] == (4,):
        return boxes if boxes.says == CORNERS else _other_form(boxes, op)
    help = (
        "give it what `nms` or `decode_yolo` gives; where the model gives boxes itself, say so in "
        "its contract: `f32[anchor=100, box=4] boxes(xyxy, pixels)`"
    )
    if isinstance(found, Array) and found.kind is None and found.dtype == "f32":
        help = f"where it is declared, say what it is: `{found} boxes(xyxy, pixels)`"
    elif isinstance(found, Array) and found.kind == "boxes":
        help = _of_another_shape(found)
    raise Problem(
        "E319",
        f"`{op}` works on boxes",
        found=found.described(),
        wanted="boxes f32[..., box=4], or what `nms` gives",
        help=help,
    )


def _of_another_shape(boxes: Array) -> str:
    """What brings boxes to f32[..., box=4], or what is to be declared."""
    if boxes.shape[-1:] == (4,):
        return "`cast(f32)` of them comes before this step"
    if 4 not in boxes.shape:
        return "say in the contract which axis holds the four numbers of a box: `box=4`"
    four = boxes.names[boxes.shape.index(4)]
    order = ", ".join([*(name for name in boxes.names if name != four), four])
    return f"the four numbers are along the last axis: `layout({order})` of them comes before"


def _other_form(boxes: Array, op: str) -> NoReturn:
    raise Problem(
        "E329",
        f"`{op}` of boxes {'in another form' if boxes.says else 'of which no form is said'}",
        found=boxes.described(),
        wanted="`boxes(xyxy, pixels)`: corners x1, y1, x2, y2 in pixels of the model's input",
        help=_as_corners(boxes)
        if boxes.says
        else choices(
            "say in the contract what the four numbers are",
            "`boxes(xyxy, pixels)`: corners, in pixels; this step takes them",
            "`boxes(cxcywh, unit)`, or another form: `convert_boxes(xyxy, pixels)` of them comes "
            "before",
        ),
    )


def _as_corners(boxes: Array) -> str:
    """How boxes of another form become corners in pixels, in words."""
    if "ltrb" in boxes.says:
        return (
            "distances from points are no boxes without the points: `decode_ltrb` makes boxes of "
            "them by the grids of the model's levels"
        )
    unknown = "unit" in boxes.says and sides_of(boxes.space) is None
    size = f", {boxes.space.root.name if boxes.space else 'image'}" if unknown else ""
    return f"`convert_boxes(xyxy, pixels{size})` of them comes before"


def sides_of(space: CoordinateSpace | None) -> tuple[int, int] | None:
    """The height and width of the pictures in a space, where its steps fix them."""
    h, w = Axis("h"), Axis("w")
    for step in (space.steps_from(space.root.name) or ()) if space else ():
        if isinstance(step, GeometricOp):
            h, w = step.placed(Array("u8", (h, w))).axes
        else:  # tiles are of one size, whatever picture they are cut from
            sides = step.picture(1, 1)
            h, w = Axis.of("h", sides[0]), Axis.of("w", sides[1])
    return (h.size, w.size) if h.size is not None and w.size is not None else None


def expect_scores(scores: Type, op: str, of: tuple[Axis, ...]) -> Array:
    """f32 scores by these axes: one a box, or one a class behind them; or a `Problem`."""
    wanted = ", ".join(map(str, of))
    fits = isinstance(scores, Array) and scores.kind in SCORES and scores.dtype == "f32"
    if not isinstance(scores, Array) or not fits:
        help = "give it boxes and scores, in this order, as `decode_yolo` does"
        if isinstance(scores, Array) and scores.kind == "logits":
            help = choices(
                "say how its numbers become scores",
                "`scores = sigmoid(...)`: each class by itself, several may be high",
                "`scores = softmax(..., over=class)`: the classes of a box share one",
            )
        elif isinstance(scores, Array) and scores.kind in SCORES:
            help = "`cast(f32)` of them comes before this step"
        elif isinstance(scores, Array) and scores.kind is None and scores.dtype == "f32":
            help = f"where it is declared, say what it is: `{scores} scores`, or `logits`"
        raise Problem(
            "E319",
            f"`{op}` does not get scores",
            found=scores.described(),
            wanted=f"scores or probabilities, f32[{wanted}, class] or f32[{wanted}]",
            help=help,
        )
    if scores.axes[: len(of)] != of or len(scores.axes) > len(of) + 1:
        raise Problem(
            "E319",
            f"`{op}` does not get one row of scores for each box",
            found=f"{scores}",
            wanted=f"scores [{wanted}, class], or [{wanted}] where there is one class",
            help="give it boxes and scores of the same anchors, as one `decode_yolo` gives them",
        )
    return scores


def with_boxes(found: Type, boxes: Array) -> Type:
    """The same value with these boxes; of points, these points."""
    return found.with_field("boxes", boxes) if isinstance(found, Record) else boxes


def lower_back(
    build: Builder, boxes: Variable, at: PlacementVariable, called: Variable
) -> Variable:
    """Boxes or points in the coordinates of what a step was given, called like another variable."""
    back = build.like(called)
    template, named = f"coordinates/{boxes.array.kind}_back", {"at": at}
    build.call(template, [boxes], attributes={}, named=named, result=back)
    return back
