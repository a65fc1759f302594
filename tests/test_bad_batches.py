"""Every mistake in a batch, its columns and its workers, and in an `out`, on every backend."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from pipelines import ONE
from support import (
    BACKENDS,
    Built,
    build,
    dtype_name,
    given_to,
    ramp,
    same,
    tensor_or_array,
    to_numpy,
)

# A batch as a whole


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, "NoneType"),
        (7, "int"),
        ("cat.jpg", "str"),
        (b"\xff\xd8", "bytes"),
        ({"a": 1}, "dict"),
        ({1, 2}, "set"),
        (iter([1]), "list_iterator"),
        (Image.fromarray(ramp(5, 4, 3)), "Image"),
    ],
)
def test_what_is_no_batch(two: Built, u8: Built, backend: str, value: Any, found: str) -> None:
    good = [given_to(backend, ramp(5, 4))]
    scores = [given_to(backend, ramp(2, dtype="float32"))]
    boxes = [given_to(backend, ramp(5, 4, dtype="float32"))]
    module = two.modules[backend]
    calls: list[tuple[str, Callable[..., Any], tuple[Any, ...]]] = [
        ("images", u8.modules[backend].preprocess_batch, (value,)),
        ("rights", module.preprocess_batch, (good, value)),
        ("ys", module.postprocess_batch, (value, boxes, [(5, 4)])),
        ("left_sizes", module.postprocess_batch, (scores, boxes, value)),
    ]
    for name, call, arguments in calls:
        with pytest.raises(TypeError) as caught:
            call(*arguments)
        wanted = f"{name}: expected a sequence of samples, got {found}"
        assert str(caught.value) == wanted


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("shape", "dtype", "error"),
    [
        ((5, 4, 3), "uint8", ValueError),
        ((2, 5, 4), "uint8", ValueError),
        ((2, 3, 5, 4), "uint8", ValueError),
        ((2, 1, 5, 4, 3), "uint8", ValueError),
        ((0, 5, 4, 2), "uint8", ValueError),
        ((2, 5, 4, 3), "float32", TypeError),
        ((0, 5, 4, 3), "float32", TypeError),
        ((), "uint8", ValueError),
    ],
)
def test_a_batch_in_one_array(
    u8: Built, backend: str, shape: tuple[int, ...], dtype: str, error: type[Exception]
) -> None:
    images = given_to(backend, np.zeros(shape, dtype))
    with pytest.raises(error) as caught:
        u8.modules[backend].preprocess_batch(images)
    wanted = (
        f"dtype {dtype_name('uint8', backend)}"
        if error is TypeError
        else "shape (samples, h, w, 3)"
    )
    came = (
        dtype_name(dtype, backend)
        if error is TypeError
        else str(list(shape) if backend == "torch" else shape)
    )
    assert str(caught.value) == f"images: expected {wanted}, got {came}"


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_batch_of_pictures_without_pixels(u8: Built, backend: str) -> None:
    came = "[2, 0, 4, 3]" if backend == "torch" else "(2, 0, 4, 3)"
    wanted = re.escape(f"images: expected sides of 1 to 16384 pixels, got {came}")
    with pytest.raises(ValueError, match=f"^{wanted}$"):
        u8.modules[backend].preprocess_batch(given_to(backend, np.zeros((2, 0, 4, 3), np.uint8)))


@pytest.mark.parametrize("backend", BACKENDS)
def test_columns_of_other_lengths(two: Built, backend: str) -> None:
    module = two.modules[backend]
    left, right = (given_to(backend, ramp(5, 4, dtype=d)) for d in ("uint8", "float32"))
    with pytest.raises(ValueError, match="samples in each argument, got lefts 2, rights 1$"):
        module.preprocess_batch([left, left], [right])


# out


OUTS: dict[str, Callable[[np.ndarray, str], Any]] = {
    "number": lambda x, b: 3,
    "list": lambda x, b: x.tolist(),
    "other library": tensor_or_array,
    "f64": lambda x, b: given_to(b, x.astype("float64")),
    "f16": lambda x, b: given_to(b, x.astype("float16")),
    "larger": lambda x, b: given_to(b, np.zeros((*x.shape[:-1], x.shape[-1] + 1), x.dtype)),
    "turned": lambda x, b: given_to(b, np.zeros(x.shape[::-1], x.dtype)),
    "one axis more": lambda x, b: given_to(b, x[None]),
    "one axis less": lambda x, b: given_to(b, x[0]),
    "one value": lambda x, b: (
        torch.zeros(1).expand(x.shape)
        if b == "torch"
        else np.lib.stride_tricks.as_strided(np.zeros(1, x.dtype), x.shape, (0,) * x.ndim)
    ),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", OUTS)
def test_out(u8: Built, f32: Built, backend: str, name: str) -> None:
    for built, dtype in ((u8, "uint8"), (f32, "float32")):
        image = given_to(backend, ramp(5, 4, 3, dtype=dtype))
        module = built.modules[backend]
        for call, shape in (
            (module.preprocess, (3, 8, 6)),
            (module.preprocess_batch, (2, 3, 8, 6)),
        ):
            bad = OUTS[name](np.zeros(shape, np.float32), backend)
            given = image if call is module.preprocess else [image, image]
            with pytest.raises((TypeError, ValueError)) as caught:
                call(given, out=bad)
            of_type = name in ("number", "list", "other library", "f64", "f16")
            assert type(caught.value) is (TypeError if of_type else ValueError)
            what = "a tensor" if backend == "torch" else "an array"
            sizes = re.escape(str(list(shape) if backend == "torch" else shape))
            wanted = rf"out: expected {what} of {dtype_name('float32', backend)} {sizes}.*, got "
            assert re.match(wanted, str(caught.value)), caught.value


@pytest.mark.parametrize("backend", ["numpy", "cv2"])
def test_out_that_is_read_only(u8: Built, f32: Built, backend: str) -> None:
    out = np.zeros((3, 8, 6), np.float32)
    out.flags.writeable = False
    for built, dtype in ((u8, "uint8"), (f32, "float32")):
        with pytest.raises(ValueError, match="^out: expected .* written, got a read-only one"):
            built.modules[backend].preprocess(ramp(5, 4, 3, dtype=dtype), out=out)
    assert not out.any()


@pytest.mark.parametrize("backend", BACKENDS)
def test_out_of_two_inputs(two: Built, backend: str) -> None:
    module = two.modules[backend]
    given = [given_to(backend, ramp(5, 4, dtype=d)) for d in ("uint8", "float32")]
    good = module.preprocess(*given)
    for bad in (3, [good.a, good.b], (good.a, good.b), good.a, {"a": good.a, "b": good.b}):
        found = type(bad).__name__
        for call, arguments in (
            (module.preprocess, given),
            (module.preprocess_batch, [[x] for x in given]),
        ):
            wanted = rf"^out: expected ModelInputs\(a, b\), got {found}$"
            with pytest.raises(TypeError, match=wanted):
                call(*arguments, out=bad)
    with pytest.raises(TypeError, match=r"^out\.b: expected an? .*float32 .*, got list$"):
        module.preprocess(*given, out=good._replace(b=[1.0]))
    with pytest.raises(ValueError, match=r"^out\.a: expected an? .*uint8 .*5, 4.*, got .*4, 5"):
        module.preprocess(*given, out=good._replace(a=given_to(backend, ramp(4, 5))))
    with pytest.raises(ValueError, match=r"^out\.a: expected an? .*1, 5, 4.*, got .*5, 4"):
        module.preprocess_batch(*[[x] for x in given], out=good)


@pytest.mark.parametrize("backend", BACKENDS)
def test_out_may_be_the_input(f32: Built, backend: str) -> None:
    """Where one piece of memory is read and written, the result is right all the same."""
    text = ONE.format(dtype="f32").replace("    layout(c, h, w)\n", "")
    text = text.replace("    resize(h=8, w=6, sampler=cv2.linear)\n", "    flip(vertical)\n")
    module = build(text.replace("c=3, h=8, w=6", "h, w, c=3"), [backend]).modules[backend]
    image = given_to(backend, ramp(5, 4, 3, dtype="float32"))
    wanted = to_numpy(module.preprocess(image)).copy()
    assert module.preprocess(image, out=image) is image
    same(to_numpy(image), wanted, 0, backend)
