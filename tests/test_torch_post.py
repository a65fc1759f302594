"""torch's `Postprocess` and `WithProcessing` on batches, and what they give in graphs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from support import Built, build, picture
from torch import nn

from kernels.boxes.nms_in_graph_torch import nms_in_graph
from kernels.boxes.nms_torch import nms

DETECTOR = """proc 1
pipeline p
input image: u8[h, w, c=3] bgr
pre {
    letterbox(h=64, w=64, fill=114, sampler=cv2.linear)
    convert(rgb)
    to_float(scale=1/255)
    layout(c, h, w)
}
model x: f32[c=3, h=64, w=64] rgb -> raw: f32[feature=7, anchor=40]
post {
    boxes, scores = decode_yolo(raw, classes=3, box=cxcywh)
    found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=20)
    found = back_to(found, image)
    found = clip_to(found, image)
    names = lookup(found.classes, table=("cat", "dog", "fish"))
    numbers = lookup(found.classes, table=(10, 20, 30))
    best = argmax(scores, over=class)
}
output found, names, numbers, best
"""
SIZES = [(48, 80), (80, 48), (640, 31)]


@pytest.fixture(scope="module")
def detector() -> Built:
    return build(DETECTOR, ["torch"])


def raws(samples: int, seed: int = 0) -> torch.Tensor:
    found = torch.rand(samples, 7, 40, generator=torch.Generator().manual_seed(seed))
    found[:, :4] *= 64
    found[:, 4:] *= 0.3
    return found


def assert_same_sample(batch: Any, i: int, one: Any) -> None:
    """A sample of an `Output` of a batch, and the `Output` of it alone."""
    assert one.names == batch.names[i]
    assert torch.equal(one.numbers, batch.numbers[i])
    assert torch.equal(one.best, batch.best[i])
    for part in one.found._fields:
        assert torch.equal(getattr(one.found, part), getattr(batch.found[i], part)), part


def assert_graph_holds(graph: Any, i: int, one: Any) -> None:
    """A sample of what a graph gives, and the `Output` of it alone."""
    count = len(one.found.scores)
    assert graph.found.counts[i] == graph.names_counts[i] == graph.numbers_counts[i] == count
    for part in one.found._fields:
        rows = getattr(graph.found, part)[i]
        assert torch.equal(rows[:count], getattr(one.found, part)), part
        assert rows.shape[0] == 20
        assert not rows[count:].any(), part
    assert torch.equal(graph.names[i], graph.found.classes[i])
    assert torch.equal(graph.numbers[i][:count], one.numbers)
    assert not graph.numbers[i][count:].any()
    assert torch.equal(graph.best[i], one.best)


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
    with pytest.raises(ValueError, match="tiles of pictures of one size make a batch, not of"):
        module.Postprocess()(tiles, tiles.mean((3, 4)), [(30, 40), (40, 30)])


# Graphs


@pytest.mark.parametrize("sizes", [(48, 80), SIZES])
def test_scripted_and_compiled(detector: Built, sizes: Any) -> None:
    module, given = detector.modules["torch"], raws(3)
    post = module.Postprocess()
    alone = [
        module.postprocess(x, sizes[i] if isinstance(sizes, list) else sizes)
        for i, x in enumerate(given)
    ]
    compiled = torch.compile(post, fullgraph=True, backend="aot_eager")
    graphs: list[Any] = [torch.jit.script(post), compiled]
    for graph in graphs:
        found = graph(given, sizes)
        for i, one in enumerate(alone):
            assert_graph_holds(found, i, one)


ALONE = """
import json, sys, torch
program = torch.export.load(sys.argv[1]).module()
found = program(torch.load(sys.argv[2]), (48, 80))
assert not any(name.startswith(("procdsl", "generated")) for name in sys.modules)
print(json.dumps({name: x.tolist() for name, x in found.items()}))
"""


@pytest.mark.parametrize("strict", [False, True])
def test_exported_for_any_batch(detector: Built, tmp_path: Path, strict: bool) -> None:
    """A dict by name, in a process that has torch alone."""
    module = detector.modules["torch"]
    post = module.Postprocess()
    dims = ({0: torch.export.Dim.DYNAMIC}, (None, None))
    program = torch.export.export(post, (raws(3), (48, 80)), dynamic_shapes=dims, strict=strict)
    torch.export.save(program, tmp_path / "post.pt2")
    torch.save(raws(5, seed=1), tmp_path / "raw.pt")
    command = [sys.executable, "-c", ALONE, str(tmp_path / "post.pt2"), str(tmp_path / "raw.pt")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    wanted = torch.jit.script(post)(raws(5, seed=1), (48, 80))
    assert sorted(found) == [
        *("best", "found.boxes", "found.classes", "found.counts", "found.scores"),
        *("names", "names.counts", "numbers", "numbers.counts"),
    ]
    for part in wanted.found._fields:
        assert found[f"found.{part}"] == getattr(wanted.found, part).tolist()
    for name in ("names", "numbers", "best"):
        assert found[name] == getattr(wanted, name).tolist()


def test_a_plain_result_is_exported_by_name() -> None:
    text = (
        "proc 1\npipeline p\nmodel x: f32[n=1] -> y: f32[k=3]\npost {\n"
        "    a = softmax(y, over=k)\n}\noutput a\n"
    )
    post = build(text, ["torch"]).modules["torch"].Postprocess()
    program = torch.export.export(
        post, (torch.zeros(2, 3),), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)
    )
    found = program.module()(torch.ones(5, 3))
    assert list(found) == ["a"]
    assert torch.equal(found["a"], post(torch.ones(5, 3)).a)


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
def test_traced(detector: Built) -> None:
    """For one size of pictures and batch; others, and what a trace would freeze, are refused."""
    module = detector.modules["torch"]

    class Head(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.post = module.Postprocess()

        def forward(self, raw: torch.Tensor) -> Any:
            return self.post(raw, (48, 80))

    traced = torch.jit.trace(Head(), (raws(3),), check_trace=False)
    wanted = torch.jit.script(module.Postprocess())(raws(3, seed=1), (48, 80))
    found = traced(raws(3, seed=1))
    for x, y in zip(found[0], wanted.found, strict=True):
        assert torch.equal(x, y)
    with pytest.raises(torch.jit.Error, match="expected shape .*, which was traced, got"):
        traced(raws(5, seed=1))
    with pytest.raises(ValueError, match="a graph takes a height and a width, not a tensor"):
        torch.jit.trace(module.Postprocess(), (raws(3), torch.tensor(SIZES)), check_trace=False)


@pytest.mark.parametrize("per_class", [True, False])
@pytest.mark.parametrize("every_label", [True, False])
@pytest.mark.parametrize(("score", "limit"), [(0.25, 300), (0.6, 4), (float("-inf"), 30)])
def test_nms_of_a_graph(per_class: bool, every_label: bool, score: float, limit: int) -> None:
    """The bits of the one that sorts, with ties, NaN and boxes without area."""
    rng = np.random.default_rng(3)
    corners = rng.integers(0, 40, (4, 50, 2)).astype(np.float32)
    boxes = torch.from_numpy(
        np.concatenate([corners, corners + rng.integers(0, 30, (4, 50, 2))], 2)
    )
    boxes = boxes.to(torch.float32)
    scores = torch.from_numpy(rng.integers(0, 9, (4, 50, 3)).astype(np.float32) / 8)
    scores[1, 4:9] = float("nan")
    scores[2] = float("nan")
    scores[3, :, 1] = float("-inf")
    boxes[3, 5] = float("nan")
    options = (score, 0.45, per_class, limit, every_label)
    wanted, found = nms(boxes, scores, *options), nms_in_graph(boxes, scores, *options)
    room = wanted[1].shape[1]
    assert torch.equal(found[3], wanted[3])
    assert int(found[3].max()) == room > 0
    for x, y in zip(found[:3], wanted[:3], strict=True):
        assert torch.equal(torch.nan_to_num(x[:, :room], 77), torch.nan_to_num(y, 77))
        assert not x[:, room:].any()
    for i in range(4):
        one = nms_in_graph(boxes[i], scores[i], *options)
        assert all(
            torch.equal(torch.nan_to_num(x), torch.nan_to_num(y[i]))
            for x, y in zip(one, found, strict=True)
        )
