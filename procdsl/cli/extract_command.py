"""`procdsl extract`."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from procdsl.cli import checking, paths
from procdsl.ir.pipeline import Pipeline
from procdsl.manifest.read import BadManifest
from procdsl.manifest.sources import laid_out
from procdsl.workspace import files, models, pipelines, sources
from procdsl.workspace.errors import Misuse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model", type=paths.path, help="a model file, a Hugging Face folder, or a manifest"
    )
    parser.add_argument(
        "-o", dest="folder", type=paths.path, required=True, help="the folder to write to"
    )


def run(given: argparse.Namespace) -> int:
    """Write the pipeline and what it uses; the output names them, the pipeline first."""
    pipeline = pipelines.pipeline_of(given.model, models.carried(given.model).text)
    try:
        layout = laid_out(pipeline)
    except BadManifest as error:
        raise Misuse(f"{given.model}: {error}") from None
    folder = Path(given.folder)
    written = {folder / path: text for path, text in layout.files.items()}
    for path in files.stale(written):
        if path.exists():
            raise Misuse(f"{path} exists already, and holds something else: choose another folder")
    files.write_all(written)
    main = folder / layout.pipeline
    for path in sorted(written, key=lambda path: path != main):
        print(path)
    if layout.settings:
        set_ = " ".join(f"-D {shlex.quote(f'{n}={v}')}" for n, v in layout.settings.items())
        print(f"procdsl: its params were set: {set_}", file=sys.stderr)
    return _check(main, layout.settings, pipeline)


def _check(main: Path, settings: Mapping[str, str], pipeline: Pipeline) -> int:
    """Check what was written, where it lies now: what a file uses must be in its project."""
    from procdsl.checker.check import check

    hashes = {extern.target: extern.sha256 for extern in pipeline.externs}
    source = sources.read_source(str(main))
    checked = check(source, sources.load, settings, lambda _, m, f: hashes[f"{m}:{f}"])
    if checked.pipeline is None:
        checking.report(checked.diagnostics, "text")
        return 1
    return 0
