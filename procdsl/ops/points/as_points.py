"""Points of two values, x and y, which a model gives apart or among other numbers.

`joints = as_points(x, y)` of f32[person, joint] each gives f32[person, joint, xy=2]
`points(xy, pixels)`, which `back_to` brings to the picture. They are in pixels of what x is: of the
model's input, where its output is. What stands behind boxes as (x, y, confidence), as that of
YOLO-pose does, is taken apart before:

    rest = unflatten(rest, extra, axes=(joint, part), sizes=(17, 3))
    x = select(rest, part, index=0)
    y = select(rest, part, index=1)
    confidence = select(rest, part, index=2)
    joints = as_points(x, y)

A soft argmax is `expected` over the columns and over the rows of a softmax.
"""

from __future__ import annotations

from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Case, Op
from procdsl.ops.points._grid import points_like
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class AsPoints(Op):
    inputs: ClassVar[tuple[str, ...]] = ("x", "y")

    def infer(self, x: Type, y: Type) -> Array:
        x, y = expect_dtype(x, self.name, "f32"), expect_dtype(y, self.name, "f32")
        same_space = x.space is None or y.space is None or x.space == y.space
        if x.axes != y.axes or not same_space:
            raise Problem(
                "E327",
                "`as_points` of two values that do not go together",
                found=f"{x} and {y}" + ", of two pictures" * (not same_space),
                wanted="one x and one y for each point, of one picture",
                help="give it the numbers along x, and then those along y, with the same axes",
            )
        return points_like(x if x.space else y, x.axes)

    def reference(self, types: object, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.stack([x, y], -1)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(
                pre="letterbox(h=24, w=32, fill=0, sampler=cv2.nearest)",
                post="x = select(k, part, index=0)\ny = select(k, part, index=1)\n"
                "p = as_points(x, y)\np = back_to(p, image)",
                outputs={"k": "f32[person=4, joint=5, part=3]"},
            ),
            Case(post="p = as_points(x, y)", outputs={"x": "f32[]", "y": "f32[]"}),
        )
