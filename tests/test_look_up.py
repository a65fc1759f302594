"""OpenCV on levels of u8, by a table or by arithmetic: whatever the sizes and the memory."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from support import Built, build, converting, random_array

from procdsl.reference.interpreter import preprocess
from procdsl.types.array import Array

NORMALIZED = ["to_float(scale=1/255)", "normalize(mean=(0.5, 0.4, 0.3), std=(0.2, 0.3, 0.2))"]
PLANES = build(converting("u8[h, w, c=3] bgr", "convert(rgb)", *NORMALIZED, "layout(c, h, w)"))
SCALED = build(converting("u8[h, w, c=3] bgr", "convert(rgb)", NORMALIZED[0], "layout(c, h, w)"))
SIZES = [(30, 40), (1, 1), (361, 363), (362, 363), (1100, 1000)]  # kept planes, fresh ones, strips
MEMORY: dict[str, Callable[[int, int], np.ndarray]] = {
    "its own": lambda h, w: np.empty((3, h, w), np.float32),
    "rows of an even number": lambda h, w: np.empty((3, h + 1, w + 2 + w % 2), np.float32)[
        :, 1:, 1 : w + 1
    ],
    "rows of an odd number": lambda h, w: np.empty((3, h, w + 1 + w % 2), np.float32)[:, :, :w],
    "columns": lambda h, w: np.empty((3, w, h), np.float32).transpose(0, 2, 1),
    "every other": lambda h, w: np.empty((3, h, 2 * w), np.float32)[:, :, ::2],
    "upside down": lambda h, w: np.empty((3, h, w), np.float32)[:, ::-1],
}


def picture(h: int, w: int) -> np.ndarray:
    return np.random.default_rng(h).integers(0, 256, (h, w, 3), dtype=np.uint8)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("memory", MEMORY)
@pytest.mark.parametrize("built", [PLANES, SCALED], ids=["table", "arithmetic"])
def test_whatever_is_written_into(size: tuple[int, int], memory: str, built: Built) -> None:
    image = picture(*size)
    out = MEMORY[memory](*size)
    assert built.modules["cv2"].preprocess(image, out=out) is out
    np.testing.assert_array_equal(out, preprocess(built.pipeline, {"image": image})[0])


def test_one_operation_is_arithmetic_and_more_are_a_table() -> None:
    assert hasattr(PLANES.modules["cv2"], "_look_up")
    assert not hasattr(SCALED.modules["cv2"], "_look_up")


MANY = (2, 5, 127, 128, 129, 300, 513, 600)  # OpenCV 5 tells up to 128 apart, 4 up to 512
PASSES = {
    "table of pixels": ("to_float(scale=1/255)", "scale(add=3)"),
    "table of planes": ("to_float(scale=1/255)", "scale(add=3)", "layout(c, h, w)"),
    "arithmetic": ("to_float(scale=1)", "layout(c, h, w)"),
    "window": ("window(center=90, width=50, form=clip)",),
}


@pytest.mark.parametrize("axes", ["h, w, c", "t=2, h, w, c", "c, h, w"])
@pytest.mark.parametrize("steps", PASSES.values(), ids=PASSES)
def test_any_number_of_channels(
    monkeypatch: pytest.MonkeyPatch, steps: tuple[str, ...], axes: str
) -> None:
    """In memory that held other numbers before."""
    used = np.empty

    def empty(shape: Any, dtype: Any = float) -> np.ndarray:
        memory = used(shape, dtype)
        memory.fill(77)
        return memory

    for c in MANY:
        image = f"u8[{axes}]".replace("c", f"c={c}")
        behind = [step.replace("(c,", "(t, c,") if axes[0] == "t" else step for step in steps]
        built = build(converting(image, *behind), ["cv2"])
        type_ = built.pipeline.inputs[0].type
        assert isinstance(type_, Array)
        for size in ((3, 4), (1, 1), (41, 40)):
            x = random_array(np.random.default_rng(c), type_, size)
            (wanted,) = preprocess(built.pipeline, {"image": x})
            with monkeypatch.context() as patched:
                patched.setattr(np, "empty", empty)
                for _ in range(2):
                    found = built.modules["cv2"].preprocess(x)
                    np.testing.assert_array_equal(found, wanted, f"{c} channels of {size}")


@pytest.mark.parametrize(
    ("image", "steps"),
    [
        ("u8[h, w, c=3] rgb", PASSES["table of pixels"]),
        ("u8[h, w, c=1] gray", PASSES["table of pixels"]),
        ("u8[h, w] gray", PASSES["table of pixels"]),
        ("u8[h, w, c=3] rgb", PASSES["table of planes"]),
        ("u8[h, w, c=3] rgb", PASSES["arithmetic"]),
    ],
)
@pytest.mark.parametrize("size", [(5, 1), (1, 5), (1, 1)], ids=str)
def test_strides_of_axes_of_one_may_be_any(
    size: tuple[int, int], image: str, steps: list[str]
) -> None:
    """For numpy such memory lies in one piece; OpenCV looks at its strides."""
    built = build(converting(image, *steps), ["cv2"])
    type_ = built.pipeline.inputs[0].type
    assert isinstance(type_, Array)
    x = random_array(np.random.default_rng(0), type_, size)
    wanted = np.asarray(preprocess(built.pipeline, {"image": x})[0])
    for stride in (0, 1, 4, 40, 4000, -4000):
        out = strided(np.zeros(wanted.shape, np.float32), stride)
        given = strided(x, stride)
        assert built.modules["cv2"].preprocess(given, out=out) is out
        np.testing.assert_array_equal(out, wanted)


def strided(x: np.ndarray, stride: int) -> np.ndarray:
    """A view with this stride of each axis of one."""
    axes = zip(x.shape, x.strides, strict=True)
    strides = [stride if size == 1 else own for size, own in axes]
    return np.lib.stride_tricks.as_strided(x, strides=strides)


@pytest.mark.parametrize("steps", [NORMALIZED, NORMALIZED[:1]], ids=["table", "arithmetic"])
@pytest.mark.parametrize("fill", ["7", "(1, 2, 250)"])
@pytest.mark.parametrize("size", [(20, 37), (37, 20), (30, 30)], ids=str)
def test_a_border_is_made_of_its_fill(size: tuple[int, int], fill: str, steps: list[str]) -> None:
    box = f"letterbox(h=30, w=30, fill={fill}, sampler=cv2.linear)"
    text = converting("u8[h, w, c=3] bgr", box, "convert(rgb)", *steps, "layout(c, h, w)")
    built, image = build(text, ["cv2"]), picture(*size)
    (wanted,) = preprocess(built.pipeline, {"image": image})
    out = np.full((3, 30, 60), np.nan, np.float32)[:, :, ::2]
    for found in (
        built.modules["cv2"].preprocess(image),
        built.modules["cv2"].preprocess(image, out),
    ):
        np.testing.assert_array_equal(found, wanted)


def test_no_result_is_memory_of_another_call() -> None:
    module, images = PLANES.modules["cv2"], [picture(31, 30), picture(31, 30) // 2]
    found = [module.preprocess(image) for image in images]
    for image, x in zip(images, found, strict=True):
        np.testing.assert_array_equal(x, preprocess(PLANES.pipeline, {"image": image})[0])
    assert not np.shares_memory(*found)


def test_threads_at_once_have_planes_of_their_own() -> None:
    """With sizes that differ, so that what is kept changes while others compute."""
    module = PLANES.modules["cv2"]
    images = [picture(200 + i % 3, 250) for i in range(48)]
    wanted = [module.preprocess(image).tobytes() for image in images]
    with ThreadPoolExecutor(4) as pool:
        assert [x.tobytes() for x in pool.map(module.preprocess, images)] == wanted


def test_planes_are_kept_of_one_size_of_small_pictures() -> None:
    module = PLANES.modules["cv2"]
    for h, w in ((30, 40), (31, 40), (31, 40), (600, 600)):
        module.preprocess(picture(h, w))
    assert module._spare_planes.cache_info().currsize == 1
    (planes,) = module._spare_planes(31, 40, 3)
    assert [plane.shape for plane in planes] == [(31, 40)] * 3


@pytest.mark.parametrize("size", [(366, 362), (363, 365), (10, 15), (1, 1)], ids=str)
def test_planes_that_the_resize_gave(size: tuple[int, int]) -> None:
    h, w = size
    resize = f"resize(h={h}, w={w}, sampler=pil.bilinear)"
    image = picture(31, 29)
    built = build(
        converting("u8[h, w, c=3] rgb", resize, *NORMALIZED, "layout(c, h, w)"), ("numpy", "cv2")
    )
    wanted = preprocess(built.pipeline, {"image": image})[0]
    for module in built.modules.values():
        np.testing.assert_array_equal(module.preprocess(image), wanted)
