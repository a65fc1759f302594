"""Logs a pipeline to an experiment tracker."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from typing import Any

from procdsl.trackers.entry import entry_of
from procdsl.workspace import pipelines
from procdsl.workspace.errors import Misuse

TRACKERS = ("mlflow", "wandb")


def log(
    path: str | os.PathLike[str],
    to: str,
    *,
    params: Mapping[str, object] | None = None,
    provenance: Mapping[str, object] | None = None,
) -> None:
    """Log the pipeline of a file into the run of `mlflow` or `wandb` that is active.

    The file is a source, a manifest or a model file. The run gets the manifest and the source as
    artifacts, the steps as a table, and name, id, commit and whether the source was changed since
    as tags. `params` are what the command line sets with `-D`, `provenance` is what it adds with
    `--set`.

    A ValueError says what is wrong with the file or the run, an ImportError that the tracker is not
    installed; errors of the tracker itself are its own.
    """
    from procdsl.diagnostics.render import render

    chosen, file = tracker(to), os.fspath(path)
    settings = {name: str(value) for name, value in (params or {}).items()}
    try:
        found = pipelines.described(file, settings, provenance)
        if found.pipeline is None:
            raise ValueError(f"{file} has errors:\n\n{render(found.diagnostics, 'text')}")
        entry = entry_of(file, found.manifest)
    except Misuse as error:
        raise ValueError(str(error)) from None
    chosen.log_here(entry)


def tracker(name: str) -> Any:
    """The module of a tracker."""
    if name not in TRACKERS:
        raise ValueError(f"there is no tracker {name!r}: {' or '.join(TRACKERS)}")
    try:
        return importlib.import_module(f"procdsl.trackers.{name}")
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ImportError(f"{name} is not installed: pip install 'procdsl[{name}]'") from None
