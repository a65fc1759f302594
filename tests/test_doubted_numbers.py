"""Numbers and names that can be computed with, and are most likely a mistake."""

from __future__ import annotations

import pytest
from checking import codes, text

from procdsl.checker.check import check
from procdsl.diagnostics.diagnostic import Severity
from procdsl.source import Source

HEAD = "proc 1\npipeline p\nmodel x: f32[n=1] -> "
FLOAT = "to_float(scale=1/255)"


def post(given: str, steps: str, output: str = "q") -> str:
    return f"{HEAD}{given}\npost {{\n    {steps}\n}}\noutput {output}\n"


@pytest.mark.parametrize("std", ["-0.2", "(0.2, -0.2, 0.2)"])
def test_a_standard_deviation_is_not_negative(std: str) -> None:
    assert codes(text(FLOAT, f"normalize(mean=0, std={std})", model="f32[h, w, c=3] rgb")) == [
        "E306"
    ]
    assert codes(post("y: f32[n=4]", "q = denormalize(y, mean=0, std=-1)")) == ["E306"]


@pytest.mark.parametrize(("bound", "found"), [("1", ["E304"]), ("-1/2", ["E304"]), ("0", [])])
def test_a_bound_beside_all_values(bound: str, found: list[str]) -> None:
    steps = f"p = softmax(y, over=n)\n    q = threshold(p, above={bound})"
    assert codes(post("y: f32[n=4]", steps)) == found


@pytest.mark.parametrize("op", ["softmax(y, over=box)", "sigmoid(y)"])
@pytest.mark.parametrize("allowed", [False, True])
def test_coordinates_are_no_evidence(op: str, allowed: bool) -> None:
    step = f"q = {op}" + ' allow E308 "trained so"' * allowed
    found = codes(post("y: f32[anchor=3, box=4] boxes(xyxy, pixels)", step))
    assert found == ["E308"] * (not allowed)


def test_outputs_that_differ_in_case_only() -> None:
    source = post("y: f32[n=4]", "Q = softmax(y, over=n)\n    q = sigmoid(y)", "Q, q")
    checked = check(Source("p.proc", source))
    (found,) = checked.diagnostics
    assert (found.code, found.severity) == ("E207", Severity.WARNING)
    assert [label.span.text for label in found.labels] == ["Q"]
    assert checked.pipeline is not None


def test_boxes_of_another_form_are_converted_first() -> None:
    source = text("resize(h=64, w=64, sampler=cv2.linear)", model="u8[h=64, w=64, c=3] rgb")
    source = source.replace("y: f32[n=4]", "b: f32[n=3, box=4] boxes(cxcywh, pixels)")
    (found,) = check(Source("p.proc", f"{source}output b\n")).diagnostics
    assert "`b = convert_boxes(b, xyxy, pixels)` and `b = back_to(b, image)`" in found.hint
    steps = "post {\n b = convert_boxes(b, xyxy, pixels)\n b = back_to(b, image)\n}\noutput b\n"
    assert codes(source + steps) == []
