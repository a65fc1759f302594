"""Every case of every op as a graph, in ONNX Runtime against the reference."""

from __future__ import annotations

import pytest
from onnx_graphs import cases, check_case, held

from procdsl.opdef.op import Case


@pytest.mark.parametrize("case", cases(8))
def test_cases(case: Case) -> None:
    if not held(case):
        pytest.skip("a graph does not hold it")
    check_case(case)


@pytest.mark.parametrize("case", cases(40))
@pytest.mark.parametrize(("opset", "inline"), [(13, False), (18, True), (26, False)])
def test_cases_in_other_forms(case: Case, opset: int, inline: bool) -> None:
    if not held(case):
        pytest.skip("a graph does not hold it")
    check_case(case, opset=opset, inline=inline)
