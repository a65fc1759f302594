"""`procdsl.load`: serving from the file alone, on every backend and from every format."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import model_files as made
import numpy as np
import pytest
import torch
from documents import ROOT
from support import BACKENDS, Built, build, picture

import procdsl
from procdsl import compiler
from procdsl.manifest import provenance

IMAGE = picture()
RUN = ("torchscript", "pt2")
"""The formats that hold a model, and not its weights alone."""


@pytest.fixture(scope="module")
def built() -> Built:
    return build(made.PIPELINE)


def carrier(kind: str, folder: Path) -> Path:
    """A file, or a folder, that carries the pipeline."""
    path = folder / kind
    if kind == "hugging_face":
        path.mkdir()
        files = {"config.json": b"{}", "procdsl.json": made.manifest().encode()}
        made.write_all(path, files)
    elif kind == "manifest":
        path.write_text(made.manifest())
    elif kind == "a.proc":
        path.write_text(made.PIPELINE)
    else:
        path.write_bytes(made.embedded(made.MADE[kind](), made.manifest()))
    return path


def given(backend: str, image: np.ndarray = IMAGE) -> Any:
    return torch.from_numpy(image) if backend == "torch" else image


def numbers(x: Any) -> np.ndarray:
    return np.asarray(x)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "kind",
    ["checkpoint", "torchscript", "pt2", "safetensors", "hugging_face", "manifest", "a.proc"],
)
def test_a_picture_and_a_batch(kind: str, backend: str, built: Built, tmp_path: Path) -> None:
    """The functions are those of the module that is compiled; the model is run between them."""
    model = None if kind in RUN else made.net()
    processor = procdsl.load(carrier(kind, tmp_path), backend=backend, model=model)
    module = built.modules[backend]
    image, other = given(backend), given(backend, IMAGE[:30, 5:])
    fed = processor.preprocess(image)
    assert type(fed) is (torch.Tensor if backend == "torch" else np.ndarray)
    assert numbers(fed).tobytes() == numbers(module.preprocess(image)).tobytes()
    with torch.no_grad():
        wanted = [
            made.net()(torch.as_tensor(module.preprocess(x))[None])[0] for x in (image, other)
        ]
    assert np.array_equal(numbers(processor.run(fed)), numbers(wanted[0]))
    outputs = [module.postprocess(x if backend == "torch" else x.numpy()) for x in wanted]
    found = processor(image)
    assert found._fields == ("probabilities",)
    assert np.array_equal(numbers(found.probabilities), numbers(outputs[0].probabilities))
    batch = processor([image, other])
    assert [type(one).__name__ for one in batch] == ["Output", "Output"]
    for one, output in zip(batch, outputs, strict=True):
        # A model may give a sample other last bits in a batch than alone.
        assert np.allclose(numbers(one.probabilities), numbers(output.probabilities), atol=1e-6)
    stacked = processor(given(backend, np.stack([IMAGE, IMAGE])))
    assert len(stacked) == 2
    assert processor.run(processor.preprocess_batch([image, other])).shape == (2, 4)
    processor.self_check()
    stated = json.loads(made.manifest())
    assert processor.manifest["id"] == stated["id"]
    assert (processor.manifest == stated) == (kind != "a.proc")  # which has another name there


def test_it_says_what_it_checked(tmp_path: Path) -> None:
    def said(kind: str, **more: Any) -> list[str]:
        processor = procdsl.load(carrier(kind, tmp_path), **more)
        assert repr(processor).startswith("<procdsl.Processor carried ")
        return [line for finding in processor.checks for line in finding.lines()]

    checked = "ok           self_check: this machine computes what was recorded"
    assert said("pt2") == [
        "ok           contract: the inputs and outputs of the model are those",
        checked,
    ]
    assert said("torchscript") == [
        "not checked  contract: TorchScript states no shapes",
        checked,
    ]
    assert said("a.proc", skip=["contract", "self_check"]) == [
        "not checked  contract: it is skipped by the caller",
        "not checked  self_check: it is skipped by the caller",
    ]


def test_the_record_is_not_computed_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> Any:
        raise AssertionError("a manifest has the record")

    path = carrier("checkpoint", tmp_path)
    monkeypatch.setattr(compiler, "golden_record", refuse)
    assert procdsl.load(path).preprocess(IMAGE).shape == (3, 32, 32)


def test_a_service_on_numpy_imports_what_it_needs(tmp_path: Path) -> None:
    """Neither black nor a framework, nor the reference of the compiler's own passes on pictures."""
    path = carrier("torchscript", tmp_path)
    script = (
        "import sys, numpy as np, procdsl\n"
        f"p = procdsl.load({str(path)!r})\n"
        "print(p.preprocess(np.zeros((40, 50, 3), np.uint8)).shape)\n"
        "print(sorted({'black', 'torch', 'cv2', 'onnxruntime', 'PIL'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "(3, 32, 32)\n[]\n"


# The pipelines of tests/golden: those with more than one input or output, or none

GOLDEN = {p.parent.name: p for p in sorted((ROOT / "tests" / "golden").glob("*/*.manifest.json"))}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", GOLDEN)
def test_what_nobody_reads_computes_the_same(name: str, backend: str) -> None:
    """Modules that are loaded keep branches that are dead in those that are written."""
    processor = procdsl.load(GOLDEN[name], backend=backend)
    assert processor.checks[-1].holds == "this machine computes what was recorded"
    assert len(processor.checks) == 2


def modelled(shapes: dict[str, tuple[int, ...]], by_name: bool) -> Callable[..., Any]:
    """A model that gives noise, the same for each sample; by name in another order."""

    def model(*batches: np.ndarray) -> Any:
        rng = np.random.default_rng(0)
        each = {n: rng.random(shape, np.float32) for n, shape in shapes.items()}
        found = {n: np.stack([x] * len(batches[0])) for n, x in each.items()}
        return dict(reversed(found.items())) if by_name else list(found.values())

    return model


@pytest.mark.parametrize("by_name", [True, False])
def test_two_inputs_and_two_outputs(by_name: bool) -> None:
    model = modelled({"disparity": (120, 160), "boxes": (20, 4)}, by_name)
    processor = procdsl.load(GOLDEN["stereo"], model=model)
    left, right = picture(), np.ascontiguousarray(picture()[:33, ::-1])
    fed = processor.preprocess(left, right)
    disparity, boxes = processor.run(fed)
    assert (disparity.shape, boxes.shape) == ((120, 160), (20, 4))
    wanted = processor.postprocess(disparity, boxes, right)
    for found in (processor(left, right), *processor([left, left], [right, right])):
        assert np.array_equal(found.near, wanted.near)
        assert np.array_equal(found.boxes, wanted.boxes)
    with pytest.raises(TypeError, match="expected 2 inputs \\(`left`, `right`\\), got 1"):
        processor(left)
    with pytest.raises(ValueError, match="expected 2 inputs of the model, got 3"):
        processor.run([*fed, fed[0]])


@pytest.mark.parametrize("backend", BACKENDS)
def test_boxes_go_back_to_each_picture_of_a_batch(backend: str) -> None:
    model = modelled({"raw": (84, 8400)}, by_name=False)
    chosen = model if backend != "torch" else lambda x: torch.from_numpy(model(x)[0])
    processor = procdsl.load(GOLDEN["yolov8"], backend=backend, model=chosen)
    pictures = [given(backend, IMAGE), given(backend, np.ascontiguousarray(IMAGE[:20, :37]))]
    raw = processor.run(processor.preprocess(pictures[0]))
    for image, found in zip(pictures, processor(pictures), strict=True):
        wanted = processor.postprocess(raw, image)
        assert len(wanted.found.boxes) > 5
        for one, other in zip(found.found, wanted.found, strict=True):
            assert np.array_equal(numbers(one), numbers(other))
        assert np.array_equal(numbers(processor(image).found[0]), numbers(found.found[0]))


HEAD = "proc 1\npipeline p\n"
PRE = "input image: u8[h, w, c=3] rgb|bgr\npre {\n    resize(h=4, w=4, sampler=cv2.linear)\n}\n"
MODEL = "model x: u8[h=4, w=4, c=3] rgb -> y: f32[class=4]\n"
POST = "post {\n    p = softmax(y, over=class)\n}\noutput p\n"


def test_the_caller_names_the_order(tmp_path: Path) -> None:
    (tmp_path / "p.proc").write_text(HEAD + PRE + MODEL + POST)
    seen = []

    def model(x: np.ndarray) -> np.ndarray:
        seen.append(x)
        return np.zeros((len(x), 4), np.float32)

    processor = procdsl.load(tmp_path / "p.proc", model=model)
    processor(IMAGE, order="rgb")
    processor([IMAGE[..., ::-1]], order="bgr")
    assert np.array_equal(seen[0], seen[1])
    with pytest.raises(ValueError, match="order: expected"):
        processor(IMAGE)


def test_a_pipeline_without_one_of_its_blocks(tmp_path: Path) -> None:
    (tmp_path / "pre.proc").write_text(HEAD + PRE + MODEL)
    (tmp_path / "post.proc").write_text(HEAD + "model x: f32[n=4] -> y: f32[class=4]\n" + POST)
    pre = procdsl.load(tmp_path / "pre.proc", model=lambda x: np.ones((len(x), 4), np.float32))
    assert pre(IMAGE, order="rgb").tolist() == [1, 1, 1, 1]
    assert pre([IMAGE, IMAGE], order="rgb").shape == (2, 4)
    with pytest.raises(AttributeError, match="the pipeline `p` has no `post`, and so no postproc"):
        pre.postprocess(1)
    post = procdsl.load(tmp_path / "post.proc", model=lambda x: -x)
    x = np.arange(8, dtype=np.float32).reshape(2, 4)
    assert [one.p.argmax() for one in post(x)] == [0, 0]
    assert post(x[0]).p.argmax() == 0
    with pytest.raises(AttributeError, match="has no `pre`, and so no preprocess_batch"):
        post.preprocess_batch([x])


def test_provenance_is_told_and_never_run(tmp_path: Path) -> None:
    """It is the one part of a foreign file that says what it likes."""
    triple = '"' * 3
    note = {
        triple: f"{triple}\nraise SystemExit\n{triple}",
        "end": "\\",
        "more": ["{{ 1 }}"],
    }
    path = tmp_path / "m.pt"
    text = provenance.added(made.manifest(), note)
    path.write_bytes(made.embedded(made.checkpoint(), text))
    assert procdsl.load(path).manifest["provenance"] == note


def test_the_newest_file_is_served(tmp_path: Path) -> None:
    """Two pipelines in one process keep apart."""
    path = carrier("checkpoint", tmp_path)
    first = procdsl.load(path)
    path.write_bytes(made.embedded(made.checkpoint(), made.manifest(made.OTHER)))
    second = procdsl.load(str(path))
    image = np.tile(IMAGE, (3, 3, 1))
    assert not np.array_equal(first.preprocess(image), second.preprocess(image))
    assert np.array_equal(
        second.preprocess(image), build(made.OTHER, ["numpy"]).modules["numpy"].preprocess(image)
    )
