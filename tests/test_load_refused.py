"""What `procdsl.load` refuses: each check by itself, each turned off by name, and bad arguments."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import model_files as made
import pytest
import torch
from extern_project import PIPELINE as EXTERN
from extern_project import Project
from support import picture

import procdsl
from procdsl.compiler import generate
from procdsl.manifest import write
from procdsl.reference import probe

LARGER = made.PIPELINE.replace("=32", "=48")


def pt2(folder: Path, text: str) -> Path:
    path = folder / "model.pt2"
    path.write_bytes(made.embedded(made.exported(), text))
    return path


# The contract


def test_a_model_that_takes_something_else(tmp_path: Path) -> None:
    path = pt2(tmp_path, made.manifest(LARGER))
    said = (
        rf"{path} is refused:\n  the input `x` is f32\[\?, 3, 48, 48\] by the contract, the first "
        r"axis for the batch, and f32\[\?, 3, 32, 32\] in the model\n"
        r"skip=\[\"contract\"\] serves it nevertheless"
    )
    with pytest.raises(ValueError, match=said):
        procdsl.load(path)
    with pytest.raises(ValueError, match=said):
        procdsl.load(path, skip=["self_check", "externs"])
    processor = procdsl.load(path, skip=["contract"])
    assert "skipped by the caller" in processor.checks[0].unchecked
    assert processor.preprocess(picture()).shape == (3, 48, 48)


# What this machine computes


def false_record() -> str:
    """A manifest that is whole, but for a result that the reference does not compute."""
    data = json.loads(made.manifest())
    data["self_check"]["preprocess"]["x"]["sha256"] = "0" * 64
    return write.text(data)


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_a_machine_that_computes_something_else(backend: str, tmp_path: Path) -> None:
    path = pt2(tmp_path, false_record())
    with pytest.raises(RuntimeError, match=rf"{path} is refused:\n  self_check: .*x.*") as caught:
        procdsl.load(path, backend=backend)
    assert 'skip=["self_check"] serves it nevertheless' in str(caught.value)
    processor = procdsl.load(path, backend=backend, skip=["self_check"])
    with pytest.raises(RuntimeError, match="self_check"):
        processor.self_check()


@pytest.mark.parametrize("skip", [[], ["self_check"]])
def test_a_recorded_size_that_does_not_pass(skip: list[str], tmp_path: Path) -> None:
    crop = "crop(center, h=32, w=32)"
    data = json.loads(
        made.manifest(made.PIPELINE.replace("resize(h=32, w=32, sampler=cv2.linear)", crop))
    )
    data["self_check"]["size"] = min(probe.SIZES)
    said = (
        "at self_check/size: .* which does not pass `pre`: a .* image is too small to crop 32 x 32"
    )
    with pytest.raises(ValueError, match=said):
        procdsl.load(pt2(tmp_path, write.text(data)), skip=skip)


# Externs


@pytest.fixture
def carrier(project: Project) -> Path:
    """A checkpoint whose pipeline calls `shop.filters:denoise`, which Python finds."""
    text = generate(project.compiled(EXTERN), ["numpy"])["shop.manifest.json"]
    path = project.folder / "model.pt"
    path.write_bytes(made.embedded(made.checkpoint(), text))
    return path


ALLOWED = ["shop.filters:denoise"]


@pytest.mark.parametrize("allowed", [[], ["denoise"], ["shop.filters"], "shop.filters:denoise"])
def test_python_that_only_the_file_names_is_not_imported(
    allowed: Any, carrier: Path, project: Project
) -> None:
    project.write("shop/filters.py", "raise SystemExit('imported')\n")
    for skip in ([], ["externs"], ["externs", "contract", "self_check"]):
        with pytest.raises(ValueError, match="names Python that would be imported and run") as said:
            procdsl.load(carrier, allow_externs=allowed, skip=skip)
        assert "give allow_externs=['shop.filters:denoise']" in str(said.value)
    assert "shop.filters" not in sys.modules


def test_an_extern_that_is_allowed(carrier: Path) -> None:
    processor = procdsl.load(carrier, allow_externs=ALLOWED)
    assert [f.check for f in processor.checks] == ["contract", "externs", "self_check"]
    assert processor.checks[1].holds == "their sources are those"
    assert processor.preprocess(picture()).shape == (3, 16, 24)


def test_an_extern_whose_source_has_changed(carrier: Path, project: Project) -> None:
    path = project.folder / "shop" / "filters.py"
    path.write_text(path.read_text() + "# changed\n")
    with pytest.raises(
        ValueError, match=r"`denoise` \(shop.filters:denoise\) has the SHA-256"
    ) as e:
        procdsl.load(carrier, allow_externs=ALLOWED)
    assert "when the pipeline was compiled" in str(e.value)
    assert 'skip=["externs"]' in str(e.value)
    assert "shop.filters" not in sys.modules
    processor = procdsl.load(carrier, allow_externs=ALLOWED, skip=["externs"])
    assert processor.preprocess(picture()).shape == (3, 16, 24)
    processor.self_check()


def test_an_extern_that_is_not_there(carrier: Path, project: Project) -> None:
    (project.folder / "shop" / "filters.py").unlink()
    with pytest.raises(ValueError, match="no module `shop.filters` on Python's path"):
        procdsl.load(carrier, allow_externs=ALLOWED)
    with pytest.raises(ImportError, match="the pipeline `shop` needs its extern `denoise`"):
        procdsl.load(carrier, allow_externs=ALLOWED, skip=["externs"])


def test_an_extern_of_the_callers_own_file(project: Project) -> None:
    """A `.proc` file is read by those who wrote it, as `procdsl compile` does."""
    path = project.write("shop.proc", EXTERN)
    assert procdsl.load(path).preprocess(picture()).shape == (3, 16, 24)


# Files


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("m", made.checkpoint, r"m \(torch checkpoint\) carries no manifest: procdsl embed puts"),
        ("m", lambda: b"text", "m: it is no model file that procdsl knows"),
        ("m", lambda: made.torchscript()[:500], "m: it is a zip archive without its directory"),
        ("m", lambda: b"{}", "m: the manifest is not whole: not a manifest"),
        (
            "m",
            lambda: made.manifest().replace("h=32", "h=31", 1).encode(),
            "m: the manifest is not",
        ),
        ("a.proc", lambda: b"proc 1\n", r"a.proc is not a pipeline:\nerror\[E"),
        ("a.proc", lambda: b"\xff", "a.proc is not UTF-8"),
    ],
)
def test_a_file_that_does_not_serve(
    name: str, data: Callable[[], bytes], said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data())
    with pytest.raises(ValueError, match=said):
        procdsl.load(tmp_path / name)


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    for name in ("none", "none.proc"):
        with pytest.raises(FileNotFoundError, match=name):
            procdsl.load(tmp_path / name)


def test_a_doubt_about_a_source_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.proc"
    random = "    train {\n        random_flip(horizontal, p=0.5)\n    }\n    convert(rgb)\n"
    path.write_text(made.PIPELINE.replace("    convert(rgb)\n", random))
    with pytest.warns(UserWarning, match=r"a.proc:\nwarning\[E401\]") as found:
        procdsl.load(path)
    assert found[0].filename == __file__


# Arguments


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"backend": "jax"}, ValueError, "backend: expected one of numpy, cv2, torch, got 'jax'"),
        (
            {"skip": "contract"},
            ValueError,
            "skip: expected a list of contract, externs, self_check",
        ),
        ({"skip": ["all"]}, ValueError, r"skip: expected a list of .*, got \['all'\]"),
        ({"model": 3}, TypeError, "model: expected a function or a path, got int"),
        ({"model": "net.onnx"}, ValueError, "net.onnx does not exist"),
        ({"model": torch.nn.Linear(1, 1)}, ValueError, r"got one in training: model.eval\(\)"),
    ],
)
def test_bad_arguments(
    given: dict[str, Any], kind: type[Exception], said: str, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=said):
        procdsl.load(pt2(tmp_path, made.manifest()), **given)


def test_a_backend_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    said = "backend: cv2 needs cv2, which is not installed: pip install 'procdsl\\[opencv\\]'"
    with pytest.raises(ImportError, match=said):
        procdsl.load(pt2(tmp_path, made.manifest()), backend="cv2")
