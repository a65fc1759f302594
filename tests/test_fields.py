"""Fields of a value with several, by their names."""

from __future__ import annotations

import pytest
from checking import codes, mended
from support import build, compiled

from procdsl.checker.check import check
from procdsl.ir.unparse import unparse
from procdsl.manifest.read import read
from procdsl.source import Source

TEXT = """proc 1
pipeline named
input image: u8[h, w, c=3] bgr
model x: u8[h, w, c=3] bgr
    -> b: f32[anchor, box=4] boxes(xyxy, pixels), s: f32[anchor, class=2] scores
post {{
    found = nms(b, s, score=0.25, iou=0.45, per=class, limit=9)
    {step}
}}
output found, names
"""
NAMED = TEXT.format(step='names = lookup(found.classes, table=("cat", "dog"))')


def test_a_field_is_part_of_the_meaning_and_of_the_manifest() -> None:
    pipeline = compiled(NAMED)
    assert pipeline.post[1].inputs[0].path == "found.classes"
    again = compiled(unparse(pipeline))
    assert unparse(again) == unparse(pipeline)
    files = build(NAMED).files
    assert '"found.classes"' in files["named.manifest.json"]
    assert read(files["named.manifest.json"]).post[1].inputs[0].field == "classes"


@pytest.mark.parametrize(
    ("taken", "named"),
    [
        ("found", "found.classes"),
        ("found.clases", "found.classes"),
        ("fuond.classes", "found.classes"),
    ],
)
def test_the_only_field_that_is_meant(taken: str, named: str) -> None:
    text = NAMED.replace("found.classes", taken)
    (diagnostic,) = check(Source("p.proc", text)).diagnostics
    assert mended(text, diagnostic) == NAMED, named


@pytest.mark.parametrize(
    ("step", "code", "words"),
    [
        ("names = sigmoid(found.ids)", "E206", "`found.boxes`, `found.scores`, `found.classes`"),
        ("names = sigmoid(b.boxes)", "E206", "`b`, which has no fields"),
        ("names = argmax(found.scores, over=found)", "E211", "1 or more"),
        ("names, i = top(found.scores, over=found, k=4)", "E211", "4 or more"),
        ('names = argmax(found.boxes, over=box) allow E308 "four numbers"', None, ""),
    ],
)
def test_fields_that_are_there_and_what_may_be_empty(
    step: str, code: str | None, words: str
) -> None:
    text = TEXT.format(step=step)
    text = text.replace("found, names", "found, names, i") if "i =" in step else text
    diagnostics = check(Source("p.proc", text)).diagnostics
    assert [d.code for d in diagnostics] == ([code] if code else [])
    assert all(words in d.wanted for d in diagnostics)


def test_a_value_that_lost_its_fields_is_not_advised_whole() -> None:
    text = NAMED.replace("    names", "    found = clip(found.boxes, min=0, max=9)\n    names")
    (diagnostic,) = check(Source("p.proc", text)).diagnostics
    assert diagnostic.code == "E206"
    assert "a value that has fields" in diagnostic.help


def test_what_one_step_names_a_field_of_is_used() -> None:
    assert codes(NAMED.replace("output found, names", "output names")) == []
