"""Give each image, or each of its channels, the mean 0 and the deviation 1.

`(x - mean) / std`, where mean and std are the value's own: with `over=image` those of all its
numbers, with `over=channel` those of each channel; of a clip those of each frame. `std` is the root
of the mean squared deviation (no n - 1). An image has the axes h and w; logits, scores and boxes
are refused: less their own mean they no longer say what they said.

What keeps a plain picture from a division by 0 is named:

- `eps=0.0001` is added to std: albumentations' `normalization="image"` (and `"image_per_channel"`),
  which then clips: `clip(min=-20, max=20)`.
- `min_std=0.00000001` is the least std that is divided by: nnU-Net's z-score.
- `min_std=tf` is TensorFlow's `per_image_standardization`: 1/sqrt(n) for n numbers. It depends on
  the scale of the value, so mind whether it was given 0..255 or 0..1.

The result is computed in float64 and rounded to float32 once. The sums are the same on every
backend: exact ones of integers for u8 and u16, and for f32 a tree in float64 that adds the second
half of the numbers [c, h, w] to the first until one is left. So u8 gets albumentations' result (a
float64 there, rounded), but for the last bit where numpy's own sum of squares is rounded otherwise.
TensorFlow sums in float32, in an order of its own, and is off by a few units in the last place. One
number that is NaN or infinite makes NaN of all that are taken together with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef import clips
from procdsl.opdef.argument_types import ArgumentType, Real
from procdsl.opdef.arguments import arg, real, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import (
    as_picture,
    expect_axis,
    expect_dtype,
    expect_untiled,
    frames_first,
    rows_first,
)
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Constant, Word
from procdsl.types.dtypes import INTEGERS
from procdsl.types.value import Type


@dataclass(frozen=True)
class Least(ArgumentType):
    """A positive number, or the word `tf`."""

    def read(self, value: Constant) -> float | Fraction | Word:
        if value == "tf" and isinstance(value, Word):
            return value
        return Real(self.wanted, self.example, 1e-30, 1e30).read(value)


@dataclass(frozen=True, kw_only=True)
class Standardize(Op):
    framewise: ClassVar[bool] = True
    roundings: ClassVar[int] = 1

    over: Word = arg(words("image", "channel"))
    eps: float | Fraction | None = arg(real(1e-30, 1e30, 0.0001), default=None)
    min_std: float | Fraction | Word | None = arg(
        Least("a positive number, or tf (1/sqrt(n))", Word("tf")), default=None
    )

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on what is divided by
        """An error moves the number, the mean and std; tf's least std is that of a huge picture."""
        least = self.eps if self.eps is not None else self.floor
        return 3 / (float(least) if least is not None else 1e-5)

    @property
    def floor(self) -> float | None:
        """The least std; None for 1/sqrt(n)."""
        if self.min_std == "tf":
            return None
        return float(self.min_std or 0)

    @property
    def added(self) -> float:
        return float(self.eps or 0)

    def planes(self, x: Array) -> int | None:
        """The position of the channels, which come first in the order of the sums."""
        return x.at("c") if "c" in x.names else None

    def channelwise(self, x: Array) -> bool:
        """Sums of integers are the same in any order of the channels."""
        return self.over == "channel" or x.dtype in INTEGERS

    def axes_order(self, x: Array) -> tuple[str, ...]:
        """The sums go along the rows."""
        order = frames_first(x)
        return order if [name for name in order if name in "hw"] == ["h", "w"] else rows_first(x)

    def infer(self, x: Type) -> Array:
        then = x.with_(dtype="f32", range=None) if isinstance(x, Array) else None
        x = expect_dtype(x, self.name, "u8", "u16", "f32", then=then)
        expect_untiled(x, self.name)
        if x.kind or not {"h", "w"} <= set(x.names):
            raise Problem(
                "E301",
                "`standardize` of what is no image",
                found=x.described(),
                wanted="an image: an array with the axes h and w, of a colour or of none",
                help=as_picture(x)
                if x.subsampled
                else choices(
                    "say what is to become of the numbers",
                    "`scale(...)`: multiplied and added to, by the same numbers for each sample",
                    "the axes h and w, and no kind, where the value is declared: it is a picture",
                ),
                then=then,
            )
        after = x.with_(dtype="f32", range=Range(-1, 1, standardized=True))
        if self.over == "channel":
            expect_axis(x, "c", self.name, "over")
        if self.eps is None and self.min_std is None:
            raise Problem(
                "E209",
                "`standardize` does not say what a plain picture is divided by",
                found="neither `eps` nor `min_std`",
                wanted="eps=0.0001 (albumentations), min_std=tf, or a number of your own",
                help=choices(
                    "say what keeps a plain picture from a division by 0",
                    "`eps=0.0001`: added to std (albumentations)",
                    "`min_std=tf`: the least std is 1/sqrt(n) (TensorFlow)",
                    "`min_std=0.00000001`: the least std is that (nnU-Net)",
                ),
                then=after,
            )
        if self.eps is not None and self.min_std is not None:
            raise Problem(
                "E214",
                "`standardize` with both `eps` and `min_std`",
                found="a number that is added to std, and a least std",
                wanted="one of the two",
                help=choices(
                    "keep one of the two",
                    "`eps`: added to every std",
                    "`min_std`: the least std, where one is smaller",
                ),
                at="eps",
                then=after,
            )
        return after

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {
            "channel": x.from_end("c") if "c" in x.names else None,
            "rank": len(x.axes) - clips.is_clip(self, (x,)),
            "apart": self.over == "channel",
            "eps": self.added,
            "least": self.floor,
        }

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        at = self.planes(*types)
        planes = x[None] if at is None else np.moveaxis(x, at, 0)
        groups = planes.reshape(len(planes) if self.over == "channel" else 1, -1)
        with np.errstate(invalid="ignore"):  # infinity less itself is NaN
            standardized = np.stack([self._standardized(group) for group in groups])
        moved = standardized.reshape(planes.shape)
        return moved[0] if at is None else np.moveaxis(moved, 0, at)

    def _standardized(self, group: np.ndarray) -> np.ndarray:
        n = np.float64(group.size)
        if group.dtype == np.float32:
            real = group.astype(np.float64)
            mean = _tree_sum(real) / n
            variance = _tree_sum((real - mean) * (real - mean)) / n
        else:
            numbers = group.astype(np.int64)
            total, squares = int(numbers.sum()), int((numbers * numbers).sum())
            mean = np.float64(total) / n
            whole, rest = divmod(total, group.size)  # deviations from a whole number are exact
            spread = squares - 2 * whole * total + group.size * whole * whole
            variance = (np.float64(spread) - np.float64(rest * rest) / n) / n
        least = 1 / math.sqrt(group.size) if self.floor is None else self.floor
        std = max(np.sqrt(variance) + self.added, least)
        return ((group.astype(np.float64) - mean) / std).astype(np.float32)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        plain = {"image": np.full((31, 45, 3), 7, np.uint8)}
        return (
            *(
                Case(f"standardize(over={over}, {least})", image=image)
                for over, least in (
                    ("image", "min_std=tf"),
                    ("channel", "min_std=tf"),
                    ("image", "eps=0.0001"),
                    ("channel", "eps=1/1000"),
                    ("channel", "min_std=0.00000001"),
                )
                for image in ("u8[h, w, c=3] bgr", "f32[h, w, c=3] rgb")
            ),
            Case("standardize(over=image, eps=0.0001)", image="u8[h, w] gray"),
            Case("standardize(over=channel, min_std=tf)", image="u16[c=3, h, w] rgb"),
            Case("standardize(over=image, min_std=tf)", image="f32[c=3, h, w] rgb"),
            Case("standardize(over=image, min_std=tf)", image="f32[h, w]", size=(1, 37)),
            Case("standardize(over=image, min_std=tf)", image="u8[t=2, h, w, c=3] rgb"),
            Case("standardize(over=image, eps=0.0001)\nlayout(c, h, w)", values=lambda: plain),
            Case(
                "convert(rgb)\nstandardize(over=image, eps=0.0001)\nclip(min=-20, max=20)\n"
                "layout(c, h, w)"
            ),
        )


def _tree_sum(x: np.ndarray) -> np.float64:
    """Halves added until one number is left; of an odd count the middle one stays as it is."""
    while len(x) > 1:
        half = (len(x) + 1) // 2
        x = np.concatenate((x[: len(x) - half] + x[half:], x[len(x) - half : half]))
    return np.float64(x[0])
