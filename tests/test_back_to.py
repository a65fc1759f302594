"""`back_to`: the numbers of torch's own calls; maps and points come back where they were drawn."""

from __future__ import annotations

import re
from random import Random

import numpy as np
import pytest
import torch
from onnx_graphs import Graph, graphs
from support import BACKENDS, Built, build, picture, run_post
from torch import nn

from procdsl.checker.check import check
from procdsl.opdef.geometric import GeometricOp, followed
from procdsl.reference.interpreter import postprocess, preprocess
from procdsl.source import Source

HEAD = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {{
    {pre}
    to_float(scale=1/255)
    layout(c, h, w)
}}
model x: f32[c=3, h=64, w=64] rgb -> y: {y}
"""
LETTERBOX = "letterbox(h=64, w=64, fill=114, sampler=cv2.linear)"
SCORES = "f32[class=5, h=16, w=16] logits"
BACK = (
    "post {\n    y = back_to(y, image, sampler=torch.bilinear)\n    i = argmax(y, over=class)\n}\n"
)


def scores(n: int = 1) -> torch.Tensor:
    return torch.randn(n, 5, 16, 16, generator=torch.Generator().manual_seed(n))


def interpolated(x: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    return nn.functional.interpolate(x, size=size, mode="bilinear", align_corners=False)


@pytest.fixture(scope="module")
def segmenter() -> Built:
    return build(HEAD.format(pre=LETTERBOX, y=SCORES) + BACK + "output y, i\n", BACKENDS)


def test_a_stretched_picture_is_resampled_once() -> None:
    """What Hugging Face computes: one interpolation of the scores, and then the largest."""
    pre = "resize(h=64, w=64, sampler=pil.bilinear)"
    built = build(HEAD.format(pre=pre, y=SCORES) + BACK + "output y, i\n", BACKENDS)
    y = scores()
    wanted = interpolated(y, (33, 50))[0]
    for name, module in built.modules.items():
        found = run_post(module, {"y": y[0].numpy()}, [(33, 50)])
        assert np.allclose(found["y"], wanted, atol=1e-6), name
        assert (found["i"] == wanted.argmax(0).numpy()).mean() > 0.999


def test_a_border_is_cut_by_whole_pixels_of_the_input(segmenter: Built) -> None:
    """What MMSegmentation computes: to the input's size, without the border, to the picture's."""
    y = scores()
    whole = interpolated(y, (64, 64))[:, :, 12:51]  # 100 x 61 lies in rows 12 to 50
    wanted = interpolated(whole, (61, 100))[0]
    for name, module in segmenter.modules.items():
        found = run_post(module, {"y": y[0].numpy()}, [(61, 100)])
        assert np.allclose(found["y"], wanted, atol=1e-6), name


def test_of_no_masks_there_are_none_of_the_size_of_the_picture() -> None:
    """What is found may be nothing; a graph says so, too."""
    text = HEAD.format(pre=LETTERBOX, y="f32[k, h=16, w=16]")
    steps = "m = back_to(y, image, sampler=torch.bilinear)\n    m = threshold(m, above=0)"
    built = build(f"{text}post {{\n    {steps}\n}}\noutput m\n", BACKENDS)
    y = np.zeros((0, 16, 16), np.float32)
    (wanted,) = postprocess(built.pipeline, {"y": y}, {"image": (61, 100)})
    assert isinstance(wanted, np.ndarray)
    assert wanted.shape == (0, 61, 100)
    for name, module in built.modules.items():
        found = run_post(module, {"y": y}, [(61, 100)])["m"]
        assert (found.shape, found.dtype) == ((0, 61, 100), bool), name
    graph = Graph(graphs(built.pipeline)["post"])
    given = {"y": y[None].repeat(2, 0), "image_size": np.array([(61, 100)] * 2)}
    assert graph(given)["m"].shape == (2, 0, 61, 100)


MOVES = (
    "letterbox(h=120, w=140, fill=9, sampler=cv2.linear)",
    "letterbox(h=200, w=160, fill=9, sampler=pil.bilinear, anchor=top_left)",
    "resize(h=150, w=130, sampler=cv2.linear)",
    "resize(short=110, sampler=pil.bilinear)",
    "pad(top=3, left=5, fill=9)",
    "pad(multiple=32, anchor=center, fill=9)",
    "crop(center, h=90, w=80)",
    "crop(center, h=300, w=100, fill=9)",
    "flip(horizontal)",
    "flip(vertical)",
    "rotate(clockwise, degrees=90)",
    "rotate(counterclockwise, degrees=180)",
    "transpose()",
)


@pytest.mark.parametrize("seed", range(25))
def test_a_disk_comes_back_where_it_was_drawn(seed: int) -> None:
    """The model gives the picture that it is shown; what crops left away is dark."""
    steps = Random(seed).sample(MOVES, 4)
    lines = "\n    ".join(steps)
    fill = ", fill=0" * any(step.startswith("crop") for step in steps)
    built = build(
        "proc 1\npipeline p\ninput image: u8[h, w] gray\n"
        f"pre {{\n    {lines}\n}}\nmodel x: u8[h, w] gray -> y: u8[h, w]\n"
        f"post {{\n    y = back_to(y, image, sampler=cv2.linear{fill})\n}}\noutput y\n",
        BACKENDS,
    )
    rows, columns = np.mgrid[:180, :240]
    image = np.where((rows - 80) ** 2 + (columns - 150) ** 2 < 1600, 255, 0).astype(np.uint8)
    image[70:75, 140:160] = 128
    shown, white = (
        np.asarray(preprocess(built.pipeline, {"image": x})[0])
        for x in (image, np.full_like(image, 255))
    )
    for name, module in built.modules.items():
        found = run_post(module, {"y": shown}, [image.shape])["y"]
        assert found.shape == image.shape, name
        seen = run_post(module, {"y": white}, [image.shape])["y"] > 200
        assert seen.mean() > 0.15, name
        apart = np.abs(found.astype(int) - image)[seen]
        assert (apart > 64).mean() < 0.03, (name, steps)


@pytest.mark.parametrize("seed", range(25))
def test_points_come_back_where_they_were(seed: int) -> None:
    """What `pre` does to points, undone: to a thousandth of a pixel."""
    steps = Random(seed).sample(MOVES, 4)
    lines = "\n    ".join(steps)
    built = build(
        "proc 1\npipeline p\ninput image: u8[h, w] gray\n"
        f"pre {{\n    {lines}\n}}\nmodel x: u8[h, w] gray -> y: f32[k=9, xy=2] points(xy, pixels)\n"
        "post {\n    y = back_to(y, image)\n}\noutput y\n",
        BACKENDS,
    )
    drawn = np.random.default_rng(seed).uniform(0, 180, (9, 2)).astype(np.float32)
    moved = drawn
    ops = [step.op for step in built.pipeline.serving() if isinstance(step.op, GeometricOp)]
    for at in followed(ops, 180, 240):
        moved = at.points_forward(moved)
    for name, module in built.modules.items():
        found = run_post(module, {"y": np.asarray(moved, np.float32)}, [(180, 240)])["y"]
        assert np.abs(np.asarray(found) - drawn).max() < 1e-3, (name, steps)


def test_points_that_stay_in_other_pixels_are_told() -> None:
    text = HEAD.format(pre=LETTERBOX, y="f32[k=9, xy=2] points(xy, pixels)")
    found = check(Source("p.proc", text + "output y\n")).diagnostics
    assert [(d.code, "back_to(y, image)" in d.help) for d in found] == [("E317", True)]


@pytest.mark.parametrize(
    ("pre", "y", "post", "code", "said"),
    [
        (LETTERBOX, SCORES, "y = back_to(y, image)", "E209", "resamples it"),
        (
            "resize(h=80, w=80, sampler=cv2.linear)\n    crop(center, h=64, w=64)",
            SCORES,
            "y = back_to(y, image, sampler=cv2.linear)",
            "E209",
            "does not say what lies outside the crop",
        ),
        (
            LETTERBOX,
            "u8[h=16, w=16] ids",
            "y = back_to(y, image, sampler=cv2.linear)",
            "E325",
            "takes means of ids",
        ),
        (
            LETTERBOX,
            SCORES,
            "y = argmax(y, over=class)\n    y = back_to(y, image, sampler=cv2.linear)",
            "E402",
            "takes means of ids",
        ),
        (
            LETTERBOX,
            SCORES,
            "y = back_to(y, image, sampler=cv2.linear, fill=0)",
            "E320",
            "this argument changes nothing",
        ),
        (
            LETTERBOX,
            "f32[tile=2, class=3, h=16, w=16]",
            "y = back_to(y, image, sampler=cv2.linear)",
            "E319",
            "more than one axis beside h and w",
        ),
        (
            LETTERBOX,
            "i64[h=16, w=16]",
            "y = back_to(y, image, sampler=cv2.linear)",
            "E402",
            "`cv2.linear` is not defined for i64",
        ),
        (
            LETTERBOX,
            "f32[anchor=9, box=4] boxes(xyxy, pixels)",
            "y = back_to(y, image, sampler=cv2.linear)",
            "E214",
            "`sampler` has no effect on boxes",
        ),
        (
            LETTERBOX,
            "f32[k=9, xy=2]",
            "y = back_to(y, image)",
            "E319",
            "of numbers that are not said to be points",
        ),
    ],
)
def test_what_is_refused(pre: str, y: str, post: str, code: str, said: str) -> None:
    text = HEAD.format(pre=pre, y=y) + f"post {{\n    {post}\n}}\noutput y\n"
    found = check(Source("p.proc", text)).diagnostics
    assert [(d.code, said in d.message) for d in found] == [(code, True)]


def test_a_batch_is_of_one_size(segmenter: Built) -> None:
    module, y = segmenter.modules["torch"], scores(2)
    found = module.Postprocess()(y, (61, 100))
    for i in range(2):
        assert torch.equal(found.y[i], module.postprocess(y[i], (61, 100)).y)
    said = "image_size: expected one size for a batch, which maps and tiles need, got (61, 100) and"
    with pytest.raises(ValueError, match=re.escape(said)):
        module.Postprocess()(y, [(61, 100), (100, 61)])
    listed = module.postprocess_batch(y, [(61, 100), (100, 61)])
    assert [tuple(one.i.shape) for one in listed] == [(61, 100), (100, 61)]


class Scores(nn.Module):
    """A model of any batch that gives a map at a quarter of its input."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        small = nn.functional.avg_pool2d(x, 4)
        return torch.cat([small, 1 - small[:, :2]], dim=1)


def test_from_pixels_to_a_map_of_them_in_graphs(segmenter: Built) -> None:
    whole = segmenter.modules["torch"].WithProcessing(Scores()).eval()
    images = torch.from_numpy(np.stack([picture(48, 81, seed=n) for n in range(2)]))
    other = torch.from_numpy(np.stack([picture(90, 41, seed=n) for n in range(3)]))
    n, h, w = torch.export.Dim("n", min=1, max=64), *map(_side, ("h", "w"))
    exported = torch.export.export(
        whole, (images,), dynamic_shapes=({0: n, 1: h, 2: w},), strict=False
    ).module()
    scripted = torch.jit.script(whole)
    for given in (images, other):
        wanted = whole(given).i
        assert wanted.shape == given.shape[:3]
        assert torch.equal(scripted(given).i, wanted)
        assert torch.equal(exported(given)["i"], wanted)


def _side(name: str) -> torch.export.Dim:
    return torch.export.Dim(name, min=2, max=8192)
