"""The two halves of a planned pipeline: one behind the other they are the whole."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from pipelines import CLASSIFIER, DETECTOR, TWO
from planning import DECODED, NAMED, SHADOWED, compiled, of, planned
from support import BACKENDS, arrays, past_model, same, source_of

from procdsl import registry
from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.ir.decoding import decodings
from procdsl.ir.pipeline import Pipeline
from procdsl.ir.plan import HOST, MODEL, Plan, PlannedStep
from procdsl.lower.lower import sizes_of
from procdsl.opdef.op import Case
from procdsl.plan.halves import Halves, halves
from procdsl.plan.places import plan
from procdsl.records import replace
from procdsl.reference.interpreter import postprocess, preprocess
from procdsl.types.array import Array
from procdsl.types.value import PictureSize

_count = itertools.count()


def moved(found: Plan, title: str, place: str) -> Plan:
    steps = (replace(s, place=place) if s.title == title else s for s in found.steps)
    return replace(found, steps=tuple(steps))


def test_a_plan_that_does_not_hold_together() -> None:
    pipeline = compiled(DETECTOR)
    found = planned(pipeline)
    with pytest.raises(ValueError, match=r"pre\.2 takes what a step gives that runs after it"):
        halves(pipeline, moved(found, "pre.2", HOST))
    with pytest.raises(ValueError, match=r"post\.3 takes what a step gives that runs after it"):
        halves(pipeline, moved(found, "post.2", HOST))
    with pytest.raises(ValueError, match="does not place each step of `post` once"):
        halves(pipeline, replace(found, steps=found.steps[:-1]))
    more = PlannedStep("pre", 9, MODEL, "")
    with pytest.raises(ValueError, match="does not place each step of `pre` once"):
        halves(pipeline, replace(found, steps=(*found.steps, more)))


def cases() -> list[Any]:
    """Cases of all ops, one of each with a `pre`, and one with a `post`."""
    found = []
    for op in registry.op_names():
        for block in ("pre", "post"):
            case = next((c for c in registry.op(op).cases() if getattr(c, block)), None)
            if case is not None:
                found.append(pytest.param(case, id=f"{op}-{block}"))
    return found


@pytest.mark.parametrize("case", cases())
def test_the_halves_one_behind_the_other_are_the_whole(case: Case) -> None:
    """Cut behind each step of `pre` and before each of `post`: by the reference, to the bit."""
    pipeline = compiled(source_of(case))
    inputs, outputs = arrays(case, pipeline)
    sizes = pictures_of(pipeline, inputs)
    wanted = preprocess(pipeline, inputs)
    results = postprocess(pipeline, outputs, sizes)
    before, after = len(pipeline.pre), len(pipeline.post)
    for n in range(max(before, after) + 1):
        keep = {("pre", min(n, before)), ("post", max(1, after + 1 - n))} if n else set()
        two = halves(pipeline, plan(pipeline, "toy", "none", lambda step, given: "", keep))
        names, count = [value.name for value in two.baked.inputs], len(pipeline.fed)
        given: Any = dict(zip(names, preprocess(two.host, inputs)[: len(names)], strict=True))
        for x, y in zip(preprocess(two.baked, given)[:count], wanted[:count], strict=True):
            same(x, y, 0, f"{n} steps of pre")
        inside = results_of(two, outputs | past_model(two.baked, given), sizes)
        found = postprocess(two.host, inside | past_model(two.host, inputs), sizes)
        for value, x, y in zip(pipeline.outputs, found, results, strict=True):
            same(x, y, 0, f"{n} steps of post, {value.name}")


def pictures_of(pipeline: Pipeline, inputs: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """The height and width of each input, or of the picture that is decoded of it."""
    decoded = {step.inputs[0].name: step for step in decodings(pipeline)}
    found = {}
    for value in pipeline.inputs:
        x, type_ = inputs[value.name], value.type
        if value.name in decoded:
            step = decoded[value.name]
            x, type_ = step.op.reference(step.types, x), step.outputs[0].type
        assert isinstance(type_, Array)
        found[value.name] = type_.picture(x.shape)
    return found


def results_of(
    two: Halves, outputs: Mapping[str, np.ndarray], sizes: Mapping[str, tuple[int, int]]
) -> dict[str, np.ndarray]:
    """What the file's half gives, by the names that the host's half has for it."""
    found: dict[str, Any] = {}
    for value, x in zip(two.baked.outputs, postprocess(two.baked, outputs, sizes), strict=True):
        parts = (
            {f"{value.name}.{field}": part for field, part in x.items()}
            if isinstance(x, dict)
            else {value.name: x}
        )
        found |= parts
    return {result.value.name: np.asarray(found[result.name]) for result in two.results}


@pytest.mark.parametrize(
    ("text", "keep"),
    [
        (CLASSIFIER, ()),
        (CLASSIFIER, ("resize",)),
        (NAMED, ()),
        (NAMED, ("letterbox",)),
        (TWO, ("flip",)),
        (DECODED, ()),
        (DECODED, ("resize",)),
        (SHADOWED, ()),
    ],
)
def test_both_halves_compile_for_every_target(
    text: str, keep: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And compute what the reference does, though a name stands for two values that cross."""
    filters = ModuleType("shop.filters")
    filters.mark = lambda image: image  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shop", ModuleType("shop"))
    monkeypatch.setitem(sys.modules, "shop.filters", filters)
    _, two = of(text, keep=keep)
    for half in (two.host, two.baked):
        files = generate(half, options=Options(format=False, check_externs=False))
        for backend in BACKENDS:
            name = f"half_{next(_count)}"
            load(files[f"{half.name}_{backend}.py"], name).self_check()


def test_sizes_that_the_file_is_told() -> None:
    _, two = of(DETECTOR, keep=("letterbox",))
    assert [(v.name, str(v.type)) for v in two.file.inputs] == [
        ("after_letterbox", "u8[h=64, w=64, c=3] rgb"),
        ("image_size", "i64[side=2]"),
    ]
    assert [v.type for v in sizes_of(two.baked.post)] == [PictureSize("image")]
