"""What commands that read a pipeline share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from procdsl.diagnostics.diagnostic import Diagnostic, Severity
from procdsl.ir.pipeline import Pipeline
from procdsl.source import Source
from procdsl.workspace import sources
from procdsl.workspace.errors import Misuse

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
    text = manifest_text(path, given)
    if text is None:
        return check(sources.read_source(path), given)
    return pipeline_of(path, text), ()


def manifest_text(path: str, given: argparse.Namespace) -> str | None:
    """The manifest that a file is, or carries as a model; None where it is a source."""
    if sources.is_source(path):
        return None
    from procdsl.workspace import models

    text = models.manifest_text(path)
    if text is not None and given.settings:
        raise Misuse(f"{path} is a manifest, whose params are set: -D is for a `.proc` file")
    return text


def pipeline_of(path: str, text: str) -> Pipeline:
    """The pipeline of a manifest that a file holds."""
    from procdsl.manifest.read import BadManifest
    from procdsl.manifest.read import read as read_manifest

    try:
        return read_manifest(text)
    except BadManifest as error:
        raise Misuse(f"{path}: the manifest is not whole: {error}") from None


def check(
    source: Source, given: argparse.Namespace
) -> tuple[Pipeline | None, Sequence[Diagnostic]]:
    """The pipeline in a source, or what is wrong with it."""
    from procdsl.checker import check as checker

    checked = checker.check(source, sources.load, settings(given.settings), _find)
    return checked.pipeline, checked.diagnostics


def _find(user: Source, module: str, function: str) -> str:
    from procdsl.workspace import externs  # only files with externs need it

    return externs.find(user, module, function)


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
