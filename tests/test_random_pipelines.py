"""Random pipelines: what the checker lets pass, all backends compute as the reference does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import build, compare, random_array, run, untaken

from procdsl import registry
from procdsl.checker.check import check, flow_type
from procdsl.colour import colour, colour_names
from procdsl.source import Source
from procdsl.types import Array

SAMPLERS = st.sampled_from(registry.sampler_names())
SIDES = st.integers(1, 40)
NUMBERS = st.one_of(
    st.floats(-4, 4, width=32).map(lambda x: repr(round(x, 4))),
    st.sampled_from(["1/3", "0.485", "123.675", "1/255", "0", "1"]),
)
SPREADS = st.sampled_from(["0.229", "1/4", "2", "58.395", "-1", "0.1"])


def channels(number: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A number for all channels, or one for each of three."""
    three = st.tuples(number, number, number).map(lambda t: f"({', '.join(t)})")
    return st.one_of(number, three)


def call(name: str, **arguments: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    drawn = st.fixed_dictionaries(arguments)
    return drawn.map(lambda a: f"{name}({', '.join(f'{k}={v}' for k, v in a.items())})")


COMPUTED = [name for name in colour_names() if not colour(name).moved]
FILLS = channels(st.integers(0, 255).map(str))
PRE_STEPS = st.one_of(
    st.sampled_from(
        [
            f"convert({to}{luma}{alpha})"
            for to in colour_names()
            if colour(to).moved
            for luma in ("", ", luma=cv2", ", luma=pil", ", luma=torchvision")
            for alpha in ("", ", alpha=drop", ", alpha=over, fill=(9, 99, 255)")
        ]
    ),
    st.sampled_from([f"convert({to})" for to in ("rgb", "bgr", *COMPUTED)]),
    call("resize", h=SIDES, w=SIDES, sampler=SAMPLERS),
    call("resize", short=SIDES, sampler=SAMPLERS),
    call("resize", long=SIDES, sampler=SAMPLERS),
    call("resize", fit=st.tuples(SIDES, SIDES), sampler=SAMPLERS),
    call("crop", top=st.integers(0, 5), left=st.integers(0, 5), h=SIDES, w=SIDES),
    st.tuples(SIDES, SIDES).map(lambda s: f"crop(center, h={s[0]}, w={s[1]})"),
    call("pad", top=st.integers(0, 5), right=st.integers(0, 5), fill=FILLS),
    call("pad", multiple=st.integers(1, 17), fill=FILLS),
    FILLS.map(lambda fill: f"pad(square, fill={fill})"),
    call("letterbox", h=SIDES, w=SIDES, fill=FILLS, sampler=SAMPLERS),
    st.sampled_from(
        ["flip(horizontal)", "flip(vertical)", "transpose()"]
        + [
            f"rotate({way}, degrees={degrees})"
            for way in ("clockwise", "counterclockwise")
            for degrees in (90, 180, 270)
        ]
    ),
    call(
        "tile",
        h=SIDES,
        w=SIDES,
        overlap=st.integers(0, 5),
        last=st.sampled_from(["shifted", "padded"]),
        fill=FILLS,
    ),
    st.tuples(st.integers(1, 3), st.permutations(["h", "w", "c"])).map(
        lambda t: f"patchify(h={t[0]}, w={t[0]}, order=({', '.join(t[1])}))"
    ),
    st.sampled_from(["to_float(scale=1/255)", "to_float(scale=0.0078125)", "to_float(scale=1)"]),
    st.sampled_from(["to_float(scale=2/255, form=reciprocal)", "to_float(scale=0.017, form=f64)"]),
    call("normalize", mean=channels(NUMBERS), std=channels(SPREADS)),
    call(
        "normalize",
        mean=channels(NUMBERS),
        std=channels(SPREADS),
        form=st.sampled_from(["fused", "reciprocal"]),
        scale=st.sampled_from(["1/255", "0.00392", "1"]),
    ),
    call("standardize", over=st.sampled_from(["image", "channel"]), eps=st.just("0.0001")),
    call("standardize", over=st.sampled_from(["image", "channel"]), min_std=st.just("tf")),
    call("min_max", over=st.sampled_from(["image", "channel"]), eps=st.sampled_from(["0", "0.1"])),
    call("scale", divide=st.sampled_from(["127.5", "3"]), subtract=NUMBERS),
    call("scale", multiply=st.sampled_from(["2", "-1/3"]), add=NUMBERS),
    call("gamma", gamma=st.sampled_from(["5/11", "2.2"])),
    call(
        "gamma",
        gamma=st.sampled_from(["5/11", "2.2"]),
        form=st.sampled_from(["torchvision", "albumentations", "scikit_image"]),
    ),
    call(
        "window",
        center=st.sampled_from(["0.5", "100"]),
        width=st.sampled_from(["1", "80.5"]),
        form=st.sampled_from(["clip", "dicom_linear", "dicom_linear_exact"]),
    ),
    call("threshold", above=st.sampled_from(["0.5", "100"])),
    call("clip", min=NUMBERS, max=NUMBERS),
    st.sampled_from(
        [
            f"cast({to}{rounding})"
            for to in ("u8", "u16", "i32", "f32", "f16")
            for rounding in ("", ", rounding=half_even", ", rounding=half_up", ", rounding=trunc")
        ]
    ),
    st.permutations(["h", "w", "c"]).map(lambda axes: f"layout({', '.join(axes)})"),
)
INPUTS = st.sampled_from(
    [
        f"u8[rows, w] {name}"
        if colour(name).subsampled
        else f"u8[h, w, c={len(colour(name).channels)}] {name}"
        for name in colour_names()
    ]
    + ["u8[h, w] gray", "u8[c=3, h, w] rgb", "f32[h, w, c=3] rgb", "u16[h, w, c=3] bgr"]
)


def with_pre(image: str, steps: list[str]) -> str | None:
    """A file with these steps, or None where the checker refuses them."""
    head = f"proc 1\npipeline p\ninput image: {image}\n"
    body = "".join(f"    {step}\n" for step in steps)
    text = head + (f"pre {{\n{body}}}\n" if steps else "")
    ends_in = flow_type(Source("p.proc", text))
    if not isinstance(ends_in, Array):
        return None
    text += f"model x: {ends_in} -> y: f32[]\n"
    return text if check(Source("p.proc", text)).pipeline else None


@st.composite
def pre_pipelines(draw: st.DrawFn) -> tuple[str, tuple[int, int], int]:
    """A pipeline of steps that fit, the size of its picture, and a seed for the pixels."""
    image = draw(INPUTS)
    steps: list[str] = []
    for step in draw(st.lists(PRE_STEPS, min_size=4, max_size=24)):
        if len(steps) < 6 and with_pre(image, [*steps, step]):
            steps.append(step)
    text = with_pre(image, steps)
    assert text is not None, "every step was tried before it was taken"
    return text, (draw(SIDES), draw(SIDES)), draw(st.integers(0, 2**16))


def run_pre(drawn: tuple[str, tuple[int, int], int]) -> None:
    text, size, seed = drawn
    try:
        built = build(text)
    except ValueError as error:
        assert "no size of picture passes" in str(error)  # noqa: PT017 - the pipeline may be so
        return
    (value,) = built.pipeline.inputs
    assert isinstance(value.type, Array)
    image = random_array(np.random.default_rng(seed), value.type, size)
    try:
        compare(built, {value.name: image})
    except ValueError as error:
        assert re.search(REFUSED, str(error))  # noqa: PT017 - the picture may not fit
        assert_all_refuse(built.modules, image)


def assert_all_refuse(modules: Mapping[str, ModuleType], image: np.ndarray) -> None:
    """A picture that the reference refuses is refused by every backend."""
    for module in modules.values():
        with pytest.raises(ValueError, match=REFUSED):
            run(module, {"image": image})


REFUSED = "too small|too large|4:2:0 frame|whole number of patches"
"""What is said of a picture that does not fit a pipeline."""

COMMON: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
    "derandomize": True,
}


