"""Externs: steps in the user's own Python, on real packages in a folder of their own."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from extern_project import (
    DENOISE,
    DETECTOR,
    PIPELINE,
    RGB,
    SHOP_DENOISE,
    Project,
    calling,
    denoised,
    file,
)
from support import BACKENDS, picture, run, run_post, same, to_backend, to_numpy

from procdsl.checker.check import check
from procdsl.reference.interpreter import postprocess, preprocess
from procdsl.source import Source

# What they compute


@pytest.mark.parametrize("fuse", [True, False])
def test_every_backend_runs_the_function(project: Project, fuse: bool) -> None:
    built = project.build(PIPELINE, fuse=fuse)
    for size in ((20, 30), (3, 3), (90, 7)):
        image = picture(*size)
        (wanted,) = preprocess(built.pipeline, {"image": image}, call=calling(denoised))
        for backend, module in built.modules.items():
            same(run(module, {"image": image})[0], wanted, 0, backend)


def test_channels_are_not_moved_past_an_extern(project: Project) -> None:
    project.write(
        "shop/filters.py",
        "def first(x):\n    x[..., 0] //= 2\n    x[::2] = x[::2, ::-1]\n    return x\n",
    )
    extern = f'first from "shop.filters:first" ({RGB}) -> {RGB}'
    text = file(
        extern, "convert(rgb)", "first()", "convert(bgr)", "crop(top=1, left=2, h=5, w=6)",
        image="u8[h, w, c=3] bgr", model="u8[h=5, w=6, c=3] bgr",
    )  # fmt: skip
    image = picture()
    x = image[..., ::-1].copy()
    x[..., 0] //= 2
    x[::2] = x[::2, ::-1]
    wanted = x[1:6, 2:8, ::-1]
    for fuse in (True, False):
        for backend, module in project.build(text, fuse=fuse).modules.items():
            same(run(module, {"image": image})[0], wanted, 0, backend)


DTYPES = {"u8": "uint8", "u16": "uint16", "i32": "int32", "i64": "int64"}
DTYPES |= {"f32": "float32", "f16": "float16", "bool": "bool"}


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_goes_there_and_back(project: Project, dtype: str) -> None:
    project.write("shop/filters.py", "def turn(x):\n    return x[::-1], x[0, 0], x.T\n")
    text = f"""proc 1
pipeline p
extern turn from "shop.filters:turn" ({dtype}[a, b]) -> {dtype}[a, b], {dtype}[], {dtype}[b, a]
model x: f32[n=1] -> y: {dtype}[a, b]
post {{
    u, v, w = turn(y)
}}
output u, v, w
"""
    built = project.build(text)
    y = (np.arange(12) % 7).reshape(3, 4).astype(DTYPES[dtype])
    for backend, module in built.modules.items():
        found = run_post(module, {"y": y}, ())
        for result, wanted in zip(found.values(), (y[::-1], y[0, 0], y.T), strict=True):
            same(np.asarray(result), np.asarray(wanted), 0, backend)
        module.self_check()


def test_several_values_and_several_calls(project: Project) -> None:
    project.write("shop/filters.py", "def mix(a, b):\n    return a // 2 + b // 2\n")
    text = f"""proc 1
pipeline p
extern mix from "shop.filters:mix" ({RGB} @a, {RGB} @b) -> {RGB} @b
input left: {RGB}
input right: {RGB}
pre {{
    both = mix(left, right)
    x = mix(both, left)
}}
model x: {RGB} -> y: f32[n=4]
"""
    built = project.build(text)
    left, right = picture(seed=1), picture(seed=2)
    wanted = (left // 2 + right // 2) // 2 + left // 2
    for backend, module in built.modules.items():
        same(run(module, {"left": left, "right": right})[0], wanted, 0, backend)
        module.self_check()
        record = module.MANIFEST["self_check"]["preprocess"]
        assert set(record) == {
            "x", *(f"mix, call {n}, value {i}" for n in (1, 2) for i in (1, 2))
        }  # fmt: skip


def test_a_step_of_training_alone(project: Project) -> None:
    text = f"""proc 1
