"""From a typed pipeline to programs: `pre` as it serves, `pre` as it trains, and `post`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.lower.builder import Builder
from procdsl.lower.program import Program
from procdsl.passes.block import Block, Holds
from procdsl.passes.schedule import rewritten
from procdsl.records import dataclass
from procdsl.types.value import PictureSize


@dataclass(frozen=True)
class Lowered:
    """A program, and the steps that it was made of: those of the file after all passes."""

    program: Program
    steps: tuple[Step, ...]


def preprocess(pipeline: Pipeline, holds: Holds, optimize: bool, train: bool = False) -> Lowered:
    """`pre` as a function of the inputs, rewritten for what a target holds."""
    steps, fed = pipeline.training() if train else (pipeline.serving(), pipeline.fed)
    block = rewritten(Block(pipeline.inputs, steps, fed), holds, optimize)
    names, temporary = _names(block.steps, pipeline, fed)
    build = Builder(names, temporary)
    parameters = tuple(build.parameter(value) for value in pipeline.inputs)
    groups = tuple(build.step(step) for step in block.steps)
    results = tuple((value, build.value(value)) for value in fed)
    return Lowered(Program(parameters, (), groups, results), block.steps)


def postprocess(pipeline: Pipeline) -> Lowered:
    """`post` as a function of the model's outputs and the sizes of the inputs it goes back to."""
    build = Builder()
    parameters = tuple(build.parameter(value) for value in pipeline.model.outputs)
    sizes = tuple(build.parameter(value) for value in sizes_of(pipeline.post))
    groups = tuple(build.step(step) for step in pipeline.post)
    results = tuple((value, build.value(value)) for value in pipeline.outputs)
    return Lowered(Program(parameters, sizes, groups, results), pipeline.post)


def step(step: Step) -> Program:
    """One step alone, to ask a target whether it holds it."""
    build = Builder()
    for value in step.inputs:
        build.declare(value)
    group = build.step(step)
    return Program((), (), (group,), ())


def sizes_of(steps: Sequence[Step]) -> list[Value]:
    """The sizes of inputs that steps take, in the order of the inputs."""
    taken = {v.number: v for s in steps for v in s.inputs if isinstance(v.type, PictureSize)}
    return [taken[number] for number in sorted(taken)]


def _names(
    steps: Sequence[Step], pipeline: Pipeline, fed: Sequence[Value]
) -> tuple[dict[int, str], set[int]]:
    """What values are called that do not keep the file's name, and which of these are made up.

    The value in flow is called what the model calls it; what rewrites have made, by its form.
    """
    flows = {step.outputs[0].number for step in steps if step.flow}
    names = {}
    if len(fed) == 1 and fed[0].number in flows:
        names = dict.fromkeys(flows, pipeline.model.inputs[0].name)
    made = {s.outputs[0]: s.op.result_name for s in steps if s.op.result_name}
    count = Counter(made.values())
    for value, name in made.items():
        names[value.number] = name if count[name] == 1 else f"{name}_{value.name}"
    return names, {value.number for value in made}
