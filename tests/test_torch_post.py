"""torch's `Postprocess` and `WithProcessing` on batches."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from detections import DETECTOR, SIZES, assert_graph_holds, assert_same_sample, raws
from support import Built, build, picture
from torch import nn


@pytest.fixture(scope="module")
def detector() -> Built:
    return build(DETECTOR, ["torch"])


# Batches


def test_each_sample_has_its_own_way_back(detector: Built) -> None:
    module, given = detector.modules["torch"], raws(3)
    post = module.Postprocess()
    alone = [module.postprocess(x, size) for x, size in zip(given, SIZES, strict=True)]
    assert len({len(one.found.scores) for one in alone}) > 1
    images = [torch.from_numpy(picture(*size)) for size in SIZES]
    for sizes in (
        torch.tensor(SIZES),
        SIZES,
        images,
        [SIZES[0], images[1], torch.tensor(SIZES[2])],
    ):
        found = post(given, sizes)
        for i, one in enumerate(alone):
            assert_same_sample(found, i, one)
    for workers in (1, 2):
        listed = module.postprocess_batch(list(given), SIZES, workers=workers)
        for i, one in enumerate(alone):
            assert_same_sample(post(given, SIZES), i, listed[i])
            assert one.names == listed[i].names


def test_one_size_is_that_of_all(detector: Built) -> None:
    module, given = detector.modules["torch"], raws(3)
    post = module.Postprocess()
    images = torch.from_numpy(np.stack([picture(48, 80, seed=n) for n in range(3)]))
    for size in ((48, 80), torch.tensor([48, 80]), images, images[0]):
        found = post(given, size)
        for i in range(3):
            assert_same_sample(found, i, module.postprocess(given[i], (48, 80)))


def test_a_batch_of_none(detector: Built) -> None:
    module = detector.modules["torch"]
    found = module.Postprocess()(raws(0), (48, 80))
    assert found.found == found.names == found.numbers == []
    assert found.best.shape == (0, 40)
    assert module.postprocess_batch(raws(0), []) == []
    graph = torch.jit.script(module.Postprocess())(raws(0), (48, 80))
    assert graph.found.boxes.shape == (0, 20, 4)


@pytest.mark.parametrize(
    ("samples", "size", "said"),
    [
        (3, SIZES[:2], "image_size: expected one size, or one for each of 3 samples, got 2"),
        (3, torch.tensor(SIZES * 2), "expected one size, or one for each of 3 samples, got 6"),
        (-1, SIZES, "image_size: expected one size, got 3"),
        (3, [(48, 80), (48, 0), (48, 80)], "of 1 to 16384 pixels, got (48, 0)"),
        (3, [(48, 80), "48 x 80", (48, 80)], "image_size[1]: expected the picture or its"),
        (3, [(48, 80), (48, True), (48, 80)], "image_size[1]: expected the picture or its"),
        (3, None, "image_size: expected the picture or its (height, width)"),
        (3, torch.zeros(2, 4, 48, 80, dtype=torch.uint8), "image_size: expected shape (h, w, 3)"),
    ],
)
def test_sizes_that_fit_no_batch(detector: Built, samples: int, size: Any, said: str) -> None:
    given = raws(1)[0] if samples < 0 else raws(samples)
    with pytest.raises(ValueError, match=re.escape(said)):
        detector.modules["torch"].Postprocess()(given, size)


def test_an_error_names_the_sample(detector: Built) -> None:
    module = detector.modules["torch"]
    with pytest.raises(ValueError, match="^sample 1: image_size: expected the picture or its"):
        module.postprocess_batch(raws(3), [(48, 80), (48, 0), (48, 80)])
    with pytest.raises(ValueError, match=re.escape("sample 2: raw: expected shape (7, 40)")):
        module.postprocess_batch([*raws(2), raws(1)[0][:6]], SIZES)


def test_mixed_ranks() -> None:
    text = (
        "proc 1\npipeline p\nmodel x: f32[n=1] -> y: f32[k=3], z: f32[m=2]\npost {\n"
        "    a = softmax(y, over=k)\n    b = softmax(z, over=m)\n}\noutput a, b\n"
    )
    post = build(text, ["torch"]).modules["torch"].Postprocess()
    assert post(torch.zeros(4, 3), torch.zeros(4, 2)).b.shape == (4, 2)
    with pytest.raises(ValueError, match="^z: expected a batch of 4, as y is, got one sample$"):
        post(torch.zeros(4, 3), torch.zeros(2))
    with pytest.raises(ValueError, match="^z: expected a batch of 4, as y is, got a batch of 1$"):
        post(torch.zeros(4, 3), torch.zeros(1, 2))


def test_texts_of_a_batch(classifier: Built) -> None:
    module = classifier.modules["torch"]
    logits = torch.eye(4)[[2, 0, 3]] * 5
    found = module.Postprocess()(logits)
    assert found.label == [module.postprocess(x).label for x in logits]
    assert found.probabilities.shape == (3, 4)


# Round a model


class Finds(nn.Module):
    """Finds what depends on the picture."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        small = nn.functional.adaptive_avg_pool2d(x, (7, 40)).mean(1)
        return torch.cat([small[:, :4] * 64, small[:, 4:] * 0.5], 1)


def test_with_processing_takes_a_batch(detector: Built) -> None:
    module = detector.modules["torch"]
    whole = module.WithProcessing(Finds())
    images = torch.from_numpy(np.stack([picture(48, 80, seed=n) for n in range(3)]))
    found, scripted = whole(images), torch.jit.script(whole)
    graph = scripted(images)
    for i, image in enumerate(images):
        raw = Finds()(module.preprocess(image)[None])[0]
        one = module.postprocess(raw, (48, 80))
        assert len(one.found.scores) > 0
        assert_same_sample(found, i, one)
        assert_graph_holds(graph, i, one)
        assert torch.equal(scripted(image).found.boxes, graph.found.boxes[i])
    wrong = re.escape("image: expected shape (h, w, 3), or a batch of these, got [2, 3, 48, 80, 3]")
    with pytest.raises(ValueError, match=f"^{wrong}$"):
        whole(images.expand(2, 3, 48, 80, 3))


def test_tiles_of_a_batch() -> None:
    text = """proc 1
pipeline tiled
input image: u8[h, w, c=3] rgb
pre {
    to_float(scale=1/255)
    layout(c, h, w)
    tile(h=16, w=24, overlap=(5, 7), last=shifted)
}
model x: f32[tile, c=3, h=16, w=24] rgb -> y: f32[tile, k=3, h=16, w=24], s: f32[tile, k=3]
post {
    y = untile_map(y, image)
    s = softmax(s, over=k)
}
output y, s
"""
    module = build(text, ["torch"]).modules["torch"]

    class Model(nn.Module):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            assert x.dim() == 4
            return x, x.mean((2, 3))

    images = torch.from_numpy(np.stack([picture(30, 40, seed=n) for n in range(2)]))
    whole = module.WithProcessing(Model())
    found, scripted = whole(images), torch.jit.script(whole)(images)
    for i, image in enumerate(images):
        one = whole(image)
        assert one.y.shape == (3, 30, 40)
        for batch in (found, scripted):
            assert torch.equal(batch.y[i], one.y)
            assert torch.equal(batch.s[i], one.s)
    tiles = module.Preprocess()(images)
    with pytest.raises(ValueError, match="image_size: expected one size for a batch, which maps"):
        module.Postprocess()(tiles, tiles.mean((3, 4)), [(30, 40), (40, 30)])
