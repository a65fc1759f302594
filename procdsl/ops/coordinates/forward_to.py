"""Bring points or boxes in a picture to where a later picture has them.

`clicks = forward_to(clicks, image, x)` of the input `image` and of what `pre` has made of it so
far, `x`: a resize, a letterbox, a crop move the clicks as they have moved the pixels, axis by axis
by `v * content / source + offset` in float32, with the whole numbers of pixels that each step used;
a `warp` moves them by its matrix. Prompts of Segment Anything and boxes of a first stage are given
to a model so. `back_to` is the way back.

Points are `points(xy, pixels)`, boxes `boxes(xyxy, pixels)`. What lies outside of a crop keeps its
place outside of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from procdsl.lazy import np
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.op import Case, Op
from procdsl.ops.coordinates._coordinates import coordinates_of
from procdsl.ops.coordinates._way import Mover, lower_way, movers, spaces_between, way
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.value import Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Variable


@dataclass(frozen=True, kw_only=True)
class ForwardTo(Op):
    inputs: ClassVar[tuple[str, ...]] = ("found", "source", "picture")
    leads: ClassVar[bool] = True

    def way(self, found: Type, source: Type, picture: Type) -> tuple[CoordinateSpace, ...]:
        first, last = (x.space if isinstance(x, Array) else None for x in (source, picture))
        return spaces_between(last, first.name if first else None)

    def infer(self, found: Type, source: Type, picture: Type, *matrices: Array) -> Array:
        x = coordinates_of(found, self.name)
        first, second = _picture(source, x), _picture(picture, x)
        if steps_between(first, second) is None:
            raise Problem(
                "E318",
                "no way from one picture to the other",
                found=f"{second.described()}, which does not stem from {first.described()}",
                wanted="an input, and what steps on pictures have made of it",
                help="take the picture that the other one was made of; tiles have no such way",
                then=x,
            )
        return x.with_(space=second.space)

    def doubts(
        self, found: Type, source: Array, picture: Array, *matrices: Array
    ) -> Iterator[Problem]:
        if not steps_between(source, picture):
            yield Problem(
                "E320",
                "this step changes nothing",
                found="two pictures with the same pixels",
                wanted="a picture that a step has moved",
                fix=Proposal.without_step(),
            )

    def lower(
        self,
        build: Builder,
        x: Variable,
        source: Variable,
        picture: Variable,
        *matrices: Variable,
    ) -> Variable:
        steps, sides = steps_between(source.array, picture.array) or (), build.sides(source)
        return lower_way(build, x, steps, sides, matrices, build.result(), "forward")

    def reference(
        self,
        types: Any,
        x: np.ndarray,
        source: np.ndarray,
        picture: np.ndarray,
        *matrices: np.ndarray,
    ) -> Any:
        steps, size = steps_between(types[1], types[2]) or (), types[1].picture(source.shape)
        return way(x, types[0], steps, size, matrices, "forward")

    @staticmethod
    def cases() -> tuple[Case, ...]:
        points, boxes = "f32[k=4, xy=2] points(xy, pixels)", "f32[n=5, box=4] boxes(xyxy, pixels)"
        return tuple(
            Case(
                pre=f"x = {first}(image, {rest}\n"
                + "".join(f"x = {step}\n" for step in steps)
                + "q = forward_to(p, image, x)\nc = forward_to(b, image, x)",
                image=f"u8[{axes.replace('sides', 'h, w')}] bgr",
                size=size,
                inputs={"p": points, "b": boxes},
                fed=f"x: u8[{axes.replace('sides', sides)}] bgr, q: {points}, c: {boxes}",
            )
            for first, rest, steps, sides in _MOVES
            for size, axes in (((31, 45), "sides, c=3"), ((45, 31), "c=3, sides"))
        )


_MOVES = (
    ("flip", "horizontal)", (), "h, w"),
    ("rotate", "clockwise, degrees=90)", (), "h, w"),
    ("letterbox", "h=64, w=48, fill=0, sampler=cv2.nearest)", (), "h=64, w=48"),
    (
        "resize",
        "long=32, rounding=half_up, sampler=cv2.nearest)",
        ("pad(x, h=32, w=32, anchor=top_left, fill=0)",),
        "h=32, w=32",
    ),
    (
        "crop",
        "top=3, left=5, h=20, w=25)",
        ("rotate(x, clockwise, degrees=90)", "flip(x, vertical)", "pad(x, top=3, left=4, fill=0)"),
        "h=28, w=24",
    ),
    ("resize", "h=20, w=30, sampler=cv2.nearest)", ("transpose(x)",), "h=30, w=20"),
    (
        "flip",
        "horizontal)",
        ("rotate(x, counterclockwise, degrees=90)", "resize(x, h=9, w=8, sampler=cv2.nearest)"),
        "h=9, w=8",
    ),
)


def _picture(value: Type, then: Array) -> Array:
    if isinstance(value, Array) and value.pictured and value.space is not None:
        return value
    raise Problem(
        "E318",
        "no picture to bring coordinates to",
        found=value.described(),
        wanted="an input that is a picture, and what `pre` has made of it",
        help="write `forward_to(points, image, x)`: from the pixels of `image` to those of `x`",
        then=then,
    )


def steps_between(source: Array, picture: Array) -> tuple[Mover, ...] | None:
    """The steps that lead from one picture to the other, if those alone do."""
    if source.space is None or picture.space is None:
        return None
    steps = picture.space.steps_from(source.space.name)
    if steps is None or len(movers(steps)) < len(steps):
        return None
    return movers(steps)
