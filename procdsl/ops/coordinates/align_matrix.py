"""The matrix that brings landmarks of a face to where a model wants them, for `warp`.

`m = align_matrix(landmarks, x=(38.2946, 73.5318, 56.0252, 41.5493, 70.7299), y=(51.6963, 51.5014,
71.7366, 92.3655, 92.2041))` takes `f32[k=5, xy=2] points(xy, pixels)`, and gives the turn, the
scale and the shift that bring them closest to the places (x, y) in the result: the sum of the
squared distances is the least. These numbers are those of ArcFace and insightface for 112 x 112
pixels, of the eyes, the nose and the corners of the mouth.

It is the estimate of Umeyama (1991), as skimage's SimilarityTransform has it; in two dimensions no
singular values are needed. With u and v the points and the places less their means, in float64 and
with sums in the order of the points, `a = sum(u . v) / sum(u . u)`, `b = sum(u x v) / sum(u . u)`,
and the matrix ((a, -b, ...), (b, a, ...)) brings the mean of the points to that of the places; it
is rounded to float32 once. Landmarks that are all one point give no numbers, and `warp` then
nothing but `fill`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.argument_types import Many, Real
from procdsl.opdef.arguments import arg
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.coordinates._coordinates import coordinates_of
from procdsl.ops.coordinates.crop_matrix import MATRIX
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Number
from procdsl.types.value import Type

_PLACES = Many("a tuple of numbers, one for each landmark", (38.2946, 73.5318), Real("a number", 0))


@dataclass(frozen=True, kw_only=True)
class AlignMatrix(Op):
    inputs: ClassVar[tuple[str, ...]] = ("landmarks",)

    x: tuple[Number, ...] = arg(_PLACES)
    y: tuple[Number, ...] = arg(_PLACES)

    def infer(self, landmarks: Type) -> Array:
        points = coordinates_of(landmarks, self.name)
        count = len(self.x)
        if len(self.y) != count or count < 2:
            raise Problem(
                "E213",
                f"`{self.name}` needs a place (x, y) for each landmark",
                found=f"{count} numbers `x`, {len(self.y)} numbers `y`",
                wanted="as many of both, two or more",
                help="write them in the order of the landmarks",
                at="y",
                then=MATRIX,
            )
        if points.kind != "points" or points.shape != (count, 2):
            raise Problem(
                "E319",
                f"`{self.name}` of other landmarks than there are places",
                found=landmarks.described(),
                wanted=f"`f32[k={count}, xy=2] points(xy, pixels)`, of one face",
                help="declare them so; one call is one face, or a batch with one in each sample",
                then=MATRIX,
            )
        return MATRIX

    def attributes(self, landmarks: Array) -> Mapping[str, Attribute]:
        (x, middle_x), (y, middle_y) = map(_centred, (self.x, self.y))
        return {"x": x, "y": y, "middle": (middle_x, middle_y)}

    def reference(self, types: object, landmarks: np.ndarray) -> np.ndarray:
        (v, middle_x), (w, middle_y) = map(_centred, (self.x, self.y))
        with np.errstate(all="ignore"):  # landmarks may be one point, or no numbers
            x, y = landmarks[:, 0].astype(np.float64), landmarks[:, 1].astype(np.float64)
            px, py = _sum(x) / len(v), _sum(y) / len(v)
            x, y = x - px, y - py
            spread = _sum(x * x + y * y)
            a, b = _sum(x * v + y * w) / spread, _sum(x * w - y * v) / spread
            rows = [a, -b, middle_x - (a * px - b * py)], [b, a, middle_y - (b * px + a * py)]
            return np.array(rows).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return tuple(
            Case(
                pre="m = align_matrix(p, x=(17, 31, 24), y=(20, 21, 40))\n"
                "x = warp(image, m, h=64, w=48, sampler=cv2.linear, fill=0)\n"
                "q = forward_to(p, image, x)",
                post="z = back_to(z, image)",
                inputs={"p": "f32[k=3, xy=2] points(xy, pixels)"},
                fed="x: u8[h=64, w=48, c=3] bgr, q: f32[k=3, xy=2] points(xy, pixels)",
                outputs={"z": "f32[k=4, xy=2] points(xy, pixels) @x"},
                values=lambda p=p: {"p": np.array(p, np.float32)},  # type: ignore[misc]
            )
            for p in (((9, 9.5), (20, 11), (14, 25)), ((30, 20), (10, 21), (19, 2)), ((3, 4),) * 3)
        )


def _centred(places: Sequence[Number]) -> tuple[tuple[float, ...], float]:
    """The numbers less their mean, and that."""
    mean = float(_sum(map(float, places)) / len(places))
    return tuple(float(place) - mean for place in places), mean


def _sum(numbers: Sequence[float] | Iterator[float] | np.ndarray) -> float:
    """The sum, added in order: Python's own may be exact, and numpy's in pairs."""
    total = 0.0
    for number in numbers:
        total = total + number
    return total
