"""`procdsl verify`."""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from procdsl.cli import checking, paths
from procdsl.serving import checks
from procdsl.serving.checks import Finding
from procdsl.workspace import models
from procdsl.workspace.externs import folders
from procdsl.workspace.models import Carried

if TYPE_CHECKING:
    from procdsl.ir.pipeline import Pipeline

_LIBRARIES = {"numpy": "numpy", "cv2": "cv2", "torch": "torch"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model", type=paths.path, help="a model file, a Hugging Face folder, or a manifest"
    )
    parser.add_argument(
        "file",
        type=paths.path,
        nargs="?",
        metavar="file.proc",
        help="the pipeline that it must carry",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    checking.add_arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Print what each check found; fail where one does."""
    carried = models.carried(given.model)
    other = None
    if given.file:
        other, diagnostics = checking.read(given.file, given)
        if diagnostics:
            checking.report(diagnostics, given.error_format)
        if other is None:
            return 1
    findings = list(_findings(given, carried, other))
    if given.json:
        print(json.dumps([finding.plain() for finding in findings], indent=2))
    else:
        for finding in findings:
            for line in finding.lines():
                print(line)
    return 1 if any(finding.wrong for finding in findings) else 0


def _findings(
    given: argparse.Namespace, carried: Carried, other: Pipeline | None
) -> Iterator[Finding]:
    from procdsl.manifest import canonical
    from procdsl.manifest.read import BadManifest, read
    from procdsl.manifest.sources import laid_out

    try:
        pipeline = read(carried.text)
        laid_out(pipeline)
    except BadManifest as error:
        yield Finding("manifest", wrong=(str(error),))
        return
    identity = canonical.identity(pipeline)
    yield Finding("manifest", f"{pipeline.name} {identity}, as its steps and its sources say")
    if other is None:
        yield Finding("pipeline", unchecked="no file was given to compare with")
    elif canonical.identity(other) == identity:
        yield Finding("pipeline", f"the one of {given.file}")
    else:
        said = f"{given.file} is {canonical.identity(other)}"
        yield Finding("pipeline", wrong=(said,))
    yield checks.contract(pipeline, carried)
    beside = Path(given.file or "")
    near = folders(beside.parent if beside.suffix == ".proc" else Path())
    if pipeline.serving_externs:
        yield checks.externs(pipeline.serving_externs, near)
    training = [e for e in pipeline.externs if e not in pipeline.serving_externs]
    if training:
        yield checks.externs_of_training(training, near)
    yield _golden(carried, pipeline)
    yield from _modules(pipeline)


def _golden(carried: Carried, pipeline: Pipeline) -> Finding:
    from procdsl.manifest import read
    from procdsl.manifest.golden import differences
    from procdsl.plan.halves import halves

    manifest = read.parse(carried.text)
    wrong = differences(manifest["self_check"], pipeline)
    if pipeline.plan:
        host = halves(pipeline, pipeline.plan).host
        wrong += differences(manifest["plan"]["self_check"], host)
    return Finding("record", "the reference computes what it says", wrong=tuple(wrong))


def _modules(pipeline: Pipeline) -> Iterator[Finding]:
    """`self_check` of the modules, with the libraries that are here."""
    from procdsl.codegen.python.loading import load
    from procdsl.codegen.target import Options
    from procdsl.compiler import generate

    for target, library in _LIBRARIES.items():
        check = f"self_check, {target}"
        if pipeline.serving_externs:
            yield Finding(check, unchecked="it would import Python that the manifest names")
        elif importlib.util.find_spec(library) is None:
            yield Finding(check, unchecked=f"{library} is not installed")
        else:
            wrong: Sequence[str] = ()
            try:
                files = generate(pipeline, [target], options=Options(format=False))
                (text,) = (t for name, t in files.items() if name.endswith(f"_{target}.py"))
                load(text, f"procdsl_{target}").self_check()
            except (RuntimeError, ValueError) as error:
                wrong = (str(error),)
            yield Finding(check, "this machine computes what was recorded", wrong=tuple(wrong))
