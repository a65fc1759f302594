"""Put the small masks of boxes into the picture, each where its box is.

`masks = paste_masks(masks, found.boxes, image, by=detectron2)` takes masks f32[n, h, w], each of
which covers its own box, as Mask R-CNN gives them (28 x 28), and boxes in the pixels of `image`:
`back_to` of these comes first. It gives f32[n, h, w] of the size of the picture; `threshold` behind
it makes masks. Bilinear in float32, first along columns, then along rows. Elsewhere a mask
is 0, and all of one whose box is empty or not finite, or has a number beyond 16777216.

- `by=torchvision` is `paste_masks_in_image`: a border of one place of 0 round the mask, the box
  enlarged with it from its middle and cut to whole pixels towards 0, and an interpolation to
  x2 - x1 + 1 pixels.
- `by=detectron2` is that of its `layers.mask_ops`, `grid_sample` without aligned corners: the
  middle of each pixel, between the places of the mask and 0 beyond them, which reaches half a place
  out of the box, with boxes as they are.
  Its threshold is "0.5 or more", `threshold(above=0.49999997)`: no float32 lies between the two.

n floats for each pixel are as many bytes as the picture has, times 4 n: keep few objects, or paste
into a smaller picture. The pictures of a batch must be of one size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from procdsl.lazy import np
from procdsl.opdef.argument_types import INPUT
from procdsl.opdef.arguments import arg, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Case, Op
from procdsl.ops.masks._masks import expect_boxes_of, expect_masks
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis, Range
from procdsl.types.constants import Word
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.value import PictureSize, Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result, Variable

WHOLE = 2.0**24
"""Up to it float32 holds every whole number."""


@dataclass(frozen=True, kw_only=True)
class PasteMasks(Op):
    inputs: ClassVar[tuple[str, ...]] = ("masks", "boxes")

    frame: Word = arg(INPUT, positional=True)
    by: Word = arg(words("torchvision", "detectron2"))

    roundings: ClassVar[int] = 6

    def of_one_size(self, masks: Type, boxes: Type, size: PictureSize) -> bool:
        return True

    def infer(self, masks: Type, boxes: Type, size: PictureSize) -> Array:
        x = expect_masks(masks, self.name, "f32")
        expect_boxes_of(x, boxes, self.name)
        span = x.range and Range(min(x.range.low, 0), max(x.range.high, 0))
        picture = x.resized(h=Axis("h"), w=Axis("w"))
        return picture.with_(range=span, space=CoordinateSpace(size.input))

    def doubts(self, masks: Type, boxes: Array, size: PictureSize) -> Iterator[Problem]:
        if boxes.space is None or boxes.space.name != size.input:
            yield Problem(
                "E317",
                f"these boxes are not in pixels of `{size.input}`",
                found="boxes in no known coordinate space"
                if boxes.space is None
                else f"boxes in pixels of `{boxes.space.name}`",
                wanted=f"boxes in pixels of `{size.input}`",
                help=f"`back_to` of the boxes comes before: then the masks are put where they are "
                f"in `{size.input}`",
            )

    def lower(
        self, build: Builder, masks: Variable, boxes: Variable, size: Variable
    ) -> tuple[Result, ...]:
        h, w = build.sides(size)
        attributes = {"by": str(self.by)}
        return build.call(
            self.template, [masks, boxes], attributes=attributes, named={"h": h, "w": w}
        )

    def reference(
        self, types: object, masks: np.ndarray, boxes: np.ndarray, size: tuple[int, int]
    ) -> np.ndarray:
        h, w = size
        n, side_h, side_w = masks.shape
        ringed = np.pad(masks, ((0, 0), (1, 2), (1, 2)))
        found = np.zeros((n, h, w), np.float32)
        for mask, box, into in zip(ringed, boxes, found, strict=True):
            if not (np.abs(box) <= WHOLE).all():
                continue
            columns, across = self._places(box[0::2], side_w, w)
            rows, down = self._places(box[1::2], side_h, h)
            one, t = np.float32(1), across[None]
            by_column = mask[:, columns] * (one - t) + mask[:, columns + 1] * t
            t = down[:, None]
            pasted = by_column[rows] * (one - t) + by_column[rows + 1] * t
            into[...] = pasted
        return found

    def _places(self, ends: np.ndarray, of: int, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Along an axis for each pixel the first of two places in the mask, which has 0 round it,
        and the share of the second; outside of the box both are behind the mask."""
        one, half, two = np.float32(1), np.float32(0.5), np.float32(2)
        first, last = ends
        pixels = np.arange(size, dtype=np.float32)
        if self.by == "torchvision":
            middle = (last + first) * half
            reach = (last - first) * half * np.float32((of + 2) / of)
            start, end = np.trunc(middle - reach), np.trunc(middle + reach)
            scale = np.float32(of + 2) / max(end - start + one, one)
            at = np.maximum((pixels - start + half) * scale - half, np.float32(0))
            inside = (pixels >= start) & (pixels <= end)
        elif last > first:
            grid = (pixels + half - first) / (last - first) * two - one
            at = ((grid + one) * np.float32(of) - one) / two + one
            inside = (at > 0) & (at < of + 1)
        else:
            at, inside = pixels, np.zeros(size, bool)
        at = np.where(inside, at, np.float32(of + 1))
        return np.floor(at).astype(int), at - np.floor(at)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        def values() -> dict[str, np.ndarray]:
            rng = np.random.default_rng(6)
            corners = rng.uniform(-6, 40, (7, 2, 2)).astype(np.float32)
            boxes = np.concatenate([corners.min(1), corners.max(1)], -1)
            boxes[0], boxes[1] = (5.25, 3.5, 5.75, 30), (9, 9, 9, 20)
            boxes[2], boxes[3] = (20, 4, 11, 30), (-900, -70, 2000, 3000)
            return {"m": rng.random((7, 5, 4), np.float32), "b": boxes}

        return tuple(
            Case(
                pre=pre,
                post=f"b = back_to(b, image)\nm = paste_masks(m, b, image, by={by})",
                outputs={
                    "m": "f32[n=7, h=5, w=4]",
                    "b": "f32[n=7, box=4] boxes(xyxy, pixels)",
                },
                values=values,
                size=size,
            )
            for by in ("torchvision", "detectron2")
            for pre, size in (
                ("letterbox(h=32, w=48, fill=114, sampler=cv2.nearest)", (31, 45)),
                ("flip(horizontal)", (25, 36)),
            )
        )
