"""torch's modules on batches: the bits of one by one, what is refused, and externs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from cases import compare_batch
from extern_project import RGB, Project, file
from support import Built, build, picture, random_array, same, source_of

from kernels.boxes.boxes_back_torch import boxes_back
from kernels.boxes.boxes_clipped_torch import boxes_clipped
from kernels.boxes.boxes_xyxy_torch import boxes_xyxy
from kernels.geometry.placement import Placement
from kernels.runtime.groups_of_size_torch import groups_of_size
from kernels.scores.expected_value_torch import expected_value
from kernels.scores.largest_torch import largest
from kernels.scores.log_softmax_torch import log_softmax
from kernels.scores.lookup_number_torch import lookup_number
from kernels.scores.sigmoid_torch import sigmoid
from kernels.scores.softmax_torch import softmax
from kernels.scores.top_k_of_two_torch import top_k_of_two
from kernels.scores.top_k_torch import top_k
from kernels.values.lengths_torch import l2_normalized, norm
from kernels.values.matmul_torch import matmul
from kernels.values.taken_torch import taken
from procdsl.opdef.op import Case
from procdsl.types.array import Array

TWO = (
    "proc 1\npipeline p\ninput left: u8[h, w, c=3] rgb\ninput right: u8[h, w] gray\n"
    "pre {\n"
    "    a = resize(left, h=20, w=24, sampler=torch.bilinear)\n"
    "    b = pad(right, h=40, w=50, anchor=center, fill=7)\n"
    "}\n"
    "model a: u8[h=20, w=24, c=3] rgb, b: u8[h=40, w=50] gray -> y: f32[n=1]\n"
)


ROWS = "u8[rows, w, c=3] rgb"


def pictures(*shape: int) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(2).integers(0, 256, shape).astype(np.uint8))


def test_several_inputs_are_a_batch_together() -> None:
    preprocess = build(TWO, ["torch"]).modules["torch"].Preprocess()
    left, right = pictures(3, 31, 33, 3), pictures(3, 35, 41)
    found = preprocess(left, right)
    for i in range(3):
        wanted = preprocess(left[i], right[i])
        assert torch.equal(found.a[i], wanted.a)
        assert torch.equal(found.b[i], wanted.b)
    for given, words in (
        ((left, right[0]), "expected a batch of 3, as left is, got one sample"),
        ((left[0], right), "expected one sample, as left is, got a batch of 3"),
        ((left, right[:2]), "expected a batch of 3, as left is, got a batch of 2"),
        ((left[:0], right[:2]), "expected a batch of 0, as left is, got a batch of 2"),
    ):
        with pytest.raises(ValueError, match=f"^right: {words}$"):
            preprocess(*given)
    with pytest.raises(
        ValueError, match="^right: expected a tensor on cpu, as left is, got one on"
    ):
        preprocess(left, right.to("meta"))


def test_what_takes_one_sample_takes_no_batch(classifier: Built) -> None:
    module = classifier.modules["torch"]
    wanted = re.escape("image: expected shape (h, w, 3), got [2, 8, 9, 3]")
    with pytest.raises(ValueError, match=f"^{wanted}$"):
        module.preprocess(pictures(2, 8, 9, 3))
    with pytest.raises(ValueError, match=re.escape("logits: expected shape (4,), got [2, 4]")):
        module.postprocess(torch.zeros(2, 4))


@pytest.mark.parametrize(
    ("steps", "image", "size"),
    [
        ("resize(h=97, w=88, sampler=cv2.linear)\ncrop(center, h=60, w=51)", "rgb", (301, 260)),
        ("resize(h=397, w=288, sampler=cv2.linear)\ncrop(center, h=360, w=51)", "rgb", (301, 260)),
        ("resize(h=97, w=88, sampler=pil.bilinear)\ncrop(center, h=60, w=51)", "rgb", (301, 260)),
        ("crop(center, h=120, w=91)\nresize(h=60, w=45, sampler=pil.bicubic)", "rgb", (301, 260)),
        ("crop(center, h=200, w=180)\nresize(h=100, w=90, sampler=cv2.linear)", "rgb", (301, 260)),
        ("crop(center, h=200, w=181)\nresize(h=90, w=90, sampler=cv2.area)", "rgb", (301, 260)),
        ("resize(h=90, w=333, sampler=cv2.lanczos4)", "rgb", (301, 260)),
        ("letterbox(h=300, w=256, fill=(1, 2, 3), sampler=cv2.linear_exact)", "rgb", (211, 260)),
        ("convert(cv2.lab)", "rgb", (301, 260)),
    ],
)
def test_large_pictures(steps: str, image: str, size: tuple[int, int]) -> None:
    """Where a strip of rows ends in the middle of a picture, and where it reaches over several."""
    text = source_of(Case(steps, image=f"u8[h, w, c=3] {image}"))
    built = build(text, ["torch"])
    rng = np.random.default_rng(4)
    (value,) = built.pipeline.inputs
    assert isinstance(value.type, Array)
    compare_batch(built, [{"image": random_array(rng, value.type, size)} for _ in range(3)])


def test_more_leading_axes_are_no_batch(classifier: Built) -> None:
    wanted = re.escape("image: expected shape (h, w, 3), or a batch of these, got [1, 2, 8, 9, 3]")
    with pytest.raises(ValueError, match=f"^{wanted}$"):
        classifier.modules["torch"].Preprocess()(pictures(1, 2, 8, 9, 3))


def test_an_extern_sees_one_sample_at_a_time(project: Project) -> None:
    """Its results must have one shape."""
    project.write(
        "shop/filters.py",
        "import numpy as np\n\n\ndef cut(x):\n    assert x.ndim == 3\n"
        "    return np.ascontiguousarray(x[: 2 + x[0, 0, 0] % 2])\n",
    )
    text = file(f'cut from "shop.filters:cut" ({RGB}) -> {ROWS}', "cut()", model=ROWS)
    preprocess = project.build(text, ["torch"]).modules["torch"].Preprocess()
    images = torch.from_numpy(np.stack([picture(6, 5, seed) for seed in range(3)]))
    images[:, 0, 0, 0] = 8
    assert torch.equal(preprocess(images), images[:, :2])
    images[1, 0, 0, 0] = 7
    with pytest.raises(ValueError, match=r"the extern .* of one shape in a batch, got \["):
        preprocess(images)
    with pytest.raises(ValueError, match="the extern .* expected samples, got a batch of none$"):
        preprocess(images[:0])


# What `post` is made of

PLACED = Placement(64, 64, 100, 130, 3, 5, 50, 40)
POST: dict[str, Callable[[torch.Tensor], Any]] = {
    "softmax": lambda x: softmax(x, -2),
    "softmax, last": lambda x: softmax(x, -1),
    "log_softmax": lambda x: log_softmax(x, -2),
    "sigmoid": sigmoid,
    "top of two": lambda x: top_k_of_two(x, 9, [-1, -2], -1),
    "expected": lambda x: expected_value(x, torch.arange(7.0), -2),
    "take": lambda x: taken(x, x[..., :3, :2].abs().long().clamp(max=6), -2, 2, 2, False),
    "matmul": lambda x: matmul(x[..., :5], x[..., :5, 0], (-1, -1), (2, 1)),
    "norm": lambda x: norm(x, -2),
    "l2_normalize": lambda x: l2_normalized(x, -1, 1e-12),
    "max": lambda x: largest(x, -2),
    "max, last": lambda x: largest(x, -1),
    "top, last": lambda x: top_k(x, 3, -1),
    "top": lambda x: top_k(x, 3, -2),
    "decode_yolo": lambda x: boxes_xyxy(x[..., :4, :].swapaxes(-1, -2), "cxcywh"),
    "back_to": lambda x: boxes_back(x[..., :4, :].swapaxes(-1, -2), [PLACED]),
    "clip_to": lambda x: boxes_clipped(x[..., :4, :].swapaxes(-1, -2), [(1, 2)]),
    "lookup": lambda x: lookup_number(x.abs().long().clamp(max=9), torch.arange(10) * 3),
}


@pytest.mark.parametrize("name", POST)
def test_kernels_of_post_take_leading_axes(name: str) -> None:
    """The bits of one by one, with ties and NaN among the scores."""
    x = torch.from_numpy(np.random.default_rng(6).standard_normal((2, 3, 7, 1001), np.float32) * 3)
    x[0, 1, 2:5, :50] = 7
    if name != "lookup":
        x[1, 0, 3, 5:9] = float("nan")
    found = POST[name](x)
    for i in range(2):
        for j in range(3):
            wanted = POST[name](x[i, j])
            pairs = (
                zip(found, wanted, strict=True) if isinstance(found, tuple) else [(found, wanted)]
            )
            for batch, one in pairs:
                same(batch[i, j].numpy(), one.numpy(), 0, name)


# Lists of any sizes


ANY = (
    "proc 1\npipeline p\ninput image: u8[h, w, c=3] rgb\npre {\n%s\n}\nmodel x: %s -> y: f32[n=1]\n"
)
FIXED = ANY % (
    "resize(h=20, w=24, sampler=cv2.linear)\nto_float(scale=1/255)\nlayout(c, h, w)",
    "f32[c=3, h=20, w=24] rgb",
)
SQUARE = ANY % ("pad(square, anchor=center, fill=3)", "u8[h, w, c=3] rgb")
SHAPES = [(31, 33), (40, 25), (31, 33), (31, 33), (40, 25), (33, 31)]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_mixed_sizes_are_one_by_one(workers: int) -> None:
    module = build(FIXED, ["torch"]).modules["torch"]
    images = [pictures(*shape, 3).add_(i) for i, shape in enumerate(SHAPES)]
    wanted = torch.stack([module.preprocess(image) for image in images])
    assert torch.equal(module.preprocess_batch(images, workers=workers), wanted)
    wide = torch.full((*wanted.shape[:-1], 2 * wanted.shape[-1]), 9.0)
    out = wide[..., ::2]
    assert module.preprocess_batch(images, out=out, workers=workers) is out
    assert torch.equal(out, wanted)
    assert bool((wide[..., 1::2] == 9).all())
    one_size = torch.stack([images[i] for i in (0, 2, 3)])
    assert torch.equal(module.preprocess_batch(one_size, workers=workers), wanted[[0, 2, 3]])
    assert module.preprocess_batch([], workers=workers).shape == (0, 3, 20, 24)


def test_results_of_any_size_and_of_several_inputs() -> None:
    module = build(SQUARE, ["torch"]).modules["torch"]
    images = [pictures(*shape, 3).add_(i) for i, shape in enumerate(((9, 7), (7, 9), (9, 5)))]
    wanted = torch.stack([module.preprocess(image) for image in images])
    assert torch.equal(module.preprocess_batch(images), wanted)
    with pytest.raises(ValueError, match="^a batch needs samples of one shape, got "):
        module.preprocess_batch([*images, images[0][:8, :5]])
    module = build(TWO, ["torch"]).modules["torch"]
    lefts = [pictures(*shape, 3).add_(i) for i, shape in enumerate(SHAPES)]
    rights = [pictures(35, 41).add_(i) for i in range(len(SHAPES))]
    found = module.preprocess_batch(lefts, rights)
    for i, (left, right) in enumerate(zip(lefts, rights, strict=True)):
        one = module.preprocess(left, right)
        assert torch.equal(found.a[i], one.a)
        assert torch.equal(found.b[i], one.b)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_first_bad_sample_is_named(workers: int) -> None:
    module = build(FIXED, ["torch"]).modules["torch"]
    good = pictures(4, 5, 3)
    for bad, kind, words in (
        (good[0], ValueError, r"expected shape \(h, w, 3\), got \[5, 3\]"),
        (good[None], ValueError, r"expected shape \(h, w, 3\), got \[1, 4, 5, 3\]"),
        (good.float(), TypeError, "expected dtype torch.uint8, got torch.float32"),
        (good[..., :2], ValueError, r"expected shape \(h, w, 3\), got \[4, 5, 2\]"),
        (good.numpy(), TypeError, "expected a torch tensor, got ndarray"),
        (good.to_sparse(), TypeError, "expected a dense tensor, got torch.sparse_coo"),
    ):
        for images in ([good, bad, good], [good, bad, bad]):
            with pytest.raises(kind, match=f"^sample 1: image: {words}"):
                module.preprocess_batch(images, workers=workers)


def test_a_group_is_of_one_size_and_of_4_mib_at_most() -> None:
    sample = torch.zeros(1, dtype=torch.uint8).expand(1 << 17)
    other = sample[:5]
    images = [sample, other, *[sample] * 40, other]
    mib = [i for i in range(42) if i != 1]
    assert groups_of_size([images], 43, [1], 1) == [mib[:32], mib[32:], [1, 42]]
    assert groups_of_size([images], 43, [1], 4) == [
        *(mib[i : i + 11] for i in range(0, 41, 11)), [1], [42]
    ]  # fmt: skip
    huge = torch.zeros(1, dtype=torch.uint8).expand(5 << 20)
    assert groups_of_size([[huge, huge]], 2, [1], 1) == [[0], [1]]
    assert groups_of_size([[None, other, 3, other[None]]], 4, [1], 1) == [[0], [1], [2], [3]]


def test_a_batch_carries_no_gradient() -> None:
    text = FIXED.replace("u8[", "f32[").replace("to_float(scale=1/255)", "scale(multiply=2)")
    module = build(text, ["torch"]).modules["torch"]
    images = torch.rand(2, 31, 33, 3, requires_grad=True)
    found = module.preprocess_batch(images)
    assert not found.requires_grad
    assert torch.equal(found[0], module.preprocess(images[0]).detach())
