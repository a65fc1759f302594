"""The values that cross between the host and a baked file, and what the file calls them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from procdsl.ir.pipeline import Pipeline, Step, Value

Named: TypeAlias = tuple[Value, str]
"""A value of the pipeline, and its name in the file."""


def before_model(
    pipeline: Pipeline, host: Sequence[Step], inside: Sequence[Step] = ()
) -> list[Named]:
    """What the file is given, where these steps of `pre` stay on the host, and those of `post` are
    inside of it.

    An input keeps its name, and what the model itself takes has that of the model. Anything else
    is named after what was done last: no dtype tells whether a picture was denoised.
    """
    given = {value.number: value for value in _given(pipeline)}
    made = {value.number: step for step in host for value in step.outputs}
    baked = without(pipeline.serving(), host)
    taken = [value.number for step in baked for value in step.inputs]
    behind = [value.number for step in inside for value in step.inputs]
    fed = {
        value.number: contract.name
        for value, contract in zip(pipeline.fed, pipeline.model.inputs, strict=False)
    }
    known = {**given, **{v.number: v for step in host for v in step.outputs}}
    wanted = {*taken, *fed, *behind} if pipeline.inputs else {*given}
    names = {}
    for number in (number for number in known if number in wanted):
        if number in given:
            names[number] = given[number].name
        elif number in fed and number not in taken:
            names[number] = fed[number]
        else:
            names[number] = f"after_{made[number].op.name}"
    return _distinct([known[number] for number in names], names)


def after_model(
    pipeline: Pipeline, baked: Sequence[Step], before: Sequence[Step] = ()
) -> list[Named]:
    """What the file gives, where these steps of `post` are in it, and those of `pre` are before its
    model: the pipeline's outputs first."""
    known = {v.number: v for v in pipeline.model.outputs}
    wanted = [value.number for value in pipeline.outputs] or [*known]
    known |= {v.number: v for step in (*before, *baked) for v in step.outputs}
    host = without(pipeline.post, baked)
    wanted += [value.number for step in host for value in step.inputs]
    found = [known[number] for number in dict.fromkeys(wanted) if number in known]
    return _distinct(found, {value.number: value.name for value in found})


def without(steps: Iterable[Step], others: Iterable[Step]) -> list[Step]:
    """The steps but for those others; a step is known by what it gives."""
    left_out = {value.number for step in others for value in step.outputs}
    return [step for step in steps if not any(v.number in left_out for v in step.outputs)]


def _given(pipeline: Pipeline) -> Sequence[Value]:
    """What the pipeline is given: without `pre` that is what the model takes."""
    return pipeline.inputs or pipeline.model.inputs


def _distinct(values: Sequence[Value], names: Mapping[int, str]) -> list[Named]:
    """The values with names of their own: those that share one are numbered from the second on."""
    return list(zip(values, _numbered([names[v.number] for v in values]), strict=True))


def _numbered(names: Sequence[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        found = name if seen[name] == 1 else f"{name}_{seen[name]}"
        while found != name and found in names:
            found += "_"
        yield found
