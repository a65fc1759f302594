"""What the hints of single ops say, and that their edits do it."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import mended
from test_hints import GOOD, found_in

from procdsl.checker.check import check
from procdsl.source import Source
from procdsl.workspace import externs

RESIZE = "resize(h=224, w=224, sampler=cv2.linear)"
NORMALIZE = "normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))"
DATA = "write that of the data, or `{}`: 1 leaves the scale as it is"

MENDED = [
    # sides
    (
        RESIZE,
        "resize(short=(224,256), sampler=cv2.linear)",
        "E210",
        "write `224`; a height and a width are written `h=224, w=256`",
    ),
    (
        RESIZE,
        "resize(h=(224, 224), w=224, sampler=cv2.linear)",
        "E210",
        "write `224`; a height and a width are written `h=224, w=224`",
    ),
    (RESIZE, "resize(size=(224, 224), sampler=cv2.linear)", "E202", "write `h=224, w=224`"),
    (RESIZE, "resize(size=224, sampler=cv2.linear)", "E202", "write `short=224`"),
    (RESIZE, "resize((224, 224), sampler=cv2.linear)", "E215", "write `h=224, w=224`"),
    (RESIZE, "resize(224, sampler=cv2.linear)", "E215", "write `short=224`"),
    (RESIZE, "crop(center, size=224)", "E202", "write `h=224, w=224`"),
    (RESIZE, "crop(center, 224)", "E215", "write `h=224, w=224`"),
    # a crop that is not whole
    (RESIZE, "crop(top=0, left=0, h=224)", "E209", "add `w=224`"),
    (RESIZE, "crop(center, w=224)", "E209", "add `h=224`"),
    (RESIZE, "crop(center)", "E209", "add `h=224, w=224`"),
    (RESIZE, "crop(left=8, h=224, w=224)", "E209", "add `top=0`"),
    (RESIZE, "crop(h=224, w=224)", "E209", "write `crop(center, h=224, w=224)`"),
    # mean and std
    (NORMALIZE, "normalize(mean=0.5, std=0)", "E306", DATA.format("1")),
    (
        NORMALIZE,
        "normalize(mean=0.5, std=(0.229, 0, 0.225))",
        "E306",
        DATA.format("(0.229, 1, 0.225)"),
    ),
    (
        NORMALIZE,
        "normalize(mean=(0.485, 0.456), std=0.5)",
        "E213",
        "write 3 numbers, in the order r, g, b, or one for all",
    ),
    *(
        (
            NORMALIZE,
            f"normalize(mean={std}, std={mean})",
            "E328",
            f"write `normalize(mean={mean}, std={std})`",
        )
        for mean, std in (
            ("(0.485, 0.456, 0.406)", "(0.229, 0.224, 0.225)"),
            ("(0.48145466, 0.4578275, 0.40821073)", "(0.26862954, 0.26130258, 0.27577711)"),
        )
    ),
    (
        f"to_float(scale=1/255)\n    {NORMALIZE}",
        "to_float(scale=1)\n    normalize(mean=(58.395, 57.12, 57.375), "
        "std=(123.675, 116.28, 103.53))",
        "E328",
        "write `normalize(mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))`",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "code", "hint"), MENDED)
def test_a_hint_of_an_op(right: str, wrong: str, code: str, hint: str) -> None:
    """One error whose hint says this, and whose edits say no less."""
    text = GOOD.replace(right, wrong, 1)
    (diagnostic,) = found_in(text)
    assert (diagnostic.code, diagnostic.hint) == (code, hint)
    left = {d.code for d in found_in(mended(text, diagnostic))}
    assert left <= ({"E312"} if "short" in mended(text, diagnostic) else set())


def test_statistics_like_the_known_ones_are_left_alone() -> None:
    """A mean below its std is nothing odd: only the known pairs are taken for exchanged."""
    assert found_in(GOOD.replace(NORMALIZE, "normalize(mean=0.2, std=0.5)")) == []
    near = "normalize(mean=(0.23, 0.22, 0.22), std=(0.485, 0.456, 0.406))"
    assert found_in(GOOD.replace(NORMALIZE, near)) == []


GRAY = """proc 1
pipeline p
input image: u8[{axes}] gray
pre {{
    to_float(scale=1/255)
    normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
}}
model x: f32[h, w, c=3] rgb -> y: f32[class=4]
"""


@pytest.mark.parametrize("axes", ["h, w", "h, w, c=1"])
def test_three_means_of_a_gray_image(axes: str) -> None:
    text = GRAY.format(axes=axes)
    diagnostic = found_in(text)[0]
    assert (diagnostic.found, diagnostic.wanted) == ("3 numbers for 1 channel", "one number")
    assert diagnostic.hint == (
        "write the one number of gray; for three equal channels add the step `convert(rgb)` before"
    )
    assert found_in(mended(text, diagnostic)) == []


HEAD = """proc 1
pipeline p
input image: u8[h=64, w=64, c=3] bgr
{pre}
model x: u8[{x}h=32, w=32, c=3] bgr -> {outputs}
post {{
{post}
}}
output found
"""
RULE = "score=0.25, iou=0.45, per=class, limit=300"
TILES = "pre {\n    tile(h=32, w=32, overlap=0, last=shifted)\n}"
SMALL = "pre {\n    resize(h=32, w=32, sampler=cv2.linear)\n}"


def test_nms_of_tiles_names_the_values_and_the_input() -> None:
    text = HEAD.format(
        pre=TILES,
        x="tile, ",
        outputs="raw: f32[tile, feature=6, anchor=9]",
        post=f"    b, s = decode_yolo(raw, classes=2, box=xywh)\n    found = nms(b, s, {RULE})",
    )
    text = text.replace("x: u8[tile", "x: u8[tile=4")
    (diagnostic,) = found_in(text)
    assert (diagnostic.code, diagnostic.hint) == (
        "E319",
        "add the step `b, s = untile_boxes(b, s, image)` before this one",
    )
    assert found_in(mended(text, diagnostic)) == []


@pytest.mark.parametrize(
    ("outputs", "call", "hint"),
    [
        (
            "b: f32[anchor=9, box=4], s: f32[anchor=9, class=2] scores",
            "nms(b, s",
            "where it is declared, say what it is: `f32[anchor=9, box=4] boxes`",
        ),
        (
            "b: f32[anchor=9, box=4] boxes, s: f32[anchor=9, class=2]",
            "nms(b, s",
            "where it is declared, say what it is: `f32[anchor=9, class=2] scores`",
        ),
        (
            "b: f32[anchor=9, box=4] boxes, s: f32[anchor=9, class=2] scores",
            "nms(s, b",
            "give it boxes and scores, in this order, as `decode_yolo` does",
        ),
    ],
)
def test_nms_of_what_is_not_boxes_and_scores(outputs: str, call: str, hint: str) -> None:
    post = f"    found = {call}, {RULE})\n    found = back_to(found, image)"
    diagnostic = found_in(HEAD.format(pre=SMALL, x="", outputs=outputs, post=post))[0]
    assert (diagnostic.code, diagnostic.hint, diagnostic.fixes) == ("E319", hint, ())


def test_a_folder_is_named_once_where_an_extern_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    text = PAGE.format("shop.filters:denoise")
    (diagnostic,) = check(Source(str(tmp_path / "p.proc"), text), find=externs.find).diagnostics
    assert diagnostic.found == f"no module `shop` in {tmp_path} or on Python's path"
    inner = tmp_path / "inner"
    inner.mkdir()
    (diagnostic,) = check(Source(str(inner / "p.proc"), text), find=externs.find).diagnostics
    assert diagnostic.found == f"no module `shop` in {inner}, {tmp_path} or on Python's path"


PAGE = """proc 1
pipeline p
extern denoise from "{}" (u8[h, w, c=3] bgr) -> u8[h, w, c=3] bgr
input image: u8[h, w, c=3] bgr
pre {{
    denoise()
}}
model x: u8[h, w, c=3] bgr -> y: f32[class=4]
"""
