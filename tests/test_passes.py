"""The passes, one by one: what each makes of a block, and that it leaves the bits as they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pass_fixtures import FILES, FOLDER, read
from support import compiled, converting, random_array, same

from procdsl.ir.pipeline import Step, Value
from procdsl.ir.verifier import BrokenIR, verify
from procdsl.opdef import pictures
from procdsl.passes.block import Block
from procdsl.passes.schedule import PASSES
from procdsl.records import replace
from procdsl.types.array import Array

NAMES = [str(path.relative_to(FOLDER)) for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_before_and_after(path: Path) -> None:
    assert path.read_text() == read(path).text


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_the_meaning_stays(path: Path) -> None:
    fixture = read(path)
    (image,) = fixture.before.inputs
    assert isinstance(image.type, Array)
    x = random_array(np.random.default_rng(0), image.type, (31, 45))
    same(run(fixture.after, x), run(fixture.before, x), 0, path.stem)


def run(block: Block, x: np.ndarray) -> np.ndarray:
    """The block's steps by their references."""
    values = {block.inputs[0].number: x}
    for step in block.steps:
        given = tuple(values[value.number] for value in step.inputs)
        values[step.outputs[0].number] = pictures.reference(step.op, step.types, given)
    return values[block.wanted[0].number]


def test_every_pass_has_fixtures() -> None:
    assert {path.parent.name for path in FILES} == {pass_.name for pass_ in PASSES}
    for pass_ in PASSES:
        changed = [read(path) for path in FILES if path.parent.name == pass_.name]
        assert any(fixture.before.steps != fixture.after.steps for fixture in changed)


# The verifier


def block() -> Block:
    steps = ("convert(rgb)", "to_float(scale=1/255)", "layout(c, h, w)")
    pipeline = compiled(converting("u8[h, w, c=3] bgr", *steps))
    return Block(pipeline.inputs, pipeline.serving(), pipeline.fed)


def broken(steps: list[Step], wanted: tuple[Value, ...] | None = None) -> str:
    good = block()
    with pytest.raises(BrokenIR) as error:
        verify(good.inputs, steps, wanted or good.wanted, "a pass")
    return str(error.value)


def test_a_block_that_holds_together() -> None:
    good = block()
    verify(good.inputs, good.steps, good.wanted, "a pass")


def test_blocks_that_do_not_hold_together() -> None:
    convert, scale, layout = block().steps
    assert broken([scale, convert, layout]) == (
        "after a pass, step 0, to_float: takes `image`, which nothing has given"
    )
    assert "gives `image` a second time" in broken([convert, convert])
    untyped = replace(scale, outputs=(replace(scale.outputs[0], type=convert.types[0]),))
    assert "gives f32[h, w, c=3] rgb, and says u8[h, w, c=3] bgr" in broken([convert, untyped])
    other = replace(layout, inputs=(replace(layout.inputs[0], type=convert.types[0]),))
    assert "takes u8[h, w, c=3] bgr, and was given f32" in broken([convert, scale, other])
    assert broken([convert, scale]) == "after a pass: nothing gives `image`"
