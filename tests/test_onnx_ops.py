"""Every case of every op as a graph, in ONNX Runtime against the reference."""

from __future__ import annotations

import pytest
from onnx_graphs import cases, check_case, held

from procdsl.opdef.op import Case


@pytest.mark.parametrize("case", cases())
def test_cases(case: Case) -> None:
    if not held(case):
        pytest.skip("a graph does not hold it")
    check_case(case)
