"""`procdsl compile`."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from procdsl.cli import checking
from procdsl.workspace import files

TARGETS = ("torch", "numpy", "cv2")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="file.proc", help="the pipeline")
    parser.add_argument("-o", dest="folder", help="where to write (default: beside the source)")
    parser.add_argument(
        "--target",
        dest="targets",
        action="append",
        choices=TARGETS,
        help="write only this module; may be given more than once (default: all)",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; fail when a file is missing or stale",
    )
    parser.add_argument(
        "--provenance",
        action="store_true",
        help="add the git commit of the source, and whether it was changed since, to the manifest",
    )
    checking.add_arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Write the files, all or none; the output names them."""
    pipeline, diagnostics = checking.read(given.file, given)
    if diagnostics:
        checking.report(diagnostics, given.error_format)
    if pipeline is None:
        return 1
    from procdsl.compiler import generate

    if given.check and given.provenance:
        raise files.Misuse("--check compares without provenance: it changes with every commit")
    provenance = None
    if given.provenance:
        from procdsl.workspace.git import provenance as read_provenance

        provenance = read_provenance(Path(given.file))
    try:
        targets = [t for t in TARGETS if t in (given.targets or TARGETS)]
        generated = generate(pipeline, targets, provenance)
    except ValueError as error:
        raise files.Misuse(f"{given.file}: {error}") from None
    folder = Path(given.folder) if given.folder else Path(given.file).parent
    if given.check:
        return _report_stale(files.stale(folder, generated), given)
    files.write_all(folder, generated)
    for name in generated:
        print(folder / name)
    return 0


def _report_stale(stale: Sequence[Path], given: argparse.Namespace) -> int:
    words = ["procdsl", "compile", given.file]
    words += ["-o", given.folder] if given.folder else []
    words += [word for target in given.targets or () for word in ("--target", target)]
    words += [word for setting in given.settings for word in ("-D", setting)]
    for path in stale:
        state = "stale" if path.exists() else "missing"
        print(f"{path} is {state}: run {shlex.join(words)}", file=sys.stderr)
    return 1 if stale else 0
