"""In what form and unit boxes are stands in their type, and is asked for where it counts."""

from __future__ import annotations

import numpy as np
import pytest
from checking import mended
from support import build, compiled

from procdsl.checker.check import check
from procdsl.ir.unparse import unparse
from procdsl.manifest.read import read
from procdsl.source import Source
from procdsl.syntax.format import formatted

TEXT = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {{
    resize(h=32, w=32, sampler=cv2.nearest)
}}
model x: u8[h=32, w=32, c=3] rgb -> b: f32[anchor=2, box=4] {kind}, s: f32[anchor=2] scores
post {{
    {step}
    found = back_to(found, image)
}}
output found
"""
BOXES, SCORES = "f32[anchor=2, box=4] boxes(xyxy, pixels)", "f32[anchor=2] scores"
LOOKUP = "    i = lookup(found.classes, table=(7,))\n}\noutput found, i"
NMS = "found = nms(b, s, iou=0.5, per=all, limit=9)"


def codes(kind: str, step: str) -> list[str]:
    return [d.code for d in check(Source("p.proc", TEXT.format(kind=kind, step=step))).diagnostics]


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("boxes(xyxy, pixels)", []),
        ("boxes", []),
        ("boxes(xyxy, unit)", ["E329"]),
        ("boxes(cxcywh, pixels)", ["E329"]),
        ("boxes(cxywh, pixels)", ["E204"]),
        ("boxes(pixels, xyxy)", ["E323"]),
        ("boxes(xyxy)", ["E323"]),
        ("boxes(xyxy, pixels, image)", ["E323"]),
        ("logits(xyxy)", ["E323"]),
    ],
)
def test_what_a_type_says_of_boxes_that_nms_takes(kind: str, wanted: list[str]) -> None:
    assert codes(kind, NMS) == wanted


@pytest.mark.parametrize(
    "kind", ["boxes(pixels, xyxy)", "boxes(xyxy, pixel)", "boxes(xyxxy, pixels)"]
)
def test_words_of_boxes_that_can_mean_one_thing(kind: str) -> None:
    text = TEXT.format(kind=kind, step=NMS)
    (diagnostic,) = check(Source("p.proc", text)).diagnostics
    assert mended(text, diagnostic) == TEXT.format(kind="boxes(xyxy, pixels)", step=NMS)


@pytest.mark.parametrize(
    ("b", "s", "step", "help"),
    [
        ("f32[box=4, anchor=2] boxes(xyxy, pixels)", "", "b = layout(b, anchor, box)", "layout("),
        ("f16[anchor=2, box=4] boxes(xyxy, pixels)", "", "b = cast(b, f32)", "cast(f32)"),
        ("", "f16[anchor=2] scores", "s = cast(s, f32)", "cast(f32)"),
        ("f32[anchor=2, box=5] boxes(xyxy, pixels)", "", "", "`box=4`"),
        ("f32[anchor=2, box=4]", "", "", "`f32[anchor=2, box=4] boxes(xyxy, pixels)`"),
        ("f32[anchor=2, box=4] boxes(cxcywh, unit)", "", "", "corners in pixels of `boxes(cxcywh,"),
    ],
)
def test_what_nms_does_not_take_is_one_message_and_says_how(
    b: str, s: str, step: str, help: str
) -> None:
    text = TEXT.format(kind="boxes(xyxy, pixels)", step=f"STEP{NMS}")
    text = text.replace(BOXES, b or BOXES).replace(SCORES, s or SCORES)
    text = text.replace("}\noutput found", LOOKUP)
    (diagnostic,) = check(Source("p.proc", text.replace("STEP", ""))).diagnostics
    assert help in diagnostic.help
    assert "say in the contract what" not in diagnostic.help
    if step:
        text = text.replace("STEP", f"{step}\n    ")
        assert check(Source("p.proc", text)).diagnostics == ()


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("boxes", ["E329"]), ("boxes(xyxy, pixels)", []), ("boxes(cxcywh, unit)", ["E329"])],
)
def test_boxes_go_back_only_where_it_is_known_what_they_are(kind: str, wanted: list[str]) -> None:
    text = TEXT.format(kind=kind, step="s = clip(s, min=0, max=1)")
    text = text.replace("found = back_to(found, image)", "found = back_to(b, image)")
    found = check(Source("p.proc", text.replace("output found", "output found, s"))).diagnostics
    assert [d.code for d in found] == wanted
    for diagnostic in found:
        assert "x1, y1, x2, y2 in pixels" in diagnostic.wanted
        assert diagnostic.fixes == ()


def test_the_form_is_kept_by_the_printer_and_by_the_manifest() -> None:
    text = TEXT.format(kind="boxes( xyxy,pixels )", step=NMS)
    printed = formatted(Source("p.proc", text)).text
    assert printed is not None
    assert "box=4] boxes(xyxy, pixels), s:" in printed
    pipeline = compiled(text)
    assert pipeline.model.outputs[0].type.says == ("xyxy", "pixels")  # type: ignore[union-attr]
    assert unparse(compiled(unparse(pipeline))) == unparse(pipeline)
    built = build(text)
    again = read(built.files["p.manifest.json"])
    assert again.model.outputs[0].type == pipeline.model.outputs[0].type
    boxes = np.array([[1, 2, 3, 4], [8, 8, 16, 16]], np.float32)
    found = built.modules["numpy"].postprocess(boxes, np.array([0.5, 0.9], np.float32), (64, 32))
    np.testing.assert_array_equal(found.found.boxes, [[8, 16, 16, 32], [1, 4, 3, 8]])


def test_another_kind_says_nothing_more() -> None:
    type_ = compiled(TEXT.format(kind="boxes(xyxy, pixels)", step=NMS)).model.outputs[0].type
    assert str(type_.with_(kind="logits")) == "f32[anchor=2, box=4] logits"  # type: ignore[union-attr]


def test_a_way_back_to_no_input_says_that_an_input_is_wanted() -> None:
    text = TEXT.format(kind="boxes(xyxy, pixels)", step=NMS).replace("(found, image)", "(found)")
    (diagnostic,) = check(Source("p.proc", text)).diagnostics
    assert diagnostic.code == "E209"
    assert diagnostic.help == "add the name of the input whose pixels are meant"
