"""The steps of a block in an order that does not depend on how the file wrote them.

Two blocks of one form compute the same bits for every input. Steps that do not depend on each other
stand in the order in which the results need them. In a chain two neighbours change places only
where one of these holds, whatever the values are:

- one moves pixels or axes and leaves every number as it is, the other works on each number alone;
- one exchanges channels, the other treats all channels alike;
- one puts the axes into another order, the other finds them by their names.

What the ops declare of themselves says so (`may_alias`, `pointwise`, `channelwise`, `reorders`).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from procdsl.ir.extern import ExternCall
from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.manifest import canonical
from procdsl.opdef import pictures
from procdsl.opdef.arguments import arguments_of
from procdsl.opdef.errors import Problem
from procdsl.opdef.geometric import GeometricOp
from procdsl.ops.axes.layout import Layout
from procdsl.passes.block import Block
from procdsl.records import replace
from procdsl.types.array import Array
from procdsl.types.value import PictureSize

Line: TypeAlias = tuple[str, Sequence[Value], Sequence[Value]]
"""What is computed, of which values, and which it gives."""

_LONGEST = 200
"""Longer chains stay as they are written: to sort them takes time in the square of their length."""


def serving(pipeline: Pipeline, wanted: Iterable[str]) -> Block:
    """`pre` as it serves; `wanted` are inputs of the model, and what it keeps for `post`."""
    return Block(pipeline.inputs, pipeline.serving(), _fed(pipeline, pipeline.fed, wanted))


def training(pipeline: Pipeline, wanted: Iterable[str]) -> Block:
    """`pre` as it trains."""
    steps, fed = pipeline.training()
    return Block(pipeline.inputs, steps, _fed(pipeline, fed, wanted))


def after_model(pipeline: Pipeline, wanted: Iterable[str]) -> Block:
    """`post`; `wanted` are outputs of the pipeline. What goes past the model is known by name."""
    outputs = {value.name: value for value in pipeline.outputs}
    results = tuple(outputs[name] for name in wanted)
    past = sorted(pipeline.past_model, key=lambda value: value.name)
    return Block((*pipeline.model.outputs, *past), pipeline.post, results)


def _fed(pipeline: Pipeline, fed: Iterable[Value], wanted: Iterable[str]) -> tuple[Value, ...]:
    names = (value.name for value in pipeline.model.inputs)
    found = dict(zip(names, fed, strict=False))  # nothing is fed where there is no input
    found |= {value.name: value for value in pipeline.kept}
    return tuple(found[name] for name in wanted)


def normal(block: Block) -> Block:
    """The block with its steps in normal order; each keeps its place in the file."""
    block = block.with_steps(tuple(_needed(block)))
    numbers = block.new_numbers()
    steps = (_sorted(chain, numbers) for chain in chains(block))
    return block.with_steps(tuple(itertools.chain.from_iterable(steps)))


def key(step: Step) -> str:
    """What a step computes: its operation and arguments, and of an extern its function."""
    if isinstance(step.op, ExternCall):
        extern = canonical.function(step.op.extern)
        return json.dumps({name: said for name, said in extern.items() if name != "name"})
    return json.dumps([step.op.name, canonical.parameters(step)])


def form(block: Block, keys: Callable[[Block], Iterable[Line]]) -> tuple[Any, ...]:
    """What the block computes without the names of its values: of equal forms, equal results.

    `keys` says what each step, or run of steps, computes.
    """
    number: dict[int, str] = {}
    for value in block.inputs:
        number[value.number] = f"%{len(number)}"

    def name(value: Value) -> str:
        if isinstance(value.type, PictureSize):
            return str(value.type)
        return f"{number[value.number]}.{value.field}"

    lines = []
    for said, inputs, outputs in keys(block):
        lines.append((said, tuple(map(name, inputs)), len(outputs)))
        for value in outputs:
            number[value.number] = f"%{len(number)}"
    return tuple(lines), tuple(map(name, block.wanted))


def step_by_step(block: Block) -> Iterator[Line]:
    """Each step by its operation and arguments."""
    return ((key(step), step.inputs, step.outputs) for step in block.steps)


def _needed(block: Block) -> Iterator[Step]:
    """The steps, each behind those that it takes something of, in the order of the results."""
    makers = {value.number: step for step in block.steps for value in step.outputs}
    done: set[int] = set()
    ends = [*block.wanted, *(value for step in block.steps for value in step.outputs)]
    waiting = [value.number for value in reversed(ends)]
    while waiting:
        number = waiting[-1]
        step = makers.get(number)
        open_ = [v.number for v in step.inputs if v.number in makers] if step else []
        open_ = [taken for taken in open_ if taken not in done]
        if step is None or number in done or not open_:
            waiting.pop()
            if step is not None and number not in done:
                done |= {value.number for value in step.outputs}
                yield step
        else:
            waiting += reversed(open_)


def chains(block: Block) -> Iterator[list[Step]]:
    """The steps in runs in which each takes what the one before gives, and nothing else does."""
    chain: list[Step] = []
    for step in block.steps:
        if chain and not (_of_one(chain[-1]) and _of_one(step) and block.follows(chain[-1], step)):
            yield chain
            chain = []
        chain.append(step)
    if chain:
        yield chain


def _of_one(step: Step) -> bool:
    """Whether a step makes one value of another."""
    return len(step.inputs) == len(step.outputs) == 1 and not step.inputs[0].field


def _sorted(chain: Sequence[Step], numbers: Iterator[int]) -> list[Step]:
    """The chain with, at each place, the least of the steps that may stand there."""
    steps = list(chain)
    if len(steps) > _LONGEST:
        return steps
    keys = [(step.op.pointwise, key(step)) for step in steps]  # those on single numbers in a row
    for place in range(len(steps)):
        for i in sorted(range(place, len(steps)), key=lambda i: (keys[i], i)):
            moved = _brought(steps, i, place, numbers)
            if moved is not None:
                steps = moved
                keys.insert(place, keys.pop(i))
                break
    return steps


def _brought(steps: list[Step], i: int, place: int, numbers: Iterator[int]) -> list[Step] | None:
    """The steps with the one at `i` brought forward, where all that it passes let it."""
    found = list(steps)
    for j in range(i, place, -1):
        both = exchanged(found[j - 1], found[j], numbers)
        if both is None:
            return None
        found[j - 1 : j + 1] = both
    return found


def exchanged(first: Step, second: Step, numbers: Iterator[int]) -> tuple[Step, Step] | None:
    """Two neighbours in the other order, where they may change places."""
    if not commute(first, second):
        return None
    (x,), (z,) = first.inputs, second.outputs
    try:
        middle = pictures.infer(second.op, (x.type,))
        assert isinstance(middle, Array), "steps on an array give an array"
        if pictures.infer(first.op, (middle,)) != z.type:
            return None
    except Problem:  # the op takes no such value
        return None
    between = Value(z.name, next(numbers), middle)
    return (
        replace(second, inputs=(x,), outputs=(between,)),
        replace(first, inputs=(between,), outputs=(z,)),
    )


def commute(first: Step, second: Step) -> bool:
    """Whether two steps in a row give the same bits in either order, for every input."""
    pairs = itertools.permutations((first, second))
    return any(
        (_moves(one) and other.op.pointwise)
        or (_exchanges(one) and _alike(other))
        or (isinstance(one.op, Layout) and _by_name(other))
        for one, other in pairs
    )


def _moves(step: Step) -> bool:
    """Whether it only moves pixels or axes: a view, the channels as they were."""
    return step.op.may_alias and (isinstance(step.op, Layout) or step.op.channelwise(*step.types))


def _exchanges(step: Step) -> bool:
    """Whether it only brings the channels into another order."""
    x = step.types[0]
    order = step.op.reorders(*step.types)
    return isinstance(x, Array) and order is not None and sorted(order) == [*range(x.channels or 0)]


def _alike(step: Step) -> bool:
    """Whether it treats all channels alike: no argument of it is one for each channel."""
    if step.op.channelwise(*step.types):
        return True
    values = (getattr(step.op, argument.name) for argument in arguments_of(type(step.op)))
    return step.op.pointwise and not any(isinstance(value, tuple) for value in values)


def _by_name(step: Step) -> bool:
    """Whether it finds axes by their names, and gives the same bits wherever they stand."""
    moved = isinstance(step.op, GeometricOp) and pictures.error_bound(step.op, step.types) is None
    return moved or _exchanges(step)
