"""Models of ONNX of every kind: each is baked round and is right, or is refused with the names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from baking import photograph, ran, refused, same_numbers, studio
from onnx import NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper
from onnx_networks import network
from support import build

from procdsl.bake.targets import onnx as to_onnx

__all__ = ["studio"]

FLOAT, HALF, INT64 = TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.INT64
BAKE = ("classifier.proc", "--to", "onnx", "--model", "model.onnx", "-o", "out/baked.onnx")


def nodes(mean: str = "m", axis: str = "axis", x: str = "x") -> list[NodeProto]:
    """Four logits, all of them the brightness."""
    return [
        helper.make_node("ReduceMean", [x], [mean], "pre/1_convert", axes=[1, 2, 3], keepdims=0),
        helper.make_node("Unsqueeze", [mean, axis], ["column"], "post/1_softmax"),
        helper.make_node("Concat", ["column"] * 4, ["logits"], "model/logits/Identity", axis=1),
    ]


def model(
    x: Sequence[Any] | None = ("n", 3, 32, 48),
    logits: Sequence[Any] = ("n", 4),
    *,
    names: tuple[str, str] = ("x", "logits"),
    dtype: int = FLOAT,
    made: Sequence[NodeProto] | None = None,
    axis: str = "axis",
    more: Sequence[ValueInfoProto] = (),
    domains: Mapping[str, int] | None = None,
    **of: Any,
) -> onnx.ModelProto:
    """A model that takes and gives this."""
    graph = helper.make_graph(
        [
            *([] if names[0] == "x" else [helper.make_node("Identity", [names[0]], ["x"])]),
            *(made or nodes(axis=axis)),
            *(
                []
                if names[1] == "logits"
                else [helper.make_node("Identity", ["logits"], names[1:])]
            ),
        ],
        "network",
        [helper.make_tensor_value_info(names[0], dtype, x), *more],
        [helper.make_tensor_value_info(names[1], dtype, logits)],
        [numpy_helper.from_array(np.array([1]), axis)],
    )
    versions = {"": 17, **(domains or {})}
    imports = [helper.make_opsetid(*one) for one in versions.items()]
    return helper.make_model(graph, opset_imports=imports, ir_version=8, **of)


def function(domain: str, name: str) -> onnx.FunctionProto:
    node = helper.make_node("Identity", ["a"], ["b"])
    return helper.make_function(domain, name, ["a"], ["b"], [node], [helper.make_opsetid("", 17)])


def calling(domain: str, name: str) -> onnx.ModelProto:
    """A model with a function."""
    call = helper.make_node(name, ["x"], ["same"], domain=domain)
    made = [call, *nodes(x="same")]
    return model(made=made, domains={domain: 1}, functions=[function(domain, name)])


def saying(**said: str) -> onnx.ModelProto:
    found = model()
    helper.set_model_props(found, {key.replace("_", ".", 1): text for key, text in said.items()})
    return found


WORKS = {
    "as it should be": model(),
    "other names": model(names=("picture", "scores")),
    "no shape": model(None),
    "sides of one name": model(("n", 3, "side", "side")),
    "a side that is called as the batch": model(("n", 3, "n", "w")),
    "one size of batch": model((4, 3, 32, 48), (4, 4)),
    "names of the steps": model(made=nodes("probabilities", "image"), axis="image"),
    "names that we would give": model(made=nodes("model/x", "model/m"), axis="model/m"),
    "a function of the name of ours": calling("mine", "cv2_linear"),
    "a constant among the inputs": model(
        more=[helper.make_tensor_value_info("axis", INT64, [1])]
    ),
    "metadata that were true of the network": saying(
        Image_BitmapPixelFormat="Gray8", Image_ColorSpaceGamma="SRGB", procdsl_model_inputs="[]"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WORKS)
def test_it_is_baked_round_and_right(kind: str, studio: Path) -> None:
    onnx.save(WORKS[kind], "model.onnx")
    code, _, told = ran("bake", *BAKE)
    assert code == 0, told
    check(Path("out/baked.onnx"), 4 if kind == "one size of batch" else 1)


def check(path: Path, count: int) -> None:
    """Brightness as the module sees it, and metadata that say each thing once."""
    image, module = photograph(61, 83), build_classifier()
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (probabilities,) = session.run(["probabilities"], {"image": np.stack([image] * count)})
    fed = module.preprocess(image)[None]
    bright = onnxruntime.InferenceSession(
        model().SerializeToString(), providers=["CPUExecutionProvider"]
    )
    wanted = module.postprocess(bright.run(None, {"x": fed})[0][0]).probabilities
    same_numbers(probabilities[0], wanted)
    said = [one.key for one in onnx.load(path).metadata_props]
    assert len(set(said)) == len(said)
    held = {one.key: one.value for one in onnx.load(path).metadata_props}
    assert held["Image.BitmapPixelFormat"] == "Bgr8"
    assert "Image.ColorSpaceGamma" not in held


def build_classifier() -> Any:
    from pipelines import CLASSIFIER

    return build(CLASSIFIER, ["numpy"]).modules["numpy"]


THREE = [*nodes()[:2], helper.make_node("Concat", ["column"] * 3, ["logits"], axis=1)]
FLAT = [
    helper.make_node("Gather", ["x", "axis"], ["one"], axis=0),
    helper.make_node("Flatten", ["one"], ["logits"]),
]
UNHEARD = [helper.make_node("Unheard", ["x"], ["logits"], domain="their")]
REFUSED = {
    "another rank": (
        model(("n", 4608)),
        "model.onnx does not fit the contract:\n  the input `x` is f32[?, 3, 32, 48] by the "
        "contract, the first axis for the batch, and f32[?, 4608] in the model\n",
    ),
    "another side": (model(("n", 3, 64, 48)), "and f32[?, 3, 64, 48] in the model\n"),
    "half precision": (
        model(dtype=HALF),
        "and f16[?, 3, 32, 48] in the model\n  the output `logits` is f32[?, 4] by the contract, "
        "the first axis for the batch, and f16[?, 4] in the model\n",
    ),
    "an input more": (
        model(more=[helper.make_tensor_value_info("y", FLOAT, ["n"])]),
        "the contract has the inputs `x`, the model `x`, `y`\n",
    ),
    "another number of classes, which it does not state": (
        model(logits=("n", "k"), made=THREE),
        "`logits`: the contract wants f32[2, 4], the first axis for the batch, the model gives "
        "f32[2, 3]\n",
    ),
    "a side that does not fit, which it does not state": (
        model(("n", 3, "h", "w"), made=FLAT),
        "`logits`: the contract wants f32[2, 4], the first axis for the batch, the model gives "
        "f32[1, 4608]\n",
    ),
    "an opset before the first": (
        model(domains={"": 12}),
        "model.onnx: its opset is 12, and steps are written from 13 to 26: onnx.version_converter",
    ),
    "an opset to come": (model(domains={"": 99}), "model.onnx: its opset is 99"),
    "a function of our domain": (
        calling("procdsl", "cv2_linear"),
        "model.onnx has functions of the domain `procdsl` already",
    ),
    "an op that nobody knows": (
        model(made=UNHEARD, domains={"their": 1}),
        "the model does not run on what the contract says: ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_it_is_refused_with_the_names(kind: str, studio: Path) -> None:
    made, wanted = REFUSED[kind]
    onnx.save(made, "model.onnx")
    assert wanted in refused(studio, *BAKE)


def test_half_precision_in_the_contract(studio: Path) -> None:
    text = (studio / "classifier.proc").read_text()
    text = text.replace("    layout(c, h, w)", "    cast(f16)\n    layout(c, h, w)")
    text = text.replace("model x: f32[", "model x: f16[").replace("logits: f32", "logits: f16")
    text = text.replace(
        "    probabilities = softmax", "    logits = cast(logits, f32)\n    probabilities = softmax"
    )
    (studio / "classifier.proc").write_text(text)
    onnx.save(model(dtype=HALF), "model.onnx")
    code, _, told = ran("bake", *BAKE)
    assert code == 0, told
    onnx.save(model(), "model.onnx")
    assert "and f32[?, 3, 32, 48] in the model" in refused(studio, *BAKE)


def test_several_inputs_by_name_and_in_any_order(studio: Path) -> None:
    (studio / "pair.proc").write_text(
        "proc 1\npipeline pair\n"
        "input left: u8[h, w, c=3] rgb\ninput right: u8[h=20, w=30]\n"
        "pre {\n    a = resize(left, h=8, w=12, sampler=cv2.linear)\n"
        "    b = to_float(right, scale=1/255)\n}\n"
        "model a: u8[h=8, w=12, c=3] rgb, b: f32[h=20, w=30]\n"
        "    -> most: u8[c=3], least: f32[w=30]\n"
        "post {\n    best = argmax(least, over=w)\n}\noutput best, most\n"
    )
    made = [
        helper.make_node("Cast", ["a"], ["real"], to=FLOAT),
        helper.make_node("ReduceMax", ["real"], ["largest"], axes=[1, 2], keepdims=0),
        helper.make_node("Cast", ["largest"], ["most"], to=TensorProto.UINT8),
        helper.make_node("ReduceMin", ["b"], ["least"], axes=[1], keepdims=0),
    ]
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        made,
        "pair",
        [info("b", FLOAT, ["n", 20, 30]), info("a", TensorProto.UINT8, ["n", 8, 12, 3])],
        [info("least", FLOAT, ["n", 30]), info("most", TensorProto.UINT8, ["n", 3])],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8),
        "model.onnx",
    )
    code, _, told = ran("bake", "pair.proc", *BAKE[1:])
    assert code == 0, told
    left, right = photograph(33, 41), photograph(20, 30)[..., 0].copy()
    session = onnxruntime.InferenceSession("out/baked.onnx", providers=["CPUExecutionProvider"])
    assert [one.name for one in session.get_inputs()] == ["left", "right"]
    best, most = session.run(["best", "most"], {"left": left[None], "right": right[None]})
    module = build((studio / "pair.proc").read_text(), ["numpy"]).modules["numpy"]
    a, b = module.preprocess(left, right)
    same_numbers(most[0], a.max((0, 1)))
    assert best[0] == b.min(0).argmax()


# Weights beside the file


def apart() -> None:
    onnx.save(
        network("classifier"),
        "model.onnx",
        save_as_external_data=True,
        location="weights.bin",
        size_threshold=0,
    )


def test_weights_beside_the_model_are_put_into_the_file(studio: Path) -> None:
    apart()
    code, _, told = ran("bake", *BAKE)
    assert code == 0, told
    Path("weights.bin").unlink()
    alone = onnx.load("out/baked.onnx")
    held = {one.name: numpy_helper.to_array(one) for one in alone.graph.initializer}
    for one in network("classifier").graph.initializer:
        same_numbers(held[f"model/{one.name}"], numpy_helper.to_array(one))
    onnxruntime.InferenceSession("out/baked.onnx", providers=["CPUExecutionProvider"])


def test_weights_that_are_missing_or_cut(studio: Path) -> None:
    apart()
    Path("weights.bin").write_bytes(Path("weights.bin").read_bytes()[:100])
    assert "model.onnx: " in refused(studio, *BAKE)
    Path("weights.bin").unlink()
    assert "weights.bin" in refused(studio, *BAKE)


def test_weights_that_one_file_does_not_hold(studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(to_onnx, "_BYTES", 1_000)
    apart()
    assert "model.onnx: its weights are 0.0 GB, and one ONNX file holds 0.0: procdsl embed" in (
        refused(studio, *BAKE)
    )
