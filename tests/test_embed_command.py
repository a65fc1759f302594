"""`procdsl embed`: what it writes, what it refuses, and what stays when it is interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import model_files as made
import pytest
from command_line import names, said
from test_compile_command import git

from procdsl.modelfile.format import Interface
from procdsl.modelfile.formats import format_of
from procdsl.version import VERSION
from procdsl.workspace import models


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two pipelines and a model of each format."""
    (tmp_path / "a.proc").write_text(made.PIPELINE)
    (tmp_path / "b.proc").write_text(made.OTHER)
    for kind, make in made.MADE.items():
        (tmp_path / kind).write_bytes(make())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def carried(path: str) -> Any:
    return json.loads(models.carried(path).text)


@pytest.mark.parametrize("kind", made.MADE)
def test_embed(kind: str, work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "embed", "a.proc", kind) == (0, f"{kind}\n", "")
    wanted = json.loads(made.manifest())
    found = carried(kind)
    assert found.pop("provenance") == {"procdsl": VERSION}
    assert found["source"].pop("name") == "a.proc"
    del wanted["source"]["name"]
    assert found == wanted
    assert sorted(names(work)) == sorted(["a.proc", "b.proc", *made.MADE])


def test_values_keep_their_types(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = {
        "epoch": ("50", 50),
        "loss": ("0.031", 0.031),
        "good": ("true", True),
        "nothing": ("null", None),
        "run": ("night 3", "night 3"),
        "commit": ("abc", "abc"),
        "quoted": ('"50"', "50"),
        "tags": ('["a", {"b": 1}]', ["a", {"b": 1}]),
        "nan": ("NaN", "NaN"),
        "huge": ("1e400", "1e400"),
        "long": ("1" * 5000, "1" * 5000),
        "deep": ("[" * 5000, "[" * 5000),
        "empty": ("", ""),
        "equals": ("a=b", "a=b"),
    }
    words = [word for name, (text, _) in values.items() for word in ("--set", f"{name}={text}")]
    assert said(capsys, "embed", "a.proc", "onnx", *words)[0] == 0
    wanted = {name: value for name, (_, value) in values.items()}
    assert carried("onnx")["provenance"] == {"procdsl": VERSION, **wanted}


@pytest.mark.parametrize(
    ("setting", "wanted"),
    [
        ("epoch", "--set epoch: expected KEY=VALUE, such as --set epoch=50"),
        ("=5", "expected KEY=VALUE"),
        ("a b=5", "expected KEY=VALUE"),
        ("procdsl=5", "procdsl is set already"),
        ("x=" + "a" * 10_001, "--set x: 10,001 characters, 10,000 at most"),
        ("x=" + "[" * 20 + "]" * 20, "nested deeper than"),
    ],
)
def test_bad_values(
    setting: str, wanted: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "embed", "a.proc", "onnx", "--set", setting)
    assert (code, out, wanted in err) == (2, "", True), err
    assert (work / "onnx").read_bytes() == made.onnx()


def test_twice_the_same_value(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "embed", "a.proc", "onnx", "--set", "x=1", "--set", "x=2")
    assert (code, "x is set already" in err) == (2, True)


def test_the_commit_of_the_source(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(work, "init", "-q")
    git(work, "add", "a.proc")
    git(work, "commit", "-q", "-m", "first")
    assert said(capsys, "embed", "a.proc", "onnx")[0] == 0
    found = carried("onnx")["provenance"]
    assert (len(found["commit"]), found["dirty"]) == (40, False)
    (work / "a.proc").write_text(made.PIPELINE + "# changed\n")
    assert said(capsys, "embed", "a.proc", "onnx", "--set", "dirty=3")[0] == 0
    assert carried("onnx")["provenance"] == {**found, "dirty": 3}


def test_another_pipeline_is_replaced_by_force_alone(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "embed", "a.proc", "checkpoint")[0] == 0
    before = (work / "checkpoint").read_bytes()
    code, _, err = said(capsys, "embed", "b.proc", "checkpoint")
    assert code == 2
    assert "checkpoint carries the pipeline carried (" in err
    assert "and b.proc is carried (" in err
    assert "--force replaces it" in err
    assert (work / "checkpoint").read_bytes() == before
    assert said(capsys, "embed", "a.proc", "checkpoint", "--set", "epoch=2")[0] == 0
    assert carried("checkpoint")["provenance"]["epoch"] == 2
    assert said(capsys, "embed", "b.proc", "checkpoint", "--force")[0] == 0
    assert carried("checkpoint")["id"] == json.loads(made.manifest(made.OTHER))["id"]


def test_a_copy_never_replaces_another_pipeline(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "embed", "b.proc", "onnx", "-o", "copy.onnx")[0] == 0
    assert (work / "onnx").read_bytes() == made.onnx()
    code, _, err = said(capsys, "embed", "a.proc", "onnx", "-o", "copy.onnx")
    assert (code, "copy.onnx carries the pipeline" in err) == (2, True)


def test_a_manifest_that_is_not_whole_is_replaced_by_force_alone(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "onnx").write_bytes(made.onnx(made.onnx_entry(b"procdsl", b"mine")))
    code, _, err = said(capsys, "embed", "a.proc", "onnx")
    assert (code, "carries a manifest that is not whole (not JSON" in err) == (2, True)
    assert said(capsys, "embed", "a.proc", "onnx", "--force")[0] == 0
    assert carried("onnx")["pipeline"] == "carried"


@pytest.mark.parametrize("source", ["a.manifest.json", "torchscript"])
def test_from_a_manifest_or_another_model(
    source: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it says of its provenance goes along."""
    (work / "a.manifest.json").write_text(made.manifest())
    said(capsys, "embed", "a.proc", "torchscript", "--set", "epoch=4")
    assert said(capsys, "embed", source, "onnx", "--set", "run=b")[0] == 0
    epoch = {"epoch": 4} if source == "torchscript" else {}
    assert carried("onnx")["provenance"] == {"procdsl": VERSION, **epoch, "run": "b"}
    code, _, err = said(capsys, "embed", source, "onnx", "-D", "size=3")
    assert (code, "is a manifest, whose params are set" in err) == (2, True)


def test_a_source_with_errors(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "bad.proc").write_text(made.PIPELINE.replace("1/255", "1/0"))
    code, _, err = said(capsys, "embed", "bad.proc", "onnx")
    assert (code, "error[E" in err) == (1, True)
    assert (work / "onnx").read_bytes() == made.onnx()


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        ("none.onnx", "none.onnx does not exist"),
        ("a.proc", "a.proc: it is no model file that procdsl knows"),
        (".", ".: it is no model file that procdsl knows"),
        ("/dev/null", "/dev/null is a device, not a file"),
    ],
)
def test_what_is_no_model(
    model: str, wanted: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = said(capsys, "embed", "a.proc", model)
    assert (code, wanted in err) == (2, True), err


def test_a_folder(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "vit").mkdir()
    made.write_all(work / "vit", {"config.json": b"{}", "preprocessor_config.json": b'{"a": 1.5}'})
    assert said(capsys, "embed", "a.proc", "vit") == (0, "vit\n", "")
    config = json.loads((work / "vit" / "preprocessor_config.json").read_text())
    assert config == {"a": 1.5, "procdsl": carried("vit")["id"]}
    assert names(work / "vit") == ["config.json", "preprocessor_config.json", "procdsl.json"]
    code, _, err = said(capsys, "embed", "a.proc", "vit", "-o", "other")
    assert (code, "is a folder, which is changed in its place" in err) == (2, True)
    code, _, err = said(capsys, "embed", "a.proc", "onnx", "-o", "vit")
    assert (code, "vit is a folder: -o names the file" in err) == (2, True)


def test_weights_beside_the_model(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "m.xml").write_text(made.XML)
    (work / "m.bin").write_bytes(b"weights")
    (work / "d").mkdir()
    for out, weights in (("n.xml", "n.bin"), ("d/m.xml", "d/m.bin"), ("d/m.xml", "d/m.bin")):
        assert said(capsys, "embed", "a.proc", "m.xml", "-o", out)[0] == 0
        assert (work / weights).read_bytes() == b"weights"
    (work / "n.bin").write_bytes(b"other weights")
    code, _, err = said(capsys, "embed", "a.proc", "m.xml", "-o", "n.xml")
    assert (code, "n.bin is another file than m.bin" in err) == (2, True)
    assert (work / "n.bin").read_bytes() == b"other weights"
    assert said(capsys, "embed", "a.proc", "m.xml")[0] == 0
    assert (work / "m.bin").read_bytes() == b"weights"


def test_the_mode_and_a_link_stay(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "onnx").chmod(0o640)
    (work / "latest").symlink_to("onnx")
    assert said(capsys, "embed", "a.proc", "latest")[0] == 0
    assert (work / "latest").is_symlink()
    assert (work / "onnx").stat().st_mode & 0o777 == 0o640
    assert carried("onnx")["pipeline"] == "carried"


# Interruptions


def test_a_full_disk_leaves_the_old_file(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = (work / "checkpoint").read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    code, _, err = said(capsys, "embed", "a.proc", "checkpoint")
    assert (code, "cannot be written: No space left on device" in err) == (2, True)
    assert (work / "checkpoint").read_bytes() == before
    assert sorted(names(work)) == sorted(["a.proc", "b.proc", *made.MADE])


COMMAND = [sys.executable, "-m", "procdsl", "embed", "--force"]
WEIGHTS = 40_000_000


def test_a_process_that_is_killed_leaves_the_old_file(work: Path) -> None:
    header = f'{{"w":{{"dtype":"U8","shape":[{WEIGHTS}],"data_offsets":[0,{WEIGHTS}]}}}}'.encode()
    large = work / "large"
    large.write_bytes(made.safetensors_of(header, bytes(WEIGHTS)))
    for wait in (0.15, 0.25, 0.3, 0.35, 0.4, None):
        before = large.stat().st_ino, large.stat().st_mtime_ns
        process = subprocess.Popen([*COMMAND, "a.proc", "large"], stdout=subprocess.DEVNULL)
        if wait is not None:
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        done = process.wait() == 0
        replaced = (large.stat().st_ino, large.stat().st_mtime_ns) != before
        assert replaced or not done
        with large.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
        assert large.stat().st_size == 8 + size + WEIGHTS
        assert not replaced or carried("large")["pipeline"] == "carried"


def test_several_at_once_leave_one_whole_file(work: Path) -> None:
    def run(number: int) -> int:
        source = ("a.proc", "b.proc")[number % 2]
        return subprocess.run(
            [*COMMAND, source, "checkpoint", "--set", f"number={number}"], capture_output=True
        ).returncode

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(8))) == [0] * 8
    found = carried("checkpoint")
    source = (made.PIPELINE, made.OTHER)[found["provenance"]["number"] % 2]
    assert found["id"] == json.loads(made.manifest(source))["id"]
    assert sorted(names(work)) == sorted(["a.proc", "b.proc", *made.MADE])


def test_the_interface_that_is_carried(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "embed", "a.proc", "pt2")
    with models.opened("pt2") as model:
        wanted = format_of(model).interface(model)
    assert isinstance(wanted, Interface)
    assert models.carried("pt2").interface == wanted
