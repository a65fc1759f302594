"""What the ops after a model share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word, shorten, show
from procdsl.types.numerics import ErrorBound

EXP_BOUND = ErrorBound(
    6e-8,
    "exp is not the same in every library; computed in float64 and rounded to float32 it differs "
    "by one unit in the last place at most",
)
SUM_BOUND = ErrorBound(
    6e-8,
    "exp and the order of a sum are not the same in every library; computed in float64 and rounded "
    "to float32 they differ by one unit in the last place at most",
)

BY_ITSELF = "`sigmoid` for this step: how likely it is, by one number"
"""What is meant by a softmax of one number."""


def doubts_of_logits(x: Array, op: str) -> Iterator[Problem]:
    """A guard: the value is a probability already, or a place in a picture."""
    wanted = "logits: coordinates are no evidence, and lie in 0..1 behind it"
    yield from doubts_of_places(x, op, wanted)
    if x.kind == "probabilities":
        yield Problem(
            "E308",
            f"`{op}` of probabilities",
            found=x.described(),
            wanted="logits: a second softmax or sigmoid flattens what the first one gave",
            help=choices(
                "leave one of the two out, or say that both are meant",
                "without this step: the probabilities as they are",
                f"without the one before, or with `logits` for `probabilities` in the contract: "
                f"`{op}` of what the model gives",
            ),
        )


def doubts_of_places(x: Array, op: str, wanted: str) -> Iterator[Problem]:
    """A guard: the value is places in a picture, which are not to be compared or scaled so."""
    if x.kind in ("boxes", "points"):
        yield Problem(
            "E308",
            f"`{op}` of {x.kind}",
            found=x.described(),
            wanted=wanted,
            help=choices(
                "leave this step out, or say what the value is",
                f"without this step: {x.kind} as the model gives them",
                f"without the kind `{x.kind}` in the contract: `{op}` of numbers of any meaning",
            ),
        )


def doubts_of_one(x: Array, op: str, over: Word, always: str, instead: str) -> Iterator[Problem]:
    """A guard: the axis has one place, so that the result tells little of the value, or nothing."""
    axis = x.axis(over)
    if axis is not None and axis.size == 1:
        yield Problem(
            "E308",
            f"`{op}` over an axis of one place",
            found=f"`{axis}` of {x.described()}, which gives {always}",
            wanted="an axis of two places or more",
            help=choices(
                "say what is computed",
                "another axis, along which there are several values",
                instead,
            ),
            at="over",
        )


def ids(x: Array, over: str, axes: tuple[Axis, ...]) -> Array:
    """The type of indices into the axis `over` of `x`."""
    axis = x.axis(over)
    assert axis is not None, "an op is given an axis of its value"
    return Array("i64", axes, kind="ids", range=axis.indices, space=x.space)


def descending(x: np.ndarray, over: int) -> np.ndarray:
    """The order of values from the largest down; ties to the lower index, NaN last."""
    return np.argsort(-x, axis=over, kind="stable")


def doubts_of_names(table: Sequence[str], argument: str) -> Iterator[Problem]:
    """A guard: two ids have one name, so that whoever reads it cannot tell them apart."""
    first: dict[str, int] = {}
    for i, name in enumerate(table):
        j = first.setdefault(name, i)
        if j != i:
            yield Problem(
                "E338",
                "a name that stands twice",
                found=f"{show(shorten(name))} for the ids {j} and {i}",
                wanted="a name of its own for each id",
                help=choices(
                    "look at both entries, which a file that lists a name on each line has in "
                    f"lines {j + 1} and {i + 1}",
                    "another name for one of them, where one is a slip: what is behind a name too "
                    "many is moved by one",
                ),
                at=argument,
            )
            return
