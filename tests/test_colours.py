"""Colours: the references against their libraries, bit for bit, and what the checker knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from support import build, compare, compiled, run

from procdsl.checker.check import check, flow_type
from procdsl.colour import colour, colour_names
from procdsl.ops.convert import Convert
from procdsl.source import Source
from procdsl.types import Array, Axis
from procdsl.values import Word

Convert_ = Callable[[np.ndarray], np.ndarray]


def every_colour() -> Iterator[np.ndarray]:
    """All 2**24 triples of u8, in pictures of 2**20 pixels."""
    for first in range(0, 256, 16):
        axes = np.arange(first, first + 16), np.arange(256), np.arange(256)
        block = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        yield block.astype(np.uint8).reshape(4096, 256, 3)


def many_colours() -> Iterator[np.ndarray]:
    """A grid with both ends of each range, random triples, and pictures of odd widths."""
    levels = np.unique(np.append(np.arange(0, 256, 7), [1, 2, 127, 128, 129, 254, 255]))
    grid = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1)
    yield grid.astype(np.uint8).reshape(len(levels), -1, 3)
    rng = np.random.default_rng(6)
    yield rng.integers(0, 256, (512, 511, 3), dtype=np.uint8)
    for width in range(1, 70):
        yield rng.integers(0, 256, (3, width, 3), dtype=np.uint8)


def by_cv2(code: str) -> Convert_:
    return lambda x: cv2.cvtColor(x, getattr(cv2, f"COLOR_{code}"))


def by_pillow(source: str, target: str) -> Convert_:
    def convert(x: np.ndarray) -> np.ndarray:
        bands = [Image.fromarray(np.ascontiguousarray(x[..., i])) for i in range(3)]
        return np.asarray(Image.merge(source, bands).convert(target))

    return convert


LIBRARIES: dict[str, tuple[Convert_ | None, Convert_ | None]] = {
    "cv2.hsv": (by_cv2("RGB2HSV"), None),
    "cv2.hsv_full": (by_cv2("RGB2HSV_FULL"), None),
    "cv2.lab": (by_cv2("RGB2Lab"), None),
    "cv2.ycrcb": (by_cv2("RGB2YCrCb"), by_cv2("YCrCb2RGB")),
    "cv2.yuv": (by_cv2("RGB2YUV"), by_cv2("YUV2RGB")),
    "pil.ycbcr": (by_pillow("RGB", "YCbCr"), by_pillow("YCbCr", "RGB")),
}
FRAMES = {"cv2.i420": "I420", "cv2.nv12": "NV12", "cv2.nv21": "NV21"}


def hold(name: str, pictures: Iterator[np.ndarray]) -> None:
    there, back = LIBRARIES[name]
    for x in pictures:
        for ours, theirs in ((colour(name).from_rgb, there), (colour(name).to_rgb, back)):
            assert (ours is None) == (theirs is None)
            if ours and theirs:
                assert np.array_equal(ours(x), theirs(x)), f"{name} on {x.shape}"


def test_every_colour_that_computes_has_its_library() -> None:
    computing = {name for name in colour_names() if not colour(name).moved}
    assert computing == set(LIBRARIES) | set(FRAMES)


@pytest.mark.parametrize("name", LIBRARIES)
def test_colour(name: str) -> None:
    hold(name, many_colours())


@pytest.mark.slow
@pytest.mark.parametrize("name", LIBRARIES)
def test_colour_on_every_triple(name: str) -> None:
    hold(name, every_colour())


@pytest.mark.slow
@pytest.mark.parametrize("name", LIBRARIES)
def test_modules_on_every_triple(name: str) -> None:
    """The numpy and torch kernels themselves, both ways."""
    for source, target, way in (
        ("rgb", name, colour(name).from_rgb),
        (name, "bgr", colour(name).to_rgb),
    ):
        if way is None:
            continue
        built = build(converting(f"u8[h, w, c=3] {source}", f"convert({target})"))
        for x in every_colour():
            wanted = way(x) if target == name else way(x)[..., ::-1]
            for module in built.modules.values():
                assert np.array_equal(run(module, {"image": x})[0], wanted)


def every_yuv() -> Iterator[np.ndarray]:
    """NV12 frames with all 2**24 triples, four values of luma in a frame."""
    u, v = np.meshgrid(np.arange(256), np.arange(256), indexing="ij")
    chroma = np.stack([u, v], axis=-1).astype(np.uint8).reshape(256, 512)
    for first in range(0, 256, 4):
        luma = np.tile(np.array([[first, first + 1], [first + 2, first + 3]], np.uint8), (256, 256))
        yield np.concatenate([luma, chroma])


def as_frame(nv12: np.ndarray, kind: str) -> np.ndarray:
    """The same picture in another arrangement of its chroma."""
    h = nv12.shape[0] // 3 * 2
    u, v = nv12[h:, ::2], nv12[h:, 1::2]
    if kind == "NV12":
        return nv12
    chroma = np.stack([v, u], axis=-1) if kind == "NV21" else np.stack([u, v])
    return np.concatenate([nv12[:h], chroma.reshape(h // 2, -1)])


def random_frames() -> Iterator[np.ndarray]:
    rng = np.random.default_rng(4)
    for h, w in (2 * rng.integers(1, 40, (60, 2))).tolist():
        yield rng.integers(0, 256, (h // 2 * 3, w), dtype=np.uint8)


@pytest.mark.parametrize("name", FRAMES)
def test_frame(name: str) -> None:
    to_rgb, kind = colour(name).to_rgb, FRAMES[name]
    assert to_rgb
    for nv12 in random_frames():
        x = as_frame(nv12, kind)
        wanted = cv2.cvtColor(x, getattr(cv2, f"COLOR_YUV2RGB_{kind}"))
        assert np.array_equal(to_rgb(x), wanted)


@pytest.mark.slow
@pytest.mark.parametrize("name", FRAMES)
def test_frame_on_every_triple(name: str) -> None:
    to_rgb, kind = colour(name).to_rgb, FRAMES[name]
    assert to_rgb
    built = build(converting(f"u8[rows, w] {name}", "convert(bgr)"))
    for nv12 in every_yuv():
        x = as_frame(nv12, kind)
        wanted = cv2.cvtColor(x, getattr(cv2, f"COLOR_YUV2RGB_{kind}"))
        assert np.array_equal(to_rgb(x), wanted)
        for module in built.modules.values():
            assert np.array_equal(run(module, {"image": x})[0], wanted[..., ::-1])


def test_i420_as_opencv_writes_it() -> None:
    from_rgb = colour("cv2.i420").from_rgb
    assert from_rgb
    rng = np.random.default_rng(5)
    for h, w in (2 * rng.integers(1, 40, (60, 2))).tolist():
        x = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
        assert np.array_equal(from_rgb(x), cv2.cvtColor(x, cv2.COLOR_RGB2YUV_I420))


@pytest.mark.slow
def test_i420_of_every_colour() -> None:
    from_rgb = colour("cv2.i420").from_rgb
    assert from_rgb
    for x in every_colour():
        doubled = x.repeat(2, axis=0).repeat(2, axis=1)  # U and V of each colour, too
        assert np.array_equal(from_rgb(doubled), cv2.cvtColor(doubled, cv2.COLOR_RGB2YUV_I420))


# Gray and alpha


def image_type(name: str) -> Array:
    axes = (Axis("h"), Axis("w"), Axis.of("c", len(colour(name).channels)))
    return Array("u8", axes, colour=name)


def by_torchvision(x: np.ndarray) -> np.ndarray:
    """The line of torchvision's `rgb_to_grayscale` on a tensor of uint8."""
    r, g, b = torch.from_numpy(x).unbind(dim=-1)
    return (0.2989 * r + 0.587 * g + 0.114 * b).to(torch.uint8).numpy()


