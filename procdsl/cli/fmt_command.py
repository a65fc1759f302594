"""`procdsl fmt`."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from procdsl.cli import checking, paths
from procdsl.workspace import files, sources


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        type=paths.path,
        nargs="+",
        metavar="file.proc",
        help="the files to format; `-` alone reads the standard input and writes the output",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; name the files that are not formatted, and fail",
    )


def run(given: argparse.Namespace) -> int:
    """Format files in their places; the output names those that were changed."""
    from procdsl.syntax.format import formatted

    streamed = given.files == [sources.STREAM]
    read, unread = sources.read_sources(given.files)
    results = [(source, formatted(source)) for source in read]
    changed = [(s.name, r.text) for s, r in results if r.text is not None and r.text != s.text]
    if unread:
        changed = []  # nothing is written where a file is missing
    if given.check:
        for name, _ in changed:
            print(f"{name} is not formatted: run {_command(name, streamed)}", file=sys.stderr)
    elif streamed:
        files.write_output("".join(result.text or "" for _, result in results))
    else:
        for name, text in changed:
            files.put(Path(name), text.encode())
            print(name)
    found = [diagnostic for _, result in results for diagnostic in result.diagnostics]
    if found:
        checking.report(found, "text")
    checking.refuse_unread(unread)
    return 1 if found or (given.check and changed) else 0


def _command(name: str, streamed: bool) -> str:
    return shlex.join(["procdsl", "fmt", sources.STREAM if streamed else paths.word(name)])
