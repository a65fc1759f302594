"""What a module does with manifests in model files, with nothing of procdsl installed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import model_files as made
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from support import BACKENDS, Built, build
from test_checkpoints import HOSTILE, payload, pickled
from test_hostile_model_files import BAD, LARGE, damaged

from kernels.model_files.manifest_in import manifest_in
from kernels.model_files.with_provenance import with_provenance
from procdsl.manifest import provenance, read
from procdsl.modelfile.data import BadModelFile

TEXT = made.manifest()


@pytest.fixture(scope="module")
def built() -> Built:
    return build(made.PIPELINE)


@pytest.fixture(scope="module")
def other() -> Built:
    return build(made.OTHER, ["numpy"])


def file_of(kind: str, folder: Path, text: str = TEXT) -> Path:
    path = folder / kind
    path.write_bytes(made.embedded(made.MADE[kind](), text))
    return path


@pytest.mark.parametrize("kind", made.MADE)
@pytest.mark.parametrize("backend", BACKENDS)
def test_check_model(backend: str, kind: str, built: Built, other: Built, tmp_path: Path) -> None:
    path = file_of(kind, tmp_path)
    built.modules[backend].check_model(path)
    built.modules[backend].check_model(str(path))
    with pytest.raises(ValueError, match=rf"{path}: expected the pipeline carried \w+, which this"):
        other.modules["numpy"].check_model(path)
    path.write_bytes(made.MADE[kind]())
    with pytest.raises(ValueError, match=f"{path}: carries no manifest"):
        built.modules[backend].check_model(path)


def test_check_model_of_a_folder(built: Built, other: Built, tmp_path: Path) -> None:
    given = made.folder({"config.json": b"{}"})
    made.write_all(tmp_path, {"config.json": b"{}", "procdsl.json": TEXT.encode()})
    assert not given.file("procdsl.json")
    built.modules["numpy"].check_model(tmp_path)
    with pytest.raises(ValueError, match="expected the pipeline"):
        other.modules["numpy"].check_model(tmp_path)
    with pytest.raises(FileNotFoundError):
        built.modules["numpy"].check_model(tmp_path / "none")


def test_a_module_reads_models_without_procdsl(tmp_path: Path, built: Built) -> None:
    """In a Python of its own that finds neither procdsl nor torch."""
    (tmp_path / "carried_numpy.py").write_text(built.files["carried_numpy.py"])
    paths = [str(file_of(kind, tmp_path)) for kind in made.MADE]
    code = (
        "import sys, carried_numpy\n"
        f"for path in {paths}: carried_numpy.check_model(path)\n"
        "print(sorted({'procdsl', 'torch', 'onnx'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("backend", BACKENDS)
def test_training_puts_it_into_a_checkpoint(backend: str, built: Built, other: Built) -> None:
    module = built.modules[backend]
    text = module.manifest_text(epoch=50, commit="abc", loss=np.float32(0.5), ok=torch.tensor(True))
    file = io.BytesIO()
    torch.save({"model": made.net().state_dict(), "procdsl": text}, file)
    assert made.text_of(file.getvalue()) == text
    loaded = torch.load(io.BytesIO(file.getvalue()), weights_only=True)
    module.require(loaded["procdsl"])
    module.require(json.loads(loaded["procdsl"]))
    with pytest.raises(ValueError, match="manifest: expected the pipeline carried"):
        other.modules["numpy"].require(loaded["procdsl"])
    found = read.parse(text)
    assert found.pop("provenance") == {"epoch": 50, "commit": "abc", "loss": 0.5, "ok": True}
    assert found == module.MANIFEST
    assert read.read(text) == built.pipeline
    assert module.manifest_text() == module.MANIFEST_TEXT


def test_training_puts_it_into_torchscript(built: Built) -> None:
    file = io.BytesIO()
    module = built.modules["torch"]
    text = module.manifest_text(epoch=1)
    scripted = torch.jit.script(made.net())
    torch.jit.save(scripted, file, _extra_files={"procdsl.json": text})
    assert made.text_of(file.getvalue()) == text


def test_provenance_is_added_to_what_there_is() -> None:
    once = provenance.added(TEXT, {"commit": "a" * 40, "note": ',\n  "provenance": {', "epoch": 1})
    twice = with_provenance(once, {"epoch": 2, "accuracy": [0.5, None]})
    assert read.parse(twice)["provenance"] == {
        "commit": "a" * 40,
        "note": ',\n  "provenance": {',
        "epoch": 2,
        "accuracy": [0.5, None],
    }
    assert provenance.added(twice, {}) == provenance.added(
        once, {"epoch": 2, "accuracy": [0.5, None]}
    )


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (float("nan"), ValueError, "loss: expected a value of JSON, such as 50"),
        (float("inf"), ValueError, "loss: expected a value of JSON"),
        (np.ones(3), ValueError, "loss: expected a value of JSON"),
        (torch.ones(3), ValueError, "loss: expected a value of JSON"),
        ({1, 2}, TypeError, "loss: expected a value of JSON, such as 50: set is no value of JSON"),
        (Path("x"), TypeError, "PosixPath is no value of JSON"),
    ],
)
def test_values_that_are_none_of_json(
    value: object, kind: type[Exception], said: str, built: Built
) -> None:
    with pytest.raises(kind, match=said):
        built.modules["numpy"].manifest_text(epoch=1, loss=value)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("", "manifest: expected a manifest of procdsl: Expecting value"),
        ("[" * 100_000, "manifest: expected a manifest of procdsl: maximum recursion"),
        ("[]", "expected a manifest of procdsl, got list without its id"),
        ({}, "expected a manifest of procdsl, got dict without its id"),
        (None, "expected a manifest of procdsl, got NoneType without its id"),
        ({"id": 5}, "expected the pipeline carried .*, got None 5$"),
        ({"id": "x" * 999, "pipeline": "y" * 999}, "got y{64} x{64}$"),
    ],
)
def test_require_refuses_what_is_no_manifest(manifest: Any, said: str, built: Built) -> None:
    with pytest.raises(ValueError, match=said):
        built.modules["numpy"].require(manifest)


# The two readers: a module's, and procdsl's own


def read_by_module(data: bytes, folder: Path) -> str | None:
    path = folder / "model"
    path.write_bytes(data)
    try:
        return manifest_in(path)
    except ValueError:
        return None


def compare(data: bytes) -> None:
    """A text that both read is one. A module looks at less of what is beside it, and the standard
    library's reader of archives at more."""
    theirs = read_by_module(data, FOLDER)
    try:
        ours = made.text_of(data)
    except BadModelFile:
        return
    assert theirs in (ours, None)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(damaged())
