"""`procdsl embed`."""

from __future__ import annotations

import argparse
from pathlib import Path

from procdsl.cli import carrying, checking, paths, provenance
from procdsl.workspace import models, written
from procdsl.workspace.errors import Misuse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=paths.path,
        metavar="file.proc",
        help="the pipeline: its source, its manifest, or a model file",
    )
    parser.add_argument(
        "model", type=paths.path, help="the model file, or the folder with a Hugging Face model"
    )
    parser.add_argument(
        "-o", dest="out", type=paths.path, help="write a copy there (default: in its place)"
    )
    provenance.add_arguments(parser)
    parser.add_argument(
        "--force",
        action="store_true",
        help="replace the manifest of another pipeline, or with -o a file that carries none",
    )
    checking.add_arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Write the model with the manifest; the output names what was written."""
    described = checking.described(given.file, given, provenance.values(given.values))
    if described is None:
        return 1
    text = described.manifest
    with models.opened(given.model) as model:
        from procdsl.modelfile.formats import format_of

        format = format_of(model)
        there = format.text(model)
        carrying.refuse_other_places(given.model, there, given.file, text, given.force)
        out = Path(given.out or given.model)
        if model.is_folder and given.out:
            raise Misuse(f"{given.model} is a folder, which is changed in its place: copy it first")
        if out.is_dir() and not model.is_folder:
            raise Misuse(f"{out} is a folder: -o names the file that is written")
        if not model.is_folder:
            written.refuse_special(out)
        if not given.force:
            if not (out.exists() and out.samefile(given.model)):
                carrying.refuse_foreign(out)
            for path in {given.model: None, str(out): None}:
                carrying.refuse_another(path, text, given.file)
        models.embed(model, format, text, out)
    print(out)
    return 0
