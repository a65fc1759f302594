"""Every mistake in an argument of a generated module, on every backend: the table is the contract.

What `test_modules.py` shows on single examples is held here for each function, argument and
backend: the error's type, and in its message the argument, what was wanted and what came.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from PIL import Image
from support import BACKENDS, Built, build, compare, same, to_numpy

from procdsl import limits

ONE = """proc 1
pipeline one
input image: {dtype}[h, w, c=3] rgb
pre {{
    resize(h=8, w=6, sampler=cv2.linear)
    normalize(mean=0.5, std=0.25)
    layout(c, h, w)
}}
model x: f32[c=3, h=8, w=6] rgb -> logits: f32[class=4]
post {{
    probabilities = softmax(logits, over=class)
}}
output probabilities
"""
ON_U8 = ONE.replace("    normalize", "    to_float(scale=1/255)\n    normalize")
TWO = """proc 1
pipeline two
input left: u8[h, w] gray
input right: f32[h, w]
pre {
    a = flip(left, horizontal)
    b = clip(right, min=0, max=1)
}
model a: u8[h, w] gray, b: f32[h, w] -> y: f32[n=2], found: f32[anchor=5, box=4] boxes @a
post {
    best = argmax(y, over=n)
    boxes = back_to(found, left)
    boxes = clip_to(boxes, left)
}
output best, boxes
"""


@pytest.fixture(scope="module")
def u8() -> Built:
    return build(ON_U8.format(dtype="u8"))


@pytest.fixture(scope="module")
def f32() -> Built:
    return build(ONE.format(dtype="f32"))


@pytest.fixture(scope="module")
def two() -> Built:
    return build(TWO)


def ramp(*shape: int, dtype: str = "uint8") -> np.ndarray:
    return (np.arange(np.prod(shape, dtype=int)) % 251).reshape(shape).astype(dtype)


def given_to(backend: str, value: np.ndarray) -> Any:
    return torch.from_numpy(value.copy()) if backend == "torch" else value


def said(dtype: str, backend: str) -> str:
    return f"torch.{dtype}" if backend == "torch" else dtype


# One array: what is wrong with it, and what the message says that it found


class Mistake(NamedTuple):
    make: Callable[[np.ndarray, str], Any]
    """From a right array of rank 3, and for which backend."""
    error: type[Exception]
    found: str
    of_kind: bool = False
    """Whether it is no array of the backend at all."""
    of_dtype: bool = False


def tensor_or_array(value: np.ndarray, backend: str) -> Any:
    """The library that the module is not of."""
    return value if backend == "torch" else torch.from_numpy(value.copy())


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
    "no rows": Mistake(resized(0, 4, 3), ValueError, "0, 4, 3"),
    "no columns": Mistake(resized(5, 0, 3), ValueError, "5, 0, 3"),
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
    call: Callable[[], Any], mistake: Mistake, backend: str, where: str, dtype: str, shape: str
) -> None:
    """The call fails as the table says, naming the argument, what was wanted and what came."""
    wanted = rf"shape \({shape}\)"
    if mistake.of_kind:
        wanted = "a torch tensor" if backend == "torch" else "a numpy array"
    elif mistake.of_dtype:
        wanted = f"dtype {said(dtype, backend)}"
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
        ((2, 0, 4, 3), "uint8", ValueError),
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
    wanted = f"dtype {said('uint8', backend)}" if error is TypeError else "shape (samples, h, w, 3)"
    came = (
        said(dtype, backend)
        if error is TypeError
        else str(list(shape) if backend == "torch" else shape)
    )
    assert str(caught.value) == f"images: expected {wanted}, got {came}"


@pytest.mark.parametrize("backend", BACKENDS)
def test_columns_of_other_lengths(two: Built, backend: str) -> None:
    module = two.modules[backend]
    left, right = (given_to(backend, ramp(5, 4, dtype=d)) for d in ("uint8", "float32"))
    with pytest.raises(ValueError, match="samples in each argument, got lefts 2, rights 1$"):
        module.preprocess_batch([left, left], [right])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("workers", [0, -1, 1.0, "2", None])
def test_workers(u8: Built, backend: str, workers: Any) -> None:
    with pytest.raises(ValueError, match="^workers: expected a whole number above 0, got "):
        u8.modules[backend].preprocess_batch([], workers=workers)


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
            wanted = rf"out: expected {what} of {said('float32', backend)} {sizes}.*, got "
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


# The module form


@pytest.mark.parametrize("name", [n for n in MISTAKES if n != "batch"])
def test_the_torch_module(u8: Built, name: str) -> None:
    mistake = MISTAKES[name]
    bad, module = mistake.make(ramp(5, 4, 3), "torch"), u8.modules["torch"]
    call = lambda: module.Preprocess()(bad)  # noqa: E731
    refused(call, mistake, "torch", "image", "uint8", "h, w, 3")


# Sizes


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("shape", [(limits.SIDE + 1, 1), (1, limits.SIDE + 1), (10**9, 10**9)])
def test_a_side_beyond_the_limit(u8: Built, two: Built, backend: str, shape: Any) -> None:
    """Views without memory of their own, so that nothing but the check can refuse them."""
    picture: Any = np.broadcast_to(np.zeros(1, np.uint8), (*shape, 3))
    if backend == "torch":
        picture = torch.zeros(1, dtype=torch.uint8).expand(*shape, 3)
    came = re.escape(str([*shape, 3]) if backend == "torch" else str((*shape, 3)))
    wanted = "expected sides of at most 16384 pixels, got"
    with pytest.raises(ValueError, match=f"^image: {wanted} {came}$"):
        u8.modules[backend].preprocess(picture)
    with pytest.raises(ValueError, match=f"^sample 0: image: {wanted} {came}$"):
        u8.modules[backend].preprocess_batch([picture])
    with pytest.raises(ValueError, match=f"^images: {wanted} "):
        u8.modules[backend].preprocess_batch(picture[None])
    with pytest.raises(ValueError, match=f"^left: {wanted} "):
        two.modules[backend].preprocess(picture[..., 0], given_to(backend, ramp(5, 4)))


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (2, 1), (1, limits.SIDE), (limits.SIDE, 1)])
@pytest.mark.parametrize("sampler", ["cv2.linear", "cv2.area", "pil.bicubic", "torch.bilinear_aa"])
def test_pixels_and_strips_up_to_the_limit(sampler: str, size: tuple[int, int]) -> None:
    text = ON_U8.format(dtype="u8").replace("cv2.linear", sampler)
    compare(build(text), {"image": ramp(*size, 3)})


# Memory of every kind


def plain(value: Any) -> np.ndarray:
    """A tensor's numbers, or the array itself."""
    found: np.ndarray = value.numpy(force=True) if isinstance(value, torch.Tensor) else value
    return found


