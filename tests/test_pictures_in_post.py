"""Steps on pictures in `post`: of planes, of clips, in any order of axes, as in `pre`."""

from __future__ import annotations

import numpy as np
import pytest
from cases import compare_batch_after
from onnx_graphs import Graph, check_post, graphs
from support import BACKENDS, build, compare, random_array

from procdsl.types.array import Array

STEPS = (
    "resize(y, h=10, w=13, sampler=cv2.linear)",
    "letterbox(y, h=20, w=20, fill=0, sampler=pil.bilinear)",
    "crop(y, center, h=5, w=6)",
    "pad(y, top=1, left=2, fill=(1, 2, 3))",
    "flip(y, horizontal)",
    "rotate(y, clockwise, degrees=90)",
    "transpose(y)",
    "standardize(y, over=image, eps=0.001)",
    "normalize(y, mean=(1, 2, 3), std=(1, 2, 3))",
)
ORDERS = ("c=3, h=16, w=20", "h=16, w=20, c=3", "h=16, c=3, w=20", "t=2, c=3, h=16, w=20")


@pytest.mark.parametrize("axes", ORDERS)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_finds_its_axes(step: str, axes: str) -> None:
    text = f"proc 1\npipeline p\nmodel x: f32[n=1] -> y: f32[{axes}]\n"
    built = build(f"{text}post {{\n    z = {step}\n}}\noutput z\n", BACKENDS)
    (output,) = built.pipeline.model.outputs
    assert isinstance(output.type, Array)
    samples = [
        {"y": random_array(np.random.default_rng(n), output.type, (16, 20))} for n in range(2)
    ]
    compare(built, {}, samples[0])
    compare_batch_after(built, samples, [(16, 20)] * 2)
    check_post(built.pipeline, Graph(graphs(built.pipeline)["post"]), samples, [{}, {}])
