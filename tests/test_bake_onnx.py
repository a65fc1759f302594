"""`procdsl bake --to onnx`: one graph from raw pictures to results, run by ONNX Runtime alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from baking import PIPELINES, photograph, ran, refused, same_numbers, studio
from onnx_networks import CONTRACTS, OUTPUTS, network, saved
from support import build

import procdsl
from procdsl.bake.targets._onnx_runtimes import RUNTIMES, OnnxRuntime
from procdsl.codegen.onnx import rooms
from procdsl.manifest.read import read

__all__ = ["studio"]

SIZES = [(64, 64), (97, 33), (51, 120), (32, 48)]


def baked(name: str, folder: Path, *words: str, opset: int = 17, batch: int | str = "n") -> Path:
    model = saved(name, folder, opset, batch)
    path = folder / "out" / f"{name}.onnx"
    given = ("bake", f"{name}.proc", "--to", "onnx", "--model", model, "-o", str(path), *words)
    code, printed, told = ran(*given)
    assert code == 0, told
    assert printed.splitlines()[0] == str(path)
    return path


def answers(model: Path | onnx.ModelProto, *inputs: np.ndarray) -> dict[str, np.ndarray]:
    """What ONNX Runtime makes of inputs, in their order."""
    data = str(model) if isinstance(model, Path) else model.SerializeToString()
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    names = [one.name for one in session.get_outputs()]
    fed = {one.name: x for one, x in zip(session.get_inputs(), inputs, strict=True)}
    return dict(zip(names, session.run(names, fed), strict=True))


def by_hand(name: str, images: np.ndarray, **of: Any) -> list[dict[str, np.ndarray]]:
    """The numpy module round the network, for each picture; ids for texts."""
    module, found = build(PIPELINES[name], ["numpy"]).modules["numpy"], []
    for image in images:
        fed = module.preprocess(image)
        raw = answers(network(name, **of), fed[None])[OUTPUTS[name]][0]
        sizes = (image.shape[:2],) if name == "detector" else ()
        given = module.postprocess(raw, *sizes)._asdict()
        flat: dict[str, np.ndarray] = {}
        for key, value in given.items():
            parts = value._asdict().items() if hasattr(value, "_asdict") else [("", value)]
            flat |= {f"{key}.{part}".rstrip("."): x for part, x in parts}
        found.append(flat)
    return found


def check(path: Path, name: str, images: np.ndarray, **of: Any) -> None:
    """The file against the module: what is exact has its bits, softmax its bound."""
    found = answers(path, images)
    for i, wanted in enumerate(by_hand(name, images, **of)):
        for key, x in wanted.items():
            if key in ("label", "names"):
                continue  # a text, whose id stands in the file
            y = found[key][i]
            if key.startswith("found."):
                y = y[: found["found.counts"][i]]
                assert not found[key][i][len(y) :].any()
            if key in ("probabilities", "confidence"):
                np.testing.assert_allclose(y, x, rtol=0, atol=1e-6)
            else:
                same_numbers(y, x)


@pytest.mark.parametrize("name", CONTRACTS)
def test_from_pixels_to_results(name: str, studio: Path) -> None:
    path = baked(name, studio)
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert [one.version for one in model.opset_import if not one.domain] == [17]
    for h, w in SIZES:
        images = np.stack([photograph(h, w), photograph()[50 : 50 + h, 90 : 90 + w]])
        check(path, name, images)
        check(path, name, images[1:])
    if name == "detector":
        counts = answers(path, photograph(97, 33)[None])["found.counts"]
        assert counts.max() > 0, "a detector that finds nothing shows nothing"


def test_the_steps_are_found_by_name_and_the_network_is_as_it_was(studio: Path) -> None:
    model, own = onnx.load(baked("classifier", studio)), network("classifier")
    named = [node.name for node in model.graph.node]
    for step in ("pre/1_convert", "pre/2_resize", "pre/4_normalize", "post/1_softmax"):
        assert any(name.startswith(step) for name in named), step
    inside = [node for node in model.graph.node if node.output[0].startswith("model/")]
    assert [node.op_type for node in inside] == ["Identity", *(n.op_type for n in own.graph.node)]
    weights = {one.name: one for one in model.graph.initializer}
    for one in own.graph.initializer:
        assert onnx.numpy_helper.to_array(weights[f"model/{one.name}"]).tobytes() == (
            onnx.numpy_helper.to_array(one).tobytes()
        )
    said = {one.key: one.value for one in model.metadata_props}
    assert said["author"] == "somebody"
    assert said["Image.BitmapPixelFormat"] == "Bgr8"
    assert said["Image.NominalPixelRange"] == "NominalRange_0_255"
    (image,) = model.graph.input
    assert image.type.denotation == "IMAGE"
    denoted = [one.denotation for one in image.type.tensor_type.shape.dim]
    assert denoted == ["DATA_BATCH", "DATA_FEATURE", "DATA_FEATURE", "DATA_CHANNEL"]
    plain = len(model.SerializeToString()) - len(own.SerializeToString()) - len(said["procdsl"])
    assert plain < 24_000, "the steps are small beside a model"


def test_a_detector_serves_from_the_file_alone(studio: Path) -> None:
    path = baked("detector", studio)
    processor = procdsl.load(path, backend="numpy")
    image = photograph(97, 133)
    found = processor(image)
    (wanted,) = by_hand("detector", image[None])
    for part in ("boxes", "scores", "classes"):
        same_numbers(getattr(found.found, part), wanted[f"found.{part}"])
    kinds = ("cat", "dog", "bird")
    assert list(found.names) == [kinds[i] for i in found.found.classes]
    with pytest.raises((TypeError, ValueError), match="image"):
        processor(image.astype(np.float32) / 255)


def test_the_plan_and_the_proof_stand_in_the_file(studio: Path) -> None:
    path = baked("classifier", studio)
    text = {one.key: one.value for one in onnx.load(path).metadata_props}["procdsl"]
    pipeline = read(text)
    assert pipeline.plan is not None
    assert pipeline.plan.target == "onnx"
    proof = json.loads(text)["provenance"]["bake"]
    assert proof["runtime"] == f"onnxruntime {onnxruntime.__version__}"
    assert len(proof["pictures"]) >= 8
    assert proof["batches"] == [1, 2, 8]
    assert proof["enters_the_model"]["x"]["largest"] == 0
    code, _, told = ran("verify", str(path), "classifier.proc")
    assert code == 0, told


@pytest.mark.parametrize("opset", [13, 21])
def test_the_opset_is_that_of_the_model(opset: int, studio: Path) -> None:
    path = baked("detector", studio, opset=opset)
    assert [o.version for o in onnx.load(path).opset_import if not o.domain] == [opset]
    check(path, "detector", photograph(97, 33)[None], opset=opset)


def test_a_model_for_one_picture_at_a_time(studio: Path) -> None:
    path = baked("classifier", studio, batch=1)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    assert session.get_inputs()[0].shape[0] == 1
    check(path, "classifier", photograph(51, 120)[None], batch=1)


def test_a_step_that_is_kept_is_done_before_the_file(studio: Path) -> None:
    path = baked("detector", studio, "--keep", "letterbox")
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    assert [one.name for one in session.get_inputs()] == ["after_letterbox", "image_size"]
    processor = procdsl.load(path, backend="numpy")
    image = photograph(97, 133)
    (wanted,) = by_hand("detector", image[None])
    same_numbers(processor(image).found.boxes, wanted["found.boxes"])


def wrong_models(folder: Path) -> dict[str, str]:
    """Models that nothing can be baked round, by what is said of each."""
    old = network("classifier")
    old.opset_import[0].version = 11
    onnx.save(old, folder / "old.onnx")
    onnx.save(
        network("classifier"),
        folder / "apart.onnx",
        save_as_external_data=True,
        location="weights.bin",
        size_threshold=0,
    )
    (folder / "weights.bin").unlink()
    saved("segmenter", folder)
    return {
        "opset is 11, and steps are written from 13 to 26": "old.onnx",
        "weights.bin": "apart.onnx",
        "does not fit the contract": "segmenter_network.onnx",
    }


def test_what_is_no_model_for_it(studio: Path) -> None:
    words = ("classifier.proc", "--to", "onnx", "-o", "out/a.onnx")
    for said, model in wrong_models(studio).items():
        told = refused(studio, *words, "--model", model)
        assert said in told, told
    told = refused(studio, *words, "--factory", "networks:classifier")
    assert "cannot be baked to ONNX: give an ONNX file" in told


def test_a_baked_file_is_not_baked_again(studio: Path) -> None:
    path = baked("classifier", studio)
    words = ("classifier.proc", "--to", "onnx", "-o", "out/twice.onnx", "--model", str(path))
    assert "baked" in refused(studio, *words)


def shifted(macro: Any) -> Any:
    """A macro that gives something else than it should."""

    def wrong(s: Any) -> Any:
        found = macro(s)
        if isinstance(found, tuple):
            return (found[0] + 1, *found[1:])
        return (found.cast("i32") + 1).cast("u8") if found.dtype == "u8" else found * 1.5

    return wrong


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("samplers/cv2_linear", "it begins in `letterbox(h=64, w=64, fill=114, sampler=cv2.lin"),
        ("ops/values/to_float", "it begins in `to_float(scale=1/255)`"),
        ("ops/boxes/nms", "it begins in `found = nms(boxes, scores"),
    ],
)
def test_a_planted_fault_is_named(
    template: str, said: str, studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = rooms.macro

    def found(name: str, form: str = "") -> Any:
        made = right(name, form)
        return shifted(made) if name == template else made

    model = saved("detector", studio)
    monkeypatch.setattr(rooms, "macro", found)
    words = ("detector.proc", "--to", "onnx", "--model", model, "-o", "out/d.onnx")
    told = refused(studio, *words, code=1)
    assert told.startswith("procdsl: out/d.onnx is not written: ")
    assert said in told


class Seldom(OnnxRuntime):
    """Computes one of ten thousand numbers otherwise."""

    def run(self, names: Sequence[str], fed: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        found = [x.copy() for x in super().run(names, fed)]
        for x in found:
            x.reshape(-1)[9_999:] += x.dtype.type(1)
        return found


class Unstable(OnnxRuntime):
    """Of equal numbers it takes the last one for the first."""

    def run(self, names: Sequence[str], fed: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        found = super().run(names, fed)
        (x,) = fed.values()
        ties = len(np.unique(x)) < x.size / 100
        return [y + 1 if ties and y.dtype == np.int64 else y for y in found]


@pytest.mark.parametrize(
    ("runtime", "step", "off"), [(Seldom, "post.1", "1 off"), (Unstable, "post.2", "1 off")]
)
def test_another_runtime_is_asked_on_many_numbers_and_on_equal_ones(
    runtime: Any, step: str, off: str, studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RUNTIMES, "other", runtime)
    code, printed, told = ran("plan", "classifier.proc", "--to", "onnx", "--runtime", "other")
    assert code == 0, told
    rows = {line.split()[0]: line for line in printed.splitlines() if line.startswith("p")}
    assert rows[step].endswith(f"host   other computes it otherwise: {off}")
