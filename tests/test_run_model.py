"""`procdsl run --model`: whole pipelines on picture files, as JSON."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import model_files
import numpy as np
import onnx
import onnxruntime
import pytest
from baking import studio
from command_line import PHOTOGRAPH, said
from onnx import TensorProto, helper, numpy_helper
from onnx_networks import saved
from PIL import Image
from support import build

import procdsl

__all__ = ["studio"]

PIXELS = np.asarray(Image.open(PHOTOGRAPH).convert("RGB"))


def answers(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    code, out, err = said(capsys, "run", *words)
    assert (code, err) == (0, "")
    found: list[dict[str, Any]] = json.loads(out)
    assert len(out.splitlines()) == len(found) + 2, "one line a picture"
    return found


def test_it_is_pre_the_model_and_post(studio: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Against the three called one after the other."""
    model = saved("detector", studio)
    shutil.copy(PHOTOGRAPH, "a.png")
    Image.fromarray(PIXELS[:200, 50:]).save("b.png")
    found = answers(capsys, "detector.proc", "a.png", "b.png", "--model", model)
    assert [one["image"] for one in found] == ["a.png", "b.png"]
    module = build((studio / "detector.proc").read_text(), ["numpy"]).modules["numpy"]
    session = onnxruntime.InferenceSession(model)
    for one, pixels in zip(found, (PIXELS, PIXELS[:200, 50:]), strict=True):
        image = np.ascontiguousarray(pixels)
        raw = session.run(None, {"x": module.preprocess(image)[None]})[0][0]
        wanted = module.postprocess(raw, pixels.shape[:2])
        assert one["size"] == list(pixels.shape[:2])
        assert len(wanted.names) > 0
        assert one["outputs"] == {
            "found": {name: x.tolist() for name, x in wanted.found._asdict().items()},
            "names": wanted.names,
        }
    assert (
        said(capsys, "run", "detector.proc", "a.png", "--model", model, "-o", "out/a.json")[0] == 0
    )
    assert json.loads((studio / "out" / "a.json").read_text()) == found[:1]
    for backend in ("cv2", "torch"):
        words = ("detector.proc", "a.png", "b.png", "--model", model, "--backend", backend)
        assert answers(capsys, *words) == found


