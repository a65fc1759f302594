"""What `plan` and `bake` share: where each step is to run."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from procdsl import discovery
from procdsl.workspace.errors import Misuse

if TYPE_CHECKING:
    from procdsl.bake.target import BakeTarget
    from procdsl.ir.pipeline import Pipeline, Step, Value
    from procdsl.ir.plan import Plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--to`, `--runtime`, `--order` and `--keep`."""
    parser.add_argument(
        "--to",
        required=True,
        metavar="FORMAT",
        help=f"what the model file is: {', '.join(discovery.modules('bake/targets'))}",
    )
    parser.add_argument(
        "--runtime", metavar="NAME", help="what will run it, where there are several"
    )
    parser.add_argument(
        "--order",
        default="",
        metavar="ORDER",
        help="the order of channels that the file takes, where an input may come in two",
    )
    parser.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="STEP",
        help="leave a step on the host, and what is before it in `pre` or after it in `post`: "
        "its number or name as `procdsl steps` prints it, `pre.2` or `post.nms` where two have it; "
        "may be given more than once",
    )


def target(given: argparse.Namespace) -> BakeTarget:
    """The target that `--to` names."""
    from procdsl.bake.target import names, target

    if given.to not in names():
        raise Misuse(f"there is no {given.to!r} to bake to: --to {', '.join(names())}")
    return target(given.to)


def plan(pipeline: Pipeline, given: argparse.Namespace) -> Plan:
    """Where each step runs."""
    from procdsl.plan import places
    from procdsl.plan.keep import kept

    to = target(given)
    runtime = given.runtime or to.runtimes[0]
    if runtime not in to.runtimes:
        raise Misuse(f"{runtime!r} does not run {to.format}: --runtime {', '.join(to.runtimes)}")
    try:
        keep = kept(pipeline, given.keep)
    except ValueError as error:
        raise Misuse(f"--keep: {error}") from None

    def ask(step: Step, values: Sequence[Value]) -> str:
        return to.why_not(step, runtime, values)

    try:
        return places.plan(pipeline, given.to, runtime, ask, keep, given.order)
    except ValueError as error:
        raise Misuse(str(error)) from None
