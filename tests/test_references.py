"""The references against the libraries they are named after: the same bits, no tolerance."""

from __future__ import annotations

import importlib

import cv2
import numpy as np
import pytest
import torch
from named_after.torch import interpolated
from PIL import Image, ImageOps
from support import same

from procdsl import registry
from procdsl.opdef.geometric import GeometricOp
from procdsl.ops.geometry.crop import Crop
from procdsl.ops.geometry.flip import Flip
from procdsl.ops.geometry.letterbox import Letterbox
from procdsl.ops.geometry.resize import Resize
from procdsl.ops.geometry.rotate import Rotate
from procdsl.ops.geometry.transpose import Transpose
from procdsl.ops.values.normalize import Normalize
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word


def by_library(name: str, x: np.ndarray, h: int, w: int) -> np.ndarray:
    """The resize of the library that a sampler is named after: a file of `named_after`."""
    family, _, kernel = name.partition(".")
    found: np.ndarray = importlib.import_module(f"named_after.{family}").resize(kernel, x, h, w)
    return found


def sizes(rng: np.random.Generator, kind: str) -> tuple[int, int, int, int]:
    """The height and width of a source and of a target."""
    h, w, to_h, to_w = (int(n) for n in rng.integers(1, 60, 4))
    if kind == "whole factors":
        y, x = (int(n) for n in rng.integers(1, 6, 2))
        return to_h * y, to_w * x, to_h, to_w
    if kind == "one row":
        return 1, w, to_h, to_w
    if kind == "halves":
        return 2 * to_h, 2 * to_w, to_h, to_w
    return h, w, to_h, to_w


def image_type(colour: str, channels: int) -> Array:
    axes = (Axis("h"), Axis("w"), Axis.of("c", channels))
    return Array("u8", axes, colour=colour)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("kind", ["any", "whole factors", "halves", "one row"])
@pytest.mark.parametrize("name", registry.sampler_names())
def test_sampler_on_u8(name: str, kind: str, channels: int) -> None:
    rng = np.random.default_rng(sum(map(ord, name + kind)) + channels)
    for _ in range(25):
        h, w, to_h, to_w = sizes(rng, kind)
        x = rng.integers(0, 256, (h, w, channels), dtype=np.uint8)
        found = registry.sampler(name).reference(x, to_h, to_w)
        wanted = by_library(name, x, to_h, to_w)
        assert np.array_equal(found, wanted), f"{(h, w, channels)} to {(to_h, to_w)}"


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("kind", ["any", "whole factors", "halves", "one row"])
@pytest.mark.parametrize(
    "name", ["cv2.nearest_exact", "cv2.linear", "cv2.cubic", "cv2.lanczos4", "cv2.area"]
)
def test_cv2_sampler_on_f32(name: str, kind: str, channels: int) -> None:
    rng = np.random.default_rng(sum(map(ord, name + kind)) + channels)
    for _ in range(25):
        h, w, to_h, to_w = sizes(rng, kind)
        x = rng.standard_normal((h, w, channels)).astype(np.float32)
        found = registry.sampler(name).reference(x, to_h, to_w)
        wanted = by_library(name, x, to_h, to_w)
        assert found.tobytes() == wanted.tobytes(), f"{(h, w, channels)} to {(to_h, to_w)}"


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("kind", ["any", "whole factors", "one row"])
@pytest.mark.parametrize("name", [n for n in registry.sampler_names() if n.startswith("pil")])
def test_pillow_sampler_on_f32(name: str, kind: str, channels: int) -> None:
    """Each channel is an image of mode F."""
    rng = np.random.default_rng(sum(map(ord, name + kind)) + channels)
    bound = registry.sampler(name).numerics["f32"]
    for _ in range(15):
        h, w, to_h, to_w = sizes(rng, kind)
        x = rng.uniform(-1, 1, (h, w, channels)).astype(np.float32)
        found = registry.sampler(name).reference(x, to_h, to_w)
        wanted = np.dstack([by_library(name, x[..., [c]], to_h, to_w) for c in range(channels)])
        same(found, wanted, bound.absolute if bound else 0, f"{x.shape} to {(to_h, to_w)}")


@pytest.mark.parametrize("name", [n for n in registry.sampler_names() if n.startswith("pil")])
def test_pillow_on_tall_strips(name: str) -> None:
    """Where Pillow 12 has an order of its own: more than 100 times as high as wide."""
    rng = np.random.default_rng(8)
    for h, w, to_h, to_w in ((300, 2, 160, 31), (200, 2, 160, 31), (202, 2, 201, 1), (99, 1, 9, 5)):
        x = rng.integers(0, 256, (h, w, 4), dtype=np.uint8)
        found = registry.sampler(name).reference(x, to_h, to_w)
        assert np.array_equal(found, by_library(name, x, to_h, to_w))


