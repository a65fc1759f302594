"""torch's modules on batches: the bits of one by one, what is refused, and externs."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from extern_project import RGB, Project, file
from support import Built, build, compare_batch, picture, random_array, source_of

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


def test_what_takes_one_sample_takes_no_batch(classifier: Built) -> None:
    module = classifier.modules["torch"]
    wanted = re.escape("image: expected shape (h, w, 3), got [2, 8, 9, 3]")
    for call in (module.preprocess, module.WithProcessing(torch.nn.Identity())):
        with pytest.raises(ValueError, match=f"^{wanted}$"):
            call(pictures(2, 8, 9, 3))


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
