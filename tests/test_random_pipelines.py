"""Random pipelines: what the checker lets pass, all backends compute as the reference does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import ModuleType

import jsonschema
import numpy as np
import pytest
from cases import compare_batch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_pre import REFUSED, Drawn, pre_pipeline
from support import (
    Built,
    build,
    compare,
    manifest_of,
    of_a_size_that_passes,
    random_array,
    run,
    untaken,
)

from procdsl.checker.check import check
from procdsl.manifest import golden, schema
from procdsl.source import Source
from procdsl.types.array import Array

VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema.text()))


def check_manifest(built: Built) -> None:
    """It meets the schema that is published, and its golden record is true."""
    data = manifest_of(built)
    VALIDATOR.validate(data)
    assert golden.differences(data["self_check"], built.pipeline) == []


def check_pre(drawn: Drawn) -> None:
    """Every backend gives what the reference gives, or refuses the picture as it does."""
    with of_a_size_that_passes():
        built = build(drawn.text)
    check_manifest(built)
    (value,) = built.pipeline.inputs
    assert isinstance(value.type, Array)
    rng = np.random.default_rng(drawn.seed)
    image, *others = (random_array(rng, value.type, drawn.size) for _ in range(3))
    try:
        compare(built, {value.name: image})
        compare_batch(built, [{value.name: x} for x in (image, *others)])
    except ValueError as error:
        assert re.search(REFUSED, str(error))  # noqa: PT017 - the picture may not fit
        assert_all_refuse(built.modules, image)


def assert_all_refuse(modules: Mapping[str, ModuleType], image: np.ndarray) -> None:
    """A picture that the reference refuses is refused by every backend."""
    for module in modules.values():
        with pytest.raises(ValueError, match=REFUSED):
            run(module, {"image": image})


@pytest.mark.parametrize("seed", range(60))
def test_pre(seed: int) -> None:
    check_pre(pre_pipeline(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60, 1060))
def test_a_thousand_pre_pipelines(seed: int) -> None:
    check_pre(pre_pipeline(seed))


NUMBERS = st.one_of(
    st.floats(-4, 4, width=32).map(lambda x: repr(round(x, 4))),
    st.sampled_from(["1/3", "0.485", "123.675", "1/255", "0", "1"]),
)
AXES = st.sampled_from(["class", "h", "w"])
POST_STEPS = st.one_of(
    AXES.map(lambda axis: f"v = softmax(v, over={axis})"),
    st.just("v = sigmoid(v)"),
    st.sampled_from(["add", "subtract", "multiply", "divide"]).map(lambda op: f"v = {op}(v, v)"),
    AXES.map(lambda axis: f"u = norm(v, over={axis})\n    v = divide(v, u)"),
    AXES.map(lambda axis: f"v = expected(v, over={axis})"),
    st.permutations(["class", "h", "w"]).map(
        lambda p: f"v, i, _ = top(v, over=({p[0]}, {p[1]}), k=3)"
    ),
    st.tuples(AXES, st.sampled_from(["start=1", "stop=-1", "start=-2", "index=0"])).map(
        lambda t: f"v = select(v, {t[0]}, {t[1]})"
    ),
    AXES.map(lambda axis: f"v = concat(v, v, along={axis})"),
    st.permutations(["class", "h", "w"]).map(lambda p: f"v = flatten(v, {p[0]}, {p[1]}, to=w)"),
    st.tuples(NUMBERS, NUMBERS).map(lambda t: f"v = denormalize(v, mean={t[0]}, std={t[1]})"),
    AXES.map(lambda axis: f"v = log_softmax(v, over={axis})"),
    AXES.map(lambda axis: f"v = l2_normalize(v, over={axis})"),
    AXES.map(lambda axis: f"v = norm(v, over={axis})"),
    AXES.map(lambda axis: f"v, i = max(v, over={axis})"),
    AXES.map(lambda axis: f"i = argmax(v, over={axis})"),
    st.tuples(AXES, st.integers(1, 4)).map(lambda t: f"v, i = top(v, over={t[0]}, k={t[1]})"),
    NUMBERS.map(lambda bound: f"m = threshold(v, above={bound})"),
    st.permutations(["class", "h", "w"]).map(lambda axes: f"v = layout(v, {', '.join(axes)})"),
    st.tuples(NUMBERS, NUMBERS).map(lambda t: f"v = clip(v, min={t[0]}, max={t[1]})"),
    st.just("i = lookup(i, table=(3, 1, 4, 1, 5))"),
)
OUTPUTS = st.sampled_from(
    ["f32[class=5]", "f32[class=5, h=4, w=3]", "f32[h=4, class=5, w=3]", "f32[]"]
)


def with_post(output: str, steps: list[str]) -> str | None:
    body = "".join(f"    {step}\n" for step in steps)
    names = untaken("\n".join(steps)) if steps else ["v"]
    text = f"proc 1\npipeline p\nmodel x: f32[n=1] -> v: {output}\n"
    text += f"post {{\n{body}}}\n" if steps else ""
    text += f"output {', '.join(names)}\n"
    return text if check(Source("p.proc", text)).pipeline else None


@st.composite
def post_pipelines(draw: st.DrawFn) -> tuple[str, int]:
    output = draw(OUTPUTS)
    steps: list[str] = []
    for step in draw(st.lists(POST_STEPS, min_size=4, max_size=16)):
        if len(steps) < 5 and with_post(output, [*steps, step]):
            steps.append(step)
    text = with_post(output, steps)
    assert text is not None, "every step was tried before it was taken"
    return text, draw(st.integers(0, 2**16))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    derandomize=True,
)
@given(post_pipelines())
def test_post(drawn: tuple[str, int]) -> None:
    text, seed = drawn
    built = build(text)
    check_manifest(built)
    rng = np.random.default_rng(seed)
    (value,) = built.pipeline.model.outputs
    assert isinstance(value.type, Array)
    found = random_array(rng, value.type, (4, 3))
    if found.size > 3:
        found.ravel()[rng.integers(0, found.size, 2)] = (np.nan, np.inf)
    compare(built, {}, {value.name: found})
