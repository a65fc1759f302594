"""torch's kernels on pictures of several strips, which the ops' small cases do not reach."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
import torch
from support import build, random_array, source_of
from test_references import by_library

from kernels.colour.cv2_lab_torch import lab_tables
from kernels.geometry.placement import Placement
from kernels.pixels.bordered_torch import bordered
from kernels.resize.cv2_area_torch import cv2_area
from kernels.resize.cv2_cubic_torch import cv2_cubic
from kernels.resize.cv2_lanczos4_torch import cv2_lanczos4
from kernels.resize.cv2_linear_exact_torch import cv2_linear_exact
from kernels.resize.cv2_linear_f32_torch import cv2_linear_f32
from kernels.resize.cv2_linear_torch import cv2_linear
from kernels.resize.cv2_nearest_exact_torch import cv2_nearest_exact
from kernels.resize.cv2_nearest_torch import cv2_nearest
from kernels.resize.pil_resize_torch import pil_resize
from kernels.resize.strip_size_torch import strip_size
from kernels.resize.torch_resize_torch import torch_resize
from kernels.resize.torch_resize_u8_torch import torch_resize_u8
from kernels.runtime.remembered_torch import computed_once, remembered
from procdsl.opdef.op import Case
from procdsl.types.array import Array

CPU = torch.device("cpu")
KERNELS = {
    "cv2.area": cv2_area,
    "cv2.cubic": cv2_cubic,
    "cv2.lanczos4": cv2_lanczos4,
    "cv2.linear": cv2_linear,
    "cv2.linear_exact": cv2_linear_exact,
    "cv2.nearest": cv2_nearest,
    "cv2.nearest_exact": cv2_nearest_exact,
}
SIZES = {  # source and target; each has more than one strip
    "smaller": (601, 777, 397, 451),
    "larger": (140, 170, 431, 523),
    "much smaller": (1301, 1499, 301, 502),
    "wider, lower": (700, 200, 333, 590),
    "a half": (700, 900, 350, 450),
    "a third": (900, 1200, 300, 400),
    "a fifth, a third": (1500, 1230, 300, 410),
    "a quarter": (1600, 1200, 400, 300),
}


def picture(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


STRIPS = [
    pytest.param(
        name,
        size,
        id=f"{name}-{said}",
        marks=[pytest.mark.slow] if (i + j) % 2 and name in ("cv2.cubic", "cv2.lanczos4") else [],
    )
    for i, name in enumerate(KERNELS)
    for j, (said, size) in enumerate(SIZES.items())
]
"""Of the samplers of many taps one size in two is slow."""


@pytest.mark.parametrize(("name", "size"), STRIPS)
def test_several_strips(name: str, size: tuple[int, int, int, int]) -> None:
    sh, sw, h, w = size
    kernel = KERNELS[name]
    for channels in (3, 1):
        x = picture(sh, sw, channels)
        given = torch.from_numpy(x)
        wanted = by_library(name, x, h, w)
        found = kernel(given, h, w)
        assert found.dtype == torch.uint8
        assert np.array_equal(found.numpy(), wanted)
        assert np.array_equal(given.numpy(), x)
        assert not np.shares_memory(found.numpy(), x)
        turned = given.flip(0)
        both = kernel(torch.stack([given, turned]), h, w)
        assert torch.equal(both, torch.stack([found, kernel(turned, h, w)]))


@pytest.mark.parametrize("name", KERNELS)
def test_what_lies_otherwise_in_memory(name: str) -> None:
    """A crop's view, and planes: what a crop and a resize before this one give."""
    x = picture(305, 401, 3)
    wanted = by_library(name, x, 250, 333)
    wide = torch.from_numpy(np.pad(x, ((3, 2), (5, 7), (0, 0))))
    planes = torch.from_numpy(x).permute(2, 0, 1).contiguous().permute(1, 2, 0)
    rows = torch.from_numpy(x).permute(0, 2, 1).contiguous().permute(0, 2, 1)
    for given in (wide[3:-2, 5:-7], planes, rows):
        assert np.array_equal(KERNELS[name](given, 250, 333).numpy(), wanted)


@pytest.mark.parametrize("name", KERNELS)
def test_scripted(name: str) -> None:
    kernel = torch.jit.script(KERNELS[name])
    for sh, sw, h, w in (
        (301, 377, 297, 351),
        (40, 50, 20, 25),
        (60, 51, 20, 17),
        (33, 20, 40, 60),
    ):
        x = picture(sh, sw, 3)
        found = kernel(torch.from_numpy(x), h, w).numpy()
        assert np.array_equal(found, by_library(name, x, h, w))


def test_float32_in_strips() -> None:
    x = np.random.default_rng(1).random((301, 377, 3), np.float32)
    kernels: dict[str, Callable[..., torch.Tensor]] = {
        "cv2.linear": cv2_linear_f32,
        "cv2.cubic": cv2_cubic,
        "cv2.lanczos4": cv2_lanczos4,
    }
    for name, kernel in kernels.items():
        found = kernel(torch.from_numpy(x), 280, 333).numpy()
        assert found.tobytes() == by_library(name, x, 280, 333).tobytes()


@pytest.mark.parametrize("version", [12, 13])
@pytest.mark.parametrize("size", [(700, 500, 400, 350), (1300, 700, 90, 600), (600, 600, 600, 300)])
def test_pillow_in_strips(size: tuple[int, int, int, int], version: int) -> None:
    sh, sw, h, w = size
    family = "pil" if version == 13 else "pil12"
    for filter_ in ("bilinear", "bicubic"):
        x = picture(sh, sw, 3)
        found = pil_resize(torch.from_numpy(x), h, w, filter_, version).numpy()
        assert np.array_equal(found, by_library(f"{family}.{filter_}", x, h, w))


