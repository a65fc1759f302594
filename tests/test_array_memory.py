"""Arrays of every size and in memory of every kind, on every backend."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from pipelines import ON_U8
from support import (
    BACKENDS,
    Built,
    bound_of,
    build,
    compare,
    converting,
    given_to,
    ramp,
    random_array,
    same,
    to_numpy,
)

from procdsl import limits, registry
from procdsl.reference.interpreter import preprocess
from procdsl.reference.magnitude import Magnitude
from procdsl.types.array import Array

# Sizes


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("shape", [(limits.SIDE + 1, 1), (1, limits.SIDE + 1), (10**9, 10**9)])
def test_a_side_beyond_the_limit(u8: Built, two: Built, backend: str, shape: Any) -> None:
    """Views without memory of their own, so that nothing but the check can refuse them."""
    picture: Any = np.broadcast_to(np.zeros(1, np.uint8), (*shape, 3))
    if backend == "torch":
        picture = torch.zeros(1, dtype=torch.uint8).expand(*shape, 3)
    came = re.escape(str([*shape, 3]) if backend == "torch" else str((*shape, 3)))
    wanted = "expected sides of 1 to 16384 pixels, got"
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


TORCH = [name for name in registry.sampler_names() if name.startswith("torch.")]


def with_any_strides(x: torch.Tensor) -> Iterator[torch.Tensor]:
    """By every order of axes in memory, and with other strides of the axes of one."""
    for order in itertools.permutations(range(x.dim())):
        placed = x.permute(order).contiguous().permute([order.index(i) for i in range(x.dim())])
        for stride in (0, 1, 3, 4, 1000):
            axes = zip(placed.shape, placed.stride(), strict=True)
            yield placed.as_strided(placed.shape, [stride if n == 1 else s for n, s in axes])


@pytest.mark.filterwarnings("ignore:There is a performance drop")  # nearest_exact under vmap
@pytest.mark.parametrize("image", [*(f"u8[h, w, c={c}]" for c in (1, 3, 4)), "f32[h, w, c=3]"])
@pytest.mark.parametrize("name", TORCH)
def test_sides_of_one_with_any_strides(name: str, image: str) -> None:
    built = build(converting(image, f"resize(h=6, w=8, sampler={name})"), ["torch"])
    module, type_ = built.modules["torch"], built.pipeline.inputs[0].type
    assert isinstance(type_, Array)
    scripted = torch.jit.script(module.Preprocess())
    for size in ((4, 1), (1, 4), (12, 1), (1, 1)):
        x = random_array(np.random.default_rng(0), type_, size)
        met = Magnitude()
        (wanted,) = preprocess(built.pipeline, {"image": x}, watch=met)
        bound = bound_of(built.pipeline.fed[0], wanted, met)
        for given in with_any_strides(torch.from_numpy(x)):
            for way, found in {
                "eager": module.preprocess(given),
                "scripted": scripted(given),
                "several": module.preprocess_batch([given, given])[1],
                "a batch": module.preprocess_batch(given[None])[0],
                "vmap": torch.vmap(module.preprocess)(given.expand(2, *given.shape))[1],
            }.items():
                same(found.numpy(), wanted, bound, f"{way}, {size} by {given.stride()}")


@pytest.mark.parametrize("name", [name for name in TORCH if "nearest" not in name])
def test_a_column_with_any_strides_in_a_graph(name: str) -> None:
    built = build(converting("u8[h, w, c=3]", f"resize(h=6, w=8, sampler={name})"), ["torch"])
    columns = list(with_any_strides(torch.from_numpy(ramp(4, 1, 3))))
    module = built.modules["torch"].Preprocess()
    exported = torch.export.export(module, (columns[-1],)).module()
    (wanted,) = preprocess(built.pipeline, {"image": ramp(4, 1, 3)})
    for given in columns:
        same(exported(given).numpy(), wanted, 0, f"{given.stride()}")


@pytest.mark.parametrize("name", TORCH)
def test_sums_of_large_pictures(name: str) -> None:
    """torch has kernels of its own for four channels that lie last; they add in another order."""
    built = build(converting("f32[h, w, c=4] rgba", f"resize(h=224, w=224, sampler={name})"))
    x = np.random.default_rng(0).random((375, 500, 4), np.float32)
    for backend, module in built.modules.items():
        kinds = tensors_in_every_memory(x) if backend == "torch" else arrays_in_every_memory(x)
        for kind, value in kinds.items():
            wanted = plain(module.preprocess(given_to(backend, plain(value))))
            same(plain(module.preprocess(value)), wanted, 0, f"{backend} {kind}")


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
