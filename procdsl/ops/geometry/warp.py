"""Cut a part out of a picture by an affine map: turned, scaled and moved.

`x = warp(image, matrix, h=256, w=192, sampler=cv2.linear, fill=0)` takes a matrix `f32[2, 3]`: an
input, what `crop_matrix` or `align_matrix` makes, or what an extern gives. It maps the picture to
the result, `x' = m[0][0] x + m[0][1] y + m[0][2]`, as `cv2.warpAffine` takes it without
WARP_INVERSE_MAP; for it the middle of a pixel is a whole number. A place of the result whose source
lies outside of the picture has the number `fill`, and at its edge pixels are mixed with that
(BORDER_CONSTANT). Of a matrix without an inverse every pixel is the one at (0, 0). The matrix is
float32: of the same one in float64 OpenCV makes another level, by 1, of one in 4000 values of u8.

The samplers are those of OpenCV, whose two major versions have different numerics:

- `cv2.linear`, `cv2.nearest`: OpenCV 5. Places in float32; a pixel is `p + f * (q - p)` between
  neighbours across, then down, in float32, and of u8 rounded to the nearest even. OpenCV itself has
  these bits where it has no fused multiplication; where it has one (AVX2), six of a million values
  of u8 differ, by 1, and floats in 0..1 by up to 8e-6 (5.0.0, 300 random maps).
- `cv4.linear`, `cv4.nearest`: OpenCV up to 4, with which most models were trained. Places in fixed
  point of 1/1024 pixel, each a sum of two rounded numbers, and for `linear` cut to 1/32. u8 is
  computed in whole numbers, and has the bits of OpenCV 4.10 to 4.14; floats in 0..1 differ by up to
  1.2e-7. From `cv2.linear` it is up to 6 levels of u8 away.

`back_to` brings points and boxes through the inverse of the matrix, and `forward_to` through the
matrix, in float64, rounded to float32 once; both apply it to coordinates as they are, as
`cv2.transform`, mmpose and insightface do. A box becomes the upright box round its turned corners.
The matrix keeps its name: `post` takes it, beside the size of the picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from procdsl.lazy import np
from procdsl.limits import SIDE
from procdsl.opdef.argument_types import OneOf, Side
from procdsl.opdef.arguments import arg, real
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype, expect_image
from procdsl.opdef.fill import doubts_of_fill, expect_fill, fill_constant, with_fill
from procdsl.opdef.geometric import AffineOp
from procdsl.opdef.op import Attribute, Case, ConstantArray
from procdsl.opdef.sampling import CHANNELS
from procdsl.records import dataclass
from procdsl.types.affine import inverse
from procdsl.types.array import Array
from procdsl.types.constants import Number, Word
from procdsl.types.value import Type

SAMPLERS = ("cv2.linear", "cv2.nearest", "cv4.linear", "cv4.nearest")
_SAMPLER = OneOf(f"a sampler: {', '.join(SAMPLERS)}", Word("cv2.linear"), SAMPLERS, "E203")
_SIDE = Side("a whole number of pixels", 256, 1, SIDE)


@dataclass(frozen=True, kw_only=True)
class Warp(AffineOp):
    roundings: ClassVar[int] = 6

    h: int = arg(_SIDE)
    w: int = arg(_SIDE)
    sampler: Word = arg(_SAMPLER)
    fill: Number = arg(real(example=0))

    @property
    def fixed(self) -> bool:
        """Whether places are of fixed point, as in OpenCV 4."""
        return self.sampler.startswith("cv4.")

    @property
    def picks(self) -> bool:
        return self.sampler.endswith(".nearest")

    def infer(self, x: Type, matrix: Type) -> Array:
        x = expect_image(x, self.name)
        then = self.placed(x)
        expect_dtype(x, self.name, "u8", "f32", then=then)
        if x.channels not in CHANNELS:
            raise Problem(
                "E316",
                f"`{self.name}` works on images of 1, 3 or 4 channels",
                found=x.described(),
                wanted="c=1, c=3 or c=4",
                help="take the picture in groups of 1, 3 or 4 channels, or say in its type how "
                "many it has: `c=3`",
                then=then,
            )
        expect_matrix(matrix, self.name, then)
        fill = expect_fill(self.fill, x, then)
        return then.with_(range=with_fill(x.range, fill))

    def doubts(self, x: Array, matrix: Array) -> Iterable[Problem]:
        return doubts_of_fill(self.fill, x)

    def channelwise(self, x: Array, matrix: Array) -> bool:
        return True

    def constants(self, x: Array, matrix: Array) -> Mapping[str, ConstantArray]:
        return {"fill": fill_constant(self.fill, x)}

    def attributes(self, x: Array, matrix: Array) -> Mapping[str, Attribute]:
        (fill,) = expect_fill(self.fill, x)
        numbers = {"h": self.h, "w": self.w, "fill": int(fill) if x.dtype == "u8" else fill}
        return {**numbers, "dtype": x.dtype, "fixed": self.fixed, "picks": self.picks}

    def reference(self, types: object, x: np.ndarray, matrix: np.ndarray) -> np.ndarray:
        picture = x if x.ndim == 3 else x[:, :, None]
        take = self._picked if self.picks else self._mixed
        with np.errstate(all="ignore"):  # a matrix may hold anything
            found = take(picture, inverse(matrix))
        return found if x.ndim == 3 else found[:, :, 0]

    def _picked(self, x: np.ndarray, back: np.ndarray) -> np.ndarray:
        if self.fixed:
            columns, rows = (v // 1024 for v in self._places_1024(x, back, 512))
        else:
            columns, rows = map(np.rint, self._places(x, back))
        return self._pixels(x, rows, columns)

    def _mixed(self, x: np.ndarray, back: np.ndarray) -> np.ndarray:
        f: np.ndarray
        g: np.ndarray
        if self.fixed:
            columns, rows = (v // 32 for v in self._places_1024(x, back, 16))
            left, top, f, g = columns // 32, rows // 32, columns % 32, rows % 32
        else:
            columns, rows = self._places(x, back)
            left, top = np.floor(columns), np.floor(rows)
            f, g = columns - left, rows - top
        f, g = f[..., None], g[..., None]
        a, b, c, d = (self._pixels(x, top + j, left + i) for j in (0, 1) for i in (0, 1))
        if self.fixed and x.dtype == np.uint8:
            a, b, c, d = (p.astype(np.float64) for p in (a, b, c, d))  # whole numbers all the same
            whole = (32 - g) * ((32 - f) * a + f * b) + g * ((32 - f) * c + f * d)
            return np.floor((whole + 512) / 1024).astype(np.uint8)
        a, b, c, d, f, g = (v.astype(np.float32) for v in (a, b, c, d, f, g))
        if self.fixed:
            f, g = f / np.float32(32), g / np.float32(32)
            e, h = np.float32(1) - f, np.float32(1) - g
            return np.asarray(a * (h * e) + b * (h * f) + c * (g * e) + d * (g * f))
        upper, lower = a + f * (b - a), c + f * (d - c)
        mixed = upper + g * (lower - upper)
        return np.rint(mixed).astype(np.uint8) if x.dtype == np.uint8 else mixed

    def _places(self, picture: np.ndarray, back: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The column and the row of each pixel's source, in float32."""
        x, y = np.arange(self.w, dtype=np.float32), np.arange(self.h, dtype=np.float32)[:, None]
        (a, b, c), (d, e, f) = back.astype(np.float32)
        h, w = picture.shape[:2]
        return _near(x * a + (y * b + c), w, 1), _near(x * d + (y * e + f), h, 1)

    def _places_1024(
        self, picture: np.ndarray, back: np.ndarray, more: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """The same in units of 1/1024 pixel, and so much more: whole numbers in float64."""
        x, y = np.arange(self.w, dtype=np.float64), np.arange(self.h, dtype=np.float64)[:, None]
        (a, b, c), (d, e, f) = back
        columns = np.rint((b * y + c) * 1024) + np.rint(a * x * 1024) + more
        rows = np.rint((e * y + f) * 1024) + np.rint(d * x * 1024) + more
        h, w = picture.shape[:2]
        return _near(columns, w, 1024), _near(rows, h, 1024)

    def _pixels(self, x: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """The pixels at whole places; outside the picture the fill."""
        h, w = x.shape[:2]
        inside = (rows >= 0) & (rows < h) & (columns >= 0) & (columns < w)
        rows, columns = (np.where(inside, v, 0).astype(np.int64) for v in (rows, columns))
        return np.where(inside[..., None], x[rows, columns], x.dtype.type(self.fill))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        sides = "h=24, w=17"
        return tuple(
            Case(
                pre=f"x = warp(image, m, h=24, w=17, sampler={sampler}, fill={fill})",
                post="p = back_to(p, image)\nb = back_to(b, image)",
                image=image,
                size=size,
                inputs={"m": "f32[row=2, column=3]"},
                fed=f"x: {image.replace('h, w', sides)}",
                outputs={
                    "p": "f32[k=5, xy=2] points(xy, pixels) @x",
                    "b": "f32[n=4, box=4] boxes(xyxy, pixels) @x",
                },
                values=_values(matrix),
            )
            for sampler in SAMPLERS
            for image, fill, size, matrix in (
                ("u8[h, w, c=3] bgr", 114, (31, 45), (0.9, -0.5, 3.25, 0.6, 1.1, -7.5)),
                ("f32[c=4, h, w] rgba", -1.5, (20, 30), (-1.3, 0.2, 17, 0.1, -2, 30)),
                ("u8[h, w] gray", 7, (9, 11), (math.nan, math.inf, 0, 1e30, 1, 0)),
                ("f32[h, w, c=1] gray", 0.5, (9, 11), (2, 1, 5, 4, 2, 1)),
            )
            if sampler.endswith(".linear") or fill in (114, -1.5)
        )


def _near(places: np.ndarray, size: int, unit: int) -> np.ndarray:
    """Places from one pixel before the picture to its end; others, and no numbers, are outside."""
    inside = (places >= -unit) & (places < size * unit)
    return np.where(inside, places, places.dtype.type(-2 * unit))


def _values(matrix: tuple[float, ...]) -> Callable[[], dict[str, Any]]:
    return lambda: {"m": np.array(matrix, np.float32).reshape(2, 3)}


def expect_matrix(matrix: Type, op: str, then: Type) -> Array:
    """The matrix of an affine map; or a `Problem`."""
    if isinstance(matrix, Array) and matrix.dtype == "f32" and matrix.shape == (2, 3):
        return matrix
    raise Problem(
        "E327",
        f"`{op}` does not get the matrix of an affine map",
        found=matrix.described(),
        wanted="a matrix f32[row=2, column=3] from the picture to the result",
        help="take an input of that type, what `crop_matrix` or `align_matrix` makes, or what a "
        "function of your own gives",
        then=then,
    )