LUMAS: dict[str, Convert_] = {
    "cv2": by_cv2("RGB2GRAY"),
    "pil": lambda x: np.asarray(Image.fromarray(x).convert("L")),
    "torchvision": by_torchvision,
}


@pytest.mark.parametrize("luma", LUMAS)
def test_gray_of_every_colour(luma: str) -> None:
    """All 2**24 colours."""
    op = Convert(to=Word("gray"), luma=Word(luma))
    for rgb in every_colour():
        found = op.reference((image_type("rgb"),), rgb)[:, :, 0]
        assert np.array_equal(found, LUMAS[luma](rgb))


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ("bgr", "rgb", cv2.COLOR_BGR2RGB),
        ("rgb", "bgra", cv2.COLOR_RGB2BGRA),
        ("bgra", "rgb", cv2.COLOR_BGRA2RGB),
        ("bgra", "rgba", cv2.COLOR_BGRA2RGBA),
        ("gray", "rgb", cv2.COLOR_GRAY2RGB),
        ("gray", "bgra", cv2.COLOR_GRAY2BGRA),
    ],
)
def test_colours_as_opencv_moves_them(source: str, target: str, code: int) -> None:
    channels = len(colour(source).channels)
    x = np.random.default_rng(1).integers(0, 256, (17, 23, channels), dtype=np.uint8)
    drops = colour(source).alpha and not colour(target).alpha
    op = Convert(to=Word(target), alpha=Word("drop") if drops else None)
    found = op.reference((image_type(source),), x)
    assert np.array_equal(found, cv2.cvtColor(x, code))


