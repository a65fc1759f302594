"""The kernels that compute a part of a resize: the same bits as resizing and then cropping."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from kernels.geometry.placement import Placement
from kernels.resize.cv2_area_f32_numpy import cv2_area_f32
from kernels.resize.cv2_area_f32_torch import cv2_area_f32 as area_f32_of_torch
from kernels.resize.cv2_area_numpy import cv2_area
from kernels.resize.cv2_area_torch import cv2_area as area_of_torch
from kernels.resize.cv2_linear_f32_numpy import cv2_linear_f32
from kernels.resize.cv2_linear_f32_torch import cv2_linear_f32 as linear_f32_of_torch
from kernels.resize.cv2_linear_numpy import cv2_linear
from kernels.resize.cv2_linear_torch import cv2_linear as linear_of_torch
from kernels.resize.pil_nearest_numpy import pil_nearest
from kernels.resize.pil_nearest_torch import pil_nearest as pil_nearest_of_torch
from kernels.resize.pil_resize_f32_numpy import pil_resize_f32
from kernels.resize.pil_resize_f32_torch import pil_resize_f32 as pil_resize_f32_of_torch
from kernels.resize.pil_resize_numpy import pil_resize
from kernels.resize.pil_resize_torch import pil_resize as pil_resize_of_torch
from kernels.resize.torch_nearest_numpy import torch_nearest
from kernels.resize.torch_resize_numpy import torch_resize
from kernels.resize.torch_resize_torch import torch_resize as resize_of_torch

FILTERS = ("box", "bilinear", "hamming", "bicubic", "lanczos")


def on_numpy(kernel: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    return kernel


def on_torch(kernel: Callable[..., torch.Tensor]) -> Callable[..., np.ndarray]:
    """A kernel of torch, which takes [..., h, w, c], as numpy's are called."""

    def run(x: np.ndarray, *arguments: object, **options: object) -> np.ndarray:
        image = torch.from_numpy(x)
        if x.ndim == 2:
            return kernel(image[..., None], *arguments, **options)[..., 0].numpy()
        return kernel(image, *arguments, **options).numpy()

    return run


def check_windows(kernel: Callable[..., np.ndarray], *arguments: object, dtype: str = "u1") -> None:
    """A kernel on random sizes and windows, against its own whole result."""
    rng = np.random.default_rng(7)
    for round_ in range(60):
        h, w, to_h, to_w = (int(n) for n in rng.integers(1, 70, 4))
        if round_ % 7 == 0:
            h = to_h
        if round_ % 11 == 0:
            w = to_w
        if round_ % 5 == 0:  # where some kernels have a short way
            h, w = to_h * (2 + round_ % 2), to_w * (2 + round_ % 2)
        shape = [(h, w), (h, w, 1), (h, w, 3), (h, w, 4)][round_ % 4]
        x = rng.integers(0, 256, shape).astype(dtype)
        before = x.copy()
        whole = kernel(x, to_h, to_w, *arguments)
        top, left = int(rng.integers(0, to_h)), int(rng.integers(0, to_w))
        part_h = int(rng.integers(1, to_h - top + 1))
        part_w = int(rng.integers(1, to_w - left + 1))
        part = Placement(part_h, part_w, to_h, to_w, to_h, to_w, -top, -left)
        found = kernel(x, to_h, to_w, *arguments, part=part)
        wanted = whole[top : top + part_h, left : left + part_w]
        assert found.dtype == wanted.dtype
        assert np.array_equal(found, wanted), f"{shape} to {(to_h, to_w)}, {part}"
        assert np.array_equal(x, before)
        assert not np.shares_memory(found, x)


@pytest.mark.parametrize("version", [12, 13])
@pytest.mark.parametrize("filter_", FILTERS)
def test_windows_of_pillow(filter_: str, version: int) -> None:
    check_windows(on_numpy(pil_resize), filter_, version)
    check_windows(on_torch(pil_resize_of_torch), filter_, version)


def test_windows_of_opencv() -> None:
    check_windows(on_numpy(cv2_linear))
    check_windows(on_numpy(cv2_linear_f32), dtype="f4")


@pytest.mark.parametrize("filter_", ["box", "bicubic"])
def test_windows_of_pillow_on_f32(filter_: str) -> None:
    check_windows(on_numpy(pil_resize_f32), filter_, 13, dtype="f4")
    check_windows(on_torch(pil_resize_f32_of_torch), filter_, 13, dtype="f4")
    check_windows(on_torch(torch.jit.script(pil_resize_f32_of_torch)), filter_, 12, dtype="f4")


def test_windows_of_pillow_nearest() -> None:
    check_windows(on_numpy(pil_nearest))
    check_windows(on_torch(pil_nearest_of_torch))


