"""Hints say what was probably meant, carry it out, and one mistake is one error."""

from __future__ import annotations

import pytest

from procdsl import registry
from procdsl.checker import calls
from procdsl.checker.check import check
from procdsl.diagnostics import Diagnostic, apply
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
    ("to_float(scale=1/255)", "to_float(scale=255)", "E211"),
    ("mean=(0.485, 0.456, 0.406)", "mean=(0.406, 0.456, 0.485)", "E321"),
    ("mean=(0.485, 0.456, 0.406)", "mean=[0.485, 0.456, 0.406]", "E100"),
    ("h=224, w=224] rgb", "h:224, w=224] rgb", "E100"),
    ("rgb -> logits", "rgb => logits", "E100"),
    ("c=3] bgr", "c=3 bgr", "E100"),
    ("w, c=3] bgr", "w, 3] bgr", "E100"),
    ("f32[c=3, h=224, w=224]", "f32[3, 224, 224]", "E100"),
    ("label, confidence, found\n", "label confidence, found\n", "E100"),
]


@pytest.mark.parametrize(("right", "wrong", "code"), MEANT)
def test_a_hint_gives_the_right_file_again(right: str, wrong: str, code: str) -> None:
    """One kind of error, and its edits lead back to what was meant."""
    diagnostics = found_in(GOOD.replace(right, wrong, 1))
    assert {d.code for d in diagnostics} == {code}
    edits = [edit for d in diagnostics for edit in d.edits]
    assert apply(edits, GOOD.replace(right, wrong, 1)) == GOOD


@pytest.mark.parametrize("comment", ["// as OpenCV reads it", "//"])
def test_comments_of_other_languages(comment: str) -> None:
    text = GOOD.replace("convert(rgb)", f"convert(rgb)  {comment}")
    (diagnostic,) = found_in(text)
    assert (diagnostic.code, diagnostic.hint) == ("E100", "write `#`")
    assert found_in(apply(diagnostic.edits, text)) == []


def test_a_mean_alone_in_the_other_order_leaves_std_as_it_is() -> None:
    text = GOOD.replace("(0.485, 0.456, 0.406)", "(0.406, 0.456, 0.485)")
    (diagnostic,) = found_in(text)
    assert diagnostic.message == "the mean is in the other channel order"
    both = text.replace("(0.229, 0.224, 0.225)", "(0.225, 0.224, 0.229)")
    (diagnostic,) = found_in(both)
    assert apply(diagnostic.edits, both) == GOOD


def test_a_table_that_is_too_short_is_not_filled_with_its_own_entries() -> None:
    text = GOOD.replace('("a", "b", "c", "d")', '("a", "b")')
    (diagnostic,) = found_in(text)
    assert diagnostic.hint == 'write `("a", "b", "class 2", "class 3")`'


def test_objectness_is_named() -> None:
    (diagnostic,) = found_in(GOOD.replace("feature=84", "feature=85"))
    assert "objectness of YOLOv5" in diagnostic.wanted
    assert "81" not in diagnostic.hint


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
    assert apply(diagnostic.edits, text) == GOOD
    assert found_in(GOOD.replace("\n", "\r\n")) == []


def test_values_of_a_let_without_parentheses() -> None:
    text = GOOD.replace("input", "let mean = 0.485, 0.456, 0.406\n\ninput", 1)
    text = text.replace("mean=(0.485, 0.456, 0.406)", "mean=mean")
    (diagnostic,) = found_in(text)
    assert found_in(apply(diagnostic.edits, text)) == []


def test_a_fraction_of_a_decimal_keeps_its_value() -> None:
    (diagnostic,) = found_in(GOOD.replace("1/255", "1/127.5"))
    assert (diagnostic.code, diagnostic.hint) == ("E116", "write `2/255`")


def test_a_constant_that_is_not_there() -> None:
    (diagnostic,) = found_in(GOOD.replace("h=224, w=224, sampler", "h=image.h, w=224, sampler"))
    assert (diagnostic.code, diagnostic.hint) == ("E206", "write `224`")


