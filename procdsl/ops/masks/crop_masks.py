"""Cut masks by the boxes of their objects: outside of its box a mask is 0.

`masks = crop_masks(masks, found.boxes)` takes masks [n, h, w], f32 or bool, and boxes
`boxes(xyxy, pixels)` [n, box=4] of the same objects. A mask covers the whole picture in whose
pixels the boxes are, at a resolution of its own: a box is brought to it by `x * w / width` in
float32. A place of row r and column c is kept where x1 <= c < x2 and y1 <= r < y2, as in YOLACT's
`crop` and Ultralytics' `crop_mask`. Nothing is kept of a box that is empty or has a NaN.

Both orders are in use, and give other borders: here at the resolution of the prototypes, and
`back_to` with a sampler behind it (`process_mask`); or masks and boxes brought back first, and then
cut in the picture (`process_mask_native`). Means of logits that are cut are means with 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._boxes import sides_of
from procdsl.ops.masks._masks import expect_boxes_of, expect_masks
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class CropMasks(Op):
    inputs: ClassVar[tuple[str, ...]] = ("masks", "boxes")

    def infer(self, masks: Type, boxes: Type) -> Array:
        masks = expect_masks(masks, self.name, "f32", "bool")
        found = expect_boxes_of(masks, boxes, self.name)
        if masks.space and found.space and masks.space != found.space:
            raise Problem(
                "E319",
                "`crop_masks` of masks in one picture by boxes in another",
                found=f"masks in `{masks.space.name}`, boxes in `{found.space.name}`",
                wanted="masks that cover the picture in whose pixels the boxes are",
                help="`back_to` of both comes before, or of both behind",
                then=masks,
            )
        if not self._in_picture(masks) and sides_of(found.space) is None:
            raise Problem(
                "E319",
                "`crop_masks` does not know how large the picture is that these boxes are in",
                found=f"{found}, in a picture of any size",
                wanted="boxes in a picture of known size, or in the original one",
                help="`back_to` of masks and boxes comes before: then they are cut in the picture",
                then=masks,
            )
        if masks.range is None:
            return masks
        low, high = min(masks.range.low, 0), max(masks.range.high, 0)
        return masks.with_(range=Range(low, high))

    @staticmethod
    def _in_picture(masks: Array) -> bool:
        """Whether the masks were brought back, and have the size of the picture."""
        return masks.space is not None and masks.space.parent is None

    def _sides(self, masks: Array, boxes: Array) -> tuple[int, int] | None:
        return None if self._in_picture(masks) else sides_of(boxes.space)

    def attributes(self, masks: Array, boxes: Array) -> Mapping[str, Attribute]:
        return {"sides": self._sides(masks, boxes)}

    def reference(
        self, types: tuple[Array, Array], masks: np.ndarray, boxes: np.ndarray
    ) -> np.ndarray:
        h, w = masks.shape[1:]
        sides = self._sides(*types)
        if sides:
            to, of = np.array([w, h, w, h], np.float32), np.array([*sides[::-1]] * 2, np.float32)
            boxes = boxes * to / of
        found = np.zeros_like(masks)
        for mask, (x1, y1, x2, y2), into in zip(masks, boxes, found, strict=True):
            for r in range(h):
                for c in range(w):
                    if x1 <= c < x2 and y1 <= r < y2:
                        into[r, c] = mask[r, c]
        return found

    @staticmethod
    def cases() -> tuple[Case, ...]:
        boxes = "f32[n=6, box=4] boxes(xyxy, pixels)"
        odd = np.float32(np.nan)

        def values(h: int, w: int) -> dict[str, np.ndarray]:
            rng = np.random.default_rng(5)
            corners = rng.uniform(-4, 40, (6, 2, 2)).astype(np.float32)
            found = np.concatenate([corners.min(1), corners.max(1)], -1)
            found[1], found[2, 3], found[3] = (8, 8, 24, 16), odd, (9, 9, 2, 20)
            return {"m": rng.standard_normal((6, h, w)).astype(np.float32), "b": found}

        return (
            Case(
                pre="letterbox(h=32, w=48, fill=114, sampler=cv2.nearest)",
                post="m = crop_masks(m, b)\n"
                "m = back_to(m, image, sampler=torch.bilinear)\nm = threshold(m, above=0)",
                outputs={"m": "f32[n=6, h=8, w=12]", "b": boxes},
                values=lambda: values(8, 12),
            ),
            Case(
                pre="letterbox(h=32, w=48, fill=114, sampler=cv2.nearest)",
                post="m = back_to(m, image, sampler=torch.bilinear)\nm = threshold(m, above=0)\n"
                "b = back_to(b, image)\nm = crop_masks(m, b)",
                outputs={"m": "f32[n=6, h=7, w=9]", "b": boxes},
                values=lambda: values(7, 9),
            ),
            Case(
                pre="resize(h=30, w=20, sampler=cv2.nearest)",
                post="m = crop_masks(m, b)",
                outputs={"m": "f32[n=6, h=9, w=7]", "b": boxes},
                values=lambda: values(9, 7),
            ),
        )
