"""`procdsl log` and `procdsl.log` against a real MLflow server and W&B offline.

The trackers are not installed for development: `make test-integrations` runs this where they are.
"""

from __future__ import annotations

import contextlib
import json
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import documents
import model_files as made
import numpy as np
import pytest
from command_line import GOOD, PHOTOGRAPH, said
from PIL import Image
from test_compile_command import git
from tracker_servers import free_port, offline_records, served, without_procdsl

import procdsl
from procdsl.manifest.read import read
from procdsl.tables.steps import COLUMNS, rows
from procdsl.version import VERSION

pytestmark = [pytest.mark.integrations, pytest.mark.filterwarnings("default")]

QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An MLflow server with sqlite."""
    folder, port = tmp_path_factory.mktemp("mlflow"), free_port()
    address = f"http://127.0.0.1:{port}"
    words = [
        *(sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)),
        *("--backend-store-uri", f"sqlite:///{folder / 'runs.db'}", "--workers", "1"),
        *("--artifacts-destination", str(folder / "artifacts")),
    ]
    with served(words, f"{address}/health", folder, QUIET):
        yield address


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.proc").write_text(made.PIPELINE)
    (tmp_path / "b.proc").write_text(made.OTHER)
    monkeypatch.chdir(tmp_path)
    for name, value in QUIET.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def mlflow(server: str, work: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    import mlflow

    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    yield mlflow
    assert mlflow.active_run() is None


@pytest.fixture
def wandb(work: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    import wandb

    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    for name in ("DIR", "DATA_DIR", "CACHE_DIR", "CONFIG_DIR", "ARTIFACT_DIR"):
        monkeypatch.setenv(f"WANDB_{name}", str(work))
    yield wandb
    assert wandb.run is None
    wandb.teardown()  # it reads its environment once


def identity(text: str = made.PIPELINE) -> str:
    found: str = json.loads(made.manifest(text))["id"]
    return found


def tags_of(mlflow: Any, run: str) -> dict[str, str]:
    """The tags of a run that are procdsl's."""
    found = mlflow.get_run(run).data.tags
    return {key.partition(".")[2]: found[key] for key in found if key.startswith("procdsl.")}


def artifact(mlflow: Any, run: str, path: str) -> str:
    text: str = mlflow.artifacts.load_text(f"runs:/{run}/procdsl/{path}")
    return text


def table_of(mlflow: Any, run: str) -> list[tuple[Any, ...]]:
    table = mlflow.load_table("procdsl/steps.json", run_ids=[run])
    assert tuple(table.columns) == COLUMNS
    return [tuple(row) for row in table.itertuples(index=False)]


# MLflow


def test_a_run_of_mlflow(mlflow: Any, work: Path) -> None:
    git(work, "init", "-q")
    git(work, "add", "a.proc")
    git(work, "commit", "-q", "-m", "first")
    with mlflow.start_run() as run:
        mlflow.log_metric("loss", 0.5, step=1)
        procdsl.log("a.proc", to="mlflow", provenance={"epoch": 3})
        mlflow.log_metric("loss", 0.4, step=2)
    tags = tags_of(mlflow, run.info.run_id)
    assert len(tags.pop("commit")) == 40
    assert tags == {
        "name": "carried",
        "id": identity(),
        "serving_id": identity(),
        "version": VERSION,
        "dirty": "false",
    }
    text = artifact(mlflow, run.info.run_id, "carried.manifest.json")
    assert json.loads(text)["provenance"]["epoch"] == 3
    assert artifact(mlflow, run.info.run_id, "source/a.proc") == made.PIPELINE
    assert table_of(mlflow, run.info.run_id) == [tuple(row) for row in rows(read(text))]
    found = mlflow.get_run(run.info.run_id)
    assert (found.info.status, found.data.metrics) == ("FINISHED", {"loss": 0.4})


def test_it_may_be_logged_again_and_another_may_not(mlflow: Any, work: Path) -> None:
    with mlflow.start_run() as run:
        procdsl.log("a.proc", to="mlflow")
        (work / "a.proc").write_text(made.PIPELINE + "# a comment\n")
        procdsl.log(work / "a.proc", to="mlflow")
        with pytest.raises(ValueError, match=f"holds the pipeline {identity()}, and this is"):
            procdsl.log("b.proc", to="mlflow")
    assert tags_of(mlflow, run.info.run_id)["id"] == identity()
    assert artifact(mlflow, run.info.run_id, "source/a.proc").endswith("# a comment\n")
    assert len(table_of(mlflow, run.info.run_id)) == len(rows(read(made.manifest())))


