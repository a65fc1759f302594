"""`procdsl log`."""

from __future__ import annotations

import argparse

from procdsl.cli import checking, paths, provenance
from procdsl.trackers.log import TRACKERS, tracker
from procdsl.workspace.errors import Misuse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=paths.path,
        metavar="file.proc",
        help="the pipeline: its source, its manifest, or a model file",
    )
    parser.add_argument(
        "--to",
        dest="tracker",
        choices=TRACKERS,
        required=True,
        help="the tracker; its own environment variables say where it is, and which run",
    )
    provenance.add_arguments(parser)
    checking.add_arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Log the pipeline; the output is the run's id."""
    from procdsl.trackers.entry import CannotLog, entry_of

    described = checking.described(given.file, given, provenance.values(given.values))
    if described is None:
        return 1
    entry = entry_of(given.file, described.manifest)
    try:
        chosen = tracker(given.tracker)
    except ImportError as error:
        raise Misuse(str(error)) from None
    try:
        print(chosen.log_apart(entry))
    except (CannotLog, *chosen.ERRORS) as error:
        raise Misuse(f"{given.tracker}: {error}") from None
    return 0
