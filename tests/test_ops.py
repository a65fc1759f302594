"""Every case of every op, on every backend, against the reference."""

from __future__ import annotations

import zlib

import pytest
from cases import check_case

from procdsl import registry
from procdsl.opdef.op import Case

FIRST = 9
"""So many cases of an op are tried in any case; behind them one in seven, and all are slow ones.
Cases come in twos and fours, of which an even step would take the same one again and again."""

NUMBERED = [
    (name, number, case)
    for name in registry.op_names()
    for number, case in enumerate(registry.op(name).cases())
]
CASES = [
    pytest.param(
        case,
        id=f"{name}-{number}",
        marks=[] if number < FIRST or number % 7 == 0 else [pytest.mark.slow],
    )
    for name, number, case in NUMBERED
]
OF_POST = [
    pytest.param(case, id=f"{name}-{number}") for name, number, case in NUMBERED if case.post
]


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case, request: pytest.FixtureRequest) -> None:
    """An op's first case is scripted, and of the rest every tenth."""
    name = request.node.name
    first = name.endswith("-0]")
    check_case(case, scripted=first or zlib.crc32(name.encode()) % 10 == 0)


@pytest.mark.slow
@pytest.mark.parametrize("case", OF_POST)
def test_case_of_post_scripted(case: Case) -> None:
    check_case(case, scripted=True)


@pytest.mark.parametrize("name", registry.op_names())
def test_an_op_that_can_be_generated_has_cases(name: str) -> None:
    op = registry.op(name)
    assert op.cases() or op.random
