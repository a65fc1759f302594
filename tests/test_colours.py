"""Computed colours in the language: what the checker knows of them, and the modules made of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from support import build, compare, compiled, converting, random_array, run

from procdsl.checker.check import check
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.types.colour import colour, colour_names


@pytest.mark.parametrize(
    ("image", "steps", "ends_in"),
    [
        ("u8[rows, w] cv2.nv12", ["convert(rgb)"], "u8[h, w, c=3] rgb, 0..255"),
        ("u8[rows=1620, w=1920] cv2.nv21", ["convert(bgr)"], "u8[h=1080, w=1920, c=3] bgr, 0..255"),
        ("u8[t=8, rows, w] cv2.i420", ["convert(rgb)"], "u8[t=8, h, w, c=3] rgb, 0..255"),
        ("u8[h=4, w=6, c=3] rgb", ["convert(cv2.i420)"], "u8[rows=6, w=6] cv2.i420, 0..255"),
        ("u8[h, w, c=3] rgb", ["convert(cv2.i420)"], "u8[rows, w] cv2.i420, 0..255"),
        (
            "u8[h, w, c=3] rgb",
            ["clip(min=16, max=235)", "convert(cv2.hsv)"],
            "u8[h, w, c=3] cv2.hsv, 0..255",
        ),
        (
            "u8[h, w, c=3] rgb",
            ["clip(min=16, max=235)", "convert(gray, luma=torchvision)"],
            "u8[h, w, c=1] gray, 15..235",
        ),
        (
            "u8[h, w, c=4] rgba",
            ["clip(max=99)", "convert(bgr, alpha=over, fill=(1, 2, 120))"],
            "u8[h, w, c=3] bgr, 0..120",
        ),
        (
            "u8[h, w, c=3] rgb",
            ["clip(max=99)", "convert(rgba)"],
            "u8[h, w, c=4] rgba, 0..255",
        ),
    ],
)
def test_types(image: str, steps: list[str], ends_in: str) -> None:
    (value,) = compiled(converting(image, *steps)).fed
    assert isinstance(value.type, Array)
    assert value.type.described() == ends_in


@pytest.mark.parametrize(
    ("image", "step", "code", "hint"),
    [
        ("u8[h, w, c=3] rgb", "convert(hsv)", "E204", "write `cv2.hsv` for OpenCV"),
        ("u8[h, w, c=3] cv2.hsv", "convert(rgb)", "E324", "take a colour to which or from which"),
        ("u8[h, w, c=3] cv2.lab", "convert(rgb)", "E324", "take a colour to which or from which"),
        ("u8[h, w, c=3] rgb", "convert(cv2.nv12)", "E324", "take a colour to which or from which"),
        ("u8[h, w, c=3] cv2.ycrcb", "convert(cv2.hsv)", "E324", "add the step `convert(rgb)`"),
        ("u8[h, w, c=3] cv2.yuv", "convert(gray, luma=cv2)", "E324", "add the step `convert(rgb)`"),
        ("u8[rows, w] cv2.nv12", "convert(rgba)", "E324", "add the step `convert(rgb)`"),
        ("u8[h, w] gray", "convert(cv2.lab)", "E324", "add the step `convert(rgb)`"),
        (
            "u8[h, w, c=4] bgra",
            "convert(cv2.hsv)",
            "E324",
            "say in it `alpha=drop` for the colours as they are stored, or",
        ),
        ("f32[h, w, c=3] rgb", "convert(cv2.hsv)", "E301", "put this step before `to_float`"),
        ("f32[h, w, c=4] rgba", "convert(rgb, alpha=over, fill=0)", "E301", "before `to_float`"),
        ("u8[h=31, w=44, c=3] rgb", "convert(cv2.i420)", "E323", "- `pad(multiple=2"),
        ("u8[rows, w] cv2.nv12", "resize(h=9, w=9, sampler=cv2.area)", "E316", "`convert(rgb)`"),
        ("u8[rows, w] cv2.nv12", "flip(horizontal)", "E307", "`convert(rgb)`"),
        ("u8[h, w, c=3] cv2.hsv", "resize(h=9, w=9, sampler=cv2.linear)", "E325", "cv2.nearest"),
        (
            "u8[h, w, c=3] cv2.hsv_full",
            "letterbox(h=9, w=9, fill=0, sampler=pil.box)",
            "E325",
            "cv2.nearest",
        ),
        ("u8[h, w, c=4] rgba", "convert(rgb)", "E209", "say what becomes of alpha: `alpha=drop`"),
        (
            "u8[h, w, c=4] rgba",
            "convert(rgb, alpha=over)",
            "E209",
            "add the ground that shows through",
        ),
        (
            "u8[h, w, c=4] rgba",
            "convert(rgb, alpha=drop, fill=3)",
            "E214",
            "`fill` is the ground of",
        ),
        ("u8[h, w, c=4] rgba", "convert(rgb, alpha=over, fill=(1, 2))", "E213", "write 3 numbers"),
        (
            "u8[h, w, c=4] rgba",
            "convert(rgb, alpha=over, fill=300)",
            "E211",
            "write the number that the border has",
        ),
        (
            "u8[h, w, c=4] rgba",
            "convert(gray, luma=cv2, alpha=over, fill=(1, 2, 3))",
            "E213",
            "write 1 number",
        ),
        ("u8[h, w, c=3] rgb", "convert(cv2.hsv, luma=cv2)", "E214", "`luma` says how colours are"),
    ],
)
def test_refusals(image: str, step: str, code: str, hint: str) -> None:
    text = f"proc 1\npipeline p\ninput image: {image}\npre {{\n    {step}\n}}\n"
    found = check(Source("p.proc", text + "model x: u8[n=1] -> y: f32[n=1]\n")).diagnostics
    first = found[0]
    assert first.code == code
    assert hint in first.hint


@pytest.mark.parametrize(
    "type_",
    [
        "u8[h, w] cv2.nv12",
        "u8[h, w, c=3] cv2.nv12",
        "u8[rows=31, w] cv2.nv12",
        "u8[rows, w=45] cv2.nv12",
        "u8[h, w, c=4] cv2.hsv",
        "u8[h, w] cv2.lab",
    ],
)
def test_types_that_no_such_colour_has(type_: str) -> None:
    text = f"proc 1\npipeline p\ninput image: {type_}\nmodel x: {type_} -> y: f32[n=1]\n"
    assert {d.code for d in check(Source("p.proc", text)).diagnostics} == {"E323"}


def test_hue_may_be_resized_by_picking() -> None:
    steps = "convert(cv2.hsv)", "resize(h=9, w=20, sampler=pil.nearest)"
    built = build(converting("u8[h, w, c=3] rgb", *steps))
    x = np.random.default_rng(0).integers(0, 256, (31, 45, 3), dtype=np.uint8)
    compare(built, {"image": x})


@pytest.mark.parametrize("size", [(31, 44), (30, 45), (1, 2)])
def test_a_frame_of_odd_sizes_is_refused(size: tuple[int, int]) -> None:
    built = build(converting("u8[rows, w] cv2.nv12", "convert(rgb)"))
    for module in built.modules.values():
        with pytest.raises(ValueError, match=r"image: no 4:2:0 frame has \d+ rows and the width"):
            run(module, {"image": np.zeros(size, np.uint8)})


@pytest.mark.parametrize("size", [(31, 44, 3), (30, 45, 3)])
def test_a_picture_of_odd_sizes_makes_no_frame(size: tuple[int, int, int]) -> None:
    built = build(converting("u8[h, w, c=3] rgb", "convert(cv2.i420)"))
    for module in built.modules.values():
        with pytest.raises(ValueError, match="image: a picture of .* makes no 4:2:0 frame"):
            run(module, {"image": np.zeros(size, np.uint8)})


def test_boxes_of_a_frame_are_in_pixels_of_its_picture() -> None:
    built = build(
        """proc 1