pipeline p
{DENOISE}
input image: {RGB}
pre {{
    train {{
        denoise()
    }}
    flip(vertical)
}}
model x: {RGB} -> y: f32[n=4]
"""
    built = project.build(text)
    image = picture()
    for backend, module in built.modules.items():
        (given,) = to_backend(module, [image])
        same(to_numpy(module.preprocess(given)), image[::-1], 0, backend)
        same(to_numpy(module.preprocess_train(given)), denoised(image)[::-1], 0, backend)
        module.self_check()


def test_a_clip_only_where_it_is_declared(project: Project) -> None:
    clip = f"u8[t, {RGB[3:]}"
    text = file(SHOP_DENOISE, "denoise()", image=clip, model=clip)
    assert {code for code, _ in project.codes(text)} == {"E312"}
    project.write("shop/filters.py", "def turn(x):\n    return x[::-1]\n")
    text = file(
        f'turn from "shop.filters:turn" ({clip}) -> {clip}', "turn()", image=clip, model=clip
    )
    frames = np.stack([picture(seed=n) for n in range(3)])
    for backend, module in project.build(text).modules.items():
        same(run(module, {"image": frames})[0], frames[::-1], 0, backend)


# Frames of coordinates


def test_pixels_that_stay_keep_size_and_frame(project: Project) -> None:
    boxes = np.array([[10, 8, 25, 20]], np.float32)
    for backend, module in project.build(DETECTOR).modules.items():
        found = run_post(module, {"boxes": boxes}, [(20, 100)])["found"]
        same(found, np.array([[20, 4, 50, 10]], np.float32), 0, backend)
        module.self_check()


def test_without_a_frame_there_is_no_way_back(project: Project) -> None:
    lost = DETECTOR.replace(" @image", "")
    codes = [code for code, _ in project.codes(lost)]
    assert codes == ["E318"]  # the size stays, the frame does not
    (diagnostic,) = check(Source("p.proc", lost)).diagnostics
    assert "on both sides of the extern" in diagnostic.help
    codes = [code for code, _ in project.codes(DETECTOR.replace("rgb @image\n", "rgb\n"))]
    assert "E312" in codes  # any size
    assert len(codes) > 1  # and no frame
    other = DETECTOR.replace("rgb @image)", "rgb @here)")
    (found, *_) = check(Source("p.proc", other)).diagnostics
    assert (found.code, found.message) == ("E206", "there is no coordinate space `image`")


@pytest.mark.parametrize("backend", BACKENDS)
def test_pixels_that_stay_may_not_change_their_number(project: Project, backend: str) -> None:
    module = project.build(DETECTOR, [backend]).modules[backend]
    sys.modules["shop.filters"].denoise = lambda x: x[:-1]  # type: ignore[attr-defined]
    module.denoise = sys.modules["shop.filters"].denoise  # type: ignore[attr-defined]
    with pytest.raises(
        ValueError, match=r"expected .* uint8 \(40, 50, 3\), got uint8 \(39, 50, 3\)"
    ):
        run(module, {"image": picture()})


# The interpreter


def test_postprocess_by_the_interpreter(project: Project) -> None:
    """The interpreter runs what stands for an extern, and refuses to guess."""
    project.write("shop/filters.py", "def f(x):\n    return x\n")
    text = """proc 1
pipeline p
extern f from "shop.filters:f" (f32[n=4]) -> f32[n=4]
model x: f32[n=1] -> y: f32[n=4]
post {
    a = f(y)
}
output a
"""
    pipeline = project.compiled(text)
    y = np.arange(4, dtype=np.float32)
    (found,) = postprocess(pipeline, {"y": y}, {}, calling(lambda x: x * 2))
    assert np.array_equal(np.asarray(found), y * 2)
    with pytest.raises(LookupError, match="nothing stands for the extern `f`"):
        postprocess(pipeline, {"y": y}, {})
