"""Bring the boxes of all tiles to the picture that was cut, in one list.

`boxes, scores = untile_boxes(boxes, scores, image)` takes boxes f32[tile, anchor, box=4] and scores
f32[tile, anchor, class], adds to each box the corner of its tile, and gives boxes [anchor, box=4]
and scores [anchor, class] over all tiles, tile by tile. `nms` comes after it, so that an object
in the overlap of two tiles is found once; then `back_to` undoes what was done before `tile`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from procdsl.lazy import np
from procdsl.opdef.argument_types import INPUT
from procdsl.opdef.arguments import arg
from procdsl.opdef.geometric import followed
from procdsl.opdef.op import Case, Op
from procdsl.ops.boxes._boxes import boxes_of, expect_scores, lower_back
from procdsl.ops.tiles._cut import Cut, cut_of
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.value import PictureSize, Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder, Sides
    from procdsl.lower.program import Result, Variable


@dataclass(frozen=True, kw_only=True)
class UntileBoxes(Op):
    inputs: ClassVar[tuple[str, ...]] = ("boxes", "scores")
    outputs: ClassVar[int] = 2
    may_alias: ClassVar[bool] = True

    frame: Word = arg(INPUT, positional=True)

    def infer(self, boxes: Type, scores: Type, size: PictureSize) -> tuple[Array, Array]:
        boxes = boxes_of(boxes, self.name)
        cut = cut_of(boxes, size, self.name)
        scores = expect_scores(scores, self.name, boxes.axes[:2])
        anchor = Axis("anchor", boxes.axes[1].low)
        return (
            boxes.with_(axes=(anchor, *boxes.axes[2:]), space=cut.whole),
            scores.with_(axes=(anchor, *scores.axes[2:]), space=cut.whole),
        )

    def of_one_size(self, boxes: Array, scores: Array, size: PictureSize) -> bool:
        return True

    def cut(self, types: tuple[Array, Array, PictureSize]) -> Cut:
        return cut_of(types[0], types[2], self.name)

    def lower(
        self, build: Builder, boxes: Variable, scores: Variable, size: Variable
    ) -> tuple[Result, ...]:
        cut = cut_of(boxes.array, size.size, self.name)
        h, w = cut.lower_sides(build, size)
        tile: Sides = (cut.tile.h, cut.tile.w)
        for at in reversed(build.follow(cut.within, tile)):
            boxes = lower_back(build, boxes, at, boxes)
        named = {"h": h, "w": w}
        attributes = {**cut.tile.attributes_of_cut, "by_class": len(scores.array.axes) == 3}
        return build.call(self.template, [boxes, scores], attributes=attributes, named=named)

    def least_sizes(self, boxes: Array, scores: Array, size: PictureSize) -> Mapping[str, int]:
        return {"tile": 1, **{axis.name: 1 for axis in scores.axes[2:]}}

    def reference(
        self, types: Any, boxes: np.ndarray, scores: np.ndarray, size: tuple[int, int]
    ) -> tuple[np.ndarray, np.ndarray]:
        cut = self.cut(types)
        corners = cut.tile.corners(*cut.size(size))
        if len(corners) != len(boxes):
            raise ValueError(f"boxes: expected those of {len(corners)} tiles, got {len(boxes)}")
        for at in reversed(followed(cut.within, cut.tile.h, cut.tile.w)):
            boxes = at.boxes_back(boxes)
        offsets = np.array([[left, top, left, top] for top, left in corners], np.float32)
        whole = boxes + offsets[:, None]
        return whole.reshape(-1, 4), scores.reshape(-1, *scores.shape[2:])

    @staticmethod
    def cases() -> tuple[Case, ...]:
        def values() -> dict[str, np.ndarray]:
            rng = np.random.default_rng(3)
            raw = np.asarray(rng.normal(20, 9, (9, 7, 33)), np.float32)
            boxes = np.ascontiguousarray(raw[:, :4].transpose(0, 2, 1))
            return {"raw": raw, "boxes": boxes, "scores": raw[:, 4].copy()}

        post = (
            "boxes, scores = decode_yolo(raw, classes=3, box=cxcywh)\n"
            "boxes, scores = untile_boxes(boxes, scores, image)\n"
            "found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=50)"
        )
        outputs = {"raw": "f32[tile, feature=7, anchor=33]"}
        cut = "tile(h=16, w=20, overlap=4, last=shifted)"
        return (
            Case(cut, post + "\nfound = clip_to(found, image)", outputs=outputs, values=values),
            Case(
                cut,
                "boxes, scores = untile_boxes(boxes, scores, image)",
                outputs={
                    "boxes": "f32[tile, anchor=33, box=4] boxes(xyxy, pixels)",
                    "scores": "f32[tile, anchor=33] scores",
                },
                values=values,
            ),
            *(
                Case(pre, post + "\nfound = back_to(found, image)", outputs=outputs, values=values)
                for pre in (
                    f"resize(h=31, w=45, sampler=cv2.nearest)\n{cut}",
                    f"pad(top=2, fill=0)\ncrop(top=0, left=0, h=31, w=45)\n{cut}\n"
                    "flip(horizontal)\nrotate(clockwise, degrees=90)",
                )
            ),
        )
