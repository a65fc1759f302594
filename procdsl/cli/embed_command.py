"""`procdsl embed`."""

from __future__ import annotations

import argparse
import json
import math
import os
from pathlib import Path
from typing import Any

from procdsl.cli import checking
from procdsl.version import VERSION
from procdsl.workspace import models, sources
from procdsl.workspace.errors import Misuse

_VALUE_CHARACTERS = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="file.proc", help="the pipeline: its source, its manifest, or a model file"
    )
    parser.add_argument("model", help="the model file, or the folder with a Hugging Face model")
    parser.add_argument("-o", dest="out", help="write a copy there (default: in its place)")
    parser.add_argument(
        "--set",
        dest="values",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="add to the provenance: JSON such as 50, 0.91 or true, else a text",
    )
    parser.add_argument(
        "--force", action="store_true", help="replace the manifest of another pipeline"
    )
    checking.add_arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Write the model with the manifest; the output names what was written."""
    from procdsl.manifest import provenance

    text = checking.manifest_text(given.file, given)
    added: dict[str, object] = {"procdsl": VERSION}
    if text is None:
        text, added = _compiled(given), {**added, **_commit(given.file)}
        if text is None:
            return 1
    checking.pipeline_of(given.file, text)
    try:
        text = provenance.added(text, {**added, **_values(given.values)})
    except ValueError as error:
        raise Misuse(f"--set: {error}") from None
    with models.opened(given.model) as model:
        from procdsl.modelfile.formats import format_of

        format = format_of(model)
        out = Path(given.out or given.model)
        if model.is_folder and given.out:
            raise Misuse(f"{given.model} is a folder, which is changed in its place: copy it first")
        if out.is_dir() and not model.is_folder:
            raise Misuse(f"{out} is a folder: -o names the file that is written")
        if not given.force:
            for path in {given.model: None, str(out): None}:
                _refuse_another(path, text, given.file)
        models.embed(model, format, text, out)
    print(out)
    return 0


def _compiled(given: argparse.Namespace) -> str | None:
    """The manifest of a source; None where that has errors, which are reported."""
    from procdsl.manifest import write
    from procdsl.reference.golden_record import golden_record

    pipeline, found = checking.read(given.file, given)
    if found:
        checking.report(found, given.error_format)
    if pipeline is None or checking.failed(found):
        return None
    try:
        return write.text(write.manifest(pipeline, golden_record(pipeline)))
    except ValueError as error:
        raise Misuse(f"{given.file}: {error}") from None


def _commit(file: str) -> dict[str, object]:
    from procdsl.workspace.git import commit_if_any

    return {} if file == sources.STREAM else commit_if_any(Path(file))


def _values(written: list[str]) -> dict[str, Any]:
    """The values that are added by name."""
    found: dict[str, Any] = {}
    for setting in written:
        name, equals, value = setting.partition("=")
        if not equals or not name.isidentifier():
            raise Misuse(f"--set {setting}: expected KEY=VALUE, such as --set epoch=50")
        if name in found or name == "procdsl":
            raise Misuse(f"--set {setting}: {name} is set already")
        if len(value) > _VALUE_CHARACTERS:
            raise Misuse(f"--set {name}: {len(value):,} characters, {_VALUE_CHARACTERS:,} at most")
        found[name] = _value(value)
    return found


def _value(text: str) -> Any:
    """A value of JSON, or the text where it is none."""

    def no_number(name: str) -> Any:
        raise ValueError(f"{name} is not a number of JSON")

    def finite(number: str) -> float:
        value = float(number)
        return value if math.isfinite(value) else no_number(number)

    try:
        return json.loads(text, parse_constant=no_number, parse_float=finite)
    except (ValueError, RecursionError):
        return text


def _refuse_another(path: str, text: str, file: str) -> None:
    """Refuse to replace the manifest of another pipeline, or one that cannot be read."""
    from procdsl.manifest import read

    if not os.path.exists(path):
        return
    with models.opened(path) as model:
        from procdsl.modelfile.formats import recognised

        format = recognised(model)
        there = format.text(model) if format else None
    if there is None:
        return
    try:
        before, now = read.parse(there), read.parse(text)
    except ValueError as error:
        raise Misuse(
            f"{path} carries a manifest that is not whole ({error}): --force replaces it"
        ) from None
    if before["id"] != now["id"]:
        raise Misuse(
            f"{path} carries the pipeline {before['pipeline']} ({before['id'][:12]}), and "
            f"{file} is {now['pipeline']} ({now['id'][:12]}): --force replaces it"
        )
