"""`procdsl diff`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from procdsl.cli import checking, paths, sides
from procdsl.compare.change import Side, Verdict
from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.workspace.commits import PREFIX, Commit
from procdsl.workspace.errors import Misuse

if TYPE_CHECKING:
    from procdsl.compare.compare import Comparison
    from procdsl.compare.measure import Picture

_THRESHOLDS = {
    "meaning": Verdict.SAME_MEANING,
    "numerics": Verdict.NUMERICS_CHANGED,
    "contract": Verdict.CONTRACT_BROKEN,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        type=paths.path,
        nargs="+",
        metavar="file",
        help="the old pipeline and the new one: `.proc` files, manifests, model files or "
        "git:REF:path; with --against the new ones",
    )
    parser.add_argument(
        "--against",
        metavar="git:REF",
        help="compare each file with what it was in a commit",
    )
    parser.add_argument(
        "--fail-on",
        choices=tuple(_THRESHOLDS),
        help="exit with 0 unless the difference is as grave as this: `meaning` is any difference",
    )
    parser.add_argument(
        "--pictures",
        type=paths.path,
        metavar="DIR",
        help="measure on the pictures in this folder, too, where numbers have changed",
    )
    parser.add_argument(
        "--format",
        dest="error_format",
        choices=checking.STYLES,
        default="text",
        help="how the difference is printed",
    )
    checking.add_settings(parser)


def run(given: argparse.Namespace) -> int:
    """Print what differs; the exit code is that of the gravest difference."""
    found: list[Comparison] = []
    broken: list[Diagnostic] = []
    unread: list[Misuse] = []
    for pair in _pairs(given):
        try:
            two = pair()
            if two:
                found.append(_compared(*two, given.pictures))
        except sides.Broken as error:
            broken += error.diagnostics
        except Misuse as error:
            unread.append(error)
    if broken:
        checking.report(broken, given.error_format)
    checking.refuse_unread(unread)
    if broken:
        return 1
    _print(found, given)
    verdict = max((comparison.verdict for comparison in found), default=Verdict.IDENTICAL)
    least = _THRESHOLDS[given.fail_on] if given.fail_on else Verdict.IDENTICAL
    return int(verdict) if verdict >= least else 0


def _pairs(given: argparse.Namespace) -> Iterator[Callable[[], tuple[Side, Side] | None]]:
    """What opens the old pipeline and the new one; with --against, for each file."""
    settings = checking.settings(given.settings)
    if given.against is None:
        if len(given.files) != 2:
            raise Misuse("two pipelines are compared: procdsl diff OLD NEW, or --against git:REF")
        old, new = given.files
        yield lambda: (sides.opened(old, settings), sides.opened(new, settings))
        return
    ref = given.against.removeprefix(PREFIX)
    if not given.against.startswith(PREFIX) or not ref or ":" in ref:
        raise Misuse(f"--against {given.against}: expected git:REF, such as git:main")
    for file in given.files:
        yield partial(_before, ref, file, settings)


def _before(ref: str, file: str, settings: Mapping[str, str]) -> tuple[Side, Side] | None:
    """A file as it was in a commit, and as it is; None where it was not there."""
    if file.startswith(PREFIX):
        raise Misuse(f"{file}: with --against a file of the working tree is given")
    commit = Commit.of(ref, str(Path(file).parent))
    new = sides.opened(file, settings)
    path = commit.path_of(file)
    if commit.has(path):
        return sides.in_commit(commit, path, settings), new
    print(f"procdsl: {file} is new since {ref}", file=sys.stderr)
    return None


def _compared(old: Side, new: Side, folder: str | None) -> Comparison:
    from procdsl.compare.compare import compare

    try:
        return compare(old, new, _pictures(old, new, Path(folder)) if folder else ())
    except ValueError as error:
        raise Misuse(str(error)) from None


def _pictures(old: Side, new: Side, folder: Path) -> Sequence[Picture]:
    """The pictures of a folder, as each of the two takes them."""
    from procdsl.cli.pictures import image_input, picture_files, read_image
    from procdsl.compare.measure import Picture

    types = image_input(old.pipeline, old.name), image_input(new.pipeline, new.name)
    found = []
    for path in picture_files(folder):
        pixels = read_image(path, types[0], any_order=False)
        other = pixels if types[0] == types[1] else read_image(path, types[1], any_order=False)
        found.append(Picture(str(path), pixels, other))
    return found


def _print(found: Sequence[Comparison], given: argparse.Namespace) -> None:
    """Each comparison; as JSON one object for two files, with --against a list."""
    from procdsl.compare import render

    if given.error_format == "json":
        plain = [render.plain(comparison) for comparison in found]
        print(json.dumps(plain if given.against else plain[0], indent=2))
        return
    text = render.text if given.error_format == "text" else render.github
    sys.stdout.write("\n".join(map(text, found)))
