"""The references of colours against the libraries they are named after: the same bits."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
import torch
from named_after.ways import Way, Ways
from PIL import Image
from support import build, converting, run

from procdsl.ops.colour.convert import Convert
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.colour import colour, colour_names
from procdsl.types.constants import Word


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


COMPUTED = [name for name in colour_names() if not colour(name).moved]
PLAIN = [name for name in COMPUTED if not colour(name).subsampled]
FRAMES = [name for name in COMPUTED if colour(name).subsampled]
WRITTEN = [name for name in FRAMES if colour(name).from_rgb]


def by_library(name: str) -> Ways:
    """What the library has that a colour is named after: a file of `named_after`."""
    family, _, rest = name.partition(".")
    library = importlib.import_module(f"named_after.{family}")
    found: Ways = (library.frame if colour(name).subsampled else library.colour)(rest)
    return found


def hold(name: str, pictures: Iterator[np.ndarray]) -> None:
    there, back = by_library(name)
    for x in pictures:
        for ours, theirs in ((colour(name).from_rgb, there), (colour(name).to_rgb, back)):
            if ours:
                assert theirs, f"the library of {name} has no such way"
                assert np.array_equal(ours(x), theirs(x)), f"{name} on {x.shape}"


@pytest.mark.parametrize("name", COMPUTED)
def test_a_colour_that_computes_goes_both_ways_or_says_why_not(name: str) -> None:
    found = colour(name)
    ways = [found.from_rgb, found.to_rgb]
    assert any(ways)
    assert all(ways) != bool(found.one_way)


@pytest.mark.parametrize("name", PLAIN)
def test_colour(name: str) -> None:
    hold(name, many_colours())


@pytest.mark.slow
@pytest.mark.parametrize("name", PLAIN)
def test_colour_on_every_triple(name: str) -> None:
    hold(name, every_colour())


@pytest.mark.slow
@pytest.mark.parametrize("name", PLAIN)
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


def as_frame(nv12: np.ndarray, name: str) -> np.ndarray:
    """The same picture in another arrangement of its chroma."""
    h = nv12.shape[0] // 3 * 2
    u, v = nv12[h:, ::2], nv12[h:, 1::2]
    if name == "cv2.nv12":
        return nv12
    chroma = np.stack([v, u], axis=-1) if name == "cv2.nv21" else np.stack([u, v])
    return np.concatenate([nv12[:h], chroma.reshape(h // 2, -1)])


def random_frames() -> Iterator[np.ndarray]:
    rng = np.random.default_rng(4)
    for h, w in (2 * rng.integers(1, 40, (60, 2))).tolist():
        yield rng.integers(0, 256, (h // 2 * 3, w), dtype=np.uint8)


@pytest.mark.parametrize("name", FRAMES)
def test_frame(name: str) -> None:
    to_rgb, theirs = colour(name).to_rgb, by_library(name)[1]
    assert to_rgb
    assert theirs
    for x in random_frames():
        assert np.array_equal(to_rgb(x), theirs(x))


@pytest.mark.slow
@pytest.mark.parametrize("name", FRAMES)
def test_frame_on_every_triple(name: str) -> None:
    to_rgb, theirs = colour(name).to_rgb, by_library(name)[1]
    assert to_rgb
    assert theirs
    built = build(converting(f"u8[rows, w] {name}", "convert(bgr)"))
    for nv12 in every_yuv():
        x = as_frame(nv12, name)
        wanted = theirs(x)
        assert np.array_equal(to_rgb(x), wanted)
        for module in built.modules.values():
            assert np.array_equal(run(module, {"image": x})[0], wanted[..., ::-1])


@pytest.mark.parametrize("name", WRITTEN)
def test_frame_that_is_written(name: str) -> None:
    from_rgb, theirs = colour(name).from_rgb, by_library(name)[0]
    assert from_rgb
    assert theirs
    rng = np.random.default_rng(5)
    for h, w in (2 * rng.integers(1, 40, (60, 2))).tolist():
        x = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
        assert np.array_equal(from_rgb(x), theirs(x))


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITTEN)
def test_frame_of_every_colour(name: str) -> None:
    from_rgb, theirs = colour(name).from_rgb, by_library(name)[0]
    assert from_rgb
    assert theirs
    for x in every_colour():
        doubled = x.repeat(2, axis=0).repeat(2, axis=1)  # U and V of each colour, too
        assert np.array_equal(from_rgb(doubled), theirs(doubled))


# Gray and alpha


def image_type(name: str) -> Array:
    axes = (Axis("h"), Axis("w"), Axis.of("c", len(colour(name).channels)))
    return Array("u8", axes, colour=name)


def by_torchvision(x: np.ndarray) -> np.ndarray:
    """The line of torchvision's `rgb_to_grayscale` on a tensor of uint8."""
    r, g, b = torch.from_numpy(x).unbind(dim=-1)
    return (0.2989 * r + 0.587 * g + 0.114 * b).to(torch.uint8).numpy()


LUMAS: dict[str, Way] = {
    "cv2": lambda x: cv2.cvtColor(x, cv2.COLOR_RGB2GRAY),
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