def test_pillow_scripted() -> None:
    """The kernels of torch as `torch.jit.script` runs them, where no table is remembered."""
    scripted = torch.jit.script(pil_resize_of_torch)
    for filter_ in FILTERS:
        check_windows(on_torch(scripted), filter_, 13)
    check_windows(on_torch(torch.jit.script(pil_nearest_of_torch)))


def test_cv2_scripted() -> None:
    """OpenCV's linear and area kernels on float32, and the area kernel on u8."""
    pairs = [
        (torch.jit.script(area_of_torch), cv2_area, "u1"),
        (torch.jit.script(area_f32_of_torch), cv2_area_f32, "f4"),
        (torch.jit.script(linear_f32_of_torch), cv2_linear_f32, "f4"),
    ]
    rng = np.random.default_rng(9)
    for round_ in range(90):
        h, w, to_h, to_w = (int(n) for n in rng.integers(1, 50, 4))
        if round_ % 3 == 0:
            h, w = to_h * int(rng.integers(1, 4)), to_w * int(rng.integers(1, 4))
        pixels = rng.integers(0, 256, [(h, w), (h, w, 1), (h, w, 3), (h, w, 4)][round_ % 4])
        for scripted, kernel, dtype in pairs:
            x = pixels.astype(dtype) / np.float32(7) if dtype == "f4" else pixels.astype(dtype)
            found = on_torch(scripted)(x, to_h, to_w)
            assert found.tobytes() == kernel(x, to_h, to_w).tobytes(), (x.shape, to_h, to_w)


def test_pillow_exported() -> None:
    """torch.export leaves nothing behind in the remembered tables."""

    class Resize(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return pil_resize_of_torch(x, 23, 31, "lanczos")

    x = torch.randint(0, 256, (50, 61, 3), dtype=torch.uint8)
    exported = torch.export.export(Resize(), (x,)).module()
    wanted = pil_resize(x.numpy(), 23, 31, "lanczos")
    assert np.array_equal(exported(x).numpy(), wanted)
    assert np.array_equal(pil_resize_of_torch(x, 23, 31, "lanczos").numpy(), wanted)


def test_windows_of_linear() -> None:
    for kernel, dtype in ((linear_of_torch, "u1"), (linear_f32_of_torch, "f4")):
        check_windows(on_torch(kernel), dtype=dtype)
        check_windows(on_torch(torch.jit.script(kernel)), dtype=dtype)


@pytest.mark.parametrize("reduction", [1, 2, 3, 5])
def test_windows_of_linear_at_whole_reductions(reduction: int) -> None:
    x = np.random.default_rng(4).integers(0, 256, (21 * reduction, 17 * reduction, 3))
    part = Placement(9, 7, 21, 17, 21, 17, -4, -6)
    for kernel, dtype in ((linear_of_torch, "u1"), (linear_f32_of_torch, "f4")):
        given = torch.from_numpy(x.astype(dtype))
        found = kernel(given, 21, 17, part=part)
        assert torch.equal(found, kernel(given, 21, 17)[4:13, 6:13])
        assert found.untyped_storage().data_ptr() != given.untyped_storage().data_ptr()


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("filter_", ["bilinear", "bicubic"])
def test_windows_of_torch(filter_: str, antialias: bool) -> None:
    check_windows(on_numpy(torch_resize), filter_, antialias)


@pytest.mark.parametrize("offset", [0.0, 0.5])
@pytest.mark.parametrize("dtype", ["u1", "f4"])
def test_windows_of_torch_nearest(offset: float, dtype: str) -> None:
    check_windows(on_numpy(torch_nearest), offset, dtype=dtype)


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("filter_", ["bilinear", "bicubic"])
def test_where_torch_itself_fails(filter_: str, antialias: bool) -> None:
    """Three planes to one pixel (an assertion), and f32 to one column (other numbers)."""
    rng = np.random.default_rng(2)
    for size in ((1, 1), (30, 1), (9, 1), (1, 20)):
        x = rng.integers(0, 256, (3, 21, 17), dtype=np.uint8).transpose(1, 2, 0)
        wanted = torch_resize(x, *size, filter_, antialias)
        found = resize_of_torch(torch.from_numpy(x), *size, filter_, antialias).numpy()
        assert np.array_equal(found, wanted)
        real = (x / 255).astype(np.float32)
        wanted = torch_resize(real, *size, filter_, antialias)
        found = resize_of_torch(torch.from_numpy(real), *size, filter_, antialias).numpy()
        assert np.abs(found - wanted).max() < 5e-6


def test_far_reductions_of_torch() -> None:
    """Without antialiasing only the pixels next to a place are read, however far apart."""
    x = np.random.default_rng(6).integers(0, 256, (200, 301, 3), dtype=np.uint8)
    for size in ((9, 11), (200, 7), (60, 20), (4, 301)):
        for filter_ in ("bilinear", "bicubic"):
            found = resize_of_torch(torch.from_numpy(x), *size, filter_).numpy()
            assert np.array_equal(torch_resize(x, *size, filter_), found)
