"""Weights & Biases: an artifact of the type `procdsl`, tags, and the steps as a table.

A tag there is a label without a name: what is said by name stands in the run's config, too, under
`procdsl`, by which runs are filtered and grouped.
"""

from __future__ import annotations

import wandb

from procdsl.tables.steps import COLUMNS
from procdsl.trackers.entry import CannotLog, Entry

ERRORS = (wandb.Error,)
_KEY = "procdsl"


def log_here(entry: Entry) -> None:
    """Log into the run that is active in this process."""
    if wandb.run is None:
        raise CannotLog("no run of W&B is active: log inside `with wandb.init():`")
    _log(wandb.run, entry)


def log_apart(entry: Entry) -> str:
    """Log into a run as `WANDB_PROJECT`, `WANDB_RUN_ID` and the like name it; the run's id."""
    with wandb.init(name=entry.name, job_type="procdsl log") as run:
        _log(run, entry)
    return str(run.id)


def _log(run: wandb.Run, entry: Entry) -> None:
    there = run.config.get(_KEY, {})
    if not isinstance(there, dict):
        raise CannotLog(f"the config of the run {run.id} has a `{_KEY}` of its own: {there!r:.60}")
    entry.check_alone(there.get("id"), run.id)
    run.config.update({_KEY: dict(entry.tags)}, allow_val_change=True)
    run.tags = tuple(dict.fromkeys((*run.tags, *_labels(entry))))
    artifact = wandb.Artifact(entry.name, type=_KEY, metadata=dict(entry.tags))
    for path, text in entry.files.items():
        with artifact.new_file(path, mode="xb") as file:
            file.write(text.encode())
    run.log_artifact(artifact)
    table = wandb.Table(columns=list(COLUMNS), data=[list(row) for row in entry.rows])
    run.log({f"{_KEY}/steps": table}, commit=False)  # the steps of training count as before


def _labels(entry: Entry) -> list[str]:
    """Name, id, commit, and `dirty` where the source was changed since; 64 characters at most."""
    named = [entry.tags[name] for name in ("name", "id", "commit") if name in entry.tags]
    return [label[:64] for label in named] + ["dirty"] * (entry.tags.get("dirty") == "true")
