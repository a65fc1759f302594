"""What a run of an experiment tracker is told of a pipeline, whichever tracker it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from procdsl.manifest import canonical, read
from procdsl.manifest.read import BadManifest
from procdsl.manifest.sources import laid_out
from procdsl.records import dataclass
from procdsl.tables.steps import Row, rows
from procdsl.types.constants import shorten
from procdsl.workspace import pipelines
from procdsl.workspace.errors import Misuse

_TOLD = ("commit", "dirty")
"""What of a manifest's provenance is a tag."""
_TAG = 250
"""How long a tag is at most; every tracker takes as much."""


class CannotLog(ValueError):
    """A run cannot take a pipeline; the text says why."""


@dataclass(frozen=True)
class Entry:
    """A pipeline as a run keeps it."""

    name: str
    tags: Mapping[str, str]
    files: Mapping[str, str]
    """The manifest and the sources, by their paths."""
    rows: Sequence[Row]
    """The table of the steps."""

    def check_alone(self, there: str | None, run: str) -> None:
        """Refuse a run that holds a pipeline of another id: its artifacts would be mixed."""
        if there not in (None, self.tags["id"]):
            raise CannotLog(
                f"the run {run} holds the pipeline {there}, and this is {self.tags['id']}: one run "
                "holds one pipeline"
            )


def entry_of(path: str, manifest: str) -> Entry:
    """What is logged of the pipeline of a file, which has this manifest."""
    pipeline = pipelines.pipeline_of(path, manifest)
    data = read.parse(manifest)
    told = data.get("provenance", {})
    try:
        sources = laid_out(pipeline).files
    except BadManifest as error:
        raise Misuse(f"{path}: {error}") from None
    return Entry(
        pipeline.name,
        {
            "name": pipeline.name,
            "id": canonical.identity(pipeline),
            "serving_id": canonical.serving_identity(pipeline),
            "version": data["procdsl"],
            **{key: _text(told[key]) for key in _TOLD if key in told},
        },
        {
            f"{pipeline.name}.manifest.json": manifest,
            **{f"source/{name}": text for name, text in sources.items()},
        },
        rows(pipeline),
    )


def _text(value: object) -> str:
    """A value of the provenance, which may be anything in JSON, as a tag."""
    return shorten(value if isinstance(value, str) else json.dumps(value), _TAG)
