"""`procdsl plan`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from procdsl.cli import checking, paths, planning

if TYPE_CHECKING:
    from procdsl.ir.pipeline import Pipeline
    from procdsl.ir.plan import Plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=paths.path,
        metavar="file.proc",
        help="the pipeline: its source, its manifest, or a model file",
    )
    planning.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    checking.add_arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Print where each step would run, and what the file would take and give."""
    pipeline, diagnostics = checking.read(given.file, given)
    if diagnostics:
        checking.report(diagnostics, given.error_format)
    if pipeline is None:
        return 1
    plan = planning.plan(pipeline, given)
    if given.json:
        from procdsl.manifest.planned import plain

        print(json.dumps(plain(pipeline, plan), indent=2))
        return 0
    for line in lines(pipeline, plan):
        print(line)
    if note := planning.target(given).untried(plan.runtime):
        print(f"\n{note}")
    return 0


def lines(pipeline: Pipeline, plan: Plan) -> Iterator[str]:
    """The table: step, place and reason; below it what crosses between host and file."""
    from procdsl.ir.unparse import call_text
    from procdsl.manifest.planned import plain
    from procdsl.plan.places import serving
    from procdsl.tables.texts import aligned
    from procdsl.types.constants import shorten

    rows = [
        [
            planned.title,
            shorten(call_text(serving(pipeline, planned.block)[planned.number]), 60),
            planned.place,
            planned.reason,
        ]
        for planned in plan.steps
    ]
    yield from aligned([["step", "", "place", "reason"], *rows])
    data = plain(pipeline, plan)
    yield ""
    yield from aligned(
        [
            [word if not n else "", text]
            for word in ("takes", "gives")
            for n, text in enumerate(data[word])
        ]
    )