@settings(max_examples=60, **COMMON)
@given(pre_pipelines())
def test_pre(drawn: tuple[str, tuple[int, int], int]) -> None:
    run_pre(drawn)


@pytest.mark.slow
@settings(max_examples=1000, **COMMON)
@given(pre_pipelines())
def test_a_thousand_pre_pipelines(drawn: tuple[str, tuple[int, int], int]) -> None:
    run_pre(drawn)


AXES = st.sampled_from(["class", "h", "w"])
POST_STEPS = st.one_of(
    AXES.map(lambda axis: f"v = softmax(v, over={axis})"),
    st.just("v = sigmoid(v)"),
    AXES.map(lambda axis: f"v, i = max(v, over={axis})"),
    AXES.map(lambda axis: f"i = argmax(v, over={axis})"),
    st.tuples(AXES, st.integers(1, 4)).map(lambda t: f"v, i = top(v, over={t[0]}, k={t[1]})"),
    NUMBERS.map(lambda bound: f"m = threshold(v, above={bound})"),
    st.permutations(["class", "h", "w"]).map(lambda axes: f"v = layout(v, {', '.join(axes)})"),
    call("v = clip", min=NUMBERS, max=NUMBERS).map(lambda s: s.replace("(", "(v, ")),
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


@settings(max_examples=60, **COMMON)
@given(post_pipelines())
def test_post(drawn: tuple[str, int]) -> None:
    text, seed = drawn
    built = build(text)
    rng = np.random.default_rng(seed)
    (value,) = built.pipeline.model.outputs
    assert isinstance(value.type, Array)
    found = random_array(rng, value.type, (4, 3))
    if found.size > 3:
        found.ravel()[rng.integers(0, found.size, 2)] = (np.nan, np.inf)
    compare(built, {}, {value.name: found})
