"""A detector, whose results differ in length, and how those of batches and graphs are compared."""

from __future__ import annotations

from typing import Any

import torch

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
    columns = layout(found.boxes, box, found)
}
output found, names, numbers, best, columns
"""
SIZES = [(48, 80), (80, 48), (640, 31)]


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
    assert torch.equal(one.columns, batch.columns[i])
    for part in one.found._fields:
        assert torch.equal(getattr(one.found, part), getattr(batch.found[i], part)), part


def assert_graph_holds(graph: Any, i: int, one: Any) -> None:
    """A sample of what a graph gives, and the `Output` of it alone."""
    count = len(one.found.scores)
    assert graph.found.counts[i] == graph.names_counts[i] == graph.numbers_counts[i] == count
    assert graph.columns_counts[i] == count
    for part in one.found._fields:
        rows = getattr(graph.found, part)[i]
        assert torch.equal(rows[:count], getattr(one.found, part)), part
        assert rows.shape[0] == 20
        assert not rows[count:].any(), part
    assert torch.equal(graph.names[i], graph.found.classes[i])
    assert torch.equal(graph.numbers[i][:count], one.numbers)
    assert not graph.numbers[i][count:].any()
    assert torch.equal(graph.columns[i][:, :count], one.columns)
    assert not graph.columns[i][:, count:].any()
    assert torch.equal(graph.best[i], one.best)
