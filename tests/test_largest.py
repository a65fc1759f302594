"""The largest of many values: kernels that read memory in its order, and those of few or odd ones,
say the same."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from cases import check_case

from procdsl.opdef.op import Case

NAN, LOW = np.float32("nan"), -np.float32("inf")
STEP = "i = argmax(x, over=class)\nbest, at = max(x, over=class)\na, b = top(x, k=1, over=class)"
RESIZE = "resize(h=9, w=8, sampler=cv2.nearest)"


def ties(*shape: int) -> np.ndarray:
    """Numbers of which many are equal."""
    return np.random.default_rng(0).integers(-3, 4, shape).astype(np.float32)


def with_nan(values: np.ndarray, share: float) -> np.ndarray:
    """Some NaN: alone, beside the lowest number, and nothing else."""
    rng = np.random.default_rng(1)
    values[rng.random(values.shape) < share] = NAN
    values[:, 3, 4] = NAN
    values[:, 5, 6] = LOW
    values[0, 5, 6] = NAN
    return values


@pytest.mark.parametrize("scripted", [False, True])
@pytest.mark.parametrize(
    "made",
    [lambda: ties(5, 80, 70), lambda: with_nan(ties(5, 80, 70), 0.01), lambda: ties(1, 80, 70)],
    ids=["ties", "nan", "one class"],
)
def test_of_planes(made: Callable[[], np.ndarray], scripted: bool) -> None:
    """Large planes are compared one by one, and by index where one has NaN."""
    classes = len(made())
    outputs = {"x": f"f32[class={classes}, h=80, w=70]"}
    allow = ' allow E308 "one class"' if classes == 1 else ""
    step = STEP.replace("argmax(x, over=class)", f"argmax(x, over=class){allow}")
    check_case(Case(post=step, outputs=outputs, values=lambda: {"x": made()}), scripted=scripted)


def test_of_more_planes_than_a_byte_counts() -> None:
    x = np.zeros((300, 64, 64), np.float32)
    x[299, 0, 0] = x[256, 0, 1] = x[257, 0, 1] = 1
    outputs = {"x": "f32[class=300, h=64, w=64]"}
    check_case(Case(post="i = argmax(x, over=class)", outputs=outputs, values=lambda: {"x": x}))


@pytest.mark.parametrize("k", [1, 2, 7, 40])
@pytest.mark.parametrize("odd", [0.0, 0.02, 1.0])
def test_few_of_many(k: int, odd: float) -> None:
    """A tie at the last place is parted by index; NaN comes last."""
    x = ties(400)
    x[np.random.default_rng(2).random(400) < odd] = NAN
    outputs = {"x": "f32[class=400]"}
    check_case(
        Case(post=f"a, b = top(x, k={k}, over=class)", outputs=outputs, values=lambda: {"x": x})
    )


@pytest.mark.parametrize("sampler", ["cv2.nearest", "cv2.nearest_exact", "pil.nearest"])
@pytest.mark.parametrize("numbers", [(0, 256), (0, 257), (-1, 21)])
def test_labels_in_a_larger_picture(sampler: str, numbers: tuple[int, int]) -> None:
    """Labels that a byte holds are carried in one."""
    labels = np.random.default_rng(3).integers(*numbers, (9, 8))
    labels[0, 0], labels[8, 7] = numbers[0], numbers[1] - 1
    case = Case(
        pre=RESIZE,
        post=f"x = back_to(x, image, sampler={sampler})",
        outputs={"x": "i64[h=9, w=8] ids"},
        values=lambda: {"x": labels},
        size=(31, 45),
    )
    check_case(case)
    check_case(case, scripted=True)
