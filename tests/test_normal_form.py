"""The normal order of steps: it gives the same bits, and does not depend on how a file has them."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from random_pre import REFUSED, pre_pipeline
from support import compiled, random_array, same
from test_diff_pages import side

from procdsl.compare import normal_form
from procdsl.compare.change import Verdict
from procdsl.compare.compare import compare
from procdsl.compare.normal_form import form, normal, step_by_step
from procdsl.compare.tables import run_by_run
from procdsl.ir import verifier
from procdsl.ir.pipeline import Pipeline
from procdsl.passes.block import Block
from procdsl.records import replace
from procdsl.reference.interpreter import preprocess
from procdsl.types.array import Array


def blocks_of(pipeline: Pipeline) -> tuple[Block, Block]:
    block = Block(pipeline.inputs, pipeline.serving(), pipeline.fed)
    return block, normal(block)


@pytest.mark.parametrize("seed", range(60))
def test_the_normal_order_of_random_pipelines_gives_the_same_bits(seed: int) -> None:
    drawn = pre_pipeline(seed)
    pipeline = compiled(drawn.text)
    block, ordered = blocks_of(pipeline)
    verifier.verify(ordered.inputs, ordered.steps, ordered.wanted, "the normal order")
    (image,) = pipeline.inputs
    assert isinstance(image.type, Array)
    x = random_array(np.random.default_rng(seed), image.type, drawn.size)
    try:
        (wanted,) = preprocess(pipeline, {image.name: x})
    except ValueError as error:
        if not re.search(REFUSED, str(error)):
            raise
        return
    turned = replace(pipeline, pre=ordered.steps, fed=ordered.wanted)
    (found,) = preprocess(turned, {image.name: x})
    assert isinstance(wanted, np.ndarray)
    assert isinstance(found, np.ndarray)
    same(found, wanted, 0, drawn.text)


@pytest.mark.parametrize("seed", range(60))
def test_neighbours_that_commute_have_one_form(seed: int) -> None:
    """Exchange each pair that may be exchanged: the form stays."""
    block, ordered = blocks_of(compiled(pre_pipeline(seed).text))
    steps = list(block.steps)
    numbers = block.new_numbers()
    for i, (first, second) in enumerate(pairwise(steps)):
        exchanged = normal_form.exchanged(first, second, numbers)
        if exchanged is not None:
            other = block.with_steps([*steps[:i], *exchanged, *steps[i + 2 :]])
            assert form(normal(other), step_by_step) == form(ordered, step_by_step)
    assert form(normal(ordered), step_by_step) == form(ordered, step_by_step)


@pytest.mark.parametrize("seed", range(40))
def test_forms_that_differ_are_told(seed: int) -> None:
    """Random pipelines against each other: where forms or contracts differ, something is said."""
    old, new = (side(f"{n}.proc", pre_pipeline(n).text) for n in (seed, seed + 1))
    found = compare(old, new)
    forms = [form(blocks_of(side.pipeline)[1], run_by_run) for side in (old, new)]
    assert found.changes
    assert found.verdict is not Verdict.IDENTICAL
    if forms[0] != forms[1]:
        assert found.verdict >= Verdict.NUMERICS_CHANGED
    assert compare(old, old).changes == ()


def test_steps_on_branches_stand_as_the_results_need_them() -> None:
    text = """proc 1
pipeline p
input left: u8[h, w, c=3] rgb
input right: u8[h, w, c=3] rgb
pre {
    a = flip(left, horizontal)
    b = flip(right, vertical)
    a = to_float(a, scale=1/255)
}
model a: f32[h, w, c=3] rgb, b: u8[h, w, c=3] rgb -> y: f32[n=3]
"""
    lines = text.splitlines(keepends=True)
    lines[5:8] = [lines[6], lines[5], lines[7]]
    old, new = (blocks_of(compiled(t))[1] for t in (text, "".join(lines)))
    assert [step.op.name for step in old.steps] == ["flip", "to_float", "flip"]
    assert form(old, step_by_step) == form(new, step_by_step)


def test_a_long_chain_stays_as_it_is() -> None:
    steps = "    flip(horizontal)\n    transpose()\n" * 101
    text = f"proc 1\npipeline p\ninput x: u8[h, w, c=3] rgb\npre {{\n    convert(bgr)\n{steps}}}\n"
    block, ordered = blocks_of(compiled(f"{text}model x: u8[h, w, c=3] bgr -> y: f32[n=1]\n"))
    assert ordered.steps == block.steps
