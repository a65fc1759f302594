"""Tables of OpenCV: one pixel at a time or two, whatever the sizes and the memory to write into."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from support import build, converting

from procdsl.reference.interpreter import preprocess

NORMALIZED = ["to_float(scale=1/255)", "normalize(mean=(0.5, 0.4, 0.3), std=(0.2, 0.3, 0.2))"]
PLANES = build(converting("u8[h, w, c=3] bgr", "convert(rgb)", *NORMALIZED, "layout(c, h, w)"))
LARGE = [(300, 450), (301, 449), (365, 360), (1100, 1000)]
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


@pytest.mark.parametrize("size", [*LARGE, (30, 40)], ids=str)
@pytest.mark.parametrize("memory", MEMORY)
def test_whatever_is_written_into(size: tuple[int, int], memory: str) -> None:
    image = picture(*size)
    out = MEMORY[memory](*size)
    assert PLANES.modules["cv2"].preprocess(image, out=out) is out
    np.testing.assert_array_equal(out, preprocess(PLANES.pipeline, {"image": image})[0])


@pytest.mark.parametrize("size", LARGE, ids=str)
def test_an_opencv_that_takes_one_pixel_at_a_time(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    image, module = picture(*size), PLANES.modules["cv2"]
    found = module.preprocess(image)
    monkeypatch.setattr(module, "_takes_two_levels", lambda: False)
    monkeypatch.setattr(module, "_of_two_levels", None)
    assert module.preprocess(image).tobytes() == found.tobytes()


@pytest.mark.parametrize(
    ("version", "takes"),
    [("4.10.0", False), ("4.12.0", False), ("4.13.0", True), ("5.0.0-alpha", True)],
)
def test_the_versions_that_take_two(
    version: str, takes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = PLANES.modules["cv2"]
    monkeypatch.setattr(module.cv2, "__version__", version)
    assert module._takes_two_levels.__wrapped__() is takes


def test_a_table_is_made_once() -> None:
    module = PLANES.modules["cv2"]
    module._of_two_levels.cache_clear()
    for size in LARGE:
        module.preprocess(picture(*size))
    assert module._of_two_levels.cache_info().misses == 3


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
