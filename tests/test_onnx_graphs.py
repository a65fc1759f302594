"""torch's `Preprocess` in ONNX, run by ONNX Runtime: the results of eager code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from graph_table import check_equal, refused, results, samplers
from support import Built, build, random_array, source_of

from procdsl.opdef.op import Case
from procdsl.types.array import Array

pytest.importorskip("onnxscript")
onnxruntime = pytest.importorskip("onnxruntime")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

SIZES = [(33, 47), (20, 28), (40, 56), (60, 84), (18, 90), (100, 30)]


def run_in_onnx(module: torch.nn.Module, given: torch.Tensor, axes: dict[int, Any]) -> Any:
    """A function that ONNX Runtime runs."""
    program = torch.onnx.export(
        module, (given,), dynamo=True, dynamic_shapes=(axes,), verbose=False
    )
    assert program is not None
    session = onnxruntime.InferenceSession(program.model_proto.SerializeToString())
    name = session.get_inputs()[0].name
    return lambda x: torch.from_numpy(session.run(None, {name: x.numpy()})[0])


def check_in_onnx(steps: str, image: str, sizes: list[tuple[int, int]], one_size: bool) -> None:
    built: Built = build(source_of(Case(steps, image=image)), ["torch"])
    type_ = built.pipeline.inputs[0].type
    assert isinstance(type_, Array)
    rng = np.random.default_rng(4)
    axes = {0: torch.export.Dim("samples", min=1, max=512)}
    if not one_size:
        axes[1] = torch.export.Dim("h", min=2, max=16384)
        axes[2] = torch.export.Dim("w", min=2, max=16384)

    def pictures(count: int, size: tuple[int, int]) -> torch.Tensor:
        return torch.from_numpy(np.stack([random_array(rng, type_, size) for _ in range(count)]))

    module = built.modules["torch"].Preprocess().eval()
    graph = run_in_onnx(module, pictures(2, sizes[0]), axes)
    for size in sizes[:1] if one_size else sizes:
        x = pictures(3, size)
        check_equal(built, graph(x), results(module(x)), f"{size}")


@pytest.mark.parametrize(("sampler", "dtype"), samplers())
def test_samplers(sampler: str, dtype: str) -> None:
    steps = f"resize(h=20, w=28, sampler={sampler})\nlayout(c, h, w)"
    check_in_onnx(steps, f"{dtype}[h, w, c=3] rgb", SIZES, refused(sampler))


@pytest.mark.parametrize(
    "steps",
    [
        "letterbox(h=40, w=40, fill=114, sampler=cv2.linear)",
        "letterbox(h=40, w=40, fill=(1, 2, 3), sampler=cv2.linear)\nto_float(scale=1/255)\n"
        "normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))\nlayout(c, h, w)",
        "resize(short=24, sampler=pil.bilinear)\ncrop(center, h=24, w=24)\nto_float(scale=1/255)",
        "pad(square, anchor=center, fill=9)\nresize(h=20, w=20, sampler=cv2.area)",
    ],
)
def test_pipelines_of_one_size(steps: str) -> None:
    check_in_onnx(steps, "u8[h, w, c=3] rgb", SIZES, one_size=True)