def test_a_model_file_is_run_with_what_it_carries(
    studio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = saved("detector", studio)
    picture = str(PHOTOGRAPH)
    wanted = answers(capsys, "detector.proc", picture, "--model", model)
    assert said(capsys, "embed", "detector.proc", model, "-o", "carries.onnx")[0] == 0
    assert answers(capsys, "carries.onnx", picture, "--model") == wanted
    assert answers(capsys, "detector.proc", picture, "--model", "carries.onnx") == wanted
    code, _, _ = said(
        capsys, "bake", "detector.proc", "--to", "onnx", "--model", model, "-o", "b.onnx"
    )
    assert code == 0
    assert answers(capsys, "b.onnx", picture, "--model") == wanted
    code, out, err = said(capsys, "run", "detector.proc", picture, "--model", "b.onnx")
    assert (code, out, "a baked file does steps itself" in err) == (2, "", True)
    code, out, err = said(capsys, "run", "classifier.proc", picture, "--model", "carries.onnx")
    assert (code, out, "carries the manifest of another pipeline" in err) == (2, "", True)


READER = """proc 1

pipeline reader

input image: u8[h, w, c=3] rgb

pre {
    resize(h=64, w=64, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}

model x: f32[c=3, h=64, w=64] rgb -> raw: f32[class=7, t=40]

post {
    found, confidence = ctc_decode(raw, over=class, blank=0, confidence=mean)
    word = lookup(found.ids, table=("a", "b", "c", "d", "e", "f"), join="-")
}

output word, confidence
"""


def test_a_text_is_spelled_on_the_host_of_what_a_baked_file_reads(
    studio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, picture = saved("detector", studio), str(PHOTOGRAPH)
    (studio / "reader.proc").write_text(READER)
    (wanted,) = answers(capsys, "reader.proc", picture, "--model", model)
    assert "-" in wanted["outputs"]["word"]
    words = ("bake", "reader.proc", "--to", "onnx", "--model", model, "-o", "r.onnx")
    assert said(capsys, *words)[0] == 0
    given = [value.name for value in onnxruntime.InferenceSession("r.onnx").get_outputs()]
    assert given == ["confidence", "found.ids", "found.scores", "found.counts"]
    assert answers(capsys, "r.onnx", picture, "--model") == [wanted]


def test_load_takes_another_model_file(studio: Path) -> None:
    model = saved("detector", studio)
    processor = procdsl.load("detector.proc", model=Path(model))
    assert [finding.check for finding in processor.checks if finding.holds] == [
        "contract",
        "self_check",
    ]
    assert len(processor(PIXELS).names) > 0
    with pytest.raises(ValueError, match="is refused"):
        procdsl.load("classifier.proc", model=model)
    with pytest.raises(ValueError, match="does not exist"):
        procdsl.load("classifier.proc", model="none.onnx")


def scaled(factors: list[float], folder: Path) -> str:
    """A model that gives the mean of each channel, times these."""
    held = [
        numpy_helper.from_array(np.array(factors, np.float32), "factors"),
        numpy_helper.from_array(np.array([1, 2]), "axes"),
    ]
    nodes = [
        helper.make_node("ReduceMean", ["x", "axes"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "factors"], ["y"]),
    ]
    values = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (("x", ["n", 8, 8, 3]), ("y", ["n", 3]))
    ]
    graph = helper.make_graph(nodes, "scaled", values[:1], values[1:], held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.save(model, folder / "scaled.onnx")
    return "scaled.onnx"


SCALED = """proc 1

pipeline scaled

input image: u8[h, w, c=3] rgb

pre {
    resize(h=8, w=8, sampler=cv2.nearest)
    to_float(scale=1/255)
}

model x: f32[h=8, w=8, c=3] rgb -> y: f32[n=3]
"""


def test_what_is_no_number_is_null_and_without_post_the_model_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scaled.proc").write_text(SCALED)
    Image.new("RGB", (9, 7), (255, 255, 255)).save("white.png")
    model = scaled([float("nan"), float("inf"), 0.1], tmp_path)
    (answer,) = answers(capsys, "scaled.proc", "white.png", "--model", model)
    assert answer["outputs"] == {"y": [None, None, float(np.float32(0.1))]}
    (tmp_path / "scaled.proc").write_text(
        SCALED + "\npost {\n    v, i = max(y, over=n)\n"
        '    name = lookup(i, table=("a", "b", "c\\u00e9"))\n}\n\noutput v, i, name\n'
    )
    model = scaled([float("nan"), -1, 2], tmp_path)
    (answer,) = answers(capsys, "scaled.proc", "white.png", "--model", model)
    assert answer["outputs"] == {"v": 2.0, "i": 2, "name": "c\u00e9"}


def test_what_is_misused_is_told(studio: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, picture = saved("classifier", studio), str(PHOTOGRAPH)
    (studio / "text.onnx").write_text("no model")
    Path("sized.proc").write_text(
        Path("detector.proc")
        .read_text()
        .replace("input image", "param side = 64\n\ninput image", 1)
        .replace("h=64", "h=side", 1)
    )
    for words, message in (
        (["detector.proc", picture, "--model", model], "is refused"),
        (["detector.proc", picture, "--model"], "detector.proc holds no model: name the file"),
        (["detector.proc", picture, "--model", "none.onnx"], "none.onnx does not exist"),
        (["detector.proc", picture, "--model", "text.onnx"], "no model file that procdsl knows"),
        (["detector.proc", "none.png", "--model", saved("detector", studio)], "none.png does not"),
        (["detector.proc", picture, "--draw", "a.png"], "--draw is for --model"),
        (["sized.proc", picture, "--model", model, "-D", "side=64"], "-D is not for --model"),
        (["detector.proc", picture, "--model", model, "--backend", "all"], "one backend"),
        (["detector.proc", picture, "--model", "detector_network.onnx", "-o", "out"], "be written"),
    ):
        code, out, err = said(capsys, "run", *words)
        assert (code, out, message in err) == (2, "", True), (words, err)


def test_what_a_script_says_of_its_input_is_told_in_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And not the traces of TorchScript, which fill a page before it."""
    (folder / "net.pt").write_bytes(model_files.torchscript())
    code, out, err = said(capsys, "run", "good.proc", str(PHOTOGRAPH), "--model", "net.pt")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "to have 3 channels, but got 8 channels" in err
