"""A graph for OpenVINO: what it computes otherwise stays on the host; the rest is proved in it."""

from __future__ import annotations

import re
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
    for step in ("pre.3", "post.1"):
        assert rows[step].split()[-2:] == ["model", "exact"]
    assert "openvino computes it otherwise: " in rows["post.2"]  # the order of equal scores
    code, printed, told = ran("plan", "classifier.proc", "--to", "onnx", "--runtime", "openvino")
    assert code == 0, told
    softmax = next(line for line in printed.splitlines() if line.startswith("post.1"))
    assert "openvino computes it otherwise: " in softmax  # in f32


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
    named = {name: there[port][0] for port in read.outputs for name in port.names}
    same = processor.postprocess(named["boxes"], named["scores"], image).found
    same_numbers(same.classes, found.classes)
    assert abs(same.scores - found.scores).max() < 1e-5
    assert abs(same.boxes - found.boxes).max() < 1e-3


def test_a_largest_value_is_found_in_it(studio: Path) -> None:
    """The branch for NaN takes one number, which OpenVINO wants without axes."""
    text = (studio / "segmenter.proc").read_text()
    text = text.replace("labels = argmax(", "most, labels = max(").replace(
        "output labels", "output labels, most"
    )
    (studio / "segmenter.proc").write_text(text)
    model = saved("segmenter", studio)
    words = ("--to", "onnx", "--runtime", "openvino", "--model", model, "-o", "out/s.onnx")
    code, _, told = ran("bake", "segmenter.proc", *words)
    assert code == 0, told
    assert told.count("what is made of its outputs") == 2
    for name in ("labels", "most"):
        assert re.search(rf"outputs +{name} +the same bits", told)