def test_no_run_is_active(mlflow: Any, wandb: Any) -> None:
    with pytest.raises(ValueError, match="no run of MLflow is active: log inside"):
        procdsl.log("a.proc", to="mlflow")
    with pytest.raises(ValueError, match="no run of W&B is active: log inside"):
        procdsl.log("a.proc", to="wandb")


@pytest.mark.parametrize("kind", ["a.proc", "checkpoint", "a.manifest.json"])
def test_the_command_makes_a_run_of_its_own(
    kind: str, mlflow: Any, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(work, "init", "-q")
    git(work, "add", "a.proc")
    git(work, "commit", "-q", "-m", "first")
    (work / "a.proc").write_text(made.PIPELINE + "# changed\n")
    (work / "checkpoint").write_bytes(made.MADE["checkpoint"]())
    assert said(capsys, "embed", "a.proc", "checkpoint", "--set", "epoch=2")[0] == 0
    (work / "a.manifest.json").write_text(made.manifest())
    code, out, _ = said(capsys, "log", kind, "--to", "mlflow", "--set", "data=v3")
    assert code == 0
    run = mlflow.get_run(out.removesuffix("\n"))
    assert (run.info.run_name, run.info.status) == ("carried", "FINISHED")
    tags = tags_of(mlflow, run.info.run_id)
    assert tags["id"] == identity()
    assert tags.get("dirty") == (None if kind == "a.manifest.json" else "true")
    found = json.loads(artifact(mlflow, run.info.run_id, "carried.manifest.json"))["provenance"]
    assert (found["data"], found.get("epoch")) == ("v3", 2 if kind == "checkpoint" else None)


def test_the_command_adds_to_a_run_and_leaves_it_running(
    mlflow: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = mlflow.MlflowClient()
    run = client.create_run("0").info.run_id
    monkeypatch.setenv("MLFLOW_RUN_ID", run)
    assert said(capsys, "log", "a.proc", "--to", "mlflow") == (0, f"{run}\n", "")
    assert tags_of(mlflow, run)["id"] == identity()
    assert client.get_run(run).info.status == "RUNNING"
    code, out, err = said(capsys, "log", "b.proc", "--to", "mlflow")
    assert (code, out) == (2, "")
    assert f"procdsl: error: mlflow: the run {run} holds the pipeline {identity()}" in err
    monkeypatch.setenv("MLFLOW_RUN_ID", "0" * 32)
    code, _, err = said(capsys, "log", "a.proc", "--to", "mlflow")
    assert (code, "procdsl: error: mlflow: " in err, "0" * 32 in err) == (2, True, True)
    client.set_terminated(run)


def test_params_and_what_a_pipeline_uses(mlflow: Any, work: Path) -> None:
    (work / "sub").mkdir()
    (work / "pyproject.toml").write_text("")
    (work / "common.proc").write_text("proc 1\nlet scale = 1/255\n")
    text = GOOD.replace("1/255", "scale").replace("param", 'use "../common.proc"\nparam')
    (work / "sub" / "c.proc").write_text(text)
    with mlflow.start_run() as run:
        procdsl.log("sub/c.proc", to="mlflow", params={"size": 9})
    assert table_of(mlflow, run.info.run_id)[0][3] == "h=9, w=9, sampler=cv2.linear"
    assert artifact(mlflow, run.info.run_id, "source/folder1/c.proc") == text
    assert "let scale" in artifact(mlflow, run.info.run_id, "source/common.proc")


# Weights & Biases


def offline(wandb: Any, work: Path) -> dict[str, Any]:
    """What the one offline run holds: its config, tags, history, artifacts with their files."""
    wandb.teardown()  # waits until the process that writes the file has ended
    (path,) = work.rglob("run-*.wandb")
    found: dict[str, Any] = {"config": {}, "history": [], "artifacts": {}}
    for record in offline_records(path):
        for update in (*record.config.update, *record.run.config.update):
            found["config"][update.key] = json.loads(update.value_json)
        if record.HasField("run"):
            found["tags"] = list(record.run.tags)
            found["id"] = record.run.run_id
        if record.HasField("history"):
            items = record.history.item
            found["history"].append(
                {"/".join(i.nested_key): json.loads(i.value_json) for i in items}
            )
        kept = record.artifact
        if kept.type == "procdsl":
            files = {
                entry.path: Path(entry.local_path).read_text() for entry in kept.manifest.contents
            }
            found["artifacts"][kept.name] = {"metadata": json.loads(kept.metadata), "files": files}
    return found


def test_a_run_of_wandb(wandb: Any, work: Path) -> None:
    git(work, "init", "-q")
    git(work, "add", "b.proc")
    git(work, "commit", "-q", "-m", "first")
    with wandb.init(project="p", tags=["mine"], config={"lr": 0.1}) as run:
        run.log({"loss": 0.5})
        procdsl.log("a.proc", to="wandb", provenance={"epoch": 3})
        procdsl.log("a.proc", to="wandb", provenance={"epoch": 4})
        run.log({"loss": 0.4})
        with pytest.raises(ValueError, match=f"holds the pipeline {identity()}"):
            procdsl.log("b.proc", to="wandb")
    found = offline(wandb, work)
    told = found["config"]["procdsl"]
    commit = told.pop("commit")
    assert told == {
        "name": "carried",
        "id": identity(),
        "serving_id": identity(),
        "version": VERSION,
        "dirty": "true",
    }
    assert found["config"]["lr"] == 0.1
    assert found["tags"] == ["mine", "carried", identity(), commit, "dirty"]
    kept = found["artifacts"]["carried"]
    assert kept["metadata"] == {**told, "commit": commit}
    assert kept["files"]["source/a.proc"] == made.PIPELINE
    text = kept["files"]["carried.manifest.json"]
    assert json.loads(text)["provenance"]["epoch"] == 4
    assert [entry.get("loss") for entry in found["history"]] == [0.5, 0.4]
    assert [entry["_step"] for entry in found["history"]] == [0, 1]
    (file,) = work.glob(f"**/files/{found['history'][1]['procdsl/steps/path']}")
    data = json.loads(file.read_text())
    assert data == {"columns": list(COLUMNS), "data": [list(row) for row in rows(read(text))]}


def test_a_config_of_ones_own_is_not_replaced(wandb: Any) -> None:
    with wandb.init(project="p", config={"procdsl": "0.1"}) as run:
        with pytest.raises(ValueError, match="has a `procdsl` of its own: '0.1'"):
            procdsl.log("a.proc", to="wandb")
        assert (run.config["procdsl"], run.tags) == ("0.1", ())


def test_the_command_makes_an_offline_run(
    wandb: Any, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = said(capsys, "log", "a.proc", "--to", "wandb")
    found = offline(wandb, work)
    assert (code, out) == (0, f"{found['id']}\n")
    assert found["config"]["procdsl"]["id"] == identity()
    assert found["history"][0]["procdsl/steps/nrows"] == len(rows(read(made.manifest())))


# The page, with the model that is served


def test_what_the_page_of_trackers_shows_is_what_happens(
    mlflow: Any, wandb: Any, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it, up to a service on another machine: an environment without procdsl."""
    port = str(free_port())
    page = work / "tracking.md"
    page.write_text(documents.TRACKING.read_text(encoding="utf-8").replace("5001", port))
    shutil.copy(PHOTOGRAPH, "cat.png")
    Image.open(PHOTOGRAPH).convert("RGB").resize((90, 60)).save("cat.jpg")
    monkeypatch.setattr(sys, "path", [str(work / "build"), *sys.path])
    elsewhere = work / "elsewhere"
    elsewhere.mkdir()
    ran = []
    with contextlib.ExitStack() as stack:

        def shell(line: str) -> None:
            program, *words = shlex.split(line)
            while "=" in program:
                monkeypatch.setenv(*program.split("=", 1))
                program, *words = words
            ran.append(program)
            if program == "mlflow":
                python = without_procdsl(elsewhere / "env")
                path = f"{python.parent}:/usr/bin:/bin"
                command = [str(python), "-m", "mlflow", *words]
                alive = f"http://127.0.0.1:{port}/ping"
                stack.enter_context(served(command, alive, elsewhere, {"PATH": path}))
            else:
                assert (program, documents.ran(*words)[0]) == ("procdsl", 0)

        names = {"__name__": "page"}
        documents.follow(page, names, shell)
        refused(f"http://127.0.0.1:{port}/invocations")
    assert ran == ["mlflow", "procdsl", "procdsl"]
    assert (
        mlflow.search_runs(experiment_names=["pipelines"])["tags.procdsl.name"][0] == "classifier"
    )


def refused(address: str) -> None:
    """What was processed already is no photo, and the service says so."""
    import urllib.error
    import urllib.request

    pixels = np.full((1, 8, 8, 3), 0.5).tolist()
    for given in (
        {"inputs": pixels},
        {"instances": pixels},
        {"dataframe_split": {"columns": ["photo"], "data": [pixels]}},
        {"dataframe_split": {"columns": ["photo"], "data": [["AAAA"]]}},  # three bytes of no photo
    ):
        data = json.dumps(given).encode()
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(request)
        assert (error.value.code, json.load(error.value)["error_code"]) == (400, "BAD_REQUEST")
