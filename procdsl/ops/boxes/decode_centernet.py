"""Boxes from a CenterNet head: at each place of a grid an offset of a centre, and a size.

The model gives f32[side=2, h, w] twice: width and height of the object whose centre is there, and
how far to the right and down in the place that centre lies, in places of the grid. `boxes =
decode_centernet(sizes, offsets)` gives boxes as (x1, y1, x2, y2) in pixels of the model's input,
f32[anchor, box=4], row by row. Where the heat map has its peaks (`peaks`) is an object:

    heat = sigmoid(heat)
    heat = peaks(heat, window=3)
    heat = flatten(heat, h, w, to=anchor)
    heat = layout(heat, anchor, class)
    found = above(boxes, heat, score=0.3, limit=100, labels=every)

At column i the centre is `(i + dx) * stride`, the corners `(i + dx -+ 0.5 * width) * stride`, in
float32, with the stride that the sizes of the grid and of the model's input give (Zhou et al.,
Objects as Points, 2019, section 4). The input must have sides that `pre` fixes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._boxes import CORNERS
from procdsl.ops.boxes._forms import corners_of
from procdsl.ops.boxes._grids import stride_of
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class DecodeCenternet(Op):
    inputs: ClassVar[tuple[str, ...]] = ("sizes", "offsets")

    def infer(self, sizes: Type, offsets: Type) -> Array:
        sizes, offsets = (expect_dtype(value, self.name, "f32") for value in (sizes, offsets))
        leading = sizes.axes[: sizes.names[:1] == ("tile",)]
        shape = sizes.shape[len(leading) :]
        if sizes.shape != offsets.shape or shape[:1] != (2,) or len(shape) != 3 or None in shape:
            raise Problem(
                "E307",
                "`decode_centernet` does not find its axes",
                found=f"{sizes} and {offsets}",
                wanted="[side=2, h, w] twice, of known size: width and height, then x and y",
                help="check the shape of the model's outputs; `layout` changes the order of axes",
            )
        stride_of(sizes, self.name)
        rows = *leading, Axis.of("anchor", (shape[1] or 0) * (shape[2] or 0))
        axes = (*rows, Axis.of("box", 4))
        return Array("f32", axes, kind="boxes", says=CORNERS, space=sizes.space)

    def attributes(self, sizes: Array, offsets: Array) -> Mapping[str, Attribute]:
        return {
            "h": sizes.shape[-2],
            "w": sizes.shape[-1],
            "stride": stride_of(sizes, self.name),
        }

    def reference(
        self, types: tuple[Array, Array], sizes: np.ndarray, offsets: np.ndarray
    ) -> np.ndarray:
        h, w = sizes.shape[-2:]
        rows, columns = np.mgrid[:h, :w].astype(np.float32)
        centre = [columns + offsets[..., 0, :, :], rows + offsets[..., 1, :, :]]
        of = [sizes[..., 0, :, :], sizes[..., 1, :, :]]
        boxes = corners_of(np.stack([*centre, *of], -1), "cxcywh")
        boxes = boxes * np.float32(stride_of(types[0], self.name))
        return boxes.reshape(*sizes.shape[:-3], -1, 4)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        shape = "f32[side=2, h=8, w=12]"
        return (
            Case(
                "letterbox(h=32, w=48, fill=114, sampler=cv2.nearest)",
                "b = decode_centernet(s, o)\np = sigmoid(x)\np = peaks(p, window=3)\n"
                "p = flatten(p, h, w, to=anchor)\np = layout(p, anchor, class)\n"
                "found = above(b, p, score=0.3, limit=20, labels=every)\n"
                "found = back_to(found, image)",
                outputs={"s": shape, "o": shape, "x": "f32[class=3, h=8, w=12]"},
            ),
            Case(
                "tile(h=16, w=32, overlap=4, last=shifted)",
                "b = decode_centernet(s, o)\nb, p = untile_boxes(b, p, image)",
                outputs={
                    "s": "f32[tile, side=2, h=2, w=4]",
                    "o": "f32[tile, side=2, h=2, w=4]",
                    "p": "f32[tile, anchor=8, class=2] scores",
                },
                values=lambda: {
                    "s": np.random.default_rng(4).normal(9, 2, (6, 2, 2, 4)).astype(np.float32),
                    "o": np.random.default_rng(5).random((6, 2, 2, 4), np.float32),
                    "p": np.random.default_rng(6).random((6, 8, 2), np.float32),
                },
            ),
        )