pipeline p
input frame: u8[rows, w] cv2.nv12
pre {
    convert(rgb)
    letterbox(h=64, w=64, fill=114, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}
model x: f32[c=3, h=64, w=64] rgb -> raw: f32[feature=7, anchor=3]
post {
    boxes, scores = decode_yolo(raw, classes=3, box=xyxy)
    boxes = back_to(boxes, frame)
    boxes = clip_to(boxes, frame)
}
output boxes, scores
"""
    )
    raw = np.zeros((7, 3), np.float32)
    raw[:4] = np.array([0, 16, 64, 48], np.float32)[:, None]
    found = built.modules["numpy"].postprocess(raw, frame_size=(60, 120)).boxes
    assert found.tolist() == [[0, 0, 120, 60]] * 3
    frame = np.random.default_rng(0).integers(0, 256, (90, 120), dtype=np.uint8)
    compare(built, {"frame": frame}, {"raw": raw})

    class Model(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.from_numpy(raw)[None]

    whole = built.modules["torch"].WithProcessing(Model())
    assert whole(torch.from_numpy(frame)).boxes.tolist() == [[0, 0, 120, 60]] * 3
    for module in built.modules.values():
        module.self_check()


def test_self_check_knows_the_size_of_a_fixed_input() -> None:
    text = """proc 1
pipeline p
input image: u8[h=100, w=200, c=3] rgb
pre {
    resize(h=64, w=64, sampler=cv2.nearest)
}
model x: u8[h=64, w=64, c=3] rgb -> raw: f32[feature=7, anchor=3]
post {
    boxes, scores = decode_yolo(raw, classes=3, box=xyxy)
    boxes = back_to(boxes, image)
}
output boxes, scores
"""
    for module in build(text).modules.values():
        module.self_check()


def typed(name: str) -> str:
    """A type of fixed sizes."""
    found = colour(name)
    axes = "rows=18, w=10" if found.subsampled else f"h=12, w=10, c={len(found.channels)}"
    return f"u8[{axes}] {name}"


WAYS = [(name, "bgr", "") for name in colour_names() if colour(name).to_rgb]
WAYS += [("bgr", name, "") for name in colour_names() if colour(name).from_rgb]
WAYS += [("bgra", "rgb", ", alpha=over, fill=(1, 2, 3)"), ("rgb", "gray", ", luma=torchvision")]
WAYS += [("rgba", "gray", ", luma=pil, alpha=over, fill=9")]


@pytest.mark.parametrize(("source", "target", "options"), WAYS)
def test_torch_modules_script_and_export(source: str, target: str, options: str) -> None:
    built = build(converting(typed(source), f"convert({target}{options})"), ["torch"])
    module = built.modules["torch"].Preprocess()
    (value,) = built.pipeline.inputs
    assert isinstance(value.type, Array)
    x = torch.from_numpy(random_array(np.random.default_rng(1), value.type, (12, 10)))
    wanted = module(x)
    assert torch.equal(torch.jit.script(module)(x), wanted)
    assert torch.equal(torch.export.export(module, (x,)).module()(x), wanted)
