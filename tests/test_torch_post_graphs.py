"""What torch's `Postprocess` and `WithProcessing` give in graphs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from detections import DETECTOR, SIZES, assert_graph_holds, raws
from support import Built, build, picture
from torch import nn

from kernels.boxes.nms_in_graph_torch import nms_in_graph
from kernels.boxes.nms_torch import nms
from kernels.runtime.zeros_behind_torch import zeros_behind


@pytest.fixture(scope="module")
def detector() -> Built:
    return build(DETECTOR, ["torch"])


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


@pytest.mark.parametrize("strict", [False, pytest.param(True, marks=pytest.mark.slow)])
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
        *("names", "names.counts", "numbers", "numbers.counts", "turned", "turned.counts"),
    ]
    for part in wanted.found._fields:
        assert found[f"found.{part}"] == getattr(wanted.found, part).tolist()
    for name in ("names", "numbers", "best", "turned"):
        assert found[name] == getattr(wanted, name).tolist()


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_zeros_behind_rows_along_any_axis(axis: int) -> None:
    """Of a sample, and of each of a batch."""
    x, counts = torch.ones(3, 4, 5, 6), torch.tensor([0, 2, 4])
    found = zeros_behind(x, counts, axis)
    for i, count in enumerate(counts.tolist()):
        rows, behind = found[i].split([count, x.shape[1 + axis] - count], dim=axis)
        assert rows.all()
        assert not behind.any()
        assert torch.equal(zeros_behind(x[i], counts[i], axis), found[i])


class Pooled(nn.Module):
    """A model of any batch, which gives boxes of all sizes and scores on both sides of 0.25."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found = nn.functional.adaptive_avg_pool2d(x.mean(1), (7, 40)).clamp(0, 1)
        return torch.cat([found[:, :4] * 64, found[:, 4:] * 0.6], dim=1)


@pytest.mark.parametrize("strict", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_whole_detector_is_exported_for_pictures_of_any_size(
    detector: Built, strict: bool
) -> None:
    """From pixels to boxes in the picture: any batch, height and width, upright and not."""
    whole = detector.modules["torch"].WithProcessing(Pooled()).eval()
    side = torch.export.Dim("h", min=2, max=8192), torch.export.Dim("w", min=2, max=8192)
    axes = ({0: torch.export.Dim("n", min=1, max=64), 1: side[0], 2: side[1]},)
    image = torch.from_numpy(np.stack([picture(48, 81, seed=n) for n in range(2)]))
    graph = torch.export.export(whole, (image,), dynamic_shapes=axes, strict=strict).module()
    scripted = torch.jit.script(whole)
    counts = set()
    for n, h, w in [(1, 33, 47), (3, 48, 81), (2, 90, 50), (2, 64, 64), (1, 128, 64), (2, 7, 200)]:
        image = torch.from_numpy(np.stack([picture(h, w, seed=i) for i in range(n)]))
        found, wanted = graph(image), scripted(image)
        counts |= set(wanted.found.counts.tolist())
        for part in wanted.found._fields:
            assert torch.equal(found[f"found.{part}"], getattr(wanted.found, part)), (h, w, part)
        for name in ("names", "numbers", "best", "turned"):
            assert torch.equal(found[name], getattr(wanted, name)), (h, w, name)
    assert max(counts) > 0


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


@pytest.mark.parametrize(
    ("per_class", "every_label"),
    [
        (True, True),
        (False, False),
        pytest.param(True, False, marks=pytest.mark.slow),
        pytest.param(False, True, marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize(("candidates", "of_class"), [(None, None), (20, None), (40, 3)])
@pytest.mark.parametrize(("score", "limit"), [(0.25, 300), (0.6, 4), (float("-inf"), 30)])
def test_nms_of_a_graph(
    per_class: bool,
    every_label: bool,
    score: float,
    limit: int,
    candidates: int | None,
    of_class: int | None,
) -> None:
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
    of_class = of_class if per_class else None
    options = (None, score, 0.45, per_class, limit, every_label, candidates, of_class)
    wanted, found = nms(boxes, scores, *options), nms_in_graph(boxes, scores, *options)
    room = wanted[1].shape[1]
    assert torch.equal(found[4], wanted[4])
    assert int(found[4].max()) == room > 0
    for x, y in zip(found[:4], wanted[:4], strict=True):
        assert torch.equal(torch.nan_to_num(x[:, :room], 77), torch.nan_to_num(y, 77))
        assert not x[:, room:].any()
    for i in range(4):
        one = nms_in_graph(boxes[i], scores[i], *options)
        assert all(
            torch.equal(torch.nan_to_num(x), torch.nan_to_num(y[i]))
            for x, y in zip(one, found, strict=True)
        )
