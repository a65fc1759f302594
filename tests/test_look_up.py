"""OpenCV on levels of u8, by a table or by arithmetic: whatever the sizes and the memory."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from support import Built, build, converting

from procdsl.reference.interpreter import preprocess

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
