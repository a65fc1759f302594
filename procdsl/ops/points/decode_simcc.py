"""Key points from two rows of numbers for each joint, along x and along y (SimCC, RTMPose).

`points, scores = decode_simcc(x, y, split=2)` takes f32[joint, x] and f32[joint, y], which have
`split` places for each pixel of the model's input, and gives points f32[joint, xy=2] in pixels of
it, `place / split`, and scores f32[joint]: the smaller one of the two largest numbers, as
`get_simcc_maximum` of MMPose. Of equal numbers the first wins; NaN never wins. Where the score is
not above 0 the place is -1 in both directions. A place counts from the middle of the first pixel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, whole
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._boxes import sides_of
from procdsl.ops.points._grid import points_like
from procdsl.ops.scores._scores import descending
from procdsl.ops.scores.argmax import ENDS, TIES
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class DecodeSimcc(Op):
    inputs: ClassVar[tuple[str, ...]] = ("x", "y")
    outputs: ClassVar[int] = 2

    split: int = arg(whole(1, 64, 2))

    def infer(self, x: Type, y: Type) -> tuple[Array, Array]:
        x, y = expect_dtype(x, self.name, "f32"), expect_dtype(y, self.name, "f32")
        if not x.axes or not y.axes or x.axes[:-1] != y.axes[:-1]:
            raise Problem(
                "E327",
                "`decode_simcc` of rows that are not of the same joints",
                found=f"{x} and {y}",
                wanted="f32[joint, x] and f32[joint, y]: the same joints, the places last",
                help="give it what the model gives along x, and then what it gives along y; "
                "`layout` brings another order of axes to this",
            )
        sides = sides_of(x.space)
        wide = (x.shape[-1], y.shape[-1])
        wanted = (sides[1] * self.split, sides[0] * self.split) if sides else wide
        if None not in wide and wide != wanted:
            swapped = wide == wanted[::-1] and wide[0] != wide[1]
            raise Problem(
                "E322",
                "`decode_simcc` does not have one place for each part of a pixel",
                found=f"{wide[0]} places along x and {wide[1]} along y",
                wanted=f"{wanted[0]} and {wanted[1]}: {self.split} for each pixel of the input",
                help="x comes first, and then y"
                if swapped
                else "write as `split` how many places the model has for a pixel",
                at=None if swapped else "split",
            )
        axes = x.axes[:-1]
        scores = x.with_(
            axes=axes, kind="scores", range=None, tolerance=max(x.tolerance, y.tolerance)
        )
        return points_like(x, axes), scores.with_(space=None)

    def attributes(self, x: Array, y: Array) -> Mapping[str, Attribute]:
        return {"split": float(self.split)}

    def least_sizes(self, x: Array, y: Array) -> Mapping[str, int]:
        return {x.names[-1]: 1, y.names[-1]: 1}

    def reference(
        self, types: object, x: np.ndarray, y: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        first = [descending(rows, rows.ndim - 1)[..., :1] for rows in (x, y)]
        found = [
            np.take_along_axis(rows, at, -1)[..., 0] for rows, at in zip((x, y), first, strict=True)
        ]
        scores = np.where(np.isnan(found[1]) | (found[0] > found[1]), found[1], found[0])
        places = np.where(scores[..., None] > 0, np.concatenate(first, -1), -1)
        return places.astype(np.float32) / np.float32(self.split), scores

    @staticmethod
    def cases() -> tuple[Case, ...]:
        def values() -> dict[str, np.ndarray]:
            rng = np.random.default_rng(10)
            x = (rng.integers(-9, 9, (5, 4)) / np.float32(4)).astype(np.float32)
            return {"x": x, "y": np.array((*TIES, *ENDS), np.float32)}

        return (
            Case(
                pre="resize(h=24, w=32, sampler=cv2.nearest)",
                post="p, s = decode_simcc(x, y, split=2)\np = back_to(p, image)",
                outputs={"x": "f32[joint=5, x=64]", "y": "f32[joint=5, y=48]"},
            ),
            Case(
                post="p, s = decode_simcc(x, y, split=3)",
                outputs={"x": "f32[joint=5, x=4]", "y": "f32[joint=5, y=4]"},
                values=values,
            ),
            Case(
                post="p, s = decode_simcc(x, y, split=1)",
                outputs={"x": "f32[person=2, joint=3, x=1]", "y": "f32[person=2, joint=3, y=9]"},
            ),
        )
