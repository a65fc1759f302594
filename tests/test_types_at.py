"""What an editor asks of a file, whole or broken: types at places, and where names are defined."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import pytest
from pipelines import DETECTOR, TWO

from procdsl.checker.check import check
from procdsl.checker.checked import Checked
from procdsl.ir.pipeline import Branch, Pipeline, Step
from procdsl.source import Source, Span
from procdsl.types.value import Record
from procdsl.workspace import sources

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*ROOT.glob("tests/**/*.proc"), *ROOT.glob("examples/**/*.proc")])
CONSTANTS = """proc 1
pipeline p
use "common.proc"
let side = 4
param size = side
let both = (side, (size, far))
extern blur from "shop:blur" (u8[h, w] gray @image) -> u8[h, w] gray @image
input image: u8[h=side, w] gray @image
pre {
    blur()
    pad(h=size, w=far, fill=0, anchor=center)
    convert(rgb)
}
model x: u8[h=size, w=far, c=3] rgb
    -> boxes: f32[anchor=5, box=4] boxes(xyxy, pixels) @x, n: f32[n=both]
post {
    found = back_to(boxes, image)
    _, best = max(n, over=n)
}
output found, best
"""


class Asked:
    """A checked text, asked by the lines in which words stand."""

    def __init__(self, text: str) -> None:
        self.source = Source("p.proc", text)
        self.checked: Checked = check(self.source, self._load)

    @staticmethod
    def _load(_: Source, path: str) -> Source:
        return Source(path, "proc 1\n\nlet far = 8\n")

    def offset(self, line: int, word: str, nth: int) -> int:
        start = sum(len(text) + 1 for text in self.source.text.split("\n")[: line - 1])
        found = re.compile(rf"\b{word}\b").finditer(self.source.text, start)
        return next(islice(found, nth - 1, None)).start()

    def type(self, line: int, word: str, nth: int = 1) -> str | None:
        found = self.checked.type_at(self.offset(line, word, nth))
        if found is None:
            return None
        return ", ".join(map(str, found)) if isinstance(found, tuple) else str(found)

    def definition(self, line: int, word: str, nth: int = 1) -> str | None:
        span = self.checked.definition_at(self.offset(line, word, nth))
        if span is None:
            return None
        return f"{span.source.name}:{span.source.position(span.start)[0]} {span.text}"


# Whole files


@pytest.mark.parametrize(
    ("line", "word", "nth", "type_", "defined"),
    [
        (3, "image", 1, "u8[h, w, c=3] rgb", 3),
        (5, "letterbox", 1, "u8[h=64, w=64, c=3] rgb", None),
        (5, "fill", 1, "u8[h=64, w=64, c=3] rgb", None),
        (7, "layout", 1, "f32[c=3, h=64, w=64] rgb", None),
        (9, "x", 1, "f32[c=3, h=64, w=64] rgb", 9),
        (9, "raw", 1, "f32[feature=7, anchor=40]", 9),
        (9, "feature", 1, None, None),
        (11, "boxes", 1, "f32[anchor=40, box=4] boxes(xyxy, pixels)", 11),
        (11, "scores", 1, "f32[anchor=40, class=3] scores", 11),
        (11, "raw", 1, "f32[feature=7, anchor=40]", 9),
        (12, "boxes", 1, "f32[anchor=40, box=4] boxes(xyxy, pixels)", 11),
        (13, "image", 1, "u8[h, w, c=3] rgb", 3),
    ],
)
def test_a_detector(line: int, word: str, nth: int, type_: str | None, defined: int | None) -> None:
    asked = Asked(DETECTOR)
    assert asked.checked.diagnostics == ()
    assert asked.type(line, word, nth) == type_
    assert asked.definition(line, word, nth) == (defined and f"p.proc:{defined} {word}")


def test_a_name_that_is_given_again() -> None:
    """Each step takes what the last one before it gave."""
    asked = Asked(DETECTOR)
    places = [(12, 1), (13, 1), (13, 2), (14, 1), (14, 2), (16, 1)]
    lines = [asked.definition(line, "found", nth) for line, nth in places]
    assert lines == [f"p.proc:{line} found" for line in (12, 13, 12, 14, 13, 14)]
    spaces = []
    for line, nth in places:
        found = asked.checked.type_at(asked.offset(line, "found", nth))
        assert isinstance(found, Record)
        boxes = found.field("boxes")
        assert boxes is not None
        spaces.append(str(boxes.space and boxes.space.name))
    assert spaces[0] == spaces[2] != "image"
    assert [spaces[i] for i in (1, 3, 4, 5)] == ["image"] * 4


def test_a_call_of_several_values_has_their_types() -> None:
    asked = Asked(DETECTOR)
    both = "f32[anchor=40, box=4] boxes(xyxy, pixels), f32[anchor=40, class=3] scores"
    assert asked.type(11, "decode_yolo") == asked.type(11, "cxcywh") == both


def test_inputs_that_steps_feed_by_name() -> None:
    asked = Asked(TWO)
    assert asked.definition(9, "a") == "p.proc:6 a"
    assert asked.definition(9, "b") == "p.proc:7 b"
    assert asked.definition(9, "a", 2) == "p.proc:6 a"  # the frame that the boxes are in
    assert asked.type(9, "a") == asked.type(6, "flip") == "u8[h, w] gray"
    assert asked.definition(12, "left") == "p.proc:3 left"


def test_constants_externs_and_frames() -> None:
    asked = Asked(CONSTANTS)
    assert [d.code for d in asked.checked.diagnostics] == ["E210"]  # `n=both`
    for line, word, nth, wanted in (
        (5, "size", 1, "p.proc:5 size"),
        (5, "side", 1, "p.proc:4 side"),
        (6, "side", 1, "p.proc:4 side"),
        (6, "size", 1, "p.proc:5 size"),
        (6, "far", 1, "common.proc:3 far"),
        (7, "blur", 1, "p.proc:7 blur"),
        (7, "image", 2, "p.proc:7 image"),
        (8, "side", 1, "p.proc:4 side"),
        (8, "image", 2, "p.proc:8 image"),
        (10, "blur", 1, "p.proc:7 blur"),
        (11, "size", 1, "p.proc:5 size"),
        (11, "far", 1, "common.proc:3 far"),
        (11, "center", 1, None),
        (12, "rgb", 1, None),
        (14, "x", 1, "p.proc:14 x"),
        (14, "x", 2, "p.proc:14 x"),
        (14, "both", 1, "p.proc:6 both"),
        (16, "image", 1, "p.proc:8 image"),
        (17, "_", 1, None),
        (17, "n", 1, "p.proc:15 n"),
        (17, "n", 2, None),  # the axis, and not the value
        (19, "best", 1, "p.proc:18 best"),
    ):
        assert asked.definition(line, word, nth) == wanted, (line, word)
    assert asked.type(10, "blur") == "u8[h=4, w] gray"
    assert asked.type(12, "convert") == "u8[h=4, w=8, c=3] rgb"


def test_branches() -> None:
    text = DETECTOR.replace(
        "    to_float(scale=1/255)\n",
        "train {\n to_float(scale=1/255)\n}\nserve {\n to_float(scale=0.5)\n}\n",
    )
    asked = Asked(text)
    assert [d.code for d in asked.checked.diagnostics] == ["E313"]
    assert asked.type(7, "to_float") == asked.type(10, "to_float") == "f32[h=64, w=64, c=3] rgb"
    assert asked.type(12, "layout") == "f32[c=3, h=64, w=64] rgb"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_step_of_a_file_has_its_types(path: Path) -> None:
    checked = check(sources.read_source(str(path)), sources.load)
    for step in steps_of(checked.pipeline):
        assert step.span is not None
        types = tuple(value.type for value in step.outputs)
        call = step.span.text.partition(" allow ")[0]
        assert checked.type_at(step.span.start + len(call) - 1) == (
            types[0] if len(types) == 1 else types
        )
    for span, definition in checked.definitions:
        assert definition.text == span.text
        assert (
            span == definition
            or (definition, definition) in checked.definitions
            or (definition.source is not span.source)
        )


def steps_of(pipeline: Pipeline | None) -> list[Step]:
    entries = (*pipeline.pre, *pipeline.post) if pipeline else ()
    branched = [(*e.train, *e.serve) if isinstance(e, Branch) else (e,) for e in entries]
    return [step for steps in branched for step in steps]


# Broken files


def until(found: tuple[tuple[Span, object], ...], offset: int) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, str(what)) for span, what in found if span.end <= offset]


@pytest.mark.parametrize("slip", ["no_such_op(x=1)", "resize(h=1 w=2)", "y = = z()", "softmax("])
@pytest.mark.parametrize("path", SOURCES[:20], ids=lambda path: path.stem)
def test_what_stands_before_a_slip_is_known_as_without_it(path: Path, slip: str) -> None:
    source = sources.read_source(str(path))
    whole = check(source, sources.load)
    for step in steps_of(whole.pipeline):
        assert step.span is not None
        start, end = step.span.start, step.span.end
        text = source.text[:start] + slip + source.text[end:]
        broken = check(Source(source.name, text), sources.load)
        assert broken.diagnostics
        assert until(broken.types, start) == until(whole.types, start)


def test_a_step_that_does_not_parse_leaves_the_rest_known() -> None:
    asked = Asked(DETECTOR.replace("nms(boxes, scores,", "nms(boxes scores,"))
    assert [d.code for d in asked.checked.diagnostics] == ["E103"]
    assert asked.type(11, "boxes") == "f32[anchor=40, box=4] boxes(xyxy, pixels)"
    assert asked.type(12, "boxes") is None
    assert asked.type(13, "image") == "u8[h, w, c=3] rgb"
    assert asked.type(14, "found") is None


def test_a_value_of_unknown_type_has_its_definition() -> None:
    asked = Asked(DETECTOR.replace("nms(boxes,", "nmss(boxes,"))
    assert [d.code for d in asked.checked.diagnostics] == ["E201"]
    assert asked.type(12, "boxes") == "f32[anchor=40, box=4] boxes(xyxy, pixels)"
    assert asked.type(12, "found") is None
    assert asked.definition(12, "boxes") == "p.proc:11 boxes"
    assert asked.definition(13, "found", 2) == "p.proc:12 found"


def test_a_step_that_is_wrong_and_whose_result_is_known() -> None:
    asked = Asked(DETECTOR.replace("    layout", "    to_float(scale=1/255)\n    layout"))
    assert [d.code for d in asked.checked.diagnostics] == ["E301"]
    assert asked.type(7, "to_float") == "f32[h=64, w=64, c=3] rgb"
    assert asked.type(8, "layout") == asked.type(10, "x") == "f32[c=3, h=64, w=64] rgb"


def test_an_input_that_does_not_parse() -> None:
    asked = Asked(DETECTOR.replace("[h, w, c=3] rgb\npre", "[h, w, c=3 rgb\npre"))
    assert asked.type(5, "letterbox") is None
    assert asked.type(11, "raw") == "f32[feature=7, anchor=40]"
    assert asked.definition(13, "image") is None


def test_files_of_nothing() -> None:
    for text in ("", "proc 1\n", "\0", "(" * 100, "post {", "output a"):
        asked = Asked(text)
        assert (asked.checked.types, asked.checked.definitions) == ((), ()), text
        assert asked.checked.type_at(0) is None
        assert asked.checked.definition_at(0) is None
