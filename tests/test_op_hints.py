"""What the hints of single ops say: what there is to choose from, or what alone can be meant."""

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
CUT = "say which part is cut out:\n- `crop(center, h=224, w=224)`: so many pixels from the middle\n"
MEANT = 'the model was trained so: keep it, and write `allow {} "why"` behind the step'

SAYS = [
    # sides
    (
        RESIZE,
        "resize(short=(224,256), sampler=cv2.linear)",
        "E210",
        "one side stands here; a height and a width are written `h=224, w=256`",
    ),
    (
        RESIZE,
        "resize(size=(224, 256), sampler=cv2.linear)",
        "E202",
        "say which of the two is the height:\n"
        "- `h=224, w=256`: the height first (torchvision, torch, Keras, albumentations)\n"
        "- `h=256, w=224`: the width first (OpenCV, Pillow)",
    ),
    *(
        (
            RESIZE,
            f"resize({size}, sampler=cv2.linear)",
            code,
            "say what one number is for:\n- `short=224`: the shorter side, the other one in "
            "proportion",
        )
        for size, code in (("size=224", "E202"), ("224", "E215"))
    ),
    (
        RESIZE,
        "resize(h=224, sampler=cv2.linear)",
        "E214",
        "`h=224` leaves `w` open; say what becomes of it:\n- `w=` with a number, too: that size,",
    ),
    (RESIZE, "resize(sampler=cv2.linear)", "E214", "say the size in one way:\n- `h=` and `w=`"),
    # a pad that does not say where the image goes
    *(
        (
            RESIZE,
            f"pad({size}, fill=0)",
            "E209",
            "say where the image goes as the model was trained:\n"
            "- `anchor=top_left`: in the corner, with the border below and right\n"
            "- `anchor=center`: in the middle; of an odd border the larger half goes below and "
            "right (what a file without `anchor` computed before)\n"
            "- `anchor=center_even`: in the middle, half of an odd border rounded to the even "
            "number (`PIL.ImageOps.pad`)",
        )
        for size in ("h=224, w=224", "multiple=32", "square")
    ),
    # a crop that is not whole
    (RESIZE, "crop(top=0, left=0, h=224)", "E209", CUT),
    (RESIZE, "crop(center, w=224)", "E209", CUT),
    (RESIZE, "crop(center)", "E209", CUT),
    (
        RESIZE,
        "crop(left=8, h=224, w=224)",
        "E209",
        "say where it begins:\n- `crop(center, h=224, w=224)`: the middle of the image\n"
        "- `crop(top=0, left=8, h=224, w=224)`: that row and that column",
    ),
    # mean and std
    *(
        (
            NORMALIZE,
            f"normalize(mean=0.5, std={std})",
            "E306",
            "write the standard deviation of the training data; 1 leaves the scale as it is",
        )
        for std in ("0", "(0.229, 0, 0.225)")
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
            f"say which is meant:\n- `normalize(mean={mean}, std={std})`: the statistics as they "
            f"were published\n- {MEANT.format('E328')}",
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
        "say which is meant:\n- `normalize(mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, "
        "57.375))`",
    ),
    (
        f"to_float(scale=1/255)\n    {NORMALIZE}",
        NORMALIZE,
        "E302",
        "say how the value is scaled to what mean and std are of:\n"
        "- `to_float(scale=1/255)` before this step: x/255, rounded, as torchvision does\n"
        "- `form=fused, scale=1/255` in this step: Hugging Face's arithmetic, other last bits\n",
    ),
    # dtypes
    (
        "to_float(scale=1/255)",
        "to_float(scale=1/255)\n    to_float(scale=1/255)",
        "E301",
        "the value is float already; say what this step is for:\n- without it: the numbers as they "
        "are\n- `scale(divide=255)` for it: scaled once more",
    ),
    (
        "max(probabilities, over=class)",
        "top(probabilities, over=class, k=7)",
        "E211",
        "ask for 4 or fewer: `k` is how many of the largest are given",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "code", "said"), SAYS)
