"""`procdsl.load` with the runtimes of model formats: `make test-integrations` runs this."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import model_files as made
import numpy as np
import pytest
import torch
from command_line import said
from support import BACKENDS, build, picture
from test_integrations import save_onnx, save_onnx_beside, save_openvino

import procdsl

pytestmark = pytest.mark.integrations

IMAGE = picture()
TWO = """proc 1
pipeline two

input first: u8[h, w, c=3] rgb
input second: u8[h, w, c=3] rgb

pre {
    a = resize(first, h=4, w=5, sampler=cv2.linear)
    a = to_float(a, scale=1/255)
    b = resize(second, h=2, w=3, sampler=cv2.linear)
    b = to_float(b, scale=1/255)
}

model a: f32[h=4, w=5, c=3] rgb, b: f32[h=2, w=3, c=3] rgb -> mean: f32[c=3], largest: f32[c=3]

post {
    m = clip(mean, min=0, max=1)
    l = clip(largest, min=0, max=1)
}

output m, l
"""


def save_compiled(path: Path) -> None:
    """What AOTInductor compiles, which takes batches of one size."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        batch = torch.export.Dim("batch", min=1, max=8)
        program = torch.export.export(made.net(), (made.EXAMPLE,), dynamic_shapes={"x": {0: batch}})
        torch._inductor.aoti_compile_and_package(program, package_path=str(path))


MODELS: dict[str, Callable[[Path], None]] = {
    "model.onnx": save_onnx,
    "beside.onnx": save_onnx_beside,
    "model.xml": save_openvino,
    "compiled.pt2": save_compiled,
}


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.proc").write_text(made.PIPELINE)
    (tmp_path / "two.proc").write_text(TWO)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def numbers(x: Any) -> np.ndarray:
    return np.asarray(x)


@pytest.mark.parametrize("name", MODELS)
def test_a_picture_and_a_batch(name: str, work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    MODELS[name](work / name)
    assert said(capsys, "embed", "a.proc", name)[0] == 0
    modules = build(made.PIPELINE).modules
    for backend in BACKENDS:
        processor = procdsl.load(name, backend=backend)
        given: Any = torch.tensor if backend == "torch" else np.array
        image, other = given(IMAGE), given(IMAGE[:20, 3:])
        fed = torch.as_tensor(modules[backend].preprocess(image))
        with torch.no_grad():
            raw = made.net()(fed[None])[0]
        wanted = modules["torch"].postprocess(raw).probabilities.numpy()
        found = processor(image).probabilities
        assert type(found) is (torch.Tensor if backend == "torch" else np.ndarray)
        assert np.allclose(numbers(found), wanted, atol=1e-5)  # another library runs the model
        assert numbers(processor.run(processor.preprocess(image))).shape == (4,)
        batch = processor([image, other, image])
        assert len(batch) == 3
        for one, alone in zip(batch, map(processor, [image, other, image]), strict=True):
            assert np.allclose(numbers(one.probabilities), numbers(alone.probabilities), atol=1e-6)
        contract = processor.checks[0]
        assert (contract.holds != "") == (name != "compiled.pt2")


def save_two(path: Path) -> None:
    """A graph whose inputs and outputs are in another order than those of the contract."""
    import onnx
    from onnx import TensorProto, helper

    def stated(name: str, *shape: int | str) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape])

    nodes = [
        helper.make_node("ReduceMean", ["a"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("ReduceMax", ["b"], ["largest"], axes=[1, 2], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "two",
        [stated("b", 2, 3, 3), stated("a", 4, 5, 3)],
        [stated("largest", 3), stated("mean", 3)],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8),
        str(path),
    )


@pytest.mark.parametrize("name", ["two.onnx", "two.xml"])
def test_values_are_matched_by_name(
    name: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_two(work / "two.onnx")
    if name == "two.xml":
        import openvino

        openvino.save_model(openvino.convert_model("two.onnx"), name, compress_to_fp16=False)
    assert said(capsys, "embed", "two.proc", name)[0] == 0
    processor = procdsl.load(name)
    fed = processor.preprocess(IMAGE, IMAGE[::-1])
    mean, largest = processor.run(fed)
    assert np.allclose(mean, fed.a.mean((0, 1)), atol=1e-6)
    assert np.array_equal(largest, fed.b.max((0, 1)))
    assert np.array_equal(processor(IMAGE, IMAGE[::-1]).l, largest)


def test_a_graph_of_one_picture_at_a_time(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import onnx

    save_onnx(work / "model.onnx")
    model = onnx.load("model.onnx")
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_value = 1
    onnx.save(model, "one.onnx")
    assert said(capsys, "embed", "a.proc", "one.onnx")[0] == 0
    processor = procdsl.load("one.onnx")
    alone = [processor(image).probabilities.tolist() for image in (IMAGE, IMAGE[:20])]
    assert [one.probabilities.tolist() for one in processor([IMAGE, IMAGE[:20]])] == alone


@pytest.mark.parametrize("name", ["model.onnx", "model.xml"])
def test_a_wrong_processing_is_refused(
    name: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    MODELS[name](work / name)
    (work / "b.proc").write_text(made.PIPELINE.replace("=32", "=48"))
    assert said(capsys, "embed", "b.proc", name)[0] == 0
    with pytest.raises(ValueError, match=r"f32\[\?, 3, 48, 48\] by the contract, .* 3, 32, 32\]"):
        procdsl.load(name)
    processor = procdsl.load(name, skip=["contract"])
    assert processor.checks[0].unchecked == "it is skipped by the caller"
    assert processor.preprocess(IMAGE).shape == (3, 48, 48)


def test_a_model_of_hugging_face(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What its models give has the outputs by name."""
    from transformers import ViTConfig, ViTForImageClassification

    config = ViTConfig(
        image_size=32, patch_size=16, hidden_size=8, num_hidden_layers=1,
        num_attention_heads=1, intermediate_size=8, num_labels=4,
    )  # fmt: skip
    torch.manual_seed(0)
    ViTForImageClassification(config).eval().save_pretrained("vit")
    assert said(capsys, "embed", "a.proc", "vit")[0] == 0
    model = ViTForImageClassification.from_pretrained("vit").eval()
    processor = procdsl.load("vit", model=model)
    with torch.no_grad():
        raw = model(torch.from_numpy(processor.preprocess(IMAGE))[None]).logits[0].numpy()
    assert np.array_equal(processor.run(processor.preprocess(IMAGE)), raw)
    assert len(processor([IMAGE, IMAGE])) == 2


def test_serving_onnx_imports_no_torch(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_onnx(work / "model.onnx")
    assert said(capsys, "embed", "a.proc", "model.onnx")[0] == 0
    script = (
        "import sys, numpy as np, procdsl\n"
        "p = procdsl.load('model.onnx')\n"
        "assert 'onnxruntime' not in sys.modules\n"
        "print(p(np.zeros((40, 50, 3), np.uint8)).probabilities.shape)\n"
        "print(sorted({'black', 'torch', 'onnx'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("(4,)\n[]\n", 0)
