"""Hints say what was probably meant, carry it out, and one mistake is one error."""

from __future__ import annotations

import pytest
from checking import mended

from procdsl.checker.check import check
from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.source import Source

GOOD = """proc 1
pipeline p
input image: u8[h, w, c=3] bgr
pre {
    convert(rgb)
    resize(h=224, w=224, sampler=cv2.linear)
    to_float(scale=1/255)
    normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    layout(c, h, w)
}
model x: f32[c=3, h=224, w=224] rgb -> logits: f32[class=4], raw: f32[feature=84, anchor=9]
post {
    probabilities = softmax(logits, over=class)
    confidence, prediction = max(probabilities, over=class)
    label = lookup(prediction, table=("a", "b", "c", "d"))
    boxes, scores = decode_yolo(raw, classes=80, box=cxcywh)
    found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=300)
    found = back_to(found, image)
}
output label, confidence, found
"""


def found_in(text: str) -> list[Diagnostic]:
    return list(check(Source("p.proc", text)).diagnostics)


def test_the_file_itself_is_right() -> None:
    assert found_in(GOOD) == []


MEANT = [
    ("h=224, w=224, sampler", "224, 224, sampler", "E215"),
    ("h=224, w=224, sampler=cv2.linear", "224, 224, cv2.linear", "E215"),
    ("h=224, w=224", "height=224, width=224", "E202"),
    ("sampler=cv2.linear", "interpolation=cv2.linear", "E202"),
    ("softmax(logits, over=class)", "softmax(logits, axis=class)", "E202"),
    ("softmax(logits, over=class)", "softmax(logits, class)", "E215"),
    ("softmax(logits, over=class)", "softmax(logits, over=c)", "E307"),
    ("score=0.25, iou=0.45", "conf=0.25, iou_threshold=0.45", "E202"),
    ("limit=300", "max_det=300", "E202"),
    ("mean=(0.485, 0.456, 0.406)", "mean=[0.485, 0.456, 0.406]", "E100"),
    ("h=224, w=224] rgb", "h:224, w=224] rgb", "E100"),
    ("rgb -> logits", "rgb => logits", "E100"),
    ("c=3] bgr", "c=3 bgr", "E100"),
    ("label, confidence, found\n", "label confidence, found\n", "E100"),
]


@pytest.mark.parametrize(("right", "wrong", "code"), MEANT)
def test_a_hint_gives_the_right_file_again(right: str, wrong: str, code: str) -> None:
    """One kind of error, and its edits lead back to what was meant."""
    diagnostics = found_in(GOOD.replace(right, wrong, 1))
    assert {d.code for d in diagnostics} == {code}
    assert mended(GOOD.replace(right, wrong, 1), *diagnostics) == GOOD


@pytest.mark.parametrize("comment", ["// as OpenCV reads it", "//"])
def test_comments_of_other_languages(comment: str) -> None:
    text = GOOD.replace("convert(rgb)", f"convert(rgb)  {comment}")
    (diagnostic,) = found_in(text)
    assert (diagnostic.code, diagnostic.hint) == ("E100", "write `#`")
    assert found_in(mended(text, diagnostic)) == []


def test_a_mean_alone_in_the_other_order_leaves_std_as_it_is() -> None:
    text = GOOD.replace("(0.485, 0.456, 0.406)", "(0.406, 0.456, 0.485)")
    (diagnostic,) = found_in(text)
    assert diagnostic.message == "the mean is in the other channel order"
    whole = "normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))"
    assert f"rgb, with the number of each colour: `{whole}`" in diagnostic.hint
    both = text.replace("(0.229, 0.224, 0.225)", "(0.225, 0.224, 0.229)")
    (diagnostic,) = found_in(both)
    assert diagnostic.message == "mean and std are in the other channel order"
    assert f"`{whole}`" in diagnostic.hint
    assert diagnostic.fixes == ()


def test_a_table_that_is_too_short_is_not_filled() -> None:
    text = GOOD.replace('("a", "b", "c", "d")', '("a", "b")')
    (diagnostic,) = found_in(text)
    assert diagnostic.fixes == ()
    assert diagnostic.hint.startswith("write the 4 entries in the order in which the model was")


@pytest.mark.parametrize(("rows", "more"), [(85, 1), (116, 32)])
def test_rows_beside_boxes_and_classes_are_not_counted_as_classes(rows: int, more: int) -> None:
    (diagnostic,) = found_in(GOOD.replace("feature=84", f"feature={rows}"))
    assert diagnostic.fixes == ()
    assert f"80 classes and {more} more" in diagnostic.hint
    assert f"`extra={more}`, and a third result for them" in diagnostic.hint
    assert ("`objectness=true`" in diagnostic.hint) == (more == 1)


def test_a_comment_that_hides_two_parentheses_is_one_error() -> None:
    """The brace behind them stands on a line of its own already."""
    text = GOOD.replace("back_to(found, image)", "lookup(prediction, table=(1, # 2))")
    assert text != GOOD
    assert [d.code for d in found_in(text)] == ["E102"]