def test_linear_cuts_the_bits_that_opencv_cuts() -> None:
    """The sum of two halves each cut to 16 bits, for every weight and many values."""
    rng = np.random.default_rng(3)
    b0 = np.arange(2049)[:, None]
    upper, lower = rng.integers(0, 32641, (2, 2049, 600))
    upper[:, 0], lower[:, 0] = 32640, 32640
    wanted = ((b0 * upper >> 16) + ((2048 - b0) * lower >> 16) + 2) >> 2
    found = ((b0 * upper + (2 << 16) & (-1 << 16)) + (2048 - b0) * lower) >> 18
    assert np.array_equal(found, wanted)
    assert found.max() == 255


def test_strips_are_equal_and_hold_all() -> None:
    for lines, numbers in ((1, 1), (640, 1920), (7, 1 << 20), (16384, 49152), (256, 768)):
        step = strip_size(lines, numbers, CPU)
        strips = -(-lines // step)
        assert 1 <= step <= lines
        assert step == 1 or step * numbers <= (1 << 18) + numbers
        assert strips * step - lines < strips
    assert strip_size(640, 1920, torch.device("meta")) == 640


def test_tables_are_made_once() -> None:
    """Whatever the thread and mode in which they are wanted first."""
    made: list[int] = []

    def table(size: int, device: torch.device) -> torch.Tensor:
        made.append(size)
        return torch.arange(size, device=device)

    with torch.inference_mode():
        first = remembered(table, 5, CPU)
    assert not first.is_inference()
    assert remembered(table, 5, CPU) is first
    assert made == [5]
    for size in range(100, 300):
        remembered(table, size, CPU)
    assert computed_once.cache_info().currsize <= 64


def test_tables_are_made_on_the_host() -> None:
    """So that they have the same bits on every device, where `sin` and `pow` may have others."""
    made: list[torch.device] = []

    def table(size: int, device: torch.device) -> tuple[torch.Tensor, tuple[torch.Tensor, ...]]:
        made.append(device)
        x = torch.arange(size, device=device)
        return x, (x + int(x.max()),)

    first, (second,) = remembered(table, 7, torch.device("meta"))
    assert made == [CPU]
    assert first.device.type == second.device.type == "meta"
    assert lab_tables(torch.device("meta"))[0].device.type == "meta"


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
def test_what_torch_gives_on_a_processor(mode: str, antialias: bool) -> None:
    """Other devices have no such kernel for uint8, and compute the same."""
    rng = np.random.default_rng(5)
    scripted = torch.jit.script(torch_resize_u8)
    for i in range(40):
        sh, sw, h, w = (int(side) for side in rng.integers(1, 80, 4))
        x = torch.from_numpy(rng.integers(0, 256, (2, sh, sw, 1 + i % 4), np.uint8))
        found = torch_resize_u8(x, h, w, mode, antialias)
        assert torch.equal(found, torch_resize(x, h, w, mode, antialias)), (sh, sw, h, w)
        if i % 8 == 0:
            assert torch.equal(scripted(x, h, w, mode, antialias), found)
        assert torch_resize(x.to("meta"), h, w, mode, antialias).shape == found.shape


def test_threads_share_tables() -> None:
    x = torch.from_numpy(picture(91, 83, 3))
    wanted = cv2_linear(x, 60, 70)
    computed_once.cache_clear()
    found: list[torch.Tensor] = []
    threads = [
        threading.Thread(target=lambda: found.append(cv2_linear(x, 60, 70))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(torch.equal(one, wanted) for one in found)


def test_border() -> None:
    plane = torch.zeros(5, 6)
    content = bordered(plane, Placement(5, 6, 9, 9, 2, 3, 1, 2), torch.tensor(7.0))
    assert content.shape == (2, 3)
    content.fill_(1)
    assert torch.equal(plane[1:3, 2:5], torch.ones(2, 3))
    assert plane.sum() == 6 + 7 * (30 - 6)


@pytest.mark.parametrize(
    ("steps", "image"),
    [
        ("resize(h=20, w=28, sampler=cv2.nearest)", "u16[h, w] gray"),
        ("resize(h=20, w=28, sampler=pil.nearest)", "u16[h, w, c=3] rgb"),
        ("resize(h=20, w=28, sampler=pil.bicubic)", "f32[h, w, c=3] rgb"),
        ("resize(h=20, w=28, sampler=cv2.area)", "f32[h, w, c=3] rgb"),
        ("flip(horizontal)\nrotate(clockwise, degrees=180)", "u16[h, w] gray"),
        ("min_max(over=channel, eps=0.0001)", "u8[h, w, c=3] rgb"),
        ("min_max(over=image, eps=0)", "f32[h, w, c=3] rgb"),
        ("standardize(over=channel, min_std=tf)", "u8[h, w, c=3] rgb"),
        ("to_float(scale=1/255)\nlayout(c, t, h, w)", "u8[t, h, w, c=3] rgb"),
    ],
)
def test_steps_scripted(steps: str, image: str) -> None:
    built = build(source_of(Case(steps, image=image)), ["torch"])
    module = built.modules["torch"]
    (value,) = built.pipeline.inputs
    assert isinstance(value.type, Array)
    x = torch.from_numpy(random_array(np.random.default_rng(5), value.type, (33, 47)))
    found = torch.jit.script(module.Preprocess())(x)
    assert torch.equal(found, module.preprocess(x))
