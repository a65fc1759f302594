"""One mistake is one message: none follows from how the file was read on."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from fixing import checked
from test_fixes import made_wrong
from test_hints import GOOD, found_in

STEREO = (Path(__file__).parent / "golden" / "stereo" / "stereo.proc").read_text()
BRANCHES = (Path(__file__).parent / "golden" / "segmenter" / "segmenter.proc").read_text()
INPUT = "input image: u8[h, w, c=3] bgr"
MODEL = "model x: f32[c=3, h=224, w=224] rgb"
RESIZE = "resize(h=224, w=224, sampler=cv2.linear)"
RAW = "raw: f32[feature=84, anchor=9]"
NORMALIZE = "normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))"
SIDED = GOOD.replace("input", "let side = 224\n\ninput", 1).replace(
    "h=224, w=224, s", "h=side, w=224, s"
)

SLIPS = [
    # a line of the file that does not parse
    (GOOD, INPUT, "inpt image: u8[h, w, c=3] bgr", "E100"),
    (GOOD, INPUT, "input image u8[h, w, c=3] bgr", "E100"),
    (GOOD, INPUT, "input: u8[h, w, c=3] bgr", "E100"),
    (GOOD, INPUT, "input image: u8[h w, c=3] bgr", "E100"),
    (GOOD, INPUT, "image: u8[h, w, c=3] bgr", "E100"),
    (GOOD, MODEL, f"modle{MODEL[5:]}", "E100"),
    (GOOD, MODEL, MODEL.replace("x:", ":"), "E100"),
    (GOOD, "rgb -> logits", "rgb -> : logits", "E100"),
    (GOOD, "rgb -> logits", "rgb - logits", "E100"),
    (GOOD, "pre {", "pre", "E100"),
    (GOOD, "pre {", "per {", "E100"),
    (GOOD, "post {", "post", "E100"),
    (GOOD, "post {", "pots {", "E100"),
    (GOOD, "output label", "ouptut label", "E100"),
    (GOOD, "output label, confidence, found", "output label,", "E100"),
    (STEREO, "input right:", "iput right:", "E100"),
    (STEREO, "pre {", "pre", "E100"),
    (STEREO, "post {", "ost {", "E100"),
    (BRANCHES, "pre {", "pre", "E100"),
    (BRANCHES, "    serve {", "    srve {", "E100"),
    (BRANCHES, "    serve {", "    {", "E100"),
    (BRANCHES, "    }\n    serve", "    serve", "E105"),
    # a step that does not parse
    (GOOD, RESIZE, "resize(h=224 w=224, sampler=cv2.linear)", "E103"),
    (GOOD, RESIZE, "resize(h=224, w=224, sampler=cv2.linear", "E102"),
    (GOOD, RESIZE, "resize(h=224, w=224\n        sampler=cv2.linear)", "E103"),
    (GOOD, "probabilities = softmax(", "probabilities = = softmax(", "E100"),
    (STEREO, "back_to(boxes, right)", "back_to(boxes,, right)", "E100"),
    (STEREO, "left_x = pad(left_x,", "left_x = pad(left_x", "E103"),
    (STEREO, "right_x = to_float(", "= to_float(", "E100"),
    # a step that is wrong, and what its result would have been
    (GOOD, "convert(rgb)", "cnvert(rgb)", "E201"),
    (GOOD, RESIZE, "rezise(h=224, w=224, sampler=cv2.linear)", "E201"),
    (GOOD, RESIZE, "resize(h=224, sampler=cv2.linear)", "E214"),
    (GOOD, RESIZE, "resize(h=224, w=224, sampler=cv2.liner)", "E203"),
    (GOOD, RESIZE, "crop(h=224, w=224)", "E209"),
    (GOOD, RESIZE, "pad(fill=0)", "E214"),
    (GOOD, "layout(c, h, w)", "layout(c, h)", "E315"),
    (GOOD, f"    {NORMALIZE}", f"    scale(divide=255)\n    {NORMALIZE}", "E303"),
    (GOOD, "to_float(scale=1/255)", "to_float(scale=255)", "E304"),
    (GOOD, "    convert(rgb)\n", "", "E321"),
    (GOOD, "softmax(logits", "softmx(logits", "E201"),
    (GOOD, "softmax(logits", "softmax(lgoits", "E206"),
    (GOOD, "decode_yolo(raw, classes=80", "decode_yolo(raw, classes=79", "E307"),
    (STEREO, "letterbox(right, h=120", "letterbox(right, H=120", "E202"),
    (
        STEREO,
        "letterbox(right, h=120, w=160, fill=0",
        'letterbox(right, h=120, w=160, fill="0"',
        "E210",
    ),
    (STEREO, "right_x = letterbox", "right_x = leterbox", "E201"),
    # a declaration that is wrong
    (GOOD, INPUT, "input image: u9[h, w, c=3] bgr", "E218"),
    (GOOD, INPUT, "input image: u8[h, w, c=4] bgr", "E323"),
    (GOOD, MODEL, MODEL.replace("f32", "float"), "E218"),
    (GOOD, "logits: f32[class=4]", "logits: float[class=4]", "E218"),
    (STEREO, "input right: u8[h, w, c=3] rgb", "input right: u8[h, w, cc=3] rgb", "E323"),
    (STEREO, "input right:", "input irght:", "E206"),
    (STEREO, "model left_x:", "model lfet_x:", "E221"),
    (BRANCHES, "input scan: u8[h, w] gray", "input scan: u8[rows, w] gray", "E316"),
    # a name that several places take
    (
        GOOD.replace("0.485, 0.456, 0.406", "half, half, half").replace(
            "input", "let half = 1/2\n\ninput", 1
        ),
        "let half",
        "let hlaf",
        "E206",
    ),
    (GOOD, "    probabilities = softmax", "    probabilites = softmax", "E206"),
    # what a step gives, where the step takes the value that is meant
    (STEREO, "left_x = pad(", "letf_x = pad(", "E208"),
    (STEREO, "left_x = to_float(", "left_xx = to_float(", "E208"),
    (STEREO, "right_x = layout(", "rigth_x = layout(", "E208"),
    (GOOD, "found = back_to(", "fuond = back_to(", "E208"),
    # a brace in quotes
    (GOOD, '"a", "b"', '{", "b"', "E107"),
    (GOOD, '"a", "b"', 'a{", "b"', "E107"),
    (GOOD, '"a", "b"', '}{", "b"', "E107"),
    (GOOD, '"a", "b"', '{, "b"', "E100"),
    (GOOD, '"a", "b"', '{}, "b"', "E100"),
    (GOOD, '"a", "b"', "'{', \"b\"", "E100"),
    (GOOD, '"a", "b"', '"a", "b', "E107"),
    (GOOD, '"a", "b"', '"{a, "b"', "E107"),
    (GOOD, '"a", "b"', '"a}, "b"', "E107"),
    # a constant that is not defined, beside one that nothing takes
    (SIDED, "h=side", "h=height", "E206"),
    (SIDED, "c=3] bgr", "c=channels] bgr", "E206"),
    (SIDED, "limit=300", "limit=most", "E206"),
]


@pytest.mark.parametrize(("text", "right", "wrong", "code"), SLIPS)
def test_one_slip(text: str, right: str, wrong: str, code: str) -> None:
    assert right in text
    found = [(d.code, d.message) for d in found_in(text.replace(right, wrong, 1))]
    assert [c for c, _ in found] == [code], found


def test_a_name_that_is_taken_twice_shows_both_places() -> None:
    text = GOOD.replace("    probabilities = softmax", "    probabilites = softmax")
    text = text.replace("output label", "output probabilities, label")
    (diagnostic,) = found_in(text)
    assert [label.span.text for label in diagnostic.labels] == ["probabilities"]
    (fix,) = diagnostic.fixes
    assert [edit.text for edit in fix.edits] == ["probabilites", "probabilites"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (INPUT, f"{INPUT}\ninput image: u9[h, w]"),
        (INPUT, f"input image: u9[h, w]\n{INPUT}"),
        (MODEL, MODEL.replace("x:", "x: f32[c=3, h=224, w=224] rgb, x:")),
        (RAW, f"{RAW}, raw: f32[n=9]"),
        (RAW, f"{RAW}, rest: f32[k=2], raw: f16[n=9]"),
        (RAW, f"x: f32[n=9], {RAW}"),
    ],
)
def test_an_array_that_is_declared_twice_shows_both_places(old: str, new: str) -> None:
    assert old in GOOD
    found = [d for d in found_in(GOOD.replace(old, new)) if d.code != "E218"]
    (diagnostic,) = [d for d in found if d.code == "E207"]
    (label,) = diagnostic.labels
    assert label.span.text == diagnostic.span.text
    assert label.span.start < diagnostic.span.start
    assert found == [diagnostic]


def test_mistakes_of_their_own_are_all_told() -> None:
    text = GOOD.replace("convert(rgb)", "cnvert(rgb)").replace("over=class)", "over=classes)", 1)
    text = text.replace("limit=300", "limit=0").replace("output label", "output lable")
    assert [d.code for d in found_in(text)] == ["E201", "E307", "E211", "E206"]


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.glob("golden/*/*.proc")))
def test_no_slip_brings_a_swarm(path: Path) -> None:
    """Whatever the slip, reading on does not report the same again and again."""
    rng = random.Random(path.stem)
    for _ in range(150):
        text = made_wrong(path.read_text(), rng)
        counts = Counter((d.code, d.message) for d in checked(text, name=str(path)).diagnostics)
        assert counts.total() <= 4, f"{counts}\n{text}"