def test_what_there_is_to_choose_from(right: str, wrong: str, code: str, said: str) -> None:
    """One error; no edit chooses between numbers that differ."""
    (diagnostic,) = found_in(GOOD.replace(right, wrong, 1))
    assert (diagnostic.code, diagnostic.fixes) == (code, ())
    assert diagnostic.hint.startswith(said)


ONLY = [
    ("h=224, w=224", "size=(224, 224)", "E202", "write `h=224, w=224`"),
    ("h=224, w=224", "(224, 224)", "E215", "write `h=224, w=224`"),
    (
        "h=224, w=224, sampler=cv2.linear",
        "224, 224, cv2.linear",
        "E215",
        "write `h=224, w=224` and write `sampler=cv2.linear`",
    ),
    ("over=class", "over=c", "E307", "write `class`"),
]


@pytest.mark.parametrize(("right", "wrong", "code", "hint"), ONLY)
def test_what_alone_can_be_meant(right: str, wrong: str, code: str, hint: str) -> None:
    text = GOOD.replace(right, wrong, 1)
    (diagnostic,) = found_in(text)
    assert (diagnostic.code, diagnostic.hint) == (code, hint)
    assert mended(text, diagnostic) == GOOD


def test_one_side_of_a_crop_stands_for_both() -> None:
    for crop, code in (("crop(center, size=224)", "E202"), ("crop(center, 224)", "E215")):
        text = GOOD.replace(RESIZE, crop)
        (diagnostic,) = found_in(text)
        assert (diagnostic.code, diagnostic.hint) == (code, "write `h=224, w=224`")
        assert mended(text, diagnostic) == GOOD.replace(RESIZE, "crop(center, h=224, w=224)")


def test_statistics_of_levels_are_of_the_numbers_as_they_are() -> None:
    levels = "normalize(mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))"
    text = GOOD.replace(f"to_float(scale=1/255)\n    {NORMALIZE}", levels)
    (diagnostic,) = found_in(text)
    assert diagnostic.hint == "add the step `to_float(scale=1)` before this one"
    assert found_in(mended(text, diagnostic)) == []


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
        "say what the model was trained on:\n"
        "- one number: the mean and std of gray\n"
        "- `convert(rgb)` before this step: three equal channels, each with its number"
    )


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


def test_nms_of_tiles_names_the_step_and_the_input() -> None:
    text = HEAD.format(
        pre=TILES,
        x="tile, ",
        outputs="raw: f32[tile, feature=6, anchor=9]",
        post=f"    b, s = decode_yolo(raw, classes=2, box=xywh)\n    found = nms(b, s, {RULE})",
    )
    text = text.replace("x: u8[tile", "x: u8[tile=4")
    (diagnostic,) = found_in(text)
    assert (diagnostic.code, diagnostic.fixes) == ("E319", ())
    assert "`boxes, scores = untile_boxes(boxes, scores, image)`" in diagnostic.hint
    step = "    b, s = untile_boxes(b, s, image)\n    found ="
    assert found_in(text.replace("    found =", step)) == []


@pytest.mark.parametrize(
    ("outputs", "call", "hint"),
    [
        (
            "b: f32[anchor=9, box=4], s: f32[anchor=9, class=2] scores",
            "nms(b, s",
            "where it is declared, say what it is: `f32[anchor=9, box=4] boxes(xyxy, pixels)`",
        ),
        (
            "b: f32[anchor=9, box=4] boxes(xyxy, pixels), s: f32[anchor=9, class=2]",
            "nms(b, s",
            "where it is declared, say what it is: `f32[anchor=9, class=2] scores`, or `logits`",
        ),
        (
            "b: f32[anchor=9, box=4] boxes(xyxy, pixels), s: f32[anchor=9, class=2] scores",
            "nms(s, b",
            "give it what `nms` or `decode_yolo` gives; where the model gives boxes itself, say so "
            "in its contract: `f32[anchor=100, box=4] boxes(xyxy, pixels)`",
        ),
        (
            "b: f32[anchor=9, box=4] boxes(xyxy, pixels), s: f32[anchor=9, class=2] logits",
            "nms(b, s",
            "say how its numbers become scores:\n"
            "- `scores = sigmoid(...)`: each class by itself, several may be high\n"
            "- `scores = softmax(..., over=class)`: the classes of a box share one",
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
