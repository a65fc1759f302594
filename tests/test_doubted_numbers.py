"""Numbers and names that can be computed with, and are most likely a mistake."""

from __future__ import annotations

import pytest
from checking import codes, text

from procdsl.checker.check import check
from procdsl.diagnostics.diagnostic import Severity
from procdsl.source import Source

HEAD = "proc 1\npipeline p\nmodel x: f32[n=1] -> "
FLOAT = "to_float(scale=1/255)"


def post(given: str, steps: str, output: str = "q") -> str:
    return f"{HEAD}{given}\npost {{\n    {steps}\n}}\noutput {output}\n"


@pytest.mark.parametrize("std", ["-0.2", "(0.2, -0.2, 0.2)"])
def test_a_standard_deviation_is_not_negative(std: str) -> None:
    assert codes(text(FLOAT, f"normalize(mean=0, std={std})", model="f32[h, w, c=3] rgb")) == [
        "E306"
    ]
    assert codes(post("y: f32[n=4]", "q = denormalize(y, mean=0, std=-1)")) == ["E306"]


@pytest.mark.parametrize(("bound", "found"), [("1", ["E304"]), ("-1/2", ["E304"]), ("0", [])])
def test_a_bound_beside_all_values(bound: str, found: list[str]) -> None:
    steps = f"p = softmax(y, over=n)\n    q = threshold(p, above={bound})"
    assert codes(post("y: f32[n=4]", steps)) == found


@pytest.mark.parametrize("bound", ["2", "1", "-1"])
def test_a_bound_of_tags_beside_all_values(bound: str) -> None:
    given = "y: f32[n=4] {}"
    assert codes(post(given.format("probabilities"), f"q = tags(y, above={bound})")) == ["E304"]
    assert codes(post(given.format("logits"), f"q = tags(y, above={bound})")) == []
    assert codes(post(given.format("probabilities"), "q = tags(y, above=0.35)")) == []


FINDING = [
    "above(b, y, {})",
    "nms(b, y, {}, iou=0.5, per=all)",
    "soft_nms(b, y, by=gaussian, sigma=1, {}, per=all)",
    "weighted_boxes_fusion(b, y, {}, iou=0.5, models=2, candidates=9)",
]


@pytest.mark.parametrize("op", FINDING)
@pytest.mark.parametrize(("kind", "score", "wanted"), [("probabilities", "1", ["E304"]),
    ("probabilities", "0", []), ("scores", "1", [])])  # fmt: skip
def test_a_score_that_nothing_is_above(op: str, kind: str, score: str, wanted: list[str]) -> None:
    call = op.format(f"score={score}, limit=5")
    given = f"b: f32[n=9, box=4] boxes(xyxy, pixels), y: f32[n=9] {kind}"
    assert codes(post(given, f"q = {call}")) == wanted


UNIT, BYTES = FLOAT, "to_float(scale=1)"
MEAN = f"{FLOAT}\n    normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))"


@pytest.mark.parametrize("step", ["letterbox(h=64, w=64, fill={}, sampler=torch.bilinear)",
    "pad(h=64, w=64, anchor=center, fill={})", "crop(center, h=64, w=64, fill={})",
    "tile(h=64, w=64, overlap=0, last=padded, fill={})"])  # fmt: skip
@pytest.mark.parametrize(
    ("scaled", "fill", "wanted"),
    [
        (UNIT, "114", ["E304"]),
        (UNIT, "(0.5, 0.5, 2)", ["E304"]),
        (UNIT, "-1", ["E304"]),
        (UNIT, "114/255", []),
        (UNIT, "1", []),
        (BYTES, "114", []),
        (BYTES, "0.447", ["E304"]),
        (BYTES, "0", []),
        (MEAN, "114", ["E304"]),
        (MEAN, "0", []),
        (MEAN, "-2.2", []),
        (f"{FLOAT}\n    standardize(over=image, min_std=tf)", "128", ["E304"]),
        (f"{FLOAT}\n    standardize(over=image, min_std=tf)", "-3", []),
    ],
)
def test_a_fill_of_another_range(step: str, scaled: str, fill: str, wanted: list[str]) -> None:
    small = "resize(h=40, w=40, sampler=cv2.linear)"
    source = text(small, scaled, step.format(fill), model="f32[h=64, w=64, c=3] rgb")
    assert [c for c in codes(source) if c != "E312"] == wanted