@pytest.mark.parametrize("line", ["input image: u8[h, w, c=3 bgr", "input image u8[h, w, c=3] bgr"])
def test_a_broken_input_is_one_error(line: str) -> None:
    (diagnostic,) = found_in(GOOD.replace("input image: u8[h, w, c=3] bgr", line))
    assert diagnostic.span.text in line


def test_a_step_without_a_value_causes_no_error_of_the_contract() -> None:
    text = GOOD.replace("input image", "input other: u8[h, w] gray\ninput image")
    codes = [d.code for d in found_in(text) if d.span.start < text.index("model")]
    assert set(codes) == {"E217"}


def test_lines_that_end_in_cr_alone_are_one_error() -> None:
    text = GOOD.replace("\n", "\r")
    (diagnostic,) = found_in(text)
    assert diagnostic.code == "E108"
    assert mended(text, diagnostic) == GOOD
    assert found_in(GOOD.replace("\n", "\r\n")) == []


def test_values_of_a_let_without_parentheses() -> None:
    text = GOOD.replace("input", "let mean = 0.485, 0.456, 0.406\n\ninput", 1)
    text = text.replace("mean=(0.485, 0.456, 0.406)", "mean=mean")
    (diagnostic,) = found_in(text)
    assert found_in(mended(text, diagnostic)) == []


def test_a_fraction_of_a_decimal_keeps_its_value() -> None:
    (diagnostic,) = found_in(GOOD.replace("1/255", "1/127.5"))
    assert (diagnostic.code, diagnostic.hint) == ("E116", "write `2/255`")


def test_a_constant_that_is_not_there() -> None:
    (diagnostic,) = found_in(GOOD.replace("h=224, w=224, sampler", "h=image.h, w=224, sampler"))
    assert (diagnostic.code, diagnostic.fixes) == ("E206", ())
    assert diagnostic.hint == "write the value itself, or define it above with `let`"


NO_BATCH = "; the batch is no axis, `preprocess_batch` makes it"
IMAGE = "u8[h, w, c=3]"
CONTRACT = "f32[c=3, h=224, w=224] rgb"
LOGITS = "f32[class=4]"
RESIZE = "resize(h=224, w=224, sampler=cv2.linear)"
WRONG = "say which of the two is wrong:\n- {}\n- the contract: write what `pre` gives, `{}`"

SAYS = [
    # axes without names
    *(
        (f"{IMAGE} bgr", f"u8[{shape}] bgr", "E100", f"name each axis, as in `u8[{named}]`{more}")
        for shape, named, more in (
            ("1, 3, 64, 64", "c=3, h=64, w=64", NO_BATCH),
            ("1,64,64,3", "h=64, w=64, c=3", NO_BATCH),
            ("8, 3, 64, 64", "t=8, c=3, h=64, w=64", ""),
            ("-1, -1, 3", "h, w, c=3", ""),
            ("64, 64", "h=64, w=64", ""),
            ("c=3, 64, 64", "c=3, h=64, w=64", ""),
            ("3, h=64, w=64", "c=3, h=64, w=64", ""),
            ("h, w, 3", "h, w, c=3", ""),
        )
    ),
    *(
        (LOGITS, f"f32[{shape}]", "E100", f"name each axis, as in `f32[{named}]`{more}")
        for shape, named, more in (
            ("1000", "class=1000", ""),
            ("1, 1000", "class=1000", NO_BATCH),
            ("84, 8400", "n=84, m=8400", ""),
            ("1, 21, 64, 64", "class=21, h=64, w=64", NO_BATCH),
        )
    ),
    # the contract
    (
        CONTRACT,
        f"f16{CONTRACT[3:]}",
        "E312",
        "end `pre` with `cast(f16)`",
    ),
    (
        CONTRACT,
        "f32[n=1, c=3, h=224, w=224] rgb",
        "E312",
        f"write one sample, `{CONTRACT}`: `preprocess_batch` makes the batch",
    ),
    (
        CONTRACT,
        "f32[c=3, h=256, w=256] rgb",
        "E312",
        WRONG.format("let `pre` give h=256, w=256", CONTRACT),
    ),
    (
        RESIZE,
        "resize(short=224, sampler=cv2.linear)",
        "E312",
        WRONG.format(
            "let a step of `pre` fix h=224, w=224, as `crop(center, h=224, w=224)` or a `resize` "
            "does",
            "f32[c=3, h, w] rgb",
        ),
    ),
    (
        CONTRACT,
        "f32[c=3, h=224, w=224]",
        "E312",
        WRONG.format("`pre`: let it give `f32[c=3, h=224, w=224]`", CONTRACT),
    ),
    # layouts
    (
        f"{IMAGE} bgr",
        IMAGE,
        "E309",
        "name what the input holds in its type: `bgr` from cv2.imread, `rgb` from Pillow",
    ),
    # names of values
    ("output label", "output lable", "E206", "did you mean `label`?"),
    ("max(probabilities", "max(probabilites", "E206", "did you mean `probabilities`?"),
    ("output label", "output q", "E206", "`label` is a value that nothing takes yet"),
    ("max(probabilities", "max(p", "E206", "`probabilities` is a value that nothing takes yet"),
]


