"""Every case of every op, on every backend, against the reference."""

from __future__ import annotations

import zlib

import pytest
from cases import check_case

from procdsl import registry
from procdsl.opdef.op import Case

FIRST = 40
"""So many cases of an op are tried in any case; behind them one in three, and all are slow ones."""

CASES = [
    pytest.param(
        case,
        id=f"{name}-{number}",
        marks=[] if number < FIRST or number % 3 == 0 else [pytest.mark.slow],
    )
    for name in registry.op_names()
    for number, case in enumerate(registry.op(name).cases())
]


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case, request: pytest.FixtureRequest) -> None:
    check_case(case, scripted=zlib.crc32(request.node.name.encode()) % 10 == 0)


@pytest.mark.parametrize("name", registry.op_names())
def test_an_op_that_can_be_generated_has_cases(name: str) -> None:
    op = registry.op(name)
    assert op.cases() or op.random
