"""Where each step runs: a target is asked what it can hold, and the largest part round the model is
baked.

In `pre` a step is baked where all that takes its result is baked, in `post` where all that it takes
is. So what is before a host step of `pre` is on the host, and what is after one of `post`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import TypeAlias

from procdsl.ir.extern import ExternCall
from procdsl.ir.pipeline import Pipeline, Step, Value, modes
from procdsl.ir.plan import HOST, MODEL, Plan, PlannedStep
from procdsl.lower.lower import gives_text
from procdsl.plan.crossing import before_model

Ask: TypeAlias = Callable[[Step, Sequence[Value]], str]
"""Why a target cannot hold a step; empty where it can. For a step of `post` it is told what the
file is given: the size of another picture comes as an input of its own."""

Steps: TypeAlias = Mapping[int, Step]
"""The steps of a block that serve, by number."""


def plan(
    pipeline: Pipeline,
    target: str,
    runtime: str,
    ask: Ask,
    keep: Set[tuple[str, int]],
    order: str = "",
) -> Plan:
    """Where each step runs; those of `keep`, by block and number, stay on the host.

    A ValueError says that the file takes an input of one order of channels, and which is not said;
    or that an order is said, and it takes none that may come in two.
    """
    pre, post = serving(pipeline, "pre"), serving(pipeline, "post")

    def own(block: str, steps: Steps, given: Sequence[Value]) -> dict[int, str]:
        found = ((n, _own(s, (block, n) in keep, ask, given)) for n, s in steps.items())
        return {number: reason for number, reason in found if reason}

    before = _before(pre, own("pre", pre, ()))
    into = before_model(pipeline, [step for n, step in pre.items() if n in before])
    _check_order(pipeline, [value for value, _ in into], order)
    after = _after(post, own("post", post, [value for value, _ in into]))
    steps = (*_planned("pre", pre, before), *_planned("post", post, after))
    return Plan(target, runtime, steps, order)


def serving(pipeline: Pipeline, block: str) -> dict[int, Step]:
    """The steps of a block that serve, by their numbers in the manifest."""
    numbered = enumerate(modes(pipeline.pre if block == "pre" else pipeline.post), start=1)
    return {number: step for number, (mode, step) in numbered if mode != "train"}


def _own(step: Step, kept: bool, ask: Ask, given: Sequence[Value]) -> str:
    """Why a step stays on the host for its own sake."""
    if isinstance(step.op, ExternCall):
        return f"Python of your own: {step.op.extern.target}"
    if step.op.decodes:
        return "files are decoded by the library that the step names"
    if gives_text(step):
        return "texts are looked up where the ids come out"
    return "kept" if kept else ask(step, given)


def _before(steps: Steps, own: Mapping[int, str]) -> dict[int, str]:
    """Those with a reason of their own, and all that these are computed from."""
    found = dict(own)
    needed: dict[int, str] = {}
    for number in sorted(steps, reverse=True):
        step = steps[number]
        why = next((needed[v.number] for v in step.outputs if v.number in needed), "")
        if why:
            found.setdefault(number, f"before `{why}`, which is on the host")
        if number in found:
            needed |= {v.number: why or step.op.name for v in step.inputs}
    return found


def _after(steps: Steps, own: Mapping[int, str]) -> dict[int, str]:
    """Those with a reason of their own, and all that is computed from these."""
    found = dict(own)
    given: dict[int, str] = {}
    for number, step in steps.items():
        why = next((given[v.number] for v in step.inputs if v.number in given), "")
        if why:
            found.setdefault(number, f"after `{why}`, which is on the host")
        if number in found:
            given |= {v.number: why or step.op.name for v in step.outputs}
    return found


def _check_order(pipeline: Pipeline, entering: Sequence[Value], order: str) -> None:
    numbers = {value.number for value in entering}
    inputs = zip(pipeline.inputs, pipeline.input_orders, strict=True)
    choices = pipeline.orders if any(v.number in numbers for v, other in inputs if other) else ()
    if choices and order not in choices:
        said = " or --order ".join(choices)
        raise ValueError(
            f"a file takes one order of channels: --order {said}" + f", not {order}" * bool(order)
        )
    if order and not choices:
        raise ValueError(
            f"--order {order}: nothing that the file takes of {pipeline.name} comes in two orders"
        )


def _planned(block: str, steps: Steps, host: Mapping[int, str]) -> Iterator[PlannedStep]:
    for number, step in steps.items():
        place = HOST if number in host else MODEL
        yield PlannedStep(block, number, place, host.get(number) or _held(step))


def _held(step: Step) -> str:
    """How the file holds a step."""
    bound = step.error_bound
    return "exact" if bound is None else f"within {bound.absolute:g}"
