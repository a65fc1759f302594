"""Change what the channels of an image are.

`convert(rgb)` of a BGR image swaps its channels. To gray the luma is named: `luma=cv2` is OpenCV's
`(9798 R + 19235 G + 3735 B + 2^14) >> 15`, `luma=pil` is Pillow's
`(19595 R + 38470 G + 7471 B + 2^15) >> 16` (both weigh by ITU-R BT.601 and differ by 1 on 0.13 % of
colours). From gray each channel is a copy. An alpha channel is dropped only with `alpha=drop`; one
that is added is opaque (255).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from procdsl.arguments import arg, colour, words
from procdsl.lazy import np
from procdsl.op import Case, Constant, Op, want_dtype, want_image
from procdsl.problem import Mend, Problem
from procdsl.types import CHANNELS, Array, Axis, Type
from procdsl.values import Word

LUMA = {"cv2": ((9798, 19235, 3735), 15), "pil": ((19595, 38470, 7471), 16)}
"""The weights of red, green and blue, and the shift."""


@dataclass(frozen=True, kw_only=True)
class Convert(Op):
    views: ClassVar[bool] = True
    framewise: ClassVar[bool] = True

    to: Word = arg(colour(), positional=True)
    luma: Word | None = arg(words("cv2", "pil"), default=None)
    alpha: Word | None = arg(words("drop"), default=None)

    def infer(self, x: Type) -> Array:
        x = want_image(x, self.name)
        if x.colour is None:
            raise Problem(
                "E309",
                "the colour of this value is not known",
                found=x.described(),
                wanted=f"an image whose type names its colour: {', '.join(CHANNELS)}",
                mend=Mend("remove"),
            )
        after = self._after(x)
        if x.colour == self.to:
            raise Problem(
                "E320",
                "this step changes nothing",
                found=f"an image that is {x.colour} already",
                wanted="another colour",
                mend=Mend("remove"),
                then=after,
            )
        needs_luma = self.to == "gray"
        self._check_option("luma", self.luma, needs_luma, "luma=cv2", after)
        drops = x.colour.endswith("a") and not self.to.endswith("a")
        self._check_option("alpha", self.alpha, drops, "alpha=drop", after)
        if needs_luma or self.adds_alpha(x):
            want_dtype(x, self.name, "u8", mend=Mend("remove"), then=after)
        return after

    def _after(self, x: Array) -> Array:
        axes = [axis for axis in x.axes if axis.name != "c"]
        return x.with_(axes=(*axes, Axis.of("c", CHANNELS[self.to])), colour=str(self.to))

    def _check_option(
        self, name: str, value: Word | None, needed: bool, fitting: str, after: Array
    ) -> None:
        if needed and value is None:
            raise Problem(
                "E209",
                f"`convert` does not say which {name}",
                found=f"no `{name}`",
                wanted=f"`{fitting}`" + (" or `luma=pil`" if name == "luma" else ""),
                mend=Mend("add", fitting),
                then=after,
            )
        if not needed and value is not None:
            raise Problem(
                "E214",
                f"`{name}` has no effect here",
                found=f"`{name}={value}`",
                wanted="no such argument for these colours",
                mend=Mend("drop"),
                at=name,
                then=after,
            )

    @property
    def shift(self) -> int:
        return LUMA[str(self.luma)][1]

    def adds_alpha(self, x: Array) -> bool:
        return self.to.endswith("a") and not (x.colour or "").endswith("a")

    def as_channels(self, x: Array) -> str:
        """What gives an image without channels a channel axis."""
        return "" if "c" in x.names else "[:, :, None]"

    def constants(self, x: Array) -> Mapping[str, Constant]:
        if self.luma is not None:
            weights = dict(zip("rgb", LUMA[self.luma][0], strict=True))
            values = tuple(weights.get(channel, 0) for channel in x.colour or "")
            return {"luma": Constant("i32", values, (len(values),))}
        order = self.order(x)
        return {"order": Constant("i64", order, (len(order),))}

    def reorders(self, x: Array) -> tuple[int, ...] | None:
        moves = self.luma is None and not self.adds_alpha(x) and "c" in x.names
        return self.order(x) if moves else None

    def order(self, x: Array) -> tuple[int, ...]:
        """The source channel of each channel of the result, where channels are only moved."""
        source = "k" if x.colour == "gray" else (x.colour or "")
        if source == "k":
            return (0,) * len(self.to.rstrip("a"))
        return tuple(source.index(channel) for channel in self.to if channel in source)

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        if x.ndim == 2:
            x = x[:, :, None]
        if self.to == "gray":
            weights, shift = LUMA[str(self.luma)]
            colour = types[0].colour or ""
            total = np.full(x.shape[:2], 1 << (shift - 1), np.int64)
            for channel, weight in zip("rgb", weights, strict=True):
                total += x[:, :, colour.index(channel)].astype(np.int64) * weight
            return (total >> shift).astype(np.uint8)[:, :, None]
        moved = x[:, :, self.order(*types)]
        if moved.shape[2] == CHANNELS[self.to]:
            return moved
        opaque = np.full((*x.shape[:2], 1), 255, x.dtype)
        return np.concatenate([moved, opaque], axis=2)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(
                Case(f"convert({to}{options})", image=f"u8[h, w, c={CHANNELS[source]}] {source}")
                for source in CHANNELS
                for to in CHANNELS
                for luma, drop in [(to == "gray", source[-1] == "a" and to[-1] != "a")]
                for options in [", luma=pil" * luma + ", alpha=drop" * drop]
                if source != to
            ),
            Case("convert(gray, luma=cv2)", image="u8[h, w, c=3] rgb"),
            Case("convert(gray, luma=cv2)"),
            Case("convert(rgb)", image="u8[h, w] gray"),
            Case("to_float(scale=1/255)\nconvert(rgb)"),
            Case("convert(gray, luma=cv2)\nresize(h=8, w=9, sampler=cv2.area)"),
        )