def test_over_as_pillow_pastes() -> None:
    """Every level with every alpha over every level, as red, green and blue of one ground."""
    level, alpha = np.meshgrid(np.arange(256), np.arange(256), indexing="ij")
    x = np.stack([level, level, level, alpha], axis=-1).astype(np.uint8)
    for ground in range(0, 256, 3):
        fill = (ground, min(ground + 1, 255), min(ground + 2, 255))
        op = Convert(to=Word("rgb"), alpha=Word("over"), fill=fill)
        pasted = Image.new("RGB", (256, 256), fill)
        pasted.paste(Image.fromarray(x), mask=Image.fromarray(x))
        assert np.array_equal(op.reference((image_type("rgba"),), x), np.asarray(pasted))


# What the checker knows


def converting(image: str, *steps: str) -> str:
    """A file whose model takes what the steps give."""
    head = f"proc 1\npipeline p\ninput image: {image}\npre {{\n"
    text = head + "".join(f"    {step}\n" for step in steps) + "}\n"
    return f"{text}model x: {flow_type(Source('p.proc', text))} -> y: f32[n=1]\n"


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
        ("u8[h, w, c=3] rgb", "convert(hsv)", "E204", "write `cv2.hsv`"),
        ("u8[h, w, c=3] cv2.hsv", "convert(rgb)", "E324", "remove this step"),
        ("u8[h, w, c=3] cv2.lab", "convert(rgb)", "E324", "remove this step"),
        ("u8[h, w, c=3] rgb", "convert(cv2.nv12)", "E324", "remove this step"),
        ("u8[h, w, c=3] cv2.ycrcb", "convert(cv2.hsv)", "E324", "add the step `convert(rgb)`"),
        ("u8[h, w, c=3] cv2.yuv", "convert(gray, luma=cv2)", "E324", "add the step `convert(rgb)`"),
        ("u8[rows, w] cv2.nv12", "convert(rgba)", "E324", "add the step `convert(rgb)`"),
        ("u8[h, w] gray", "convert(cv2.lab)", "E324", "add the step `convert(rgb)`"),
        (
            "u8[h, w, c=4] bgra",
            "convert(cv2.hsv)",
            "E324",
            "add the step `convert(rgb, alpha=drop)`",
        ),
        ("f32[h, w, c=3] rgb", "convert(cv2.hsv)", "E301", "remove this step"),
        ("f32[h, w, c=4] rgba", "convert(rgb, alpha=over, fill=0)", "E301", "remove this step"),
        ("u8[h=31, w=44, c=3] rgb", "convert(cv2.i420)", "E323", "add the step `pad(multiple=2"),
        ("u8[rows, w] cv2.nv12", "resize(h=9, w=9, sampler=cv2.area)", "E316", "`convert(rgb)`"),
        ("u8[rows, w] cv2.nv12", "flip(horizontal)", "E307", "`convert(rgb)`"),
        ("u8[h, w, c=3] cv2.hsv", "resize(h=9, w=9, sampler=cv2.linear)", "E325", "cv2.nearest"),
        (
            "u8[h, w, c=3] cv2.hsv_full",
            "letterbox(h=9, w=9, fill=0, sampler=pil.box)",
            "E325",
            "cv2.nearest",
        ),
        ("u8[h, w, c=4] rgba", "convert(rgb)", "E209", "add `alpha=drop`"),
        ("u8[h, w, c=4] rgba", "convert(rgb, alpha=over)", "E209", "add `fill=255`"),
        ("u8[h, w, c=4] rgba", "convert(rgb, alpha=drop, fill=3)", "E214", "remove this argument"),
        ("u8[h, w, c=4] rgba", "convert(rgb, alpha=over, fill=(1, 2))", "E213", "write `1`"),
        ("u8[h, w, c=4] rgba", "convert(rgb, alpha=over, fill=300)", "E211", "write `255`"),
        (
            "u8[h, w, c=4] rgba",
            "convert(gray, luma=cv2, alpha=over, fill=(1, 2, 3))",
            "E213",
            "write `1`",
        ),
        ("u8[h, w, c=3] rgb", "convert(cv2.hsv, luma=cv2)", "E214", "remove this argument"),
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


@pytest.mark.parametrize("name", [n for n in colour_names() if not colour(n).moved])
def test_torch_modules_are_scripted(name: str) -> None:
    found = colour(name)
    there = "u8[rows, w]" if found.subsampled else "u8[h, w, c=3]"
    for source, target, way in (
        ("u8[h, w, c=3] bgr", name, found.from_rgb),
        (f"{there} {name}", "rgb", found.to_rgb),
    ):
        if way is None:
            continue
        built = build(converting(source, f"convert({target})"), ["torch"])
        module = built.modules["torch"].Preprocess()
        shape = (12, 10) if "rows" in source else (12, 10, 3)
        x = torch.from_numpy(np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8))
        assert torch.equal(torch.jit.script(module)(x), module(x))
