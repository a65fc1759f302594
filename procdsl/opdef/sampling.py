"""What `resize`, `letterbox` and other ops that resample share: the argument and its checks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from procdsl.diagnostics.suggest import Meaning, choices
from procdsl.lazy import known_names, np
from procdsl.opdef.argument_types import OneOf
from procdsl.opdef.errors import Problem
from procdsl.records import dataclass
from procdsl.registry import sampler, sampler_names
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.colour import colour
from procdsl.types.constants import Constant, Word
from procdsl.types.dtypes import DTYPES, INTEGERS, LIMITS
from procdsl.types.numerics import ErrorBound

_CHOOSE = "the one that training used"


@dataclass(frozen=True)
class SamplerName(OneOf):
    """The name of a sampler; of a kernel alone every library that has one like it is named."""

    @property
    def described(self) -> str:
        return "a sampler, such as cv2.linear (`procdsl explain samplers` lists them)"

    def read(self, value: Constant) -> Word:
        if isinstance(value, int) and 0 <= value < len(known_names.SAMPLER_NUMBERS):
            ours, theirs = known_names.SAMPLER_NUMBERS[value]
            said = f"{value} is {ours} for OpenCV, and {theirs} for Pillow and Hugging Face"
            raise self.unfit(value, known=Meaning("", f"write {_CHOOSE}: {said}"))
        return super().read(value)

    def known(self, word: str) -> Meaning:
        found = known_names.sampler(word)
        if found:
            return found
        alike = _of_kernel(word) or _of_library(word) or list(known_names.USUAL)
        differ = "; their pixels differ" * (len(alike) > 1)
        return Meaning("", f"write {_CHOOSE}: {_listed(alike)}{differ}")

    def missing(self, name: str) -> tuple[str, str]:
        wanted = "a sampler: there is no default, because the libraries' own give different pixels"
        return wanted, f"add `sampler=` with {_CHOOSE}: {_listed(known_names.USUAL)}"


def _of_kernel(text: str) -> list[str]:
    """The samplers whose kernel is called so, those of the library that is named, or the usual
    ones first."""
    library, _, kernel = text.lower().rpartition(".")
    now = [name for name in sampler_names() if not name.startswith("pil12.")]
    alike = [name for name in now if _kernel(name) == _kernel(f".{kernel}")]
    own = [name for name in alike if name.startswith(f"{library}.")]
    usual = list(known_names.USUAL)
    return sorted(
        own or alike,
        key=lambda n: (not n.endswith(f".{kernel}"), usual.index(n) if n in usual else 9),
    )


def _of_library(text: str) -> list[str]:
    library = text.lower().partition(".")[0]
    return [name for name in sampler_names() if name.startswith(f"{library}.")]


def _kernel(name: str) -> str:
    kernel = name.partition(".")[2].removesuffix("_aa").removesuffix("_exact")
    return known_names.SAME_KERNELS.get(kernel, kernel)


def _listed(names: Iterable[str]) -> str:
    usual = known_names.USUAL
    said = [f"`{n}`" + (f" ({usual[n]})" if n in usual else "") for n in names]
    return " or ".join([", ".join(said[:-1]), said[-1]] if said[1:] else said)


SAMPLER = SamplerName(
    "a sampler: " + ", ".join(sampler_names()), Word("cv2.linear"), sampler_names(), "E203"
)

CHANNELS = (1, 3, 4)
"""The numbers of channels on which the samplers were measured against their libraries."""


def expect_sampled(x: Array, op: str, name: str, then: Array) -> Array:
    """`then`, which the image becomes, with its range; or a `Problem`: no sampler for it."""
    if x.channels not in CHANNELS:
        raise Problem(
            "E316",
            f"`{op}` works on images of 1, 3 or 4 channels",
            found=x.described(),
            wanted="c=1, c=3 or c=4",
            help="resample the picture in groups of 1, 3 or 4 channels, or by a function of your "
            "own: `procdsl explain extern`"
            if x.channels
            else "say how many channels the input has: `c=3` in its type",
            then=then,
        )
    allowed = [dtype for dtype in DTYPES if dtype in sampler(name).numerics]
    if x.dtype not in allowed:
        raise Problem(
            "E402",
            f"`{name}` is not defined for {x.dtype}",
            found=x.described(),
            wanted="an image of " + " or ".join(allowed),
            help=_other_dtype(name, x, allowed),
            at="sampler",
            then=then,
        )
    return then.with_(range=_range(name, x))


def _other_dtype(name: str, x: Array, allowed: Sequence[str]) -> str:
    """How an image comes to a dtype that the sampler has, and what that computes."""
    ways = []
    if x.dtype in INTEGERS and "f32" in allowed:
        high = f"{x.range.high:g}" if x.range and x.range.high > 1 else "255"
        ways.append(
            f"`to_float(scale=1/{high})` before this step: means in f32; those that the library "
            f"has for {x.dtype} are rounded to whole numbers, and differ in the last of its bits"
        )
    if x.dtype == "f16" and "f32" in allowed:
        ways.append("`cast(f32)` before this step, `cast(f16)` behind it: means in f32")
    if x.dtype == "f32":
        ways.append("this step before `to_float`, while the picture is u8: means rounded to u8")
        ways.append("a sampler that is defined for f32 (`procdsl explain samplers`): other means")
    picks = [n for n in sampler_names() if x.dtype in sampler(n).numerics and sampler(n).picks]
    if picks:
        ways.append("a sampler that picks pixels and takes no means: another picture")
    return choices("say which numbers the model was trained on", *ways)


def doubts_of_sampling(x: Array, op: str, name: str) -> Iterator[Problem]:
    """A guard: the image has angles, and the sampler takes means."""
    if x.colour and colour(x.colour).angle and not sampler(name).picks:
        yield Problem(
            "E325",
            f"`{op}` takes means of angles",
            found=f"`sampler={name}` on {x.described()}",
            wanted=f"this step before `convert({x.colour})`, or a sampler that picks pixels",
            help=choices(
                "say which is meant",
                f"this step before `convert({x.colour})`: means of colours",
                "a sampler that picks pixels, such as `cv2.nearest`: the hues that there are",
            ),
            at="sampler",
        )


def _range(name: str, x: Array) -> Range | None:
    """Weights below 0, along one axis and the other, carry a pixel out of the range of its sources.

    With weights of 1 + n and -n along each, those below 0 of both come to 2 n (1 + n).
    """
    lobe = sampler(name).lobe
    if x.range is None or not lobe:
        return x.range
    beyond = 2 * lobe * (1 + lobe) * (x.range.high - x.range.low)
    low, high = LIMITS.get(x.dtype, (-math.inf, math.inf))
    low, high = max(x.range.low - beyond, low), min(x.range.high + beyond, high)
    return Range.spanned([low, high], x.range.standardized)


def gain(name: str) -> float:
    """By how much an error of the image can grow: the sum of a pixel's weights without their sign.

    Weights of 1 + n and -n come to (1 + 2 n) ** 2 along both axes.
    """
    return (1 + 2 * sampler(name).lobe) ** 2


def bound(name: str, x: Array) -> ErrorBound | None:
    """The numerics of a sampler on this type: a bound grows with the values."""
    numerics = sampler(name).numerics[x.dtype]
    if numerics is None or x.range is None:
        return numerics
    largest = max(abs(x.range.low), abs(x.range.high), 1.0)
    return ErrorBound(numerics.absolute * largest, numerics.reason)


def sampled(name: str, x: np.ndarray, h: int, w: int) -> np.ndarray:
    """The reference: the image resized; without a channel axis it is taken as one channel."""
    if x.ndim == 2:
        return sampler(name).reference(x[:, :, None], h, w)[:, :, 0]
    return sampler(name).reference(x, h, w)
