"""The smallest box round each mask.

`boxes = masks_to_boxes(masks, end=behind)` of masks bool[n, h, w] gives boxes f32[n, box=4],
(x1, y1, x2, y2); of a mask in which nothing is true four zeros.

- `end=last`: x2 and y2 are the last column and row that the mask has, as torchvision's
  `masks_to_boxes` gives them: the width of one pixel is 0.
- `end=behind`: one more, the edge of that pixel, as Detectron2's `BitMasks.get_bounding_boxes`
  gives it, and as boxes have their sides everywhere else here.

They are in the pixels of the picture that the masks cover, where they have its size (`back_to`
comes before); of masks at a resolution of their own they are in places of these.
"""

from __future__ import annotations

from collections.abc import Mapping

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, words
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.boxes._boxes import CORNERS, sides_of
from procdsl.ops.masks._masks import expect_masks
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class MasksToBoxes(Op):
    end: Word = arg(words("last", "behind"))

    def infer(self, x: Type) -> Array:
        x = expect_masks(x, self.name, "bool")
        original = x.space is not None and x.space.parent is None
        of_its_size = None not in x.shape[1:] and x.shape[1:] == sides_of(x.space)
        return Array(
            "f32",
            (x.axes[0], Axis.of("box", 4)),
            kind="boxes",
            says=CORNERS,
            space=x.space if original or of_its_size else None,
        )

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"more": int(self.end == "behind")}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        boxes = np.zeros((len(x), 4), np.float32)
        for mask, box in zip(x, boxes, strict=True):
            rows, columns = np.nonzero(mask)
            if len(rows):
                more = self.end == "behind"
                box[:2] = columns.min(), rows.min()
                box[2:] = columns.max() + more, rows.max() + more
        return boxes

    @staticmethod
    def cases() -> tuple[Case, ...]:
        def values() -> dict[str, np.ndarray]:
            masks = np.random.default_rng(7).random((5, 6, 9)) > 0.93
            masks[1], masks[2, 3, 4], masks[3] = False, True, True
            return {"m": masks}

        return tuple(
            Case(
                post=f"b = masks_to_boxes(m, end={end})",
                outputs={"m": "bool[n=5, h=6, w=9]"},
                values=values,
            )
            for end in ("last", "behind")
        )
