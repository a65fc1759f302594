"""The kernels that compute a part of a resize: the same bits as resizing and then cropping."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from kernels.common.geometry import Geometry
from kernels.numpy.pil_nearest import pil_nearest
from kernels.numpy.pil_resize import pil_resize
from kernels.torch.pil_nearest import pil_nearest as pil_nearest_of_torch
from kernels.torch.pil_resize import pil_resize as pil_resize_of_torch

FILTERS = ("box", "bilinear", "hamming", "bicubic", "lanczos")


def on_numpy(kernel: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    return kernel


def on_torch(kernel: Callable[..., torch.Tensor]) -> Callable[..., np.ndarray]:
    def run(x: np.ndarray, *arguments: object, **options: object) -> np.ndarray:
        return kernel(torch.from_numpy(x), *arguments, **options).numpy()

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
        shape = [(h, w), (h, w, 1), (h, w, 3), (h, w, 4)][round_ % 4]
        x = rng.integers(0, 256, shape).astype(dtype)
        before = x.copy()
        whole = kernel(x, to_h, to_w, *arguments)
        top, left = int(rng.integers(0, to_h)), int(rng.integers(0, to_w))
        part_h = int(rng.integers(1, to_h - top + 1))
        part_w = int(rng.integers(1, to_w - left + 1))
        part = Geometry(part_h, part_w, to_h, to_w, to_h, to_w, -top, -left)
        found = kernel(x, to_h, to_w, *arguments, part=part)
        wanted = whole[top : top + part_h, left : left + part_w]
        assert found.dtype == wanted.dtype
        assert np.array_equal(found, wanted), f"{shape} to {(to_h, to_w)}, {part}"
        assert np.array_equal(x, before)
        assert not np.shares_memory(found, x)


@pytest.mark.parametrize("horizontal_first", [False, True])
@pytest.mark.parametrize("filter_", FILTERS)
def test_windows_of_pillow(filter_: str, horizontal_first: bool) -> None:
    check_windows(on_numpy(pil_resize), filter_, horizontal_first)
    check_windows(on_torch(pil_resize_of_torch), filter_, horizontal_first)


def test_windows_of_pillow_nearest() -> None:
    check_windows(on_numpy(pil_nearest))
    check_windows(on_torch(pil_nearest_of_torch))


def test_pillow_scripted() -> None:
    """The kernels of torch as `torch.jit.script` runs them, where no table is remembered."""
    scripted = torch.jit.script(pil_resize_of_torch)
    for filter_ in FILTERS:
        check_windows(on_torch(scripted), filter_, False)
    check_windows(on_torch(torch.jit.script(pil_nearest_of_torch)))


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
