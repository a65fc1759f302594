"""The default boxes of SSD: two squares and some oblong ones at each place of each level.

`anchors = prior_boxes(deltas, strides=(8, 16, 32, 64, 100, 300), sizes=(30, 60, 111, 162, 213, 264,
315), ratios=((2,), (2, 3), (2, 3), (2, 3), (2,), (2,)), clip=false)` gives centres and sizes
(cx, cy, w, h) in pixels of the model's input, f32[anchor, box=4], for the rows of `deltas`, which
`decode_deltas` takes with them: level by level, row by row, place by place. Those are the numbers
of SSD300; an input of 300 pixels has grids of 38, 19, 10, 5, 3 and 1 places.

`sizes` are one more than levels. A place has, in this order, a square of the size of its level, one
of the geometric mean of that and the next, and for each ratio r one that is `size * sqrt(r)` wide
and `size / sqrt(r)` high, and the same turned by 90 degrees. The centre of column i is at
`(i + 0.5) * stride`. With `clip=true` no side is longer than the input's, as in torchvision.

The sizes are computed in float64 and rounded once. That is the order of torchvision's
`DefaultBoxGenerator` and of Caffe's `PriorBox` with `flip` (Liu et al., SSD, 2016). A level has
`side / stride` places, rounded up. The model's input must have sides that `pre` fixes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

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
_SIZES = Many("sizes in pixels, one more than levels", (21, 45, 99), real(1e-3, 16384, 32))
_OF_LEVEL = Many("ratios in parentheses", (2, 3), real(1e-3, 1e3, 2))
_RATIOS = Many("for each level its ratios, each in parentheses", ((2,), (2, 3)), _OF_LEVEL)


@dataclass(frozen=True, kw_only=True)
class PriorBoxes(Anchors):
    corners: ClassVar[bool] = False
    offset: ClassVar[float] = 0.5

    strides: tuple[int, ...] = arg(_STRIDES)
    sizes: tuple[float | Fraction, ...] = arg(_SIZES)
    ratios: tuple[tuple[float | Fraction, ...], ...] = arg(_RATIOS)
    clip: Word = arg(words("false", "true"))

    def levels(self, x: Array) -> Sequence[Level]:
        sides = input_sides(x, self.name)
        count = len(self.strides)
        if (len(self.sizes), len(self.ratios)) != (count + 1, count):
            raise Problem(
                "E322",
                "`prior_boxes` does not have sizes and ratios for each level",
                found=f"{len(self.sizes)} sizes and {len(self.ratios)} tuples of ratios for "
                f"{count} strides",
                wanted=f"{count + 1} sizes and {count} tuples of ratios",
                help="the size behind that of the last level is the next one, with which the mean "
                "is taken; the ratios of each level stand in parentheses of their own",
                at="ratios",
            )
        levels = []
        for i, stride in enumerate(self.strides):
            rows, columns = grid_of(sides, stride)
            cells = self._cells(float(self.sizes[i]), float(self.sizes[i + 1]), self.ratios[i])
            if self.clip == "true":
                cells = np.minimum(cells, np.array([0, 0, sides[1], sides[0]], np.float32))
            level = Level(rows=rows, columns=columns, step_y=stride, step_x=stride, cells=cells)
            levels.append(level)
        return levels

    def _cells(
        self, size: float, following: float, ratios: tuple[float | Fraction, ...]
    ) -> np.ndarray:
        mean = math.sqrt(size * following)
        found = [(size, size), (mean, mean)]
        for ratio in ratios:
            root = math.sqrt(ratio)
            found += [(size * root, size / root), (size / root, size * root)]
        return np.array([(0, 0, w, h) for w, h in found], np.float64).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return tuple(
            Case(
                f"letterbox(h={h}, w=48, fill=114, sampler=cv2.nearest)",
                "a = prior_boxes(d, strides=(16, 30), sizes=(9, 20.5, 60), ratios=((2,), (2, 3)), "
                f"clip={clip})\n"
                "b = decode_deltas(d, a, variances=(0.1, 0.1, 0.2, 0.2))\nb = back_to(b, image)",
                outputs={"d": f"f32[anchor={n}, box=4]"},
            )
            for clip in ("false", "true")
            for h, n in ((32, 4 * 6 + 6 * 4), (41, 4 * 9 + 6 * 4))
        )
