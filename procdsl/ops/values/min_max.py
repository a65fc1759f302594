"""Take each image, or each of its channels, from its own least and greatest value to 0..1.

`(x - min) / (max - min + eps)`, with `over=image` by all its numbers, with `over=channel` by those
of each channel, of a clip by each frame's; in float64, rounded to float32 once. `eps=0.0001` is
albumentations' `normalization="min_max"` (and `"min_max_per_channel"`) on u8. With `eps=0` a plain
picture becomes 0, as MONAI's ScaleIntensity has it, and every other one reaches 1. A number that is
NaN or infinite makes NaN or 0 of all that are taken together with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef import clips
from procdsl.opdef.arguments import arg, real, words
from procdsl.opdef.expect import expect_axis, expect_dtype, expect_untiled, frames_first
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Word
from procdsl.types.dtypes import INTEGERS
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class MinMax(Op):
    framewise: ClassVar[bool] = True
    roundings: ClassVar[int] = 1

    over: Word = arg(words("image", "channel"))
    eps: float | Fraction = arg(real(0, 1e30, 0.0001))

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on eps
        """Without eps there is no least difference, so an error may become any other."""
        return min(2 / max(float(self.eps), 1e-30), 1e30)

    @property
    def added(self) -> float:
        return float(self.eps)

    def channel(self, x: Array) -> int | None:
        """The position of the channels where each is taken for itself."""
        return x.at("c") if self.over == "channel" else None

    def channelwise(self, x: Array) -> bool:
        return True

    def axes_order(self, x: Array) -> tuple[str, ...]:
        return frames_first(x)

    def infer(self, x: Type) -> Array:
        x = expect_dtype(x, self.name, *INTEGERS, "f32")
        expect_untiled(x, self.name)
        if self.over == "channel":
            expect_axis(x, "c", self.name, "over")
        return x.with_(dtype="f32", range=Range(0, 1))

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        apart = ("c",) if self.over == "channel" else ()
        taken = [name for name in x.names if name not in apart]
        taken = taken[clips.is_clip(self, (x,)) :]
        return {"axes": tuple(map(x.from_end, taken)), "eps": float(self.eps)}

    def least_sizes(self, x: Array) -> Mapping[str, int]:
        return {axis.name: 1 for axis in x.axes}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        channel = self.channel(*types)
        axes = tuple(axis for axis in range(x.ndim) if axis != channel)
        low, high = (f(x, axis=axes, keepdims=True).astype(np.float64) for f in (np.min, np.max))
        with np.errstate(invalid="ignore"):  # infinity less itself is NaN
            low = low + 0.0  # which of two zeros is the least one, libraries differ on
            spread = high - low + self.added
            return np.asarray(((x - low) / np.where(spread == 0, 1.0, spread)).astype(np.float32))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        plain = {"image": np.full((31, 45, 3), 7, np.uint8)}
        return (
            *(
                Case(f"min_max(over={over}, eps={eps})", image=image)
                for over in ("image", "channel")
                for eps in ("0.0001", "0")
                for image in ("u8[h, w, c=3] bgr", "f32[c=3, h, w] rgb")
            ),
            Case("min_max(over=image, eps=0)", image="i32[n=37]"),
            Case("min_max(over=channel, eps=1/1000)", image="u16[h, w, c=3] rgb"),
            Case("min_max(over=image, eps=0)", image="u8[t=2, h, w] gray"),
            Case("min_max(over=image, eps=0)\nlayout(c, h, w)", values=lambda: plain),
        )
