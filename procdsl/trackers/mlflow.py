"""MLflow: artifacts below `procdsl/`, tags that begin with `procdsl.`, the steps as a table."""

from __future__ import annotations

import contextlib
import os
import sys

import mlflow
from mlflow import MlflowClient
from mlflow.entities import RunTag
from mlflow.exceptions import MlflowException

from procdsl.tables.steps import COLUMNS
from procdsl.trackers.entry import CannotLog, Entry

ERRORS = (MlflowException,)
_FOLDER = "procdsl"
_TABLE = f"{_FOLDER}/steps.json"


def log_here(entry: Entry) -> None:
    """Log into the run that is active in this process."""
    run = mlflow.active_run()
    if run is None:
        raise CannotLog("no run of MLflow is active: log inside `with mlflow.start_run():`")
    _log(run.info.run_id, entry)


def log_apart(entry: Entry) -> str:
    """Log into the run that `MLFLOW_RUN_ID` names, or into a new one; the run's id.

    A run that is named stays as it is otherwise: it may be training still.
    """
    named = os.environ.get("MLFLOW_RUN_ID")
    if named:
        _log(named, entry)
        return named
    # MLflow prints the run's address, and the output is the run's id
    with contextlib.redirect_stdout(sys.stderr), mlflow.start_run(run_name=entry.name) as run:
        _log(run.info.run_id, entry)
    return str(run.info.run_id)


def _log(run: str, entry: Entry) -> None:
    client = MlflowClient()
    entry.check_alone(client.get_run(run).data.tags.get(f"{_FOLDER}.id"), run)
    for path, text in entry.files.items():
        client.log_text(run, text, f"{_FOLDER}/{path}")
    tags = [RunTag(f"{_FOLDER}.{name}", value) for name, value in entry.tags.items()]
    client.log_batch(run, tags=tags)
    if _TABLE not in {file.path for file in client.list_artifacts(run, _FOLDER)}:
        # MLflow adds to a table that is there
        columns = zip(COLUMNS, zip(*entry.rows, strict=True), strict=False)
        client.log_table(run, {name: list(cells) for name, cells in columns}, _TABLE)