@pytest.mark.slow
@pytest.mark.parametrize("name", registry.sampler_names())
def test_sampler_on_large_pictures(name: str) -> None:
    rng = np.random.default_rng(5)
    for _ in range(40):
        h, w, to_h, to_w = (int(n) for n in rng.integers(1, 700, 4))
        x = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
        found = registry.sampler(name).reference(x, to_h, to_w)
        assert np.array_equal(found, by_library(name, x, to_h, to_w)), f"{(h, w)} to {(to_h, to_w)}"


@pytest.mark.parametrize("dtype", ["uint16", "int32", "float32"])
def test_cv2_nearest_on_other_dtypes(dtype: str) -> None:
    rng = np.random.default_rng(3)
    for _ in range(25):
        h, w, to_h, to_w = sizes(rng, "any")
        x = rng.integers(0, 30_000, (h, w, 3)).astype(dtype)
        found = registry.sampler("cv2.nearest").reference(x, to_h, to_w)
        assert np.array_equal(found, by_library("cv2.nearest", x, to_h, to_w))


TORCH = [name for name in registry.sampler_names() if name.startswith("torch.")]


@pytest.mark.parametrize("layout", ["channels first", "channels last"])
@pytest.mark.parametrize("name", TORCH)
def test_torch_on_f32_keeps_its_bound(name: str, layout: str) -> None:
    sampler = registry.sampler(name)
    bound = sampler.numerics["f32"]
    rng = np.random.default_rng(3)
    for _ in range(25):
        h, w, to_h, to_w = (int(n) for n in rng.integers(2, 300, 4))
        x = rng.random((h, w, 3), dtype=np.float32) * 2 - 1
        batch = torch.from_numpy(x).permute(2, 0, 1)[None]
        batch = batch.contiguous() if layout == "channels first" else batch
        apart = np.abs(
            sampler.reference(x, to_h, to_w)
            - interpolated(name.removeprefix("torch."), batch, to_h, to_w)
        ).max()
        assert apart <= (bound.absolute if bound else 0)


@pytest.mark.parametrize("name", TORCH)
def test_torch_on_planes(name: str) -> None:
    """The bits on u8 do not depend on the layout."""
    rng = np.random.default_rng(4)
    for _ in range(25):
        h, w, to_h, to_w = sizes(rng, "any")
        x = rng.integers(0, 256, (h, w, 4), dtype=np.uint8)
        planes = torch.from_numpy(x).permute(2, 0, 1)[None].contiguous()
        found = registry.sampler(name).reference(x, to_h, to_w)
        assert np.array_equal(found, interpolated(name.removeprefix("torch."), planes, to_h, to_w))


# Sizes and places


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("direction", ["clockwise", "counterclockwise"])
def test_rotate_as_opencv_and_pillow_turn(direction: str, degrees: int) -> None:
    x = np.random.default_rng(2).integers(0, 256, (5, 8, 3), dtype=np.uint8)
    found = Rotate(direction=Word(direction), degrees=degrees).reference((image_type("rgb", 3),), x)
    counter = degrees if direction == "counterclockwise" else 360 - degrees
    code = {
        90: cv2.ROTATE_90_COUNTERCLOCKWISE,
        180: cv2.ROTATE_180,
        270: cv2.ROTATE_90_CLOCKWISE,
    }[counter]
    assert np.array_equal(found, cv2.rotate(x, code))
    turned = Image.fromarray(x).transpose(Image.Transpose[f"ROTATE_{counter}"])
    assert np.array_equal(found, np.asarray(turned))


def test_transpose_as_opencv_and_pillow_exchange() -> None:
    x = np.random.default_rng(2).integers(0, 256, (5, 8, 3), dtype=np.uint8)
    found = Transpose().reference((image_type("rgb", 3),), x)
    assert np.array_equal(found, cv2.transpose(x))
    swapped = Image.fromarray(x).transpose(Image.Transpose.TRANSPOSE)
    assert np.array_equal(found, np.asarray(swapped))