def arrays_in_every_memory(x: np.ndarray) -> dict[str, np.ndarray]:
    wide = np.zeros([2 * n for n in x.shape], x.dtype)
    wide[tuple(slice(None, None, 2) for _ in x.shape)] = x
    flipped = np.ascontiguousarray(x[::-1, ::-1])
    read_only = x.copy()
    read_only.flags.writeable = False
    packed = np.zeros(x.nbytes + 1, np.uint8)[1:].view(x.dtype).reshape(x.shape)  # not aligned
    packed[...] = x
    return {
        "strided": wide[tuple(slice(None, None, 2) for _ in x.shape)],
        "negative strides": flipped[::-1, ::-1],
        "Fortran order": np.asfortranarray(x),
        "read-only": read_only,
        "not aligned": packed,
        "repeated": np.broadcast_to(x[:1], x.shape),
        "a subclass": x.view(np.recarray) if x.dtype.names else x.view(np.memmap),
    }


def tensors_in_every_memory(x: np.ndarray) -> dict[str, torch.Tensor]:
    t = torch.from_numpy(x.copy())
    wide = torch.zeros([2 * n for n in t.shape], dtype=t.dtype)
    every_other = wide[tuple(slice(None, None, 2) for _ in t.shape)]
    every_other.copy_(t)
    with torch.inference_mode():
        inferred = t.clone()
    found = {
        "strided": every_other,
        "Fortran order": t.T.contiguous().T
        if t.dim() == 2
        else t.permute(2, 1, 0).contiguous().permute(2, 1, 0),
        "repeated": t[:1].expand(t.shape),
        "inference": inferred,
    }
    if t.dim() == 3:
        found["channels first"] = t.permute(2, 0, 1).contiguous().permute(1, 2, 0)
        found["channels_last"] = t[None].contiguous(memory_format=torch.channels_last)[0]
    if t.is_floating_point():
        found["requires_grad"] = t.clone().requires_grad_()
        found["made with a gradient"] = t.clone().requires_grad_() * 1
        found["a parameter"] = torch.nn.Parameter(t.clone())
        found["negated"] = torch._neg_view(-t)
    return found


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_memory_of_every_kind(u8: Built, f32: Built, backend: str, dtype: str) -> None:
    """The same bits as from plain memory; the input is left as it was."""
    module = (u8 if dtype == "uint8" else f32).modules[backend]
    x = ramp(11, 9, 3, dtype=dtype)
    kinds = tensors_in_every_memory(x) if backend == "torch" else arrays_in_every_memory(x)
    for name, value in kinds.items():
        before = plain(value).copy()
        wanted = to_numpy(module.preprocess(given_to(backend, before)))
        found = module.preprocess(value)
        out = given_to(backend, np.zeros_like(wanted))
        module.preprocess(value, out=out)
        (in_batch,) = module.preprocess_batch([value])
        for result in (found, out, in_batch):
            same(plain(result), wanted, 0, name)
        assert np.array_equal(plain(value), before), name


@pytest.mark.parametrize("backend", BACKENDS)
def test_scores_in_memory_of_every_kind(two: Built, u8: Built, backend: str) -> None:
    module = two.modules[backend]
    x = ramp(5, 4, dtype="float32")
    y = given_to(backend, np.array([3, 1], np.float32))
    kinds = tensors_in_every_memory(x) if backend == "torch" else arrays_in_every_memory(x)
    for name, value in kinds.items():
        before = plain(value).copy()
        wanted = module.postprocess(y, given_to(backend, before), (3, 2)).boxes
        boxes = module.postprocess(y, value, (3, 2)).boxes
        same(plain(boxes), to_numpy(wanted), 0, name)
        assert np.array_equal(plain(value), before), name
