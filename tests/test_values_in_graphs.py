"""The ops on values in graphs of torch: scripted, compiled, and exported for any batch."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from support import build

SOURCE = """\
proc 1
pipeline p
model i: f32[n=1] -> logits: f32[query=20, class=7] logits, boxes: f32[query=20, box=4],
    raw: f32[feature=24, h=3, w=5], prototypes: f32[k=4, y=6, x=8], picture: f32[c=3, v=4, u=5]
post {
    kept = select(logits, class, stop=-1)
    s = sigmoid(kept)
    scores, query, labels = top(s, over=(query, class), k=9)
    picked = take(boxes, query, along=query)
    bins = unflatten(raw, feature, axes=(side, bin), sizes=(4, 6))
    bins = flatten(bins, h, w, to=anchor)
    sides = expected(bins, over=bin)
    both = concat(sides, sides, along=anchor)
    first = select(both, side, index=0)
    weights = unflatten(boxes, box, axes=(one, k), sizes=(1, 4))
    masks = matmul(weights, prototypes, over=k)
    unit = l2_normalize(boxes, over=box)
    length = norm(boxes, over=box)
    again = multiply(unit, length)
    less = subtract(again, boxes)
    more = add(boxes, length)
    ratio = divide(more, length)
    logs = log_softmax(logits, over=class)
    shown = denormalize(picture, mean=(0.4, 0.5, 0.6), std=(0.2, 0.3, 0.4))
}
output scores, labels, picked, both, first, masks, less, ratio, logs, shown
"""
SHAPES = ((20, 7), (20, 4), (24, 3, 5), (4, 6, 8), (3, 4, 5))


def given(count: int, seed: int) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(count, *shape, generator=generator) for shape in SHAPES]


@pytest.fixture(scope="module")
def post() -> torch.nn.Module:
    module: Any = build(SOURCE, ["torch"]).modules["torch"]
    found: torch.nn.Module = module.Postprocess()
    return found


def same(found: Any, wanted: Any) -> None:
    for name in wanted._fields:
        one = found[name] if isinstance(found, dict) else getattr(found, name)
        assert torch.equal(one, getattr(wanted, name)), name


def test_scripted_and_compiled(post: torch.nn.Module) -> None:
    compiled = torch.compile(post, fullgraph=True, backend="aot_eager")
    for graph in (torch.jit.script(post), compiled):
        same(graph(*given(3, 0)), post(*given(3, 0)))


@pytest.mark.parametrize("strict", [False, True])
def test_exported_for_any_batch(post: torch.nn.Module, strict: bool) -> None:
    dims = tuple({0: torch.export.Dim.DYNAMIC} for _ in SHAPES)
    program = torch.export.export(post, tuple(given(3, 0)), dynamic_shapes=dims, strict=strict)
    for count in (2, 5):
        same(program.module()(*given(count, 1)), post(*given(count, 1)))
