"""Key points from heat maps: where each is largest, and how large.

`points, scores = decode_heatmap(heatmaps, refine=quarter)` takes f32[joint, h, w], one map for each
joint, and gives points f32[joint, xy=2] in pixels of the model's input, and scores f32[joint], the
largest number of each map. Of equal numbers the first wins, row by row; NaN never wins. Where
nothing is above 0 the place is -1 in both directions.

A place counts from the middle of the first one, as MMPose and HRNet do. `refine` is what is added:

- `none`: nothing; `quarter`: a quarter of a place towards the larger neighbour (HRNet, MMPose's
  `MSRAHeatmap`), not beside the edges of the map.
- `dark`: a step of Newton's in the logarithm of the map, blurred by a Gaussian of `blur` places
  (DARK; `MSRAHeatmap(unbiased=True)`: `blur=11` for sigma 2, 17 for 3), its second differences
  over two places; not within two places of the edge.
- `udp`: the same over one place, on numbers from 0.001 to 50 (`UDPHeatmap`), edges repeated.

A place is `input / map` pixels wide, of `udp` `input / (map - 1)`, as these codecs have it. The
blur is that of `cv2.GaussianBlur` with 0 round the map, computed in float64; numbers that are not
finite count as 0 in it. A logarithm is no exact operation: `dark` and `udp` have a bound, which
holds where the map has a peak, whose curvature is not close to 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, whole, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.points._grid import expect_sides_of, points_like
from procdsl.ops.scores._scores import descending
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.numerics import EXACT, ErrorBound
from procdsl.types.value import Type

NEAR = tuple((y, x) for y in range(-2, 3) for x in range(-2, 3))
"""Where the places lie that a step of Newton's takes."""


