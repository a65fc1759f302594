"""A graph for OpenVINO: what it computes otherwise stays on the host; the rest is proved in it."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
from baking import photograph, ran, same_numbers, studio
from onnx_networks import saved

import procdsl

__all__ = ["studio"]
pytestmark = pytest.mark.integrations


def test_openvino_is_asked_what_it_computes_otherwise(studio: Path) -> None:
    code, printed, told = ran("plan", "detector.proc", "--to", "onnx", "--runtime", "openvino")
    assert code == 0, told
    rows = {line.split()[0]: line for line in printed.splitlines() if line.startswith("p")}
    assert "openvino computes it otherwise: 1 off" in rows["pre.1"]
    assert "openvino computes it otherwise: 5.96e-08 off" in rows["pre.2"]
    for step in ("pre.3", "post.1", "post.2"):
        assert rows[step].split()[-2:] == ["model", "exact"]


def test_a_file_for_openvino_is_flat_and_proved_in_it(studio: Path) -> None:
    import openvino

    model = saved("detector", studio)
    words = ("--to", "onnx", "--runtime", "openvino", "--model", model, "-o", "out/d.onnx")
    code, _, told = ran("bake", "detector.proc", *words)
    assert code == 0, told
    assert f"by openvino {openvino.__version__.partition('-')[0]}" in told
    assert not onnx.load("out/d.onnx").functions
    read = openvino.Core().compile_model("out/d.onnx", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    image = photograph(97, 133)
    (fed,) = read.inputs
    assert fed.any_name == "after_to_float"
    processor = procdsl.load("out/d.onnx", backend="numpy")  # by ONNX Runtime, which has the bits
    found = processor(image).found
    assert len(found.scores) > 0
    given = processor.preprocess(image)
    there = read.create_infer_request().infer([given[None]])
    named = {name: there[port] for port in read.outputs for name in port.names}
    count = int(named["found.counts"][0])
    assert count == len(found.scores)
    same_numbers(named["found.classes"][0][:count], found.classes)
    assert abs(named["found.scores"][0][:count] - found.scores).max() < 1e-5
