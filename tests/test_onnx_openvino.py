"""Cases of the ops in OpenVINO: what it computes otherwise the plan keeps on the host, and the page
states."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import onnx
import pytest
from documents import ROOT
from onnx_graphs import cases, graphs, held, stacked
from support import arrays, compiled, height_width, source_of

from procdsl.bake.difference import largest
from procdsl.bake.target import target
from procdsl.bake.targets._onnx_runtimes import RUNTIMES
from procdsl.ir.pipeline import Pipeline, Step
from procdsl.lower.lower import gives_text, sizes_of
from procdsl.opdef.op import Case
from procdsl.types.value import PictureSize

pytestmark = pytest.mark.integrations

PAGE = ROOT / "docs" / "onnx.md"
MOST = 2
"""So many cases of an op are tried, of those that are one in six."""


def some() -> Iterator[Any]:
    tried = Counter[str]()
    for case in cases(6):
        if not case.marks:
            op = str(case.id).rpartition("-")[0]
            tried[op] += 1
            if tried[op] <= MOST:
                yield case


EXTREMES = {"argmax", "cast", "clip", "gamma", "max", "tags", "threshold", "top", "window"}
"""Ops that differ where a case has NaN, or numbers that its dtype cannot hold."""


@cache
def stated() -> Mapping[str, float]:
    """By op what the page says: how far OpenVINO is off at most; infinite where it does not run."""
    shown = PAGE.read_text("utf-8").partition("<!-- openvino -->\n")[2].partition("<!-- end -->")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", shown, re.MULTILINE)
    return {op: math.inf if said == "not run" else float(said) for op, said in rows}


def fed(pipeline: Pipeline, part: str, samples: Sequence[Any]) -> dict[str, np.ndarray]:
    """What the graph of a part is given for samples."""
    if part == "pre":
        return stacked([inputs for inputs, _ in samples])
    taken = {value.name for value in pipeline.outputs}
    raw = stacked([outputs for _, outputs in samples])
    given = {f"{k}.raw" if k in taken else k: x for k, x in raw.items()}
    types = {value.name: value.type for value in pipeline.inputs}
    for value in sizes_of(pipeline.post):
        assert isinstance(value.type, PictureSize)
        name = value.type.input
        sides = [height_width(types[name], inputs[name]) for inputs, _ in samples]
        given[value.name] = np.array(sides, np.int64)
    return given


def apart(case: Case, pipeline: Pipeline) -> float:
    """How far OpenVINO and ONNX Runtime are apart on two samples; infinite where one runs alone."""
    samples = [arrays(case, pipeline, seed) for seed in range(2)]
    found = 0.0
    for part, data in graphs(pipeline).items():
        model = onnx.load_from_string(data)
        given = fed(pipeline, part, samples)
        first = RUNTIMES["onnxruntime"](model, 1)
        wanted = first.run(first.outputs, given)
        try:
            results = RUNTIMES["openvino"](model, 1).run(first.outputs, given)
        except RuntimeError:
            return math.inf
        found = max(found, *map(largest, results, wanted))
    return found


def kept(pipeline: Pipeline) -> dict[str, str]:
    """By op why its steps stay on the host."""
    steps = [s for s in (*pipeline.pre, *pipeline.post) if isinstance(s, Step)]
    asked = {
        step.op.name: target("onnx").why_not(step, "openvino", pipeline.inputs)
        for step in steps
        if not gives_text(step)
    }
    return {name: why for name, why in asked.items() if why}


@pytest.mark.parametrize("case", [*some()])
def test_what_differs_is_kept_and_stated(case: Case) -> None:
    if not held(case):
        pytest.skip("a graph does not hold it")
    pipeline = compiled(source_of(case))
    found = apart(case, pipeline)
    if found == 0:
        return
    steps = (*pipeline.serving(), *pipeline.post)
    bound = sum(s.error_bound.absolute for s in steps if s.error_bound)
    why = kept(pipeline)
    if not why:
        of_extremes = case.values is not None and EXTREMES & {step.op.name for step in steps}
        assert found <= bound or of_extremes
    for op, reason in why.items():
        off = re.search(r"otherwise: (\S+) off", reason)
        assert (float(off.group(1)) if off else math.inf) <= stated()[op], reason


def test_the_page_names_those_of_extreme_numbers() -> None:
    said = PAGE.read_text("utf-8").partition("Of NaN, of infinities")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", said)) == EXTREMES


def test_what_the_page_states_is_kept() -> None:
    """A step of each of these ops that OpenVINO computes otherwise."""
    steps = {
        "gamma": "to_float(scale=1/255)\ngamma(gamma=2.2)",
        "letterbox": "letterbox(h=64, w=64, fill=114, sampler=cv2.nearest)",
        "min_max": "min_max(over=image, eps=0)",
        "normalize": "to_float(scale=1/255)\nnormalize(mean=0.5, std=0.3)",
        "resize": "resize(h=40, w=40, sampler=pil.bilinear)",
        "standardize": "standardize(over=image, eps=0.0001)",
        "to_float": "to_float(scale=1/255)",
    }
    for op, lines in steps.items():
        assert op in kept(compiled(source_of(Case(lines, image="u8[h, w, c=3] rgb")))), op


def test_what_the_page_does_not_state_is_not_kept() -> None:
    for lines in ("flip(horizontal)", "convert(bgr)", "crop(center, h=5, w=5)", "layout(c, h, w)"):
        assert not kept(compiled(source_of(Case(lines, image="u8[h, w, c=3] rgb")))), lines
