"""Runtimes that are known by their documentation alone: what their tables of operators lack."""

from __future__ import annotations

from pathlib import Path

import onnx
import onnx.parser
import pytest
from baking import ran, studio
from onnx_graphs import cases, held
from onnx_networks import saved
from support import compiled, source_of

from procdsl.bake.target import target
from procdsl.bake.targets._onnx_operators import OPERATORS
from procdsl.ir.pipeline import Step
from procdsl.lower.lower import gives_text
from procdsl.opdef.op import Case

__all__ = ["studio"]


def lacking(
    runtime: str, nodes: str, inputs: str = "float[n] x", output: str = "float[n] y"
) -> str:
    text = f'<ir_version: 8, opset_import: ["" : 17]> g ({inputs}) => ({output}) {{ {nodes} }}'
    return OPERATORS[runtime].lacking(onnx.parser.parse_model(text))


def test_what_a_table_has_is_taken() -> None:
    for runtime in OPERATORS:
        assert lacking(runtime, "y = Add(x, x)") == ""


def test_an_operator_that_a_table_lacks() -> None:
    bits = "uint32[n] x"
    nodes = 'y = BitShift<direction = "RIGHT">(x, x)'
    assert lacking("tensorrt", nodes, bits, "uint32[n] y") == "TensorRT has no BitShift"
    assert lacking("coreml", "y = Floor(x)") == "Core ML has no Floor"


def test_a_dtype_that_a_table_lacks() -> None:
    found = lacking("tensorrt", "z = Cast<to = 11>(x) w = Sqrt(z) y = Cast<to = 1>(w)")
    assert found == "TensorRT has no Sqrt of f64"
    found = lacking("coreml", "y = Cast<to = 1>(x)", "uint8[n] x")
    assert found == "Core ML has no Cast of u8"


def test_what_must_be_a_constant() -> None:
    whole = "float[n] x, int64[1] a, int64[1] b"
    known = "axes = Constant<value = int64[1] {0}>()"
    assert lacking("tensorrt", f"{known} y = Slice(x, a, b, axes)", whole) == ""
    found = lacking("coreml", f"{known} y = Slice(x, a, b, axes)", whole)
    assert found == "Core ML wants a constant as input 1 of Slice"
    found = lacking("tensorrt", "y = Slice(x, a, a, b)", whole)
    assert found == "TensorRT wants a constant as input 3 of Slice"


def test_a_branch_is_looked_into() -> None:
    branches = (
        "y = If (c) <then_branch = a () => (float[n] p) { z = Cast<to = 11>(x) w = Neg(z) "
        "p = Cast<to = 1>(w) }, else_branch = b () => (float[n] q) { q = Identity(x) }>"
    )
    inputs = "float[n] x, bool[1] c"
    assert lacking("tensorrt", branches, inputs) == "TensorRT has no Neg of f64"
    assert lacking("coreml", branches, inputs) == "Core ML has no If"


@pytest.mark.parametrize("case", cases(8))
@pytest.mark.parametrize("runtime", OPERATORS)
def test_every_step_is_taken_or_told(runtime: str, case: Case) -> None:
    """A reason names the runtime and an operator of ONNX."""
    if not held(case):
        pytest.skip("a graph does not hold it")
    pipeline = compiled(source_of(case))
    for step in (*pipeline.pre, *pipeline.post):
        if isinstance(step, Step) and not gives_text(step):
            why = target("onnx").why_not(step, runtime, pipeline.inputs)
            title = OPERATORS[runtime].title
            named = [word for word in why.split() if onnx.defs.has(word)]
            assert not why or (why.startswith(title) and named), why


def test_a_plan_says_what_was_not_run(studio: Path) -> None:
    code, printed, told = ran("plan", "detector.proc", "--to", "onnx", "--runtime", "tensorrt")
    assert code == 0, told
    rows = {line.split()[0]: line for line in printed.splitlines() if line.startswith("p")}
    assert "TensorRT has no Shape of u8" in rows["pre.1"]
    assert rows["pre.2"].split()[-2:] == ["model", "exact"]
    assert "TensorRT was not run." in printed
    code, printed, told = ran("plan", "detector.proc", "--to", "onnx")
    assert (code, "not run" in printed) == (0, False), told


def test_a_file_is_flat_and_proved_in_onnx_runtime(studio: Path) -> None:
    model = saved("detector", studio)
    words = ("--to", "onnx", "--runtime", "tensorrt", "--model", model, "-o", "out/d.onnx")
    code, _, told = ran("bake", "detector.proc", *words)
    assert code == 0, told
    assert "by onnxruntime " in told
    assert not onnx.load("out/d.onnx").functions
