"""`procdsl steps`."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from procdsl.cli import checking, paths
from procdsl.tables.texts import TEXTS
from procdsl.workspace import files
from procdsl.workspace.errors import Misuse

WORKBOOK = "xlsx"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=paths.path,
        metavar="file.proc",
        help="the pipeline: its source, its manifest, or a model file",
    )
    parser.add_argument(
        "--format",
        choices=(*TEXTS, WORKBOOK),
        default="table",
        help="how the table is written (default: for a reader)",
    )
    parser.add_argument("-o", dest="out", type=paths.path, help="write it to this file")
    parser.add_argument(
        "--force", action="store_true", help="write it over a file that holds no such table"
    )
    checking.add_arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Print the table, or write it to a file, which the output names."""
    from procdsl.tables.steps import rows

    if given.format == WORKBOOK and not given.out:
        raise Misuse("--format xlsx is no text: -o names the file that is written")
    pipeline, diagnostics = checking.read(given.file, given)
    if diagnostics:
        checking.report(diagnostics, given.error_format)
    if pipeline is None:
        return 1
    if given.format == WORKBOOK:
        from procdsl.tables.workbook import workbook

        try:
            data = workbook(rows(pipeline))
        except ImportError as error:
            raise Misuse(str(error)) from None
    else:
        text = TEXTS[given.format](rows(pipeline))
        if not given.out:
            print(text, end="")
            return 0
        data = text.encode()
    out = Path(given.out)
    if out.exists() and Path(given.file).exists() and out.samefile(given.file):
        raise Misuse(f"{out} is the file that the steps are read from: choose another for -o")
    first = _first_word(data)
    files.check_result(out, lambda old: _first_word(old) == first, given.force)
    files.put(out, data)
    print(given.out)
    return 0


def _first_word(data: bytes) -> bytes:
    """The first word of a table, by which those of one format are known."""
    found = re.search(rb"\w+", data[:100])
    return found[0] if found else b""