USUAL = (
    "`pil.bilinear` (Pillow, and torchvision on PIL images), `cv2.linear` (cv2.resize), "
    "`torch.bilinear_aa` (torchvision on tensors) or `torch.bilinear` (torch's F.interpolate)"
)
BILINEAR = (
    "write the one that training used: `pil.bilinear` (Pillow, and torchvision on PIL images), "
    "`torch.bilinear` (torch's F.interpolate), `cv2.linear` (cv2.resize), "
    "`torch.bilinear_aa` (torchvision on tensors) or `cv2.linear_exact`; their pixels differ"
)
RESIZE = "resize(h=224, w=224, sampler=cv2.linear)"
SAMPLER = "sampler=cv2.linear"

SAYS = [
    # ops by what they are called elsewhere
    *(
        ("convert(rgb)", f"{name}(rgb)", "E201", f"did you mean `{op}`?")
        for name, op in (
            ("convrt", "convert"),
            ("cvtColor", "convert"),
            ("bgr2rgb", "convert"),
            ("grayscale", "convert"),
            ("to_tensor", "to_float"),
            ("ToTensor", "to_float"),
            ("divide", "to_float"),
            ("subtract", "normalize"),
            ("center_crop", "crop"),
            ("permute", "layout"),
            ("interpolate", "resize"),
        )
    ),
    (
        "convert(rgb)",
        "denoise()",
        "E201",
        "take one of these (`procdsl explain` lists what each does), declare a function of your "
        "own (`procdsl explain extern`), or remove this step",
    ),
    (
        "layout(c, h, w)",
        "layout(c, h, w)\n    unsqueeze(0)",
        "E201",
        "remove this step: types are those of one sample, `preprocess_batch` makes the batch",
    ),
    # samplers
    (SAMPLER, 'sampler="bilinear"', "E210", BILINEAR),
    (SAMPLER, "sampler=bilinear", "E203", BILINEAR),
    (
        SAMPLER,
        "sampler=InterpolationMode.BICUBIC",
        "E203",
        "write the one that training used: `pil.bicubic`, `torch.bicubic`, `cv2.cubic` or "
        "`torch.bicubic_aa`; their pixels differ",
    ),
    (SAMPLER, "sampler=INTER_LINEAR", "E203", "write `cv2.linear`"),
    (SAMPLER, 'sampler="cv2.INTER_AREA"', "E210", "write `cv2.area`"),
    (SAMPLER, "sampler=Image.LANCZOS", "E203", "write `pil.lanczos`"),
    (SAMPLER, "sampler=torch.linear", "E203", "write `torch.bilinear`"),
    (SAMPLER, 'sampler="cv2.linear"', "E210", "write `cv2.linear`"),
    (SAMPLER, "sampler=cv2.liner", "E203", "write `cv2.linear`"),
    (SAMPLER, "sampler=3", "E210", f"write the one that training used: {USUAL}"),
    (
        f", {SAMPLER}",
        "",
        "E209",
        f"add `sampler=` with the one that training used: {USUAL}",
    ),
    ("per=class", 'per="all"', "E210", "write `all`"),
    # names of values
    ("output label", "output lable", "E206", "did you mean `label`?"),
    ("max(probabilities", "max(probabilites", "E206", "did you mean `probabilities`?"),
]


@pytest.mark.parametrize(("right", "wrong", "code", "hint"), SAYS)
def test_a_hint_says(right: str, wrong: str, code: str, hint: str) -> None:
    assert right in GOOD
    (diagnostic,) = found_in(GOOD.replace(right, wrong, 1))
    assert (diagnostic.code, diagnostic.hint) == (code, hint)


@pytest.mark.parametrize(
    ("right", "wrong", "value"),
    [("output label", "output q", "label"), ("max(probabilities", "max(p", "probabilities")],
)
def test_a_name_like_no_other_may_be_the_value_that_nothing_takes(
    right: str, wrong: str, value: str
) -> None:
    unused, unknown = sorted(found_in(GOOD.replace(right, wrong, 1)), key=lambda d: d.code)[::-1]
    assert (unused.code, unused.span.text) == ("E208", value)
    assert (unknown.code, unknown.hint) == ("E206", f"write `{value}`, which nothing takes yet")
    assert apply(unknown.edits, GOOD.replace(right, wrong, 1)) == GOOD


def test_what_ops_are_called_elsewhere_leads_to_ops() -> None:
    assert set(calls._MEANT) <= set(registry.op_names())
    others = [other for names in (*calls._MEANT.values(), calls._BATCH) for other in names]
    assert len(others) == len(set(others))
    assert not set(others) & {name.replace("_", "") for name in registry.op_names()}
