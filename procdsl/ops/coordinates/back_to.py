"""Bring boxes, points and maps back to the pixels of an input.

`found = back_to(found, image)` undoes what `pre` did to the picture, last step first: a letterbox,
a resize, a crop, a pad, a flip, a rotation. The inverse is derived from `pre` and the size of the
picture, with the whole numbers of pixels that each step used, axis by axis:
`(v - offset) * source / content` in float32; of a `warp` from its matrix, which `post` then takes.
NaN and infinities stay what they are. Boxes are `boxes(xyxy, pixels)`, or what `nms` gives; key
points and polygons are `points(xy, pixels)`.

A map, which is what has the axes h and w, covers the whole input of the model at a resolution of
its own, and gets the size of the picture: `y = back_to(y, image, sampler=torch.bilinear)`. Its
borders are cut away, and it is resampled: once, or where there is a border twice, first to the size
of the picture with its border, which is then cut by whole pixels. Each class [class, h, w] is a map
of its own. What comes first is the order of two steps: `argmax` behind `back_to` takes the largest
of the resampled scores (Hugging Face); before it, with a sampler that picks pixels, the classes
themselves are resampled (Open Model Zoo).

A `flow(xy, pixels)` f32[xy=2, h, w] comes back as a map, and its vectors with it: each step that
scales, turns or mirrors is undone of them, too, `v * source / content` in float32.

Where `pre` crops, the model has seen nothing of what lies outside: `fill` is the number that stands
there. The pictures of a batch must be of one size for a map.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.argument_types import INPUT
from procdsl.opdef.arguments import arg, real
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.geometric import GeometricOp
from procdsl.opdef.op import Case, Op
from procdsl.opdef.sampling import SAMPLER, bound, gain
from procdsl.ops.boxes._boxes import with_boxes
from procdsl.ops.coordinates._coordinates import coordinates_of
from procdsl.ops.coordinates._flow import expect_flow, flow_back, is_flow, lower_flow
from procdsl.ops.coordinates._maps import (
    WayBack,
    doubts_of_map,
    expect_map,
    expect_no_matrix,
    is_map,
    way_back,
)
from procdsl.ops.coordinates._way import Mover, lower_way, movers, spaces_between, way
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Number, Word
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import PictureSize, Record, Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result, Variable


@dataclass(frozen=True, kw_only=True)
class BackTo(Op):
    inputs: ClassVar[tuple[str, ...]] = ("found",)
    leads: ClassVar[bool] = True
    may_alias: ClassVar[bool] = True  # a record's scores and classes are those that it had

    frame: Word = arg(INPUT, positional=True)
    sampler: Word | None = arg(SAMPLER, default=None)
    fill: Number | None = arg(real(example=0), default=None)

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on the sampler
        return gain(self.sampler) ** 2 if self.sampler else 1.0

    @property
    def roundings(self) -> int:  # type: ignore[override]  # those of two resizes
        return 32 if self.sampler else 0

    def one_by_one(self, x: Array) -> bool:
        return is_map(x) and len(x.axes) == 3 and not is_flow(x)

    def way(self, found: Type, size: PictureSize) -> tuple[CoordinateSpace, ...]:
        boxes = found.field("boxes") if isinstance(found, Record) else found
        return spaces_between(boxes.space if isinstance(boxes, Array) else None, size.input)

    def of_one_size(self, found: Type, size: PictureSize, *matrices: Array) -> bool:
        return is_map(found)

    def axes_order(self, x: Array) -> tuple[str, ...]:
        if not is_map(x):
            return x.names
        return (*(name for name in x.names if name not in ("h", "w")), "h", "w")

    def infer(self, found: Type, size: PictureSize, *matrices: Array) -> Type:
        if isinstance(found, Array) and is_map(found):
            steps = self._expect_space(found, found.space, size, "maps")
            back = self._way(found, expect_no_matrix(found, self.name, steps))
            space = CoordinateSpace(size.input)
            if is_flow(found):
                sides = expect_map(expect_flow(found, self.name), self.name, back).axes
                return found.with_(axes=(found.axes[0], *sides), range=None, space=space)
            return expect_map(found, self.name, back).with_(space=space)
        x = coordinates_of(found, self.name)
        self._expect_space(found, x.space, size, str(x.kind))
        for name in ("sampler", "fill"):
            if getattr(self, name) is not None:
                raise Problem(
                    "E214",
                    f"`{name}` has no effect on {x.kind}",
                    found=f"`{name}` with {x.described()}",
                    wanted=f"`{name}` with a map, which has the axes h and w",
                    fix=Proposal.without_argument(),
                    at=name,
                    then=found,
                )
        return with_boxes(found, x.with_(space=CoordinateSpace(size.input)))

    def _expect_space(
        self, found: Type, space: CoordinateSpace | None, size: PictureSize, what: str
    ) -> tuple[Mover, ...]:
        """The steps to undo; or a `Problem`."""
        steps = space.steps_from(size.input) if space else None
        if steps is None:
            raise Problem(
                "E318",
                f"it is not known how to go back to `{size.input}`",
                found=f"{what} in no known coordinate space"
                if space is None
                else f"{what} that stem from `{space.root.name}`",
                wanted=f"{what} in a coordinate space that `pre` made of `{size.input}`",
                help=choices(
                    f"say which picture the {what} are in",
                    f"`back_to({space.root.name})`: the pixels of the input that they stem from"
                    if space
                    else "`@x` on both sides of the extern that they come through: what it gives "
                    "is in the pixels of what it takes",
                    "`@x` behind the output's type in the contract: the pixels of the model's "
                    "input x",
                ),
                then=found,
            )
        if len(movers(steps)) < len(steps):
            untile = f"boxes, scores = untile_boxes(boxes, scores, {size.input})"
            if what == "maps":
                untile = f"untile_map(..., {size.input})"
            raise Problem(
                "E318",
                f"these {what} are in pixels of tiles",
                found=found.described(),
                wanted=f"{what} of one picture: `{untile}` comes before",
                help=f"bring together before what the model gives for each tile: `{untile}`",
                then=found,
            )
        return path(space, size)

    def doubts(self, found: Type, size: PictureSize, *matrices: Array) -> Iterator[Problem]:
        if isinstance(found, Array) and is_map(found):
            back = self._way(found, placed_path(found.space, size))
            yield from doubts_of_map(found, self.name, back)
            changes = bool(back.stages)
        else:
            changes = bool(path(coordinates_of(found, self.name).space, size))
        if not changes:
            yield Problem(
                "E320",
                "this step changes nothing",
                found=f"what is in pixels of `{size.input}` already",
                wanted="what is in pixels of another picture",
                fix=Proposal.without_step(),
            )

    def _way(self, x: Array, steps: tuple[GeometricOp, ...]) -> WayBack:
        return way_back(x, steps, self.sampler, self.fill)

    def error_bound(self, found: Type, size: PictureSize, *matrices: Array) -> ErrorBound | None:
        if self.sampler is None or not isinstance(found, Array):
            return None
        samplings = self._way(found, placed_path(found.space, size)).samplings
        once = bound(self.sampler, found)
        return once and ErrorBound(samplings * once.absolute, once.reason)

    def lower(self, build: Builder, found: Result, size: Variable, *matrices: Variable) -> Result:
        x = build.field(found, "boxes")
        if is_map(x.type):
            back = self._way(x.array, placed_path(x.array.space, size.size))
            if is_flow(x.type):
                return lower_flow(build, back, x, size)
            return back.lower(build, x, size, build.result())
        result = build.field(build.results()[0], "boxes")
        way_here = path(x.array.space, size.size)
        x = lower_way(build, x, way_here, build.sides(size), matrices, result, "back")
        return build.with_field(found, "boxes", x)

    def reference(
        self, types: Any, found: Any, size: tuple[int, int], *matrices: np.ndarray
    ) -> Any:
        if is_map(types[0]):
            back = self._way(types[0], placed_path(types[0].space, types[1]))
            if is_flow(types[0]):
                return flow_back(back, np.asarray(found), types[0], size)
            return back.reference(np.asarray(found), types[0], size)
        record = isinstance(types[0], Record)
        steps = path(coordinates_of(types[0], self.name).space, types[1])
        x = way(found["boxes"] if record else found, types[0], steps, size, matrices, "back")
        return {**found, "boxes": x} if record else x

    @staticmethod
    def cases() -> tuple[Case, ...]:
        boxes = (
            Case(
                pre=pre,
                post="b, s = decode_yolo(x, classes=3, box=xyxy)\n"
                "b = back_to(b, image)\n"
                "p = back_to(p, image)\n"
                "i = argmax(s, over=class)",
                outputs={
                    "x": "f32[feature=7, anchor=33]",
                    "p": "f32[k=4, joint=5, xy=2] points(xy, pixels)",
                },
                size=size,
            )
            for size in ((31, 45), (45, 31))
            for pre in (
                "letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
                "letterbox(h=64, w=48, fill=114, sampler=cv2.nearest, anchor=top_left)",
                "letterbox(h=64, w=64, fill=0, sampler=cv2.nearest, enlarge=false)",
                "resize(h=50, w=20, sampler=cv2.nearest)",
                "resize(short=24, sampler=cv2.nearest)\ncrop(center, h=20, w=21)",
                "resize(long=24, sampler=cv2.nearest)\npad(h=30, w=30, anchor=center, fill=0)",
                "resize(fit=(20, 30), sampler=cv2.nearest)\n"
                "pad(multiple=32, anchor=top_left, fill=0)",
                "pad(square, anchor=center, fill=0)\nresize(h=20, w=30, sampler=cv2.nearest)",
                "pad(top=1, left=2, right=3, fill=0)\ncrop(top=1, left=2, h=20, w=21)",
                "flip(horizontal)",
                "transpose()",
                "rotate(clockwise, degrees=90)",
                "rotate(counterclockwise, degrees=90)\nresize(h=50, w=20, sampler=cv2.nearest)",
                "crop(top=3, left=5, h=20, w=25)\n"
                "rotate(clockwise, degrees=180)\n"
                "pad(top=3, left=4, fill=0)\n"
                "rotate(clockwise, degrees=270)\n"
                "letterbox(h=64, w=48, fill=0, sampler=cv2.nearest)\n"
                "transpose()",
                "flip(vertical)\n"
                "letterbox(h=64, w=48, fill=0, sampler=cv2.nearest)\n"
                "flip(horizontal)",
            )
        )
        flow = Case(
            pre="rotate(clockwise, degrees=90)\nresize(h=32, w=40, sampler=cv2.nearest)",
            post=_MEANS,
            outputs={"x": "f32[xy=2, h=8, w=10] flow(xy, pixels)"},
        )
        return (flow, *boxes, *_map_cases())


def path(space: CoordinateSpace | None, size: PictureSize) -> tuple[Mover, ...]:
    """The steps to undo, in the order in which they were done."""
    return movers((space.steps_from(size.input) if space else None) or ())


def placed_path(space: CoordinateSpace | None, size: PictureSize) -> tuple[GeometricOp, ...]:
    """The same of a map, in which none has moved pixels by a matrix."""
    return tuple(step for step in path(space, size) if isinstance(step, GeometricOp))


def _map_cases() -> Iterator[Case]:
    letterbox = "letterbox(h=32, w=32, fill=114, sampler=cv2.nearest)"
    resize = "resize(h=32, w=24, sampler=cv2.nearest)"
    crop = "resize(short=24, sampler=cv2.nearest)\ncrop(center, h=20, w=21)"
    turned = (
        "crop(top=3, left=5, h=20, w=25)\nrotate(clockwise, degrees=90)\n"
        "pad(top=3, left=4, fill=0)\nflip(horizontal)\nrotate(clockwise, degrees=180)\n"
        "letterbox(h=32, w=24, fill=0, sampler=cv2.nearest)\ntranspose()"
    )
    scores = {"x": "f32[class=3, h=8, w=6]"}
    argmax = "i = argmax(x, over=class)"
    for pre, outputs, post in (
        (resize, scores, f"x = back_to(x, image, sampler=torch.bilinear)\n{argmax}"),
        (letterbox, scores, f"x = back_to(x, image, sampler=torch.bilinear)\n{argmax}"),
        (letterbox, scores, f"{argmax}\ni = back_to(i, image, sampler=cv2.nearest)"),
        (letterbox, {"x": "f32[h=8, w=8]"}, "x = back_to(x, image, sampler=cv2.linear)"),
        (letterbox, {"x": "f32[h, w]"}, "x = back_to(x, image, sampler=cv2.cubic)"),
        (letterbox, {"x": "u8[h=32, w=32, c=3]"}, "x = back_to(x, image, sampler=pil.bicubic)"),
        (resize, {"x": "f32[h=8, class=2, w=6]"}, "x = back_to(x, image, sampler=pil.bilinear)"),
        (resize, {"x": "f32[h=8, w=6, class=5]"}, "x = back_to(x, image, sampler=torch.bilinear)"),
        (
            letterbox,
            {"x": "f32[k=2, h=8, w=8] probabilities"},
            "x = threshold(x, above=0.5)\nx = back_to(x, image, sampler=pil.nearest)",
        ),
        (crop, scores, f"x = back_to(x, image, sampler=torch.bilinear, fill=-1)\n{argmax}"),
        (
            crop,
            {"x": "u8[h=20, w=21] ids"},
            "x = back_to(x, image, sampler=torch.nearest, fill=255)",
        ),
        (turned, scores, "x = back_to(x, image, sampler=cv2.cubic, fill=0)"),
        (turned, {"x": "f32[h=24, w=32]"}, "x = back_to(x, image, sampler=cv2.area, fill=0.5)"),
        ("pad(top=2, left=3, fill=0)", {"x": "f32[k=2, h, w]"}, _PICKED),
        ("pad(top=2, left=3, fill=0)\nflip(vertical)", {"x": "i64[h, w] ids"}, _PICKED),
        ("transpose()", {"x": "f32[h, w, k=2]"}, _PICKED),
        (letterbox, {"x": "f32[xy=2, h=8, w=8] flow(xy, pixels)"}, _MEANS),
        (
            turned,
            {"x": "f32[h=8, w=6, xy=2] flow(xy, pixels)"},
            "x = back_to(x, image, sampler=cv2.linear, fill=0)",
        ),
        ("flip(horizontal)", {"x": "f32[xy=2, h, w] flow(xy, pixels)"}, _PICKED),
    ):
        for size in ((31, 45), (45, 31), (32, 32)):
            yield Case(pre=pre, post=post, outputs=outputs, size=size)


_MEANS = "x = back_to(x, image, sampler=torch.bilinear)"
_PICKED = "x = back_to(x, image, sampler=cv2.nearest)"
