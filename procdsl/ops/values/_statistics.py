"""Means and standard deviations that many models share: what is wrong with them can be seen."""

from __future__ import annotations

Numbers = tuple[float, ...]

IMAGENET: tuple[Numbers, Numbers] = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CLIP: tuple[Numbers, Numbers] = (
    (0.48145466, 0.4578275, 0.40821073),
    (0.26862954, 0.26130258, 0.27577711),
)


def exchanged(means: Numbers, stds: Numbers, high: float) -> bool:
    """Whether means on 0..high are known standard deviations, and the other way round."""
    given = _unit(means, high), _unit(stds, high)
    orders = ([_unit(numbers)[::step] for numbers in known] for known in _KNOWN for step in (1, -1))
    return any(given == (std, mean) for mean, std in orders)


def backwards(means: Numbers, stds: Numbers, colour: str | None, high: float) -> tuple[bool, bool]:
    """Whether known means on 0..high are in the other order than `colour`; whether stds are not."""
    if colour not in ("rgb", "bgr"):
        return False, False
    for known in _KNOWN:
        mean, std = (_unit(k if colour == "rgb" else k[::-1]) for k in known)
        if _unit(means, high) == mean[::-1]:
            return True, _unit(stds, high) == std
    return False, False


_KNOWN = (IMAGENET, CLIP)


def _unit(numbers: Numbers, high: float = 1) -> Numbers:
    """The numbers as they would be on 0..1, rounded."""
    return tuple(round(n / (high or 1), 4) for n in numbers)
