"""`procdsl check`."""

from __future__ import annotations

import argparse

from procdsl.cli import checking, paths
from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.workspace import pipelines, sources


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        type=paths.path,
        nargs="+",
        metavar="file.proc",
        help="the pipelines to check; `-` alone reads the standard input",
    )
    checking.add_arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Print everything that is wrong; silence is consent."""
    found: list[Diagnostic] = []
    settings = checking.settings(given.settings)
    read, unread = sources.read_sources(given.files)
    for source in read:
        found += pipelines.check(source, settings)[1]
    if found or given.error_format == "json":
        checking.report(found, given.error_format)
    checking.refuse_unread(unread)
    return 1 if checking.failed(found) else 0
