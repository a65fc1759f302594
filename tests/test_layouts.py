"""Axes are found by their names: every case with the axes of its picture in another order.

The cases are those of the ops and samplers, so that a new one is tried without a word here.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from support import (
    NOT_FINITE,
    arrays,
    as_input,
    bound_of,
    build,
    compare,
    compiled,
    converting,
    ramp,
    same,
    source_of,
    specked,
    to_numpy,
)

from procdsl import registry
from procdsl.checker.check import check
from procdsl.opdef.op import Case
from procdsl.records import replace
from procdsl.reference.interpreter import preprocess
from procdsl.reference.magnitude import Magnitude
from procdsl.source import Source
from procdsl.types.array import Array

SMALL = "resize(h=8, w=9, sampler=cv2.linear)"
CASES = [
    pytest.param(
        case,
        id=f"{name}-{number}",
        marks=[] if number < 3 or number % 9 == 4 else [pytest.mark.slow],
    )
    for name in registry.op_names()
    for number, case in enumerate(registry.op(name).cases())
    if case.pre and "rows" not in case.image  # a 4:2:0 frame is memory in one order
    if case.image != "bytes"
    if not case.inputs  # the picture is one value of several
]


def last_first(image: str) -> str:
    """The type with its last axis first: of [h, w, c] it makes [c, h, w]."""
    head, _, rest = image.partition("[")
    axes, _, tail = rest.partition("]")
    *others, last = axes.split(", ")
    return f"{head}[{', '.join([last, *others])}]{tail}"


def turned(x: Any, before: object, after: object) -> np.ndarray:
    """A view of an array of the first type in the order of the second."""
    assert isinstance(x, np.ndarray)
    assert isinstance(before, Array)
    assert isinstance(after, Array)
    return x.transpose([before.at(name) for name in after.names])


def memories(x: np.ndarray, view: np.ndarray) -> dict[str, np.ndarray]:
    """The same numbers in memory of several kinds; `view` is one of the picture as the case has it,
    what torch calls channels_last."""
    wide = np.zeros([2 * n for n in x.shape], x.dtype)
    every_other = wide[tuple(slice(None, None, 2) for _ in x.shape)]
    every_other[...] = x
    return {"a view": view, "strided": every_other, "Fortran order": x.copy(order="F")}


def repeated(x: np.ndarray) -> np.ndarray:
    """What is first along the first axis in the place of all, without memory of its own."""
    return np.lib.stride_tricks.as_strided(x, x.shape, (0, *x.strides[1:]))


@pytest.mark.parametrize("case", CASES)
def test_a_case_with_its_last_axis_first(case: Case) -> None:
    """The numbers of the case as it stands, turned; the same bits whatever the memory."""
    plain = compiled(source_of(case))
    built = build(source_of(replace(case, image=last_first(case.image), values=None)))
    inputs, outputs = arrays(case, plain)
    pictures = [inputs["image"]]
    if pictures[0].dtype == np.float32:
        pictures.append(specked(pictures[0], NOT_FINITE))
    for x in pictures:
        view, met = turned(x, plain.inputs[0].type, built.pipeline.inputs[0].type), Magnitude()
        compare(built, {"image": view.copy()}, outputs)
        given = preprocess(plain, {"image": x}, watch=met)
        wanted = [
            turned(y, was.type, fed.type)
            for y, was, fed in zip(given, plain.fed, built.pipeline.fed, strict=True)
        ]
        for name, module in built.modules.items():
            found = run(module, view.copy())
            for fed, y, of in zip(built.pipeline.fed, found, wanted, strict=True):
                same(y, of, bound_of(fed, of, met), f"{name} {fed.name}")
            for memory, array in memories(view.copy(), view).items():
                assert_same_bits(run(module, array), found, f"{name} {memory}")
            plane = repeated(view)
            assert_same_bits(run(module, plane), run(module, plane.copy()), f"{name} repeated")


def run(module: ModuleType, x: np.ndarray) -> list[np.ndarray]:
    """`preprocess` of a module on this memory."""
    found = module.preprocess(as_input(module, x))
    return [to_numpy(y) for y in (found if isinstance(found, tuple) else (found,))]


def assert_same_bits(found: Sequence[np.ndarray], wanted: Sequence[np.ndarray], what: str) -> None:
    for x, y in zip(found, wanted, strict=True):
        same(x, y, 0, what)


# Types and messages


@pytest.mark.parametrize(
    ("image", "step", "result"),
    [
        ("u8[c=3, h, w] rgb", SMALL, "u8[c=3, h=8, w=9] rgb"),
        ("u8[w, c=3, h] rgb", SMALL, "u8[w=9, c=3, h=8] rgb"),
        ("u8[c=3, t=2, h, w] rgb", SMALL, "u8[c=3, t=2, h=8, w=9] rgb"),
        ("u8[h, w, c=3, t] rgb", SMALL, "u8[h=8, w=9, c=3, t] rgb"),
        ("u8[c=3, h, w] rgb", "convert(gray, luma=cv2)", "u8[c=1, h, w] gray"),
        ("u8[w, h] gray", "convert(rgb)", "u8[w, h, c=3] rgb"),
        ("u8[c=3, h=4, w=6] rgb", "convert(cv2.i420)", "u8[rows=6, w=6] cv2.i420"),
    ],
)
def test_axes_keep_their_places(image: str, step: str, result: str) -> None:
    assert str(compiled(converting(image, step)).fed[0].type) == result


@pytest.mark.parametrize(
    ("type_", "code", "found"),
    [
        ("f32[c=3, h, w] rgb", "E402", "f32[c=3, h, w] rgb"),
        ("u8[c=5, t=2, h, w]", "E316", "u8[c=5, t=2, h, w], 0..255"),
        ("u8[t=2, c=5, h, w]", "E316", "u8[t=2, c=5, h, w], 0..255"),
        (
            "u8[t=2, c=3, h, w] cv2.hsv",
            "E325",
            "`sampler=cv2.linear_exact` on u8[t=2, c=3, h, w] cv2.hsv, 0..255",
        ),
    ],
)
def test_what_is_wrong_is_said_of_the_type_as_it_stands(type_: str, code: str, found: str) -> None:
    step = "resize(h=8, w=9, sampler=cv2.linear_exact)"
    text = f"proc 1\npipeline p\ninput image: {type_}\npre {{\n    {step}\n}}\n"
    text += f"model x: {type_.replace('h, w', 'h=8, w=9')} -> y: f32[n=1]\n"
    (diagnostic,) = check(Source("p.proc", text)).diagnostics
    assert (diagnostic.code, diagnostic.found) == (code, found)


def test_a_clip_is_taken_frame_by_frame_wherever_its_frames_stand() -> None:
    """What takes the numbers of an image together, too."""
    steps = ("min_max(over=image, eps=0)", "layout(t, c, h, w)")
    built = build(converting("u8[c=3, t=2, h=4, w=5] rgb", *steps))
    x = ramp(3, 2, 4, 5)
    x[:, 1] //= 2
    compare(built, {"image": x})
    (found,) = run(built.modules["numpy"], x)
    assert [(frame.min(), frame.max()) for frame in found] == [(0, 1), (0, 1)]


# What is generated


@pytest.mark.parametrize(
    ("steps", "copied"),
    [((SMALL,), True), (("convert(bgr)",), True), (("crop(center, h=4, w=5)",), False)],
)
def test_opencv_is_given_pixels_side_by_side(steps: tuple[str, ...], copied: bool) -> None:
    """numpy would copy a view of planes number by number, and a crop needs no copy."""
    built = build(converting("u8[c=3, h, w] rgb", *steps), ["cv2"])
    assert ("_pixels(x)" in built.files["p_cv2.py"]) == copied


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_a_run_of_steps_on_planes_is_turned_once(backend: str) -> None:
    steps = (SMALL, "crop(center, h=4, w=5)", "to_float(scale=1/255)", "pad(top=1, fill=0)")
    text = build(converting("u8[c=3, h, w] rgb", *steps), [backend]).files[f"p_{backend}.py"]
    body = text.partition("def forward" if backend == "torch" else "def preprocess")[2]
    body = body.partition("\n    return " if backend != "torch" else "\n        return ")[0]
    assert body.count(".movedim(" if backend == "torch" else ".transpose(") == 2
