"""What commands that read a pipeline share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from procdsl.diagnostics.diagnostic import Diagnostic, Severity
from procdsl.workspace import pipelines
from procdsl.workspace.errors import Misuse
from procdsl.workspace.pipelines import Described

if TYPE_CHECKING:
    from procdsl.ir.pipeline import Pipeline

STYLES = ("text", "json", "github")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`-D` and `--error-format`."""
    add_settings(parser)
    parser.add_argument(
        "--error-format",
        choices=STYLES,
        default="text",
        help="how errors are printed",
    )


def add_settings(parser: argparse.ArgumentParser) -> None:
    """`-D`."""
    parser.add_argument(
        "-D",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a param of the pipeline",
    )


def read(path: str, given: argparse.Namespace) -> tuple[Pipeline | None, Sequence[Diagnostic]]:
    """The pipeline of a source, a manifest or a model file, or what is wrong with it."""
    return pipelines.read(path, settings(given.settings))


def described(
    path: str, given: argparse.Namespace, values: Mapping[str, object]
) -> Described | None:
    """The pipeline of a file with its manifest, `values` in its provenance; None with errors, which
    are reported."""
    found = pipelines.described(path, settings(given.settings), values)
    if found.diagnostics:
        report(found.diagnostics, given.error_format)
    return None if found.pipeline is None else found


def settings(written: Sequence[str]) -> dict[str, str]:
    """The values of params by name."""
    found: dict[str, str] = {}
    for setting in written:
        name, equals, value = setting.partition("=")
        if not equals or not name or not value:
            raise Misuse(f"-D {setting}: expected NAME=VALUE, such as -D size=256")
        if name in found:
            raise Misuse(f"-D {setting}: {name} is set twice")
        found[name] = value
    return found


def failed(diagnostics: Sequence[Diagnostic]) -> bool:
    """Whether there are errors among them."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def report(diagnostics: Sequence[Diagnostic], style: str) -> None:
    """Print diagnostics: for a reader to the error stream, for a program to the output."""
    from procdsl.diagnostics.render import render

    stream = sys.stderr if style == "text" else sys.stdout
    stream.write(render(diagnostics, style))


def refuse_unread(unread: Sequence[Misuse]) -> None:
    """Fail for files that cannot be read, after all was said of the others."""
    if unread:
        raise Misuse("\nprocdsl: error: ".join(dict.fromkeys(map(str, unread))))
