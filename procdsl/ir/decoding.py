"""A pipeline apart: how its files become pictures, and what is done with these.

Decoding stays on the host whatever holds the rest: a graph, a model file, a GPU.
"""

from __future__ import annotations

from procdsl.ir.pipeline import Pipeline, Step
from procdsl.records import replace


def decodings(pipeline: Pipeline) -> tuple[Step, ...]:
    """The steps that make pictures of files, in the order of the inputs."""
    steps = {step.inputs[0].number: step for step in pipeline.serving() if step.op.decodes}
    return tuple(steps[value.number] for value in pipeline.inputs if value.number in steps)


def behind_decoding(pipeline: Pipeline) -> Pipeline:
    """The same on pictures: each input of bytes is what is decoded of it, under its name."""
    pictures = {step.inputs[0].number: step.outputs[0] for step in decodings(pipeline)}
    if not pictures:
        return pipeline
    inputs = (
        replace(pictures[value.number], name=value.name) if value.number in pictures else value
        for value in pipeline.inputs
    )
    steps = (e for e in pipeline.pre if not (isinstance(e, Step) and e.op.decodes))
    return replace(pipeline, inputs=tuple(inputs), pre=tuple(steps))
