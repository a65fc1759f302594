"""Model files made, and loaded again, by the libraries of their formats.

They are not installed for development: `make test-integrations` runs this where they are.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import model_files as made
import numpy as np
import pytest
import torch
from command_line import said
from support import build

pytestmark = pytest.mark.integrations

Loaded = Callable[[Path], tuple[str | None, Any]]
"""Loads a model with its own library: the manifest's text as that gives it, and all else that the
file holds, as values that can be compared."""


def run_onnx(path: Path) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"x": made.EXAMPLE.numpy()})
    return np.asarray(found)


def load_onnx(path: Path) -> tuple[str | None, Any]:
    import onnx
    import onnxruntime

    model = onnx.load(str(path))
    onnx.checker.check_model(str(path), full_check=True)
    entries = {entry.key: entry.value for entry in model.metadata_props}
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    seen = session.get_modelmeta().custom_metadata_map
    assert seen == entries
    text = entries.pop("procdsl", None)
    del model.metadata_props[:]
    return text, (entries, model.SerializeToString(), run_onnx(path).tobytes())


def save_onnx(path: Path, **given: Any) -> None:
    """The network as an ONNX graph; opset 13 is what the oldest exporters write."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    state = {name: value.numpy() for name, value in made.net().state_dict().items()}
    nodes = [
        helper.make_node(
            "Conv", ["x", "convolution.weight", "convolution.bias"], ["found"], strides=[2, 2]
        ),
        helper.make_node("ReduceMean", ["found"], ["mean"], axes=[2, 3], keepdims=0),
        helper.make_node("Gemm", ["mean", "linear.weight", "linear.bias"], ["logits"], transB=1),
    ]
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, 32, 32])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 4])],
        [numpy_helper.from_array(value, name) for name, value in state.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, {"author": "someone"})
    onnx.save(model, str(path), **given)


def save_onnx_beside(path: Path) -> None:
    location = f"{path.name}.data"
    save_onnx(path, save_as_external_data=True, location=location, size_threshold=0)


def save_safetensors(path: Path) -> None:
    from safetensors.torch import save_file

    save_file(dict(made.net().state_dict()), str(path), {"format": "pt"})


def load_safetensors(path: Path) -> tuple[str | None, Any]:
    from safetensors import safe_open

    with safe_open(str(path), "pt") as file:
        metadata = dict(file.metadata())
        tensors = {name: file.get_tensor(name).numpy().tobytes() for name in file.keys()}  # noqa: SIM118
    return metadata.pop("procdsl", None), (metadata, tensors)


def save_openvino(path: Path) -> None:
    import openvino

    onnx = path.with_suffix(".onnx")
    save_onnx(onnx)
    openvino.save_model(openvino.convert_model(str(onnx)), str(path), compress_to_fp16=False)
    onnx.unlink()


def load_openvino(path: Path) -> tuple[str | None, Any]:
    import openvino

    model = openvino.Core().read_model(str(path))
    text = model.get_rt_info("procdsl").value if model.has_rt_info("procdsl") else None
    compiled = openvino.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    found = compiled(made.EXAMPLE.numpy())[0]
    conversion = str(model.get_rt_info("Runtime_version").value)
    return text, (conversion, [op.get_friendly_name() for op in model.get_ops()], found.tobytes())


