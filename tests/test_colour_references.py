"""The references of colours against the libraries they are named after: the same bits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from support import build, converting, run

from procdsl.ops.colour.convert import Convert
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.colour import colour, colour_names
from procdsl.types.constants import Word

Way = Callable[[np.ndarray], np.ndarray]


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


def by_cv2(code: str) -> Way:
    return lambda x: cv2.cvtColor(x, getattr(cv2, f"COLOR_{code}"))


def by_pillow(source: str, target: str) -> Way:
    def convert(x: np.ndarray) -> np.ndarray:
        bands = [Image.fromarray(np.ascontiguousarray(x[..., i])) for i in range(3)]
        return np.asarray(Image.merge(source, bands).convert(target))

    return convert


LIBRARIES: dict[str, tuple[Way | None, Way | None]] = {
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


LUMAS: dict[str, Way] = {
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
