"""The anchors of RetinaNet and the R-CNNs: each size in each ratio, at each place of each level.

`anchors = grid_anchors(deltas, by=torchvision, strides=(8, 16), sizes=((32, 40, 50), (64, 80,
101)), ratios=(0.5, 1, 2))` gives boxes (x1, y1, x2, y2) in pixels of the model's input,
f32[anchor, box=4], for the rows of `deltas`, which `decode_deltas` takes with them: level by level,
row by row, place by place. `sizes` are those of each level, the square roots of areas; a ratio is
height over width. Places lie at the corners of their squares. `by` names whose order and rounding:

- `torchvision`: `AnchorGenerator`, ratio by ratio and size by size, in float32, rounded to whole
  pixels half to even; a place is as wide as the input's side divided by the grid's, rounded down.
- `detectron2`: `DefaultAnchorGenerator` with the `OFFSET` 0 of its configurations, size by size and
  ratio by ratio, in float64, not rounded.
- `mmdet`: `AnchorGenerator` of MMDetection, ratio by ratio, in float32, not rounded; a size is the
  base size times a scale, which is multiplied here first.

A level has `side / stride` places, rounded up. The model's input must have sides that `pre` fixes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from procdsl.lazy import np
from procdsl.opdef.argument_types import Many
from procdsl.opdef.arguments import arg, real, whole, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Case
from procdsl.ops.boxes._anchors import Anchors, Level, grid_of
from procdsl.ops.boxes._grids import input_sides
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word

_STRIDES = Many("strides in parentheses, the smallest first", (8, 16), whole(1, 4096, 8))
_OF_LEVEL = Many("sizes in parentheses", (32, 40, 50), real(1e-3, 16384, 32))
_SIZES = Many(
    "for each level its sizes, each in parentheses", ((32, 40, 50), (64, 80, 101)), _OF_LEVEL
)
_RATIOS = Many("ratios in parentheses, height over width", (0.5, 1, 2), real(1e-3, 1e3, 0.5))


@dataclass(frozen=True, kw_only=True)
class GridAnchors(Anchors):
    by: Word = arg(words("torchvision", "detectron2", "mmdet"))
    strides: tuple[int, ...] = arg(_STRIDES)
    sizes: tuple[tuple[float | Fraction, ...], ...] = arg(_SIZES)
    ratios: tuple[float | Fraction, ...] = arg(_RATIOS)

    def levels(self, x: Array) -> Sequence[Level]:
        sides = input_sides(x, self.name)
        if len(self.sizes) != len(self.strides):
            raise Problem(
                "E322",
                "`grid_anchors` does not have sizes for each level",
                found=f"{len(self.sizes)} for {len(self.strides)} strides",
                wanted="as many as strides",
                help="write the sizes of each level in parentheses of their own",
                at="sizes",
            )
        levels = []
        for stride, sizes in zip(self.strides, self.sizes, strict=True):
            rows, columns = grid_of(sides, stride)
            steps = (stride, stride)
            if self.by == "torchvision":
                steps = sides[0] // rows, sides[1] // columns
            level = Level(
                rows=rows,
                columns=columns,
                step_y=steps[0],
                step_x=steps[1],
                cells=self._cells([float(size) for size in sizes]),
            )
            levels.append(level)
        return levels

    def _cells(self, sizes: list[float]) -> np.ndarray:
        ratios = [float(ratio) for ratio in self.ratios]
        if self.by == "detectron2":
            w = np.array([np.sqrt(size**2 / ratio) for size in sizes for ratio in ratios])
            h = np.array(ratios * len(sizes)) * w
            return (np.stack([-w, -h, w, h], -1) / 2).astype(np.float32)
        high = np.sqrt(np.array(ratios, np.float32))
        wide = np.float32(1) / high
        of = np.array(sizes, np.float32)
        w, h = (wide[:, None] * of).ravel(), (high[:, None] * of).ravel()
        cells = np.stack([-w, -h, w, h], -1) / np.float32(2)
        # a zero has no sign, so that it is one with what ONNX Runtime makes of it
        return np.round(cells) + np.float32(0) if self.by == "torchvision" else cells

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(
                Case(
                    f"letterbox(h={h}, w=48, fill=114, sampler=cv2.nearest)",
                    f"a = grid_anchors(d, by={by}, strides=(8, 32), sizes=((32, 40.5, 51), (64, "
                    "80, 101)), ratios=(0.5, 1, 2))\n"
                    "b = decode_deltas(d, a, weights=(1, 1, 1, 1), clip=1000/16)\n"
                    "b = back_to(b, image)",
                    outputs={"d": f"f32[anchor={n}, box=4]"},
                )
                for by, h, n in (
                    ("torchvision", 64, 9 * (48 + 4)),
                    ("torchvision", 40, 9 * (30 + 4)),
                    ("detectron2", 40, 9 * (30 + 4)),
                    ("mmdet", 40, 9 * (30 + 4)),
                )
            ),
            Case(
                "tile(h=16, w=32, overlap=4, last=shifted)",
                "a = grid_anchors(d, by=mmdet, strides=(8,), sizes=((8,),), ratios=(1,))\n"
                "b = decode_deltas(d, a, weights=(1, 1, 1, 1))\nb, s = untile_boxes(b, s, image)",
                outputs={
                    "d": "f32[tile, anchor=8, box=4]",
                    "s": "f32[tile, anchor=8, class=2] scores",
                },
                values=lambda: {
                    "d": np.random.default_rng(4).normal(0, 2, (6, 8, 4)).astype(np.float32),
                    "s": np.random.default_rng(4).random((6, 8, 2), np.float32),
                },
            ),
        )
