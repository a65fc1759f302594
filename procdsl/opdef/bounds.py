"""Bounds that an argument gives, against where the values are known to lie."""

from __future__ import annotations

from collections.abc import Iterator

from procdsl.opdef.errors import Problem
from procdsl.types.array import Array
from procdsl.types.constants import Number, show


def doubts_of_bound(bound: Number, x: Array, at: str) -> Iterator[Problem]:
    """A guard: all values lie on one side of the bound, at it or below, or above it."""
    if x.range is not None and not x.range.low <= bound < x.range.high:
        yield Problem(
            "E304",
            "a bound that all values lie on one side of",
            found=f"{at}={show(bound)} on {x.described()}",
            wanted=f"a number from {x.range.low:g} to below {x.range.high:g}",
            help="write a bound between the values, in their own range",
            at=at,
        )


def doubts_of_score(score: Number | None, scores: Array) -> Iterator[Problem]:
    """A guard: no score is above the bound, so that nothing is ever found."""
    if score is not None and scores.range is not None and score >= scores.range.high:
        yield from doubts_of_bound(score, scores, "score")
