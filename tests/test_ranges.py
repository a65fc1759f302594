"""The range that the checker gives a resized image, against what the samplers can make of one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from command_line import said
from support import build, compiled, converting, run

from procdsl import registry
from procdsl.checker.check import check
from procdsl.opdef.sampling import gain
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.types.axis import Range

REAL = [
    name
    for name in registry.sampler_names()
    if "f32" in registry.sampler(name).numerics and not registry.sampler(name).picks
]
SIZES = [(n, to) for n in (2, 3, 4, 7, 9, 14, 25) for to in (*range(1, 30), 50, 333)]


def weights(name: str, source: int, target: int) -> np.ndarray:
    """What each target row takes of each source row: the sampler's answer to single rows."""
    rows = np.eye(source, dtype=np.float32)[:, :, None]
    return registry.sampler(name).reference(rows, target, source)[:, :, 0].astype(np.float64)


@pytest.mark.parametrize("name", REAL)
def test_the_weights_below_0_are_those_declared(name: str) -> None:
    found = max(-np.minimum(weights(name, *sizes), 0).sum(axis=1).min() for sizes in SIZES)
    declared = registry.sampler(name).lobe
    assert found <= declared <= 1.03 * found


def ranged(image: str, *steps: str) -> Range:
    """The range of what a file's steps give."""
    (fed,) = compiled(converting(image, *steps)).fed
    assert isinstance(fed.type, Array)
    assert fed.type.range
    return fed.type.range


@pytest.mark.parametrize("name", REAL)
def test_the_worst_picture_stays_in_the_range(name: str) -> None:
    """One that is 1 where the weights of a pixel are above 0, and 0 elsewhere; and its opposite."""
    span = ranged(
        "u8[h, w, c=3] rgb", "to_float(scale=1/255)", f"resize(h=50, w=50, sampler={name})"
    )
    reached = [0.0, 1.0]
    signs = np.sign(weights(name, 9, 50))
    for row in signs:
        sign = np.outer(row, row)[:, :, None]
        for picture in (sign > 0, sign < 0):
            found = registry.sampler(name).reference(picture.astype(np.float32), 50, 50)
            reached += [float(found.min()), float(found.max())]
    slack = 1e-6
    assert span.low - slack <= min(reached) <= span.low + 0.06
    assert span.high - 0.06 <= max(reached) <= span.high + slack
    assert gain(name) == pytest.approx(span.high - span.low)


def test_whole_numbers_stay_in_their_type() -> None:
    image, resize = "u8[h, w, c=3] rgb", "resize(h=9, w=9, sampler=cv2.cubic)"
    assert ranged(image, resize) == Range(0, 255)
    cut = ranged(image, "clip(min=100, max=200)", resize)
    assert (cut.low, cut.high) == pytest.approx((55.4, 244.6), abs=0.1)


def test_a_letterbox_has_the_range_of_its_content_and_its_fill() -> None:
    def boxed(sampler: str) -> Range:
        box = f'letterbox(h=9, w=9, fill=-0.2, sampler={sampler}) allow E304 "meant"'
        return ranged("u8[h, w, c=3] rgb", "to_float(scale=1/255)", box)

    assert boxed("cv2.linear") == Range(-0.2, 1)
    cubic = boxed("cv2.cubic")
    assert cubic.low < -0.4
    assert cubic.high > 1.4


def test_a_gamma_after_a_cubic_resize_wants_a_clip() -> None:
    steps = ["to_float(scale=1/255)", "resize(h=9, w=9, sampler=pil.bicubic)", "gamma(gamma=2.2)"]
    text = converting("u8[h, w, c=3] rgb", *steps[:2], "clip(min=0, max=1)", steps[2])
    assert check(Source("p.proc", text)).pipeline is not None
    (found,) = check(Source("p.proc", text.replace("    clip(min=0, max=1)\n", ""))).diagnostics
    assert found.code == "E301"
    assert "clip(min=0, max=1)" in str(found.hint)


# Ends that float32 does not hold


def post(steps: str, span: str = "0..3") -> str:
    return (
        f"proc 1\npipeline p\nmodel x: f32[n=1] -> y: f32[n=4] {span}\n"
        f"post {{\n{steps}}}\noutput z\n"
    )


def result(text: str) -> Range | None:
    (found,) = compiled(text).outputs
    assert isinstance(found.type, Array)
    return found.type.range


def squared(times: int) -> str:
    return "z = multiply(y, y)\n" + "z = multiply(z, z)\n" * (times - 1)


def test_the_ends_of_a_product_are_told_to_the_last_digit() -> None:
    assert result(post(squared(5))) == Range(0, 3**32)
    assert result(post(squared(6), "-3..3")) == Range(-(3**64), 3**64)


@pytest.mark.parametrize("span", ["0..3", "-3..3", "0..1e30", "-1e60..1e60", "1e-30..1e30"])
@pytest.mark.parametrize("times", [10, 25, 1000])
def test_of_numbers_beyond_float32_no_range_is_known(span: str, times: int) -> None:
    assert result(post(squared(times), span)) is None


@pytest.mark.parametrize(
    "step",
    [
        "scale(z, multiply=3)",
        "scale(z, divide=3)",
        "scale(z, add=3)",
        "normalize(z, mean=0.5, std=0.1)",
        "denormalize(z, mean=0.5, std=0.1)",
        "divide(z, y)",
        "clip(z, min=0, max=1)",
        "cast(z, i32, rounding=floor)",
        "threshold(z, above=1)",
    ],
)
def test_what_follows_numbers_beyond_float32(
    folder: Path, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    (folder / "p.proc").write_text(post(f"{squared(12)}z = {step}\n"))
    for command in (["check"], ["steps"], ["compile", "-o", "out"], ["plan", "--to", "onnx"]):
        assert said(capsys, command[0], "p.proc", *command[1:])[0] == 0


def test_a_gamma_of_numbers_beyond_float32() -> None:
    text = post(f"{squared(12)}z = gamma(z, gamma=2)\n")
    assert [d.code for d in check(Source("p.proc", text)).diagnostics] == ["E301"]


def test_a_fraction_that_is_squared_stays_short() -> None:
    steps = ['pad(left=1, top=1, right=1, bottom=1, fill=-1/3) allow E304 "a fraction"']
    steps += ["j = multiply(image, image)\nimage = subtract(j, image)"] * 40
    (fed,) = compiled(converting("f32[h, w] 0..1", *steps)).fed
    assert isinstance(fed.type, Array)
    assert len(repr(fed.type.range)) < 500


@pytest.mark.parametrize(
    "step",
    ["scale(multiply=1e30)", "denormalize(mean=1, std=1e30)", "normalize(mean=0, std=1e-30)"],
)
def test_numbers_beyond_float32_are_infinite_and_no_warning(step: str) -> None:
    allow = ' allow E304 "a test"' * step.startswith("normalize")
    text = converting("f32[h, w] 0..1e30", step + allow)
    image = np.full((4, 4), 1e30, np.float32)
    for module in build(text).modules.values():
        (found,) = run(module, {"image": image})
        assert np.isinf(found).all()


def test_a_bound_that_grows_beyond_float32(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = "z = softmax(y, over=n)\n" + "z = scale(z, multiply=1e30)\n" * 12
    for more in ("", "z = cast(z, i32, rounding=floor)\n"):
        (folder / "p.proc").write_text(post(steps + more))
        assert said(capsys, "compile", "p.proc", "-o", "out")[0] == 0