def test_both_readers_read_the_same(data: bytes) -> None:
    compare(data)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None)
@given(damaged())
def test_both_readers_read_many_the_same(data: bytes) -> None:
    compare(data)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(max_size=60))
def test_both_read_any_pickle_the_same(data: bytes) -> None:
    compare(made.repacked(made.checkpoint(), {"archive/data.pkl": data + b"."}))


@pytest.fixture(autouse=True, scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    global FOLDER
    FOLDER = tmp_path_factory.mktemp("models")


FOLDER = Path(os.devnull)
"""Where the tests of any bytes write them."""

KEYS = [name for name, (data, _) in BAD.items() if "procdsl" in BAD[name][1] or b"procdsl" in data]


@pytest.mark.parametrize("name", [*KEYS, "a DOCTYPE", "deep XML", "a group", "two graphs"])
def test_a_module_refuses_what_hides_the_key(name: str, tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.write_bytes(BAD[name][0])
    with pytest.raises(ValueError, match=str(path)):
        manifest_in(path)


@pytest.mark.parametrize(
    "data", [data for data, said in HOSTILE if "key" in said or "twice" in said]
)
def test_a_module_refuses_computed_and_doubled_keys(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.write_bytes(pickled(data))
    with pytest.raises(ValueError, match=str(path)):
        manifest_in(path)


@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_a_module_refuses_large_files(make: Any, tmp_path: Path) -> None:
    assert read_by_module(make(), tmp_path) is None


def test_a_module_runs_no_payload(tmp_path: Path) -> None:
    import pickle

    bad = payload(tmp_path / "harm")
    value = {"model": bad, "procdsl": TEXT}
    (tmp_path / "model").write_bytes(pickled(pickle.dumps(value, 2)))
    assert manifest_in(tmp_path / "model") == TEXT
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
