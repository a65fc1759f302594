"""What a tracker is told of a pipeline, and what `procdsl log` refuses before it asks one.

Against the trackers themselves: test_trackers.py.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import model_files as made
import pytest
from command_line import said
from manifests import RICH, manifest

import procdsl
from procdsl.manifest import provenance, write
from procdsl.manifest.read import read
from procdsl.tables.steps import rows
from procdsl.trackers.entry import CannotLog, Entry, entry_of
from procdsl.trackers.log import TRACKERS
from procdsl.version import VERSION
from procdsl.workspace.errors import Misuse

IDENTITY = json.loads(made.manifest())["id"]


class Tracker(ModuleType):
    """A tracker that keeps what it is told."""

    ERRORS = (ConnectionError,)

    def __init__(self) -> None:
        super().__init__("procdsl.trackers.mlflow")
        self.told: list[Entry] = []

    def log_here(self, entry: Entry) -> None:
        self.told.append(entry)

    def log_apart(self, entry: Entry) -> str:
        self.told.append(entry)
        return "run-1"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.proc").write_text(made.PIPELINE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def tracker(work: Path, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    found = Tracker()
    monkeypatch.setitem(sys.modules, found.__name__, found)
    return found


def without(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a library be one that is not installed."""
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"procdsl.trackers.{library}", raising=False)


# What is told


def test_what_a_run_is_told_of_a_source(tracker: Tracker) -> None:
    procdsl.log("a.proc", to="mlflow", provenance={"epoch": 3, "commit": "c0ffee"})
    (entry,) = tracker.told
    assert entry.tags == {
        "name": "carried",
        "id": IDENTITY,
        "serving_id": IDENTITY,
        "version": VERSION,
        "commit": "c0ffee",
    }
    assert list(entry.files) == ["carried.manifest.json", "source/a.proc"]
    assert entry.files["source/a.proc"] == made.PIPELINE
    data = json.loads(entry.files["carried.manifest.json"])
    assert data["provenance"] == {"procdsl": VERSION, "epoch": 3, "commit": "c0ffee"}
    assert entry.rows == rows(read(made.manifest()))


@pytest.mark.parametrize("kind", ["onnx", "checkpoint", "a.manifest.json"])
def test_a_manifest_says_itself_where_it_comes_from(
    kind: str, tracker: Tracker, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = provenance.added(made.manifest(), {"commit": "abc", "dirty": True, "epoch": 5})
    (work / "a.manifest.json").write_text(text)
    if kind in made.MADE:
        (work / kind).write_bytes(made.MADE[kind]())
        assert said(capsys, "embed", "a.manifest.json", kind)[0] == 0
    assert said(capsys, "log", kind, "--to", "mlflow", "--set", "data=v3") == (0, "run-1\n", "")
    (entry,) = tracker.told
    assert (entry.tags["commit"], entry.tags["dirty"]) == ("abc", "true")
    told = json.loads(entry.files["carried.manifest.json"])["provenance"]
    assert told == {"commit": "abc", "dirty": True, "epoch": 5, "procdsl": VERSION, "data": "v3"}


def test_params(tracker: Tracker, work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = made.PIPELINE.replace("pipeline carried\n", "pipeline carried\n\nparam grey = 114\n")
    text = text.replace("resize(h=32, w=32,", "letterbox(h=32, w=32, fill=grey,")
    (work / "a.proc").write_text(text)
    procdsl.log(work / "a.proc", to="mlflow", params={"grey": 7})
    assert said(capsys, "log", "a.proc", "--to", "mlflow", "-D", "grey=7")[0] == 0
    one, other = tracker.told
    assert one == other
    assert "fill=7" in one.rows[1].arguments
    (work / "a.manifest.json").write_text(one.files["carried.manifest.json"])
    with pytest.raises(ValueError, match=r"a.manifest.json is a manifest, whose params are set"):
        procdsl.log("a.manifest.json", to="mlflow", params={"grey": 7})


def test_what_is_used_is_logged_with_it() -> None:
    text = write.text(manifest(RICH))
    assert list(entry_of("rich.proc", text).files) == [
        "rich.manifest.json",
        "source/p.proc",
        "source/common.proc",
    ]


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("a" * 250, "a" * 250),
        ("a" * 9_000, "a" * 247 + "..."),
        (["a", 1], '["a", 1]'),
        (None, "null"),
        ("é", "é"),
    ],
)
def test_a_foreign_commit_is_a_tag_that_trackers_take(value: Any, tag: str) -> None:
    text = provenance.added(made.manifest(), {"commit": value})
    assert entry_of("m", text).tags["commit"] == tag


def test_one_run_holds_one_pipeline() -> None:
    entry = entry_of("m", made.manifest())
    entry.check_alone(None, "r")
    entry.check_alone(IDENTITY, "r")
    with pytest.raises(CannotLog, match=f"run r holds the pipeline 0f0f, and this is {IDENTITY}"):
        entry.check_alone("0f0f", "r")


def test_sources_that_have_no_place() -> None:
    data = json.loads(made.manifest())
    data["source"]["name"] = "../../a.proc"
    with pytest.raises(Misuse, match=r"m: its source has the name '../../a.proc'"):
        entry_of("m", write.text(data))


# What is refused


@pytest.mark.parametrize("library", TRACKERS)
def test_without_the_library(
    library: str, work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    without(library, monkeypatch)
    wanted = f"{library} is not installed: pip install 'procdsl[{library}]'"
    code, out, err = said(capsys, "log", "a.proc", "--to", library)
    assert (code, out, err) == (2, "", f"procdsl: error: {wanted}\n")
    with pytest.raises(ImportError) as error:
        procdsl.log("a.proc", to=library)
    assert str(error.value) == wanted


def test_another_tracker(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "log", "a.proc", "--to", "neptune")
    assert (code, "invalid choice: 'neptune'" in err) == (2, True)
    with pytest.raises(ValueError, match="there is no tracker 'neptune': mlflow or wandb"):
        procdsl.log("a.proc", to="neptune")
    code, _, err = said(capsys, "log", "a.proc")
    assert (code, "required: --to" in err) == (2, True)


def test_a_file_with_errors(
    tracker: Tracker, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "b.proc").write_text(made.PIPELINE.replace("cv2.linear", "cv2.linaer"))
    code, out, err = said(capsys, "log", "b.proc", "--to", "mlflow")
    assert (code, out, "error[E" in err) == (1, "", True)
    with pytest.raises(ValueError, match=r"(?s)^b.proc has errors:\n\nerror\[E.*cv2.linaer"):
        procdsl.log("b.proc", to="mlflow")
    with pytest.raises(ValueError, match=r"none.proc does not exist"):
        procdsl.log("none.proc", to="mlflow")
    with pytest.raises(ValueError, match="what is added to the provenance: "):
        procdsl.log("a.proc", to="mlflow", provenance={"x": object()})
    assert tracker.told == []


def test_a_server_that_does_not_answer(
    tracker: Tracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(entry: Entry) -> str:
        raise ConnectionError("nobody is there")

    monkeypatch.setattr(tracker, "log_apart", refuse)
    code, out, err = said(capsys, "log", "a.proc", "--to", "mlflow")
    assert (code, out, err) == (2, "", "procdsl: error: mlflow: nobody is there\n")