@dataclass(frozen=True, kw_only=True)
class DecodeHeatmap(Op):
    inputs: ClassVar[tuple[str, ...]] = ("heatmaps",)
    outputs: ClassVar[int] = 2

    refine: Word = arg(words("none", "quarter", "dark", "udp"))
    blur: int | None = arg(whole(11, 63, 11), default=None)

    def infer(self, x: Type) -> tuple[Array, Array]:
        x = expect_dtype(x, self.name, "f32")
        if x.names[-2:] != ("h", "w") or None in x.shape[-2:]:
            turned = {"h", "w"} <= {*x.names} and x.names[-2:] != ("h", "w")
            others = [name for name in x.names if name not in ("h", "w")]
            raise Problem(
                "E307",
                "`decode_heatmap` of what is no map of known size",
                found=x.described(),
                wanted="maps f32[joint, h, w], with the sizes of h and w",
                help=f"`layout({', '.join([*others, 'h', 'w'])})` of them comes before"
                if turned
                else "write the sizes of the map where it is declared: `f32[joint=17, h=64, w=48]`",
            )
        expect_sides_of(x, self.name)
        blurs = self.refine in ("dark", "udp")
        if blurs != (self.blur is not None) or (self.blur or 11) % 2 == 0:
            raise Problem(
                "E214",
                "a blur that does not go with how places are refined",
                found=f"refine={self.refine}, "
                + ("no blur" if self.blur is None else f"blur={self.blur}"),
                wanted="an odd `blur` with `refine=dark` or `refine=udp`, and with no other",
                help="write the size of the kernel that the model was made for: 11 for heat maps "
                "of sigma 2, 17 for sigma 3"
                if blurs
                else "leave `blur` out: places alone, and quarters, are of the map as it is",
                at="refine" if self.blur is None else "blur",
            )
        axes = x.axes[:-2]
        return points_like(x, axes), x.with_(axes=axes, kind="scores", colour=None, space=None)

    def error_bound(self, x: Array) -> ErrorBound | None:
        if self.blur is None:
            return EXACT
        return ErrorBound(1e-4, "a logarithm is not the same in every library")

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        sides, cells = self._scale(x)
        kernel = self._kernel()
        return {"refine": str(self.refine), "sides": sides, "cells": cells, "kernel": kernel}

    def _scale(self, x: Array) -> tuple[tuple[float, float], tuple[float, float]]:
        """Width and height of the input, and of the map as far as it counts."""
        (h, w), less = expect_sides_of(x, self.name), self.refine == "udp"
        rows, columns = x.shape[-2] or 1, x.shape[-1] or 1
        cells = float(max(columns - less, 1)), float(max(rows - less, 1))
        return (float(w), float(h)), cells

    def _kernel(self) -> tuple[float, ...]:
        """What `cv2.getGaussianKernel` gives for a sigma of 0, from 11 places on."""
        if self.blur is None:
            return ()
        middle = (self.blur - 1) / 2
        sigma = 0.3 * (middle - 1) + 0.8
        bell = [math.exp(-((i - middle) ** 2) / (2 * sigma * sigma)) for i in range(self.blur)]
        return tuple(x / math.fsum(bell) for x in bell)

    def reference(self, types: tuple[Array], x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        sides, cells = self._scale(*types)
        h, w = x.shape[-2:]
        maps = x.reshape(-1, h, w)
        places, scores = np.full((len(maps), 2), -1, np.float32), np.zeros(len(maps), np.float32)
        for k, one in enumerate(maps):
            flat = one.reshape(-1)
            scores[k] = flat[descending(flat, 0)[0]]
            if scores[k] > 0:
                row, column = divmod(int(descending(flat, 0)[0]), w)
                places[k] = (np.array([column, row]) + self._refined(one, row, column)).astype("f4")
        scaled = places.astype(np.float64) * np.array(sides) / np.array(cells)
        shape = x.shape[:-2]
        return scaled.astype(np.float32).reshape(*shape, 2), scores.reshape(shape)

    def _refined(self, x: np.ndarray, row: int, column: int) -> np.ndarray:
        """What is added to a column and a row."""
        h, w = x.shape
        nothing = np.zeros(2)
        if self.refine == "none":
            return nothing
        if self.refine == "quarter":
            if 1 < column < w - 1 and row > 0:
                a, b = x[row, column + 1], x[row, column - 1]
                nothing[0] = 0.25 * (int(a > b) - int(a < b))
            if 1 < row < h - 1 and column > 0:
                a, b = x[row + 1, column], x[row - 1, column]
                nothing[1] = 0.25 * (int(a > b) - int(a < b))
            return nothing
        blurred = self._blurred(x)
        udp = self.refine == "udp"
        inside = udp or (1 < column < w - 2 and 1 < row < h - 2)
        if not (np.isfinite(x[row, column]) and blurred.max() > 0 and inside):
            return nothing
        blurred *= float(x[row, column]) / blurred.max()
        low, high = (1e-3, 50.0) if udp else (1e-10, np.inf)
        rows = np.clip([row + dy for dy, _ in NEAR], 0, h - 1)
        columns = np.clip([column + dx for _, dx in NEAR], 0, w - 1)
        near = dict(zip(NEAR, np.log(np.clip(blurred[rows, columns], low, high)), strict=True))
        middle = near[0, 0]
        dx, dy = 0.5 * (near[0, 1] - near[0, -1]), 0.5 * (near[1, 0] - near[-1, 0])
        if udp:
            dxx = near[0, 1] - 2 * middle + near[0, -1] + 2.0**-23
            dyy = near[1, 0] - 2 * middle + near[-1, 0] + 2.0**-23
            dxy = near[1, 1] - near[0, 1] - near[1, 0] + middle
            dxy = 0.5 * (dxy + middle - near[0, -1] - near[-1, 0] + near[-1, -1])
        else:
            dxx = 0.25 * (near[0, 2] - 2 * middle + near[0, -2])
            dyy = 0.25 * (near[2, 0] - 2 * middle + near[-2, 0])
            dxy = 0.25 * (near[1, 1] - near[-1, 1] - near[1, -1] + near[-1, -1])
        area = dxx * dyy - dxy * dxy
        if area == 0:
            return nothing
        return np.array([dxy * dy - dyy * dx, dxy * dx - dxx * dy]) / area

    def _blurred(self, x: np.ndarray) -> np.ndarray:
        kernel, (h, w) = self._kernel(), x.shape
        reach = len(kernel) // 2
        padded = np.pad(np.where(np.isfinite(x), x, 0).astype(np.float64), reach)
        across = sum((k * padded[:, i : i + w] for i, k in enumerate(kernel)), np.zeros(()))
        return sum((k * across[i : i + h] for i, k in enumerate(kernel)), np.zeros(()))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        def values(h: int, w: int) -> dict[str, np.ndarray]:
            rng = np.random.default_rng(9)
            rows, columns = np.mgrid[:h, :w]
            at = rng.uniform(0.35, 0.65, (8, 2)) * (h, w)
            at[0], at[1], at[2] = (0, 0), (h - 1, w - 1), (h / 2, 1)
            dy, dx = rows - at[:, :1, None], columns - at[:, 1:, None]
            apart = dy * dy + dx * dx + 0.8 * dy * dx
            maps = (np.exp(-apart / 8) * rng.uniform(0.2, 1, (8, 1, 1))).astype(np.float32)
            maps[3] = maps[3].round(1)  # with equal numbers
            maps[4] = -maps[4]
            maps[5, 2, 3] = np.nan
            maps[6] *= np.float32(0.002) / maps[6].max()
            return {"x": maps}

        return tuple(
            Case(
                pre="resize(h=48, w=64, sampler=cv2.nearest)",
                post=f"p, s = decode_heatmap(x, refine={refine})\np = back_to(p, image)",
                outputs={"x": f"f32[joint=8, h={h}, w={w}]"},
                values=partial(values, h, w),
            )
            for refine, h, w in (
                ("none", 12, 16),
                ("quarter", 12, 16),
                ("quarter", 7, 9),
                ("dark, blur=11", 12, 16),
                ("udp, blur=11", 12, 16),
                ("udp, blur=17", 24, 32),
            )
        )
