"""What `resize`, `letterbox` and other ops that resample share: the argument and its checks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from procdsl.lazy import np
from procdsl.opdef.arguments import OneOf
from procdsl.opdef.errors import Problem, Proposal
from procdsl.registry import sampler, sampler_names
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.colour import colour
from procdsl.types.constants import Constant, Word
from procdsl.types.dtypes import DTYPES, LIMITS
from procdsl.types.numerics import ErrorBound

_USUAL = {
    "pil.bilinear": "Pillow, and torchvision on PIL images",
    "cv2.linear": "cv2.resize",
    "torch.bilinear_aa": "torchvision on tensors",
    "torch.bilinear": "torch's F.interpolate",
}
"""The samplers that most models were trained with, by who computes them."""

_CHOOSE = "the one that training used"

_SAME = {"linear": "bilinear", "cubic": "bicubic", "lanczos4": "lanczos"}
"""Kernels that OpenCV calls by another name."""

_LIBRARIES = {"inter": "cv2", "image": "pil", "resampling": "pil", "pillow": "pil"}
"""What stands before a kernel's name elsewhere, by the library that it means."""


@dataclass(frozen=True)
class SamplerName(OneOf):
    """The name of a sampler; where only a kernel is named, every library that has one like it."""

    @property
    def described(self) -> str:
        return "a sampler, such as cv2.linear (`procdsl explain samplers` lists them)"

    def near(self, value: Constant) -> tuple[str | None, str]:
        if not isinstance(value, str):
            return None, f"write {_CHOOSE}: {_listed(_USUAL)}"
        if value in self.words:
            return value, ""
        found = _of_kernel(value.lower())
        if len(found) > 1:
            return found[0], f"write {_CHOOSE}: {_listed(found)}; their pixels differ"
        near = found[0] if found else super().near(value)[0]
        return near, "" if near else f"write {_CHOOSE}: {_listed(_USUAL)}"

    def missing(self, text: str) -> tuple[str, str]:
        wanted = "a sampler: there is no default, because the libraries' own give different pixels"
        return wanted, f"add `sampler=` with {_CHOOSE}: {_listed(_USUAL)}"


def _of_kernel(text: str) -> list[str]:
    """The samplers that a name from elsewhere may mean, those of the same name first."""
    library, _, kernel = text.replace("inter_", "inter.").rpartition(".")
    library = library.rpartition(".")[2]
    library = _LIBRARIES.get(library, library)
    alike = [name for name in sampler_names() if _kernel(name) == _kernel(f".{kernel}")]
    own = [name for name in alike if name.startswith(f"{library}.")]
    if own:
        return sorted(own, key=len)[:1]
    now = [name for name in alike if not name.startswith("pil12.")]
    usual = list(_USUAL)
    return sorted(
        now, key=lambda n: (not n.endswith(f".{kernel}"), usual.index(n) if n in usual else 9)
    )


def _kernel(name: str) -> str:
    kernel = name.partition(".")[2].removesuffix("_aa").removesuffix("_exact")
    return _SAME.get(kernel, kernel)


def _listed(names: Iterable[str]) -> str:
    said = [f"`{n}`" + (f" ({_USUAL[n]})" if n in _USUAL else "") for n in names]
    return f"{', '.join(said[:-1])} or {said[-1]}"


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
            fix=Proposal.without_step() if x.channels else None,
            help="" if x.channels else "say how many channels the input has: `c=3` in its type",
            then=then,
        )
    if x.colour and colour(x.colour).angle and not sampler(name).picks:
        raise Problem(
            "E325",
            f"`{op}` would take means of angles",
            found=f"`sampler={name}` on {x.described()}",
            wanted=f"this step before `convert({x.colour})`, or a sampler that picks pixels",
            fix=Proposal.value("cv2.nearest"),
            at="sampler",
            then=then,
        )
    allowed = [dtype for dtype in DTYPES if dtype in sampler(name).numerics]
    if x.dtype not in allowed:
        others = (n for n in sampler_names() if x.dtype in sampler(n).numerics)
        other = next(others, None)
        raise Problem(
            "E402",
            f"`{name}` is not defined for {x.dtype}",
            found=x.described(),
            wanted="an image of " + " or ".join(allowed) + ": put this step before `to_float`",
            fix=Proposal.value(other) if other else Proposal.without_step(),
            at="sampler",
            then=then,
        )
    return then.with_(range=_range(name, x))


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
    return Range(low, high, x.range.standardized)


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
