"""A pipeline as text at each stage of the compiler."""

from __future__ import annotations

from procdsl.codegen.targets import targets
from procdsl.ir import printer
from procdsl.ir.pipeline import Pipeline
from procdsl.lower import lower
from procdsl.lower.printer import program_text
from procdsl.passes.block import Block
from procdsl.passes.schedule import rewritten


def dump(pipeline: Pipeline, stage: str, target: str) -> str:
    """The steps as they were checked (`typed`), what the passes make of `pre` for a target
    (`rewritten`), or the programs of both blocks (`lowered`)."""
    holds = targets()[target].holds
    if stage == "typed":
        return printer.pipeline_text(pipeline)
    if stage == "rewritten":
        block = Block(pipeline.inputs, pipeline.serving(), pipeline.fed)
        block = rewritten(block, holds)
        return printer.block_text(block.inputs, block.steps, block.wanted)
    pre = lower.preprocess(pipeline, holds, optimize=True)
    post = lower.postprocess(pipeline, holds)
    return f"preprocess\n{program_text(pre.program)}\npostprocess\n{program_text(post.program)}"
