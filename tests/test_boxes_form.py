"""In what form and unit boxes are stands in their type, and is asked for where it counts."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from checking import mended
from support import build, compiled, run_post

from procdsl.checker.check import check
from procdsl.ir.unparse import unparse
from procdsl.manifest.read import read
from procdsl.ops.boxes._boxes import CORNERS
from procdsl.ops.boxes.convert_boxes import ConvertBoxes
from procdsl.source import Source
from procdsl.syntax.format import formatted
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word

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
        (
            "f32[anchor=2, box=4] boxes(cxcywh, unit)",
            "",
            "b = convert_boxes(b, xyxy, pixels)",
            "`convert_boxes(xyxy, pixels)` of them",
        ),
        ("f32[anchor=2, box=4] boxes(ltrb, pixels)", "", "", "no boxes without the points"),
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


DETR = """proc 1
pipeline detr
input image: u8[h, w, c=3] rgb
pre {{
    resize(short=800, cap=1333, capped=half_even, sampler=pil.bilinear)
    {pad}to_float(scale=1/255)
    layout(c, h, w)
}}
model x: f32[c=3, h, w] rgb -> b: f32[anchor=5, box=4] boxes(cxcywh, unit){space}
post {{
    b = convert_boxes(b, xyxy, pixels, image)
    {back}
}}
output b
"""


def hugging_face(boxes: np.ndarray, h: int, w: int) -> np.ndarray:
    """`center_to_corners_format` and the scale of `post_process_object_detection` of DETR."""
    x, y, width, height = torch.from_numpy(boxes).unbind(-1)
    corners = [x - 0.5 * width, y - 0.5 * height, x + 0.5 * width, y + 0.5 * height]
    return (torch.stack(corners, dim=-1) * torch.tensor([w, h, w, h])).numpy()


@pytest.mark.parametrize("size", [(480, 640), (640, 480), (37, 1200)])
def test_boxes_in_units_of_the_picture_are_hugging_face_s(size: tuple[int, int]) -> None:
    """Where a border was added the unit is of the original picture, to the bit."""
    pad = "pad(multiple=32, anchor=top_left, fill=0)\n    "
    text = DETR.format(pad=pad, space=" @image", back="b = clip_to(b, image)")
    boxes = np.random.default_rng(0).uniform(0.3, 0.6, (5, 4)).astype(np.float32)
    wanted = hugging_face(boxes, *size)
    for backend, module in build(text).modules.items():
        found = run_post(module, {"b": boxes}, [size])["b"]
        inside = np.clip(wanted, 0, np.array([size[1], size[0]] * 2, np.float32))
        np.testing.assert_array_equal(found, inside, backend)


@pytest.mark.parametrize("size", [(480, 640), (640, 480), (37, 1200)])
def test_boxes_in_units_of_the_model_s_input_come_back(size: tuple[int, int]) -> None:
    """Where nothing is added both pictures are one, whatever its size is at run time."""
    text = DETR.format(pad="", space="", back="b = back_to(b, image)")
    boxes = np.random.default_rng(0).uniform(0.3, 0.6, (5, 4)).astype(np.float32)
    wanted = hugging_face(boxes, *size)
    for module in build(text).modules.values():
        found = run_post(module, {"b": boxes}, [size])["b"]
        np.testing.assert_allclose(found, wanted, atol=1e-3)


def by_torchvision(boxes: torch.Tensor, to: str) -> torch.Tensor:
    """The lines of torchvision's `box_convert` from xyxy and back."""
    x1, y1, x2, y2 = boxes.unbind(-1)
    if to == "xywh":
        return torch.stack((x1, y1, x2 - x1, y2 - y1), dim=-1)
    return torch.stack(((x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1), dim=-1)


def back_by_torchvision(boxes: torch.Tensor, of: str) -> torch.Tensor:
    a, b, w, h = boxes.unbind(-1)
    if of == "xywh":
        return torch.stack([a, b, a + w, b + h], dim=-1)
    return torch.stack((a - 0.5 * w, b - 0.5 * h, a + 0.5 * w, b + 0.5 * h), dim=-1)


@pytest.mark.parametrize("form", ["xywh", "cxcywh"])
def test_forms_are_torchvision_s(form: str) -> None:
    boxes = np.random.default_rng(0).uniform(-9, 999, (50, 4)).astype(np.float32)
    type_ = Array("f32", (Axis("n"), Axis.of("box", 4)), kind="boxes", says=CORNERS)
    op = ConvertBoxes(form=Word(form), unit=Word("pixels"))
    wanted = by_torchvision(torch.from_numpy(boxes), form)
    np.testing.assert_array_equal(op.reference((type_,), boxes), wanted.numpy())
    back = ConvertBoxes(form=Word("xyxy"), unit=Word("pixels"))
    found = back.reference((type_.with_(says=(form, "pixels")),), wanted.numpy())
    np.testing.assert_array_equal(found, back_by_torchvision(wanted, form).numpy())


@pytest.mark.parametrize(
    ("before", "after", "code", "help"),
    [
        ("pixels, image)", "pixels)", "E318", "`convert_boxes(xyxy, pixels, image)`"),
        ("cxcywh, unit", "ltrb, unit", "E329", "no boxes without the points"),
        ("boxes(cxcywh, unit)", "boxes", "E329", "`boxes(cxcywh, unit)`: centre and size"),
        ("boxes(cxcywh, unit)", "logits", "E319", "say in its contract"),
        ("boxes(cxcywh, unit)", "boxes(xyxy, pixels)", "E320", ""),
        ("pixels, image)", "pixels, picture)", "E206", ""),
        ("unit)", "unit) @imag", "E206", ""),
    ],
)
def test_what_convert_boxes_does_not_take(before: str, after: str, code: str, help: str) -> None:
    text = DETR.format(pad="", space="", back="b = back_to(b, image)").replace(before, after, 1)
    (diagnostic,) = check(Source("p.proc", text)).diagnostics
    assert diagnostic.code == code
    assert help in diagnostic.help


def test_units_of_tiles_are_of_each_tile() -> None:
    text = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {
    tile(h=16, w=20, overlap=4, last=padded, fill=0)
}
model x: u8[tile, h=16, w=20, c=3] rgb
    -> b: f32[tile, n=2, box=4] boxes(yxyx, unit), s: f32[tile, n=2] scores
post {
    b = convert_boxes(b, xyxy, pixels)
    b, s = untile_boxes(b, s, image)
}
output b, s
"""
    boxes = np.array([[[0, 0, 1, 1], [0.25, 0.5, 0.75, 1]]] * 2, np.float32)
    scores = np.zeros((2, 2), np.float32)
    for module in build(text).modules.values():
        found = run_post(module, {"b": boxes, "s": scores}, [(16, 36)])["b"]
        wanted = [[0, 0, 20, 16], [10, 4, 20, 12], [16, 0, 36, 16], [26, 4, 36, 12]]
        np.testing.assert_array_equal(found, wanted)
