"""`procdsl inspect`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from procdsl.cli import checking, paths
from procdsl.manifest import canonical, read
from procdsl.tables.texts import aligned
from procdsl.workspace import models, pipelines
from procdsl.workspace.models import Carried

if TYPE_CHECKING:
    from procdsl.ir.pipeline import Pipeline, Step
    from procdsl.modelfile.format import Interface


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model", type=paths.path, help="a model file, a Hugging Face folder, or a manifest"
    )
    parser.add_argument(
        "file",
        type=paths.path,
        nargs="?",
        metavar="file.proc",
        help="tell whether it is this pipeline",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    checking.add_arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Print what the model carries; fail where it is not the pipeline of the file."""
    found = models.carried(given.model)
    pipeline = pipelines.pipeline_of(given.model, found.text)
    matches = None
    if given.file:
        other, diagnostics = checking.read(given.file, given)
        if diagnostics:
            checking.report(diagnostics, given.error_format)
        if other is None:
            return 1
        matches = canonical.identity(other) == canonical.identity(pipeline)
    manifest = read.parse(found.text)
    if given.json:
        print(json.dumps(_data(given, found, manifest, matches), indent=2))
    else:
        for line in _lines(given, found, manifest, pipeline, matches):
            print(line.rstrip())
    return 1 if matches is False else 0


def _data(
    given: argparse.Namespace, found: Carried, manifest: Mapping[str, Any], matches: bool | None
) -> dict[str, Any]:
    stated = found.interface and {
        side: [
            {"name": t.name, "dtype": t.dtype, "shape": t.shape}
            for t in getattr(found.interface, side)
        ]
        for side in ("inputs", "outputs")
    }
    return {
        "model": given.model,
        "format": found.format,
        "stated": stated,
        "matches": matches,
        "manifest": manifest,
    }


def _lines(
    given: argparse.Namespace,
    found: Carried,
    manifest: Mapping[str, Any],
    pipeline: Pipeline,
    matches: bool | None,
) -> Iterator[str]:
    yield f"{given.model} ({found.format})"
    if matches is not None:
        yield f"{'is' if matches else 'is not'} the pipeline of {given.file}"
    yield ""
    yield from _rows("pipeline", [pipeline.name, *pipeline.doc.splitlines()])
    yield from _rows("id", [manifest["id"]])
    yield from _rows(
        "source", [f"{manifest['source']['name']}, SHA-256 {manifest['source']['sha256']}"]
    )
    yield from _rows("uses", [used["name"] for used in manifest["used"]])
    yield from _rows("compiled by", [f"procdsl {manifest['procdsl']}"])
    yield from _rows("params", [f"{p['name']} = {p['value']}" for p in manifest["params"]])
    yield from _rows(
        "externs", [f"{e.name} from {e.target}, SHA-256 {e.sha256}" for e in pipeline.externs]
    )
    yield ""
    yield from _rows("input", canonical.input_texts(pipeline))
    contract = canonical.model(pipeline.model)
    yield from _rows("model takes", contract["inputs"])
    yield from _rows("model gives", contract["outputs"])
    if "plan" in manifest:
        yield from _rows("baked file", [f"takes {text}" for text in manifest["plan"]["takes"]])
        yield from _rows("", [f"gives {text}" for text in manifest["plan"]["gives"]])
    yield from _rows("in the file", _stated(found.interface) or [found.unstated])
    yield from _rows("output", [f"{v.name}: {v.type.described()}" for v in pipeline.outputs])
    for block in ("pre", "post"):
        if manifest[block]:
            yield ""
            yield block
            yield from _table(list(_steps(pipeline, block)))
    if manifest.get("provenance"):
        yield ""
        yield "provenance"
        yield from _table([[k, json.dumps(v)] for k, v in manifest["provenance"].items()])


def _rows(name: str, values: Sequence[str]) -> Iterator[str]:
    """A name, and behind it its values, one a line."""
    for number, value in enumerate(values):
        yield f"{'' if number else name:12} {value}"


def _stated(interface: Interface | None) -> list[str]:
    """What the file states of the model's inputs and outputs."""
    if interface is None:
        return []
    return [
        f"{arrow} {tensor.told + ': ' if tensor.told else ''}{tensor}"
        for arrow, tensors in (("takes", interface.inputs), ("gives", interface.outputs))
        for tensor in tensors
    ]


def _steps(pipeline: Pipeline, block: str) -> Iterator[list[str]]:
    """Number, call, result and numerics of each step, and of a baked one the place; those of a
    branch with its name."""
    from procdsl.ir.pipeline import modes

    places = pipeline.plan.places if pipeline.plan else {}
    for number, (mode, step) in enumerate(modes(getattr(pipeline, block)), start=1):
        place = [places.get((block, number), "")] if places else []
        yield [f"{number} {mode}".rstrip(), *_step(step), *place]


def _step(step: Step) -> list[str]:
    from procdsl.ir.unparse import call_text
    from procdsl.tables.steps import numerics_text
    from procdsl.types.constants import shorten

    types = ", ".join(value.type.described() for value in step.outputs)
    return [shorten(call_text(step), 92), types, numerics_text(step)]


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows with their columns below each other, a little to the right."""
    for line in aligned(rows):
        yield f"  {line}"