FORMATS: dict[str, tuple[Callable[[Path], None], Loaded]] = {
    "model.onnx": (save_onnx, load_onnx),
    "beside.onnx": (save_onnx_beside, load_onnx),
    "model.safetensors": (save_safetensors, load_safetensors),
    "model.xml": (save_openvino, load_openvino),
}


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.proc").write_text(made.PIPELINE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", FORMATS)
def test_its_own_library_loads_the_same(
    name: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save, load = FORMATS[name]
    save(Path(name))
    before = load(Path(name))
    assert before[0] is None
    for epoch in ("1", "2"):
        assert said(capsys, "embed", "a.proc", name, "--set", f"epoch={epoch}")[0] == 0
        text, rest = load(Path(name))
        assert text is not None
        assert json.loads(text)["provenance"]["epoch"] == int(epoch)
        assert rest == before[1]
    code, out, _ = said(capsys, "inspect", name, "a.proc", "--json")
    assert (code, json.loads(out)["manifest"]) == (0, json.loads(str(text)))
    assert said(capsys, "extract", name, "-o", "d")[0] == 0
    assert (work / "d" / "a.proc").read_text() == made.PIPELINE
    assert said(capsys, "verify", name, "d/a.proc")[0] == 0
    build(made.PIPELINE, ["numpy"]).modules["numpy"].check_model(name)


@pytest.mark.parametrize("name", FORMATS)
def test_a_copy_elsewhere_can_be_loaded(
    name: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save, load = FORMATS[name]
    save(Path(name))
    (work / "d").mkdir()
    out = Path("d") / ("other" + Path(name).suffix if name != "beside.onnx" else name)
    assert said(capsys, "embed", "a.proc", name, "-o", str(out))[0] == 0
    text, rest = load(out)
    assert text is not None
    assert rest == load(Path(name))[1]


@pytest.mark.parametrize("name", ["model.onnx", "model.xml"])
def test_a_model_that_takes_something_else(
    name: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    FORMATS[name][0](Path(name))
    (work / "b.proc").write_text(made.PIPELINE.replace("=32", "=48"))
    assert said(capsys, "embed", "b.proc", name)[0] == 0
    code, out, _ = said(capsys, "verify", name)
    assert code == 1
    assert (
        "FAILED       contract: the input `x` is f32[?, 3, 48, 48] by the contract, the first axis "
        "for the batch, and f32[?, 3, 32, 32] in the model\n"
    ) in out


def test_an_exported_onnx_model(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What torch's own exporter to ONNX writes, with its own metadata."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(made.net(), (made.EXAMPLE,), input_names=["x"])
    assert program is not None
    program.save("exported.onnx")
    before = run_onnx(Path("exported.onnx"))
    assert said(capsys, "embed", "a.proc", "exported.onnx")[0] == 0
    assert run_onnx(Path("exported.onnx")).tobytes() == before.tobytes()


def test_a_hugging_face_folder(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The id goes through `from_pretrained` and `save_pretrained`; the weights are not touched."""
    from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor

    config = ViTConfig(
        image_size=32, patch_size=16, hidden_size=8, num_hidden_layers=1,
        num_attention_heads=1, intermediate_size=8, num_labels=4,
    )  # fmt: skip
    torch.manual_seed(0)
    model = ViTForImageClassification(config).eval()
    model.save_pretrained("vit")
    ViTImageProcessor(size={"height": 32, "width": 32}).save_pretrained("vit")
    capsys.readouterr()  # transformers logs to the stream that it was first imported with
    weights = (work / "vit" / "model.safetensors").read_bytes()
    assert said(capsys, "embed", "a.proc", "vit", "--set", "epoch=3")[0] == 0
    assert (work / "vit" / "model.safetensors").read_bytes() == weights
    processor = ViTImageProcessor.from_pretrained("vit")
    assert processor.size == {"height": 32, "width": 32}
    processor.save_pretrained("vit")
    again = ViTForImageClassification.from_pretrained("vit").eval()
    with torch.no_grad():
        assert torch.equal(again(made.EXAMPLE).logits, model(made.EXAMPLE).logits)
    code, out, _ = said(capsys, "inspect", "vit", "a.proc", "--json")
    assert (code, json.loads(out)["manifest"]["provenance"]["epoch"]) == (0, 3)
    assert said(capsys, "verify", "vit", "a.proc")[0] == 0
    build(made.PIPELINE, ["numpy"]).modules["numpy"].check_model("vit")


def test_an_aotinductor_package(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A compiled program keeps its code and its place; it states no inputs and outputs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(made.net(), (made.EXAMPLE,))
        path = torch._inductor.aoti_compile_and_package(program, package_path=f"{work}/m.pt2")
        before = torch._inductor.aoti_load_package(path)(made.EXAMPLE)
        assert said(capsys, "embed", "a.proc", "m.pt2", "--set", "epoch=3")[0] == 0
        after = torch._inductor.aoti_load_package(path)(made.EXAMPLE)
    assert torch.equal(before, after)
    code, out, _ = said(capsys, "verify", "m.pt2", "a.proc")
    assert (code, "not checked  contract: the file states none\n" in out) == (0, True)
    build(made.PIPELINE, ["numpy"]).modules["numpy"].check_model("m.pt2")
