"""What the ops after a model share."""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.expect import expect_dtype
from procdsl.types.array import Array
from procdsl.types.axis import Axis, Range
from procdsl.types.numerics import ErrorBound
from procdsl.types.value import Type

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


def expect_logits(x: Type, op: str) -> Array:
    """The value as f32 that is not a probability yet, or a `Problem`."""
    x = expect_dtype(x, op, "f32", fix=Proposal.without_step())
    if x.kind == "probabilities":
        raise Problem(
            "E308",
            f"`{op}` of probabilities",
            found=x.described(),
            wanted="logits: a second softmax or sigmoid flattens what the first one gave",
            fix=Proposal.without_step(),
            then=x,
        )
    return x


def ids(x: Array, over: str, axes: tuple[Axis, ...]) -> Array:
    """The type of indices into the axis `over` of `x`."""
    axis = x.axis(over)
    size = axis.size if axis else None
    span = Range(0, size - 1) if size else None
    return Array("i64", axes, kind="ids", range=span)


def descending(x: np.ndarray, over: int) -> np.ndarray:
    """The order of values from the largest down; ties to the lower index, NaN last."""
    return np.argsort(-x, axis=over, kind="stable")