@pytest.mark.parametrize("step", ["letterbox(h=64, w=64, fill=0, sampler=torch.bilinear)",
    "pad(h=64, w=64, anchor=center, fill=0)", "crop(center, h=64, w=64, fill=0)"])  # fmt: skip
def test_what_is_filled_is_standardized_still(step: str) -> None:
    small, again = "resize(h=40, w=40, sampler=cv2.linear)", "normalize(mean=0.5, std=0.5)"
    assert codes(text(small, MEAN, step, again, model="f32[h=64, w=64, c=3] rgb")) == ["E305"]


@pytest.mark.parametrize(
    ("bounds", "wanted"),
    [
        ("min=2, max=3", ["E304"]),
        ("min=0.5, max=0.5", ["E304"]),
        ("max=0", ["E304"]),
        ("min=1", ["E304"]),
        ("min=0.25, max=3", []),
        ("max=1", []),
    ],
)
def test_a_clip_that_leaves_one_number(bounds: str, wanted: list[str]) -> None:
    assert codes(text(FLOAT, f"clip({bounds})", model="f32[h, w, c=3] rgb")) == wanted
    known = post("y: f32[n=4]", f"q = clip(y, {bounds})")
    assert codes(known) == (["E304"] if "0.5, max=0.5" in bounds else [])


@pytest.mark.parametrize("to", ["u8", "u16", "i32", "i64"])
@pytest.mark.parametrize(
    ("scaled", "wanted"),
    [
        (FLOAT, ["E304"]),
        (f"{FLOAT}\n    scale(multiply=2, subtract=1)", ["E304"]),
        (f"{FLOAT}\n    scale(multiply=255)", []),
        ("to_float(scale=1)", []),
        ("threshold(above=99)\n    cast(f32)", []),
    ],
)
def test_a_cast_of_what_is_scaled(to: str, scaled: str, wanted: list[str]) -> None:
    tag = " mask" if "threshold" in scaled else " rgb"
    source = text(scaled, f"cast({to}, rounding=half_even)", model=f"{to}[h, w, c=3]{tag}")
    assert [c for c in codes(source) if c != "E323"] == wanted


@pytest.mark.parametrize(
    "op",
    [
        "softmax(y, over=k)",
        "log_softmax(y, over=k)",
        "argmax(y, over=k)",
        "l2_normalize(y, over=k)",
    ],
)
@pytest.mark.parametrize(("size", "wanted"), [("=1", ["E308"]), ("=2", []), ("", [])])
def test_an_axis_of_one_place(op: str, size: str, wanted: list[str]) -> None:
    given = f"y: f32[n=4, k{size}]"
    assert [c for c in codes(post(given, f"q = {op}")) if c != "E211"] == wanted
    allowed = post(given, f"q = {op}" + ' allow E308 "one class"' * bool(wanted))
    assert [c for c in codes(allowed) if c != "E211"] == []


@pytest.mark.parametrize(
    "op", ["softmax(y, over=box)", "sigmoid(y)", "argmax(y, over=box)", "l2_normalize(y, over=box)"]
)
@pytest.mark.parametrize("allowed", [False, True])
def test_coordinates_are_no_evidence(op: str, allowed: bool) -> None:
    step = f"q = {op}" + ' allow E308 "trained so"' * allowed
    found = codes(post("y: f32[anchor=3, box=4] boxes(xyxy, pixels)", step))
    assert found == ["E308"] * (not allowed)


def test_outputs_that_differ_in_case_only() -> None:
    source = post("y: f32[n=4]", "Q = softmax(y, over=n)\n    q = sigmoid(y)", "Q, q")
    checked = check(Source("p.proc", source))
    (found,) = checked.diagnostics
    assert (found.code, found.severity) == ("E207", Severity.WARNING)
    assert [label.span.text for label in found.labels] == ["Q"]
    assert checked.pipeline is not None


def test_boxes_of_another_form_are_converted_first() -> None:
    source = text("resize(h=64, w=64, sampler=cv2.linear)", model="u8[h=64, w=64, c=3] rgb")
    source = source.replace("y: f32[n=4]", "b: f32[n=3, box=4] boxes(cxcywh, pixels)")
    (found,) = check(Source("p.proc", f"{source}output b\n")).diagnostics
    assert "`b = convert_boxes(b, xyxy, pixels)` and `b = back_to(b, image)`" in found.hint
    steps = "post {\n b = convert_boxes(b, xyxy, pixels)\n b = back_to(b, image)\n}\noutput b\n"
    assert codes(source + steps) == []