@pytest.mark.parametrize(("right", "wrong", "code", "hint"), SAYS)
def test_a_hint_says(right: str, wrong: str, code: str, hint: str) -> None:
    assert right in GOOD
    (diagnostic,) = found_in(GOOD.replace(right, wrong, 1))
    assert (diagnostic.code, diagnostic.hint) == (code, hint)


PLAIN = """proc 1
pipeline p
input image: u8[{image}]
pre {{
    resize(h=8, w=8, sampler=cv2.linear)
}}
model x: u8[{contract}] -> y: f32[{y}]
"""
BATCH = "types are those of one sample, `preprocess_batch` makes the batch"

OPEN = "say how many channels the input has: `c=3` in its type"
UNNAMED = "name the axes of an image h, w and c where the value is declared, or take another value"
NO_IMAGES = [
    # what is declared, and what the model wants; the hint
    ("h, w, c", "h=8, w=8, c", OPEN),
    ("t, c, h, w", "t, c, h=8, w=8", OPEN),
    ("c=3, h", "c=3, h=8", UNNAMED),
    ("t, c=3, h", "t, c=3, h=8", UNNAMED),
    *(
        (
            axes,
            "h=8, w=8, c=3",
            f"`n=1` is an axis too many: {BATCH}; write the input without it, or call it `t` in a "
            "clip",
        )
        for axes in ("n=1, h, w, c=3", "c=3, h, w, n=1", "t, n=1, h, w, c=3")
    ),
]


@pytest.mark.parametrize(("image", "contract", "hint"), NO_IMAGES)
def test_what_is_no_image_as_an_op_takes_it(image: str, contract: str, hint: str) -> None:
    (diagnostic,) = found_in(PLAIN.format(image=image, contract=contract, y="class=4"))
    assert (diagnostic.code, diagnostic.hint) == ("E316", hint)
    assert diagnostic.found == f"u8[{image}], 0..255"


def test_the_batch_goes_from_the_outputs_too() -> None:
    text = PLAIN.format(image="h, w, c=3", contract="n=1, h=8, w=8, c=3", y="n=1, class=4")
    (diagnostic,) = found_in(text)
    assert diagnostic.hint == (
        "write one sample, `u8[h=8, w=8, c=3]`, here and in the outputs: `preprocess_batch` makes "
        "the batch"
    )
    one_sample = PLAIN.format(image="h, w, c=3", contract="h=8, w=8, c=3", y="class=4")
    assert mended(text, diagnostic) == one_sample


def test_a_colour_that_the_input_does_not_name() -> None:
    text = PLAIN.format(image="h, w, c=3", contract="h=8, w=8, c=3", y="class=4")
    text = text.replace("] ->", "] rgb ->")
    (diagnostic,) = found_in(text)
    named = "name what the input holds, such as `image: u8[h, w, c=3] rgb`; if it is another colour"
    more = " than rgb, add `convert(rgb)`"
    assert diagnostic.hint == WRONG.format(named + more, "u8[h=8, w=8, c=3]")
    assert diagnostic.fixes == ()


@pytest.mark.parametrize(
    "contract", ["", "h=8", "c=3", "n=1, c=3", "t=1, h=8, w=8, c=3", "n=2, h=8, w=8, c=3"]
)
def test_other_axes_are_no_batch(contract: str) -> None:
    text = PLAIN.format(image="h, w, c=3", contract=contract, y="class=4")
    (diagnostic,) = found_in(text)
    assert (diagnostic.code, diagnostic.message) == ("E312", "`x` has other axes")
    pre = f"`pre`: let it give `u8[{contract}]`"
    assert diagnostic.hint == WRONG.format(pre, "u8[h=8, w=8, c=3]")
    assert diagnostic.fixes == ()


def test_steps_that_lead_to_the_contract() -> None:
    """One step that moves the numbers alone is a fix; one that changes them is a choice."""
    text = PLAIN.format(image="h, w, c=3", contract="c=3, h=8, w=8", y="class=4")
    (diagnostic,) = found_in(text)
    assert diagnostic.hint == "end `pre` with `layout(c, h, w)`"
    assert found_in(mended(text, diagnostic)) == []
    (diagnostic,) = found_in(text.replace("x: u8", "x: f32"))
    assert diagnostic.fixes == ()
    for step in ("`to_float(scale=1/255)`: divided by 255", "`to_float(scale=1)`: the numbers as"):
        assert f"- end `pre` with {step}" in diagnostic.hint


def test_a_channel_is_not_taken_for_a_batch() -> None:
    """A monochrome picture [h, w], and a model that wants [c=1, h, w]."""
    text = PLAIN.format(image="h, w", contract="c=1, h=8, w=8", y="class=4")
    (diagnostic,) = found_in(text)
    assert diagnostic.hint == "end `pre` with `layout(c, h, w)`"
    assert found_in(mended(text, diagnostic)) == []
    (diagnostic,) = found_in(text.replace("c=1, h=8", "c=1, h=9"))
    assert diagnostic.fixes == ()
    assert "the same numbers, with an axis for `c`" in diagnostic.hint
