"""Every mistake in an array that a generated module is given: the table is the contract.

What `test_module_arguments.py` shows on single examples is held here for each function, argument
and backend: the error's type, and in its message the argument, what was wanted and what came.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from PIL import Image
from support import BACKENDS, Built, dtype_name, given_to, ramp, tensor_or_array

# One array: what is wrong with it, and what the message says that it found


class Mistake(NamedTuple):
    make: Callable[[np.ndarray, str], Any]
    """From a right array of rank 3, and for which backend."""
    error: type[Exception]
    found: str
    of_kind: bool = False
    """Whether it is no array of the backend at all."""
    of_dtype: bool = False
    no_pixels: bool = False


def resized(*shape: int) -> Callable[[np.ndarray, str], Any]:
    return lambda x, backend: given_to(backend, np.zeros(shape, x.dtype))


def cast(dtype: str) -> Callable[[np.ndarray, str], Any]:
    return lambda x, backend: given_to(backend, x.astype(dtype))


MISTAKES = {
    "None": Mistake(lambda x, b: None, TypeError, "NoneType", of_kind=True),
    "number": Mistake(lambda x, b: 3.5, TypeError, "float", of_kind=True),
    "text": Mistake(lambda x, b: "cat.jpg", TypeError, "str", of_kind=True),
    "bytes": Mistake(lambda x, b: b"\xff\xd8", TypeError, "bytes", of_kind=True),
    "list": Mistake(lambda x, b: x.tolist(), TypeError, "list", of_kind=True),
    "tuple": Mistake(lambda x, b: (x,), TypeError, "tuple", of_kind=True),
    "dict": Mistake(lambda x, b: {"image": x}, TypeError, "dict", of_kind=True),
    "PIL image": Mistake(
        lambda x, b: Image.fromarray(ramp(5, 4, 3)), TypeError, "Image", of_kind=True
    ),
    "other library": Mistake(tensor_or_array, TypeError, "(Tensor|ndarray)", of_kind=True),
    "f64": Mistake(cast("float64"), TypeError, "float64", of_dtype=True),
    "f16": Mistake(cast("float16"), TypeError, "float16", of_dtype=True),
    "i8": Mistake(cast("int8"), TypeError, "int8", of_dtype=True),
    "u16": Mistake(cast("uint16"), TypeError, "uint16", of_dtype=True),
    "bool": Mistake(cast("bool"), TypeError, "bool", of_dtype=True),
    "complex": Mistake(cast("complex64"), TypeError, "complex64", of_dtype=True),
    "CHW": Mistake(resized(3, 5, 4), ValueError, "3, 5, 4"),
    "batch": Mistake(resized(1, 5, 4, 3), ValueError, "1, 5, 4, 3"),
    "flat": Mistake(resized(60), ValueError, "60"),
    "gray": Mistake(resized(5, 4), ValueError, "5, 4"),
    "one channel": Mistake(resized(5, 4, 1), ValueError, "5, 4, 1"),
    "alpha": Mistake(resized(5, 4, 4), ValueError, "5, 4, 4"),
    "no rows": Mistake(resized(0, 4, 3), ValueError, "0, 4, 3", no_pixels=True),
    "no columns": Mistake(resized(5, 0, 3), ValueError, "5, 0, 3", no_pixels=True),
    "no channels": Mistake(resized(5, 4, 0), ValueError, "5, 4, 0"),
    "no axes": Mistake(resized(), ValueError, ""),
}
NUMPY_MISTAKES = {
    "masked": Mistake(lambda x, b: np.ma.array(x), TypeError, "MaskedArray", of_kind=True),
    "matrix": Mistake(lambda x, b: x[..., 0].view(np.matrix), TypeError, "matrix", of_kind=True),
    "object": Mistake(lambda x, b: x.astype(object), TypeError, "object", of_dtype=True),
    "records": Mistake(lambda x, b: x.astype([("r", "u1")]), TypeError, r"\[", of_dtype=True),
    "texts": Mistake(lambda x, b: x.astype("U3"), TypeError, "<U3", of_dtype=True),
    "dates": Mistake(lambda x, b: x.astype("M8[s]"), TypeError, "datetime64", of_dtype=True),
}
TORCH_MISTAKES = {
    "sparse": Mistake(
        lambda x, b: torch.from_numpy(x.copy()).to_sparse(), TypeError, "torch.sparse_coo"
    ),
    "bfloat16": Mistake(
        lambda x, b: torch.from_numpy(x.copy()).bfloat16(), TypeError, "torch.bfloat16",
        of_dtype=True,
    ),
}  # fmt: skip
TABLE = [
    pytest.param(backend, mistake, id=f"{backend}-{name}")
    for backend in BACKENDS
    for name, mistake in {
        **MISTAKES,
        **(TORCH_MISTAKES if backend == "torch" else NUMPY_MISTAKES),
    }.items()
]


def refused(
    call: Callable[[], Any],
    mistake: Mistake,
    backend: str,
    where: str,
    dtype: str,
    shape: str,
    batched: bool = False,
) -> None:
    """The call fails as the table says, naming the argument, what was wanted and what came."""
    wanted = rf"shape \({shape}\)" + ", or a batch of these" * batched
    if mistake.of_kind:
        wanted = "a torch tensor" if backend == "torch" else "a numpy array"
    elif mistake.of_dtype:
        wanted = f"dtype {dtype_name(dtype, backend)}"
    elif mistake.no_pixels and shape == "h, w, 3":
        wanted = "sides of 1 to 16384 pixels"
    elif mistake.error is TypeError:
        wanted = "a dense tensor"
    found = mistake.found
    if mistake.error is ValueError:
        found = rf"\[{found}\]" if backend == "torch" else rf"\({found},?\)"
    with pytest.raises(mistake.error) as caught:
        call()
    assert type(caught.value) is mistake.error
    assert re.match(rf"{where}: expected {wanted}, got .*{found}", str(caught.value)), caught.value


@pytest.mark.parametrize(("backend", "mistake"), TABLE)
def test_preprocess(u8: Built, backend: str, mistake: Mistake) -> None:
    bad, module = mistake.make(ramp(5, 4, 3), backend), u8.modules[backend]
    refused(lambda: module.preprocess(bad), mistake, backend, "image", "uint8", "h, w, 3")


@pytest.mark.parametrize(("backend", "mistake"), TABLE)
def test_preprocess_of_floats(f32: Built, backend: str, mistake: Mistake) -> None:
    bad, module = mistake.make(ramp(5, 4, 3, dtype="float32"), backend), f32.modules[backend]
    refused(lambda: module.preprocess(bad), mistake, backend, "image", "float32", "h, w, 3")


@pytest.mark.parametrize(("backend", "mistake"), TABLE)
@pytest.mark.parametrize("place", [0, 2])
def test_preprocess_batch(u8: Built, backend: str, mistake: Mistake, place: int) -> None:
    """The sample that is wrong is named, the ones before and after it are right."""
    module = u8.modules[backend]
    images = [given_to(backend, ramp(5, 4, 3)) for _ in range(3)]
    images[place] = mistake.make(ramp(5, 4, 3), backend)
    where = f"sample {place}: image"
    for workers in (1, 2):
        call = lambda: module.preprocess_batch(images, workers=workers)  # noqa: B023, E731
        refused(call, mistake, backend, where, "uint8", "h, w, 3")


@pytest.mark.parametrize(("backend", "mistake"), TABLE)
def test_either_of_two_inputs(two: Built, backend: str, mistake: Mistake) -> None:
    module = two.modules[backend]
    left, right = (given_to(backend, ramp(5, 4, dtype=d)) for d in ("uint8", "float32"))
    for name, dtype in (("left", "uint8"), ("right", "float32")):
        bad = mistake.make(ramp(5, 4, 3, dtype=dtype), backend)
        if mistake.found == "5, 4":
            continue  # a gray picture is right here
        arguments = {"left": left, "right": right, name: bad}
        call = lambda: module.preprocess(**arguments)  # noqa: B023, E731
        refused(call, mistake, backend, name, dtype, "h, w")


@pytest.mark.parametrize(("backend", "mistake"), TABLE)
def test_postprocess(two: Built, backend: str, mistake: Mistake) -> None:
    module = two.modules[backend]
    good = {
        "y": given_to(backend, ramp(2, dtype="float32")),
        "found": given_to(backend, ramp(5, 4, dtype="float32")),
    }
    bad = mistake.make(ramp(5, 4, 3, dtype="float32"), backend)
    for name, shape in (("y", "2,"), ("found", "5, 4")):
        if mistake.found == shape:
            continue  # nothing is wrong with it here
        arguments = {**good, name: bad, "left_size": (5, 4)}
        call = lambda: module.postprocess(**arguments)  # noqa: B023, E731
        refused(call, mistake, backend, name, "float32", shape)
        columns = {"ys": [good["y"]] * 2, "founds": [good["found"]] * 2, "left_sizes": [(5, 4)] * 2}
        columns[f"{name}s"] = [good[name], bad]
        call = lambda: module.postprocess_batch(**columns)  # noqa: B023, E731
        refused(call, mistake, backend, f"sample 1: {name}", "float32", shape)


@pytest.mark.parametrize("backend", ["numpy", "cv2"])
@pytest.mark.parametrize("dtype", [">f4", ">f8", "<f8"])
def test_another_byte_order(f32: Built, backend: str, dtype: str) -> None:
    bad = ramp(5, 4, 3, dtype=dtype)
    module = f32.modules[backend]
    for call, given in ((module.preprocess, bad), (module.preprocess_batch, bad[None])):
        with pytest.raises(TypeError, match=r"^images?: expected dtype float32, got [>f]"):
            call(given)


# The module form


@pytest.mark.parametrize("name", [n for n in MISTAKES if n != "batch"])
def test_the_torch_module(u8: Built, name: str) -> None:
    mistake = MISTAKES[name]
    bad, module = mistake.make(ramp(5, 4, 3), "torch"), u8.modules["torch"]
    call = lambda: module.Preprocess()(bad)  # noqa: E731
    refused(call, mistake, "torch", "image", "uint8", "h, w, 3", batched=True)
