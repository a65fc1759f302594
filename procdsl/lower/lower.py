"""From a typed pipeline to programs: `pre` as it serves, `pre` as it trains, and `post`."""

from __future__ import annotations

from collections.abc import Sequence

from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.lower.builder import Builder, names_of_made
from procdsl.lower.program import Program
from procdsl.passes.block import Block, Holds
from procdsl.passes.schedule import rewritten
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.value import PictureSize, Record, Type


@dataclass(frozen=True)
class Lowered:
    """A program, and the steps that it was made of: those of the file after all passes."""

    program: Program
    steps: tuple[Step, ...]

    @property
    def shared(self) -> list[bool]:
        """For each result whether it may share memory with an argument, or with one before it."""
        memory: dict[int, set[int]] = {}  # whose memory a value may lie in, by numbers of values
        for step in self.steps:
            taken = {of for v in step.inputs for of in memory.get(v.number, {v.number})}
            memory |= {v.number: taken if step.op.may_alias else {v.number} for v in step.outputs}
        found, seen = [], set[int]()
        for value, _ in self.program.results:
            of = memory.get(value.number, {value.number})
            found.append(not seen.isdisjoint(of) or not of <= memory.keys())
            seen |= of
        return found


def preprocess(pipeline: Pipeline, holds: Holds, optimize: bool, train: bool = False) -> Lowered:
    """`pre` as a function of the inputs, rewritten for what a target holds.

    Behind what the model is fed it gives what `post` takes of it.
    """
    steps, fed = pipeline.training() if train else (pipeline.serving(), pipeline.fed)
    wanted = (*fed, *pipeline.kept)
    block = rewritten(Block(pipeline.inputs, steps, wanted), holds, optimize)
    names, temporary = _names(block.steps, pipeline, fed)
    build = Builder(names, temporary)
    parameters = tuple(build.parameter(value) for value in pipeline.inputs)
    groups = tuple(build.step(step) for step in block.steps)
    results = tuple((value, build.value(value)) for value in wanted)
    return Lowered(Program(parameters, (), groups, results), block.steps)


def postprocess(pipeline: Pipeline, holds: Holds, texts: bool = True) -> Lowered:
    """`post` as a function of the model's outputs, of what goes past the model and of the sizes of
    the inputs it goes back to, rewritten as far as a target needs it.

    Without `texts` it gives the ids that these stand for.
    """
    build = Builder()
    taken = (*pipeline.model.outputs, *pipeline.past_model)
    parameters = tuple(build.parameter(value) for value in taken)
    sizes = tuple(build.parameter(value) for value in sizes_of(pipeline.post))
    looked_up = {} if texts else {s.outputs[0].number: s for s in pipeline.post if gives_text(s)}
    steps = tuple(step for step in pipeline.post if step.outputs[0].number not in looked_up)
    given = [
        (v, looked_up[v.number].inputs[0] if v.number in looked_up else v) for v in pipeline.outputs
    ]
    block = Block(taken, steps, tuple(of for _, of in given))
    steps = rewritten(block, holds, optimize=False).steps
    groups = tuple(build.step(step) for step in steps)
    results = tuple((value, build.value(of)) for value, of in given)
    counts = {number: build.counts[found] for number, found in counted(pipeline).items()}
    return Lowered(Program(parameters, sizes, groups, results, counts), steps)


def gives_text(step: Step) -> bool:
    """Whether it looks texts up; none is then computed with."""
    return any(isinstance(v.type, Array) and v.type.dtype == "text" for v in step.outputs)


def counted(pipeline: Pipeline) -> dict[int, int]:
    """For each value whose rows stem from a step that found them, what that step gave."""
    found: dict[int, int] = {}
    for step in pipeline.post:
        if step.op.finds:
            first = step.outputs[0].number
            found[first] = first
        taken = next((v for v in step.inputs if v.number in found), None)
        for value in step.outputs:
            if taken is None:
                continue
            if gives_text(step) or _open_axes(taken.type) & _open_axes(value.type):
                found.setdefault(value.number, found[taken.number])
    return found


def _open_axes(type_: Type) -> set[str]:
    """The axes of any size by name, but for the sides of pictures, which are no rows."""
    arrays = [a for _, a in type_.fields] if isinstance(type_, Record) else [type_]
    axes = [axis for array in arrays if isinstance(array, Array) for axis in array.axes]
    return {axis.name for axis in axes if axis.size is None and axis.name not in ("h", "w")}


def step(step: Step) -> Program:
    """One step alone, to ask a target whether it holds it."""
    build = Builder()
    for value in step.inputs:
        build.declare(value)
    group = build.step(step)
    return Program((), (), (group,), ())


def alone(step: Step, name: str) -> Program:
    """One step as a function of its own, which calls what it gives by this name."""
    numbers = {value.number for value in step.outputs}
    build = Builder(dict.fromkeys(numbers, name), numbers)
    parameters = tuple(build.parameter(value) for value in step.inputs)
    group = build.step(step)
    return Program(parameters, (), (group,), tuple((v, build.value(v)) for v in step.outputs))


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
    made = names_of_made(steps)
    return names | made, set(made)