@pytest.mark.parametrize(
    "op",
    [
        Transpose(),
        Flip(direction=Word("horizontal")),
        Flip(direction=Word("vertical")),
        *(Rotate(direction=Word("clockwise"), degrees=degrees) for degrees in (90, 180, 270)),
    ],
    ids=str,
)
def test_a_pixel_lies_where_the_geometry_says(op: GeometricOp) -> None:
    h, w = 5, 8
    at = op.placement(h, w)
    for row in range(h):
        for column in range(w):
            x = np.zeros((h, w, 3), np.uint8)
            x[row, column] = 255
            there = tuple(np.argwhere(op.reference((image_type("rgb", 3),), x)[..., 0])[0])
            y = (row + 0.5) * at.y.content / h + at.y.offset - 0.5
            across = (column + 0.5) * at.x.content / w + at.x.offset - 0.5
            assert there == ((across, y) if at.transposed else (y, across))
            assert (at.h, at.w) == op.reference((image_type("rgb", 3),), x).shape[:2]


def test_sizes_as_torchvision_computes_them() -> None:
    """`int(size * long / short)`, the line in torchvision's `_compute_resized_output_size`."""
    for h in range(1, 400, 7):
        for w in range(1, 400, 11):
            short, long = (h, w) if h <= w else (w, h)
            wanted = (256, int(256 * long / short))
            op = Resize(short=256, sampler=Word("pil.bilinear"))
            assert op.size(h, w) == (wanted if h <= w else wanted[::-1])


def test_fit_as_pillow_contains() -> None:
    op = Resize(fit=(48, 64), sampler=Word("pil.bilinear"))
    for h in range(1, 90):
        for w in range(1, 90):
            contained = ImageOps.contain(Image.new("L", (w, h)), (64, 48))
            assert op.size(h, w) == (max(1, contained.height), max(1, contained.width))


def test_centre_crops_as_torchvision_and_hugging_face_place_them() -> None:
    for border in range(9):
        even = Crop(place=Word("center"), h=224, w=224)
        floor = Crop(place=Word("center"), h=224, w=224, offset=Word("floor"))
        assert even.corner(224 + border, 224)[0] == int(round(border / 2.0))
        assert floor.corner(224 + border, 224)[0] == border // 2


def test_letterbox_as_ultralytics_places_it() -> None:
    """The arithmetic of `LetterBox`, written out: ratio, unpadded size, pads of -0.1 and +0.1."""
    op = Letterbox(h=640, w=640, fill=114, sampler=Word("cv2.linear"))
    rng = np.random.default_rng(0)
    for h, w in rng.integers(1, 3000, (2000, 2)).tolist():
        r = min(640 / h, 640 / w)
        unpadded = round(w * r), round(h * r)
        dw, dh = (640 - unpadded[0]) / 2, (640 - unpadded[1]) / 2
        top, left = round(dh - 0.1), round(dw - 0.1)
        if min(unpadded) == 0:
            continue  # a strip that vanishes; ours keeps one pixel of it
        at = op.placement(h, w)
        assert (at.y.content, at.x.content) == unpadded[::-1]
        assert (at.y.offset, at.x.offset) == (top, left)


@pytest.mark.parametrize(
    "name", ["resize", "crop", "pad", "letterbox", "flip", "rotate", "transpose"]
)
def test_geometric_ops_are_geometric(name: str) -> None:
    assert issubclass(registry.op(name), GeometricOp)


def test_normalize_as_torch_computes_it() -> None:
    x = np.random.default_rng(0).random((3, 40, 50), dtype=np.float32)
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    type_ = Array("f32", (Axis.of("c", 3), Axis("h"), Axis("w")), colour="rgb")
    found = Normalize(mean=mean, std=std).reference((type_,), x)
    t = torch.from_numpy(x.copy())
    wanted = t.sub_(torch.tensor(mean)[:, None, None]).div_(torch.tensor(std)[:, None, None])
    assert np.array_equal(found, wanted.numpy())


@pytest.mark.parametrize("kernel", [cv2.INTER_LINEAR, cv2.INTER_CUBIC])
def test_how_far_ipp_is_from_what_opencv_computes_itself(kernel: int) -> None:
    """What the pages of `cv2.linear` and `cv2.cubic` say of floats; 0 where there is no IPP."""
    rng = np.random.default_rng(0)
    for h, w, to_h, to_w in ((97, 61, 40, 99), (431, 377, 203, 450), (700, 512, 299, 641)):
        x = rng.random((h, w, 3), dtype=np.float32)
        found = cv2.resize(x, (to_w, to_h), interpolation=kernel)
        cv2.ipp.setUseIPP(False)
        wanted = cv2.resize(x, (to_w, to_h), interpolation=kernel)
        cv2.ipp.setUseIPP(True)
        assert np.abs(found - wanted).max() <= 1e-7 * max(h, w, to_h, to_w)
