"""Means and standard deviations that many models share: what is wrong with them can be seen."""

from __future__ import annotations

from collections.abc import Iterator

from procdsl.diagnostics.suggest import choices
from procdsl.opdef.errors import Problem
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Number, show

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


@dataclass(frozen=True)
class Statistics:
    """A mean and a standard deviation as a call of `normalize` has them; `rest` is what is written
    behind them."""

    mean: Number | tuple[Number, ...]
    std: Number | tuple[Number, ...]
    rest: str

    def call(self, mean: Number | tuple[Number, ...], std: Number | tuple[Number, ...]) -> str:
        """The call with other numbers."""
        return f"`normalize(mean={show(mean)}, std={show(std)}{self.rest})`"


def floats(numbers: Number | tuple[Number, ...]) -> Numbers:
    return tuple(map(float, numbers if isinstance(numbers, tuple) else (numbers,)))


def doubts(given: Statistics, x: Array, span: Range) -> Iterator[Problem]:
    """Guards: statistics of another range than `span`, exchanged ones, those of another order."""
    means, stds = floats(given.mean), floats(given.std)
    if looks := _looks(span, means, stds):
        mean, std = max(map(abs, means)), max(map(abs, stds))
        on = "a value that is scaled to be" if given.rest else "a value"
        yield Problem(
            "E304",
            f"mean and std look like those of {looks}",
            found=f"a mean of up to {mean:g} and a std of up to {std:g} on {on} in {span}",
            wanted="statistics of the value's own range",
            help=choices(
                "say what they are of",
                f"of {looks}: bring the value to that range before, by the `scale` of `to_float` "
                "or of this step",
                f"of {span}: write those numbers; of 0..1 those of 0..255 are divided by 255",
            ),
            at="scale" if given.rest else None,
        )
    if exchanged(means, stds, span.high):
        yield Problem(
            "E328",
            "mean and std are exchanged",
            found=f"a mean of {show(given.mean)} and a std of {show(given.std)}",
            wanted="the mean as `mean`, and the standard deviation as `std`",
            help=choices(
                "say which is meant",
                f"{given.call(given.std, given.mean)}: the statistics as they were published",
            ),
        )
    reversed_, std_fits = backwards(means, stds, x.colour, span.high)
    if reversed_:
        yield _reversed(given, x, std_fits)


def _looks(span: Range, means: Numbers, stds: Numbers) -> str:
    """The range that mean and std seem to be of, where it is another."""
    mean, std = max(map(abs, means)), max(map(abs, stds))
    if span.high <= 1.5 and max(mean, std) > 2:
        return "0..255"
    return "0..1" if span.high > 100 and (0 < mean <= 1 or std < 1) else ""


def _reversed(given: Statistics, x: Array, std_fits: bool) -> Problem:
    """Known statistics in the other order than the colour; `std` may be in the right one."""
    other = "rgb" if x.colour == "bgr" else "bgr"
    mean = given.mean[::-1] if isinstance(given.mean, tuple) else given.mean
    std = given.std[::-1] if isinstance(given.std, tuple) and not std_fits else given.std
    return Problem(
        "E321",
        f"{'the mean is' if std_fits else 'mean and std are'} in the other channel order",
        found=f"{show(given.mean)} on {x.colour}",
        wanted=f"the numbers in the order {', '.join(x.colour or '')}",
        help=choices(
            "say on which order the model was trained",
            f"{other}: `convert({other})` before this step, and {other} in the contract",
            f"{x.colour}, with the number of each colour: {given.call(mean, std)}",
        ),
    )
