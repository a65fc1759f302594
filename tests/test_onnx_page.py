"""The page of ONNX: what it says of each op, and that all of them are graphs from opset 13 on."""

from __future__ import annotations

import re

import pytest
from documents import ROOT
from onnx_graphs import graphs, held
from support import compiled, source_of

from procdsl import registry
from procdsl.codegen.onnx.model import OPSETS
from procdsl.codegen.refusals import refused
from procdsl.codegen.target import Options

PAGE = ROOT / "docs" / "onnx.md"


def page_of(said: dict[str, str]) -> str:
    """What each op is as a graph, as the page shows it."""
    lines = ["| op | |", "|---|---|", *(f"| `{n}` | {what} |" for n, what in said.items() if what)]
    return "".join(f"{line}\n" for line in lines)


def said_of(name: str) -> tuple[str, set[str]]:
    """Whether an op has the reference's bits in its cases, or why no graph holds it; and the ops
    that are refused in them."""
    found: set[str] = set()
    no: dict[str, str] = {}
    for case in registry.op(name).cases():
        pipeline = compiled(source_of(case))
        no |= {step.op.name: reason.reason for step, reason in refused(pipeline, "onnx")}
        if name in no:
            return no[name], set(no)
        for step in (*pipeline.serving(), *pipeline.post):
            if step.op.name == name:
                sampled = getattr(step.op, "sampler", None)
                found.add("as its sampler" if sampled else "~" if step.error_bound else "=")
    return " or ".join(sorted(found)), set(no)


@pytest.mark.integrations
def test_the_page_says_what_each_op_is() -> None:
    """Files alone are refused: a macro that fails by mistake is no refusal."""
    said = {name: said_of(name) for name in registry.op_names()}
    shown = PAGE.read_text("utf-8").partition("<!-- ops -->\n")[2].partition("<!-- end -->")[0]
    assert shown == page_of({name: what for name, (what, _) in said.items()})
    assert set().union(*(no for _, no in said.values())) == {"decode"}


def test_an_extern_is_refused() -> None:
    text = (
        'proc 1\npipeline p\nextern f from "a:b" (u8[h, w]) -> u8[h, w]\ninput image: u8[h, w]\n'
        "pre {\n    f()\n}\nmodel x: u8[h, w] -> y: f32[n=1]\n"
    )
    ((step, why),) = refused(compiled(text), "onnx")
    assert (step.op.name, why.reason) == (
        "f",
        "Python of your own runs on the host",
    )


def test_the_opsets_of_the_page() -> None:
    text = PAGE.read_text("utf-8")
    assert f"from {OPSETS[0]} to {OPSETS[-1]}; without it that is {Options().opset}" in text
    assert f"every op is there from opset {OPSETS[0]} on" in text


def ops() -> list[str]:
    return [n for n in registry.op_names() if registry.op(n).cases() and n != "decode"]


@pytest.mark.parametrize("opset", [OPSETS[0], OPSETS[-1]])
def test_every_op_is_there(opset: int) -> None:
    """A case of each is a graph that ONNX's checker takes."""
    for name in ops():
        case = registry.op(name).cases()[0]
        assert held(case)
        assert graphs(compiled(source_of(case)), opset=opset), name


def test_the_metadata_of_the_page() -> None:
    named = set(re.findall(r"`procdsl\.(\w+)`", PAGE.read_text("utf-8")))
    assert named == {"part", "order", "sha256"}
