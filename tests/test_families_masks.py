"""Masks of objects: each backend and the graph against plain numpy, and the objects as drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from family import answers, bilinear, built, disk, forward, letterboxed, overlap, placed

SIZE = (90, 137)
CENTRES = np.array([(40, 30), (90, 55), (112, 22)], np.float32)
RADII = np.array([(20, 13), (30, 20), (15, 16)], np.float32)
CORNERS = np.stack([CENTRES - RADII, CENTRES + RADII], 1)


def drawn() -> np.ndarray:
    """The objects in the picture."""
    return np.array([disk(*SIZE, c, r) > 0 for c, r in zip(CENTRES, RADII, strict=True)])


def yolo() -> dict[str, np.ndarray]:
    """What YOLO-seg gives of them: one anchor each, one more that overlaps, and prototypes of the
    objects, beside which each is told to lie in a corner, too."""
    corners = forward(placed("yolo_seg", SIZE), CORNERS)
    middle, sides = corners.mean(1), corners[:, 1] - corners[:, 0]
    raw = np.full((15, 60), 0.05, np.float32)
    prototypes = np.zeros((8, 32, 40), np.float32)
    for k, (anchor, score) in enumerate(((33, 0.9), (5, 0.8), (17, 0.7))):
        raw[:4, anchor] = *middle[k], *sides[k]
        raw[4 + k, anchor] = score
        raw[7:, anchor] = np.eye(8)[k] + np.eye(8)[3]
        prototypes[k] = 6 * disk(32, 40, middle[k], sides[k] / 2, scale=4)
    prototypes[3, 27:, :8] = 500
    raw[:, 40] = raw[:, 33] - np.float32(0.3) * np.eye(15, dtype=np.float32)[4]
    return {"raw": raw, "prototypes": prototypes}


def cropped(masks: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """`crop_mask`: from x1 to below x2, from y1 to below y2."""
    y, x = np.mgrid[: masks.shape[1], : masks.shape[2]]
    x1, y1, x2, y2 = (boxes[:, i, None, None] for i in range(4))
    return masks * ((x >= x1) & (x < x2) & (y >= y1) & (y < y2))


def whole(masks: np.ndarray) -> np.ndarray:
    """To the model's input, without the border, to the picture."""
    top, left, h, w = letterboxed(SIZE, 128, 160)
    inside = bilinear(masks, 128, 160)[:, top : top + h, left : left + w]
    return bilinear(inside, *SIZE)


def in_picture(boxes: np.ndarray) -> np.ndarray:
    """`scale_boxes` and `clip_boxes`."""
    top, left, h, w = letterboxed(SIZE, 128, 160)
    moved = boxes.copy()
    moved[:, 0::2] = (boxes[:, 0::2] - left) * SIZE[1] / w
    moved[:, 1::2] = (boxes[:, 1::2] - top) * SIZE[0] / h
    return np.clip(moved, 0, [SIZE[1], SIZE[0]] * 2)


def decoded(given: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The boxes that are kept, best first, and their masks as logits."""
    rows = given["raw"].T[[33, 5, 17]].astype(np.float64)
    boxes = np.concatenate([rows[:, :2] - rows[:, 2:4] / 2, rows[:, :2] + rows[:, 2:4] / 2], 1)
    return boxes, np.einsum("nk,khw->nhw", rows[:, 7:], given["prototypes"])


def same_masks(found: np.ndarray, logits: np.ndarray, name: str, bound: float = 0) -> None:
    """Equal but where the logit is as good as the bound."""
    clear = (np.abs(logits - bound) > 1e-4) | (logits == 0)
    assert found.shape == logits.shape, name
    assert clear.mean() > 0.99
    assert np.array_equal(found[clear], (logits > bound)[clear]), name


def test_yolo_cuts_and_resamples() -> None:
    """Ultralytics' `process_mask`: `crop_mask` at the prototypes' size, then `interpolate`."""
    given = yolo()
    boxes, logits = decoded(given)
    wanted = whole(cropped(logits, boxes / 4))
    for name, found in answers("yolo_seg", given, SIZE):
        assert np.allclose(found["found"]["boxes"], in_picture(boxes), atol=1e-3), name
        assert found["found"]["classes"].tolist() == [0, 1, 2], name
        assert found["found"]["indices"].tolist() == [33, 5, 17], name
        same_masks(found["masks"], wanted, name)
        assert found["areas"].tolist() == found["masks"].sum((1, 2)).tolist(), name
        for mask, real in zip(found["masks"], drawn(), strict=True):
            assert overlap(mask, real) > 0.85, name


def test_yolo_resamples_and_cuts() -> None:
    """`process_mask_native`: the masks are of the size of the picture when they are cut."""
    given = yolo()
    boxes, logits = decoded(given)
    wanted = cropped(whole(logits), in_picture(boxes))
    assert (whole(logits) > 0)[:, 85:, :20].all(), "there is something to cut"
    for name, found in answers("yolo_seg_native", given, SIZE):
        same_masks(found["masks"], wanted, name)
        for mask, real, outline in zip(found["masks"], drawn(), found["outlines"], strict=True):
            assert overlap(mask, real) > 0.9, name
            rows, columns = mask.any(1).nonzero()[0], mask.any(0).nonzero()[0]
            ends = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
            assert outline.tolist() == ends, name


@pytest.mark.parametrize("family", ["yolo_seg", "yolo_seg_native"])
def test_where_nothing_is_found(family: str) -> None:
    """No box, and no mask, of the size of the picture."""
    given = {**yolo(), "raw": np.zeros((15, 60), np.float32)}
    for name, found in answers(family, given, SIZE):
        assert found["masks"].shape == (0, *SIZE), name
        assert found["masks"].dtype == bool, name
        assert found["found"]["boxes"].shape == (0, 4), name


# R-CNN


def rcnn() -> dict[str, np.ndarray]:
    """Boxes in the resized picture, of which one is a doubt, and a mask of each within its box."""
    corners = forward(placed("mask_rcnn", SIZE), CORNERS).reshape(3, 4)
    corners[1] += (-3, 2, 4, 60)  # it reaches out of the picture
    boxes = np.concatenate([corners[:1], corners[2:0:-1], corners[:1] + 3]).astype(np.float32)
    masks = np.stack([disk(28, 28, np.array([14, 14]), np.array([14, 14]))] * 4) * 2 + 0.5
    masks[2, :, 20:] = 0.2
    scores = np.array([0.9, 0.8, 0.7, 0.4], np.float32)
    return {
        "boxes": boxes,
        "scores": scores,
        "labels": np.array([3, 1, 2, 3]),
        "masks": masks.clip(0, 1).astype(np.float32),
    }


def back(boxes: np.ndarray, to: tuple[int, int]) -> np.ndarray:
    """`resize_boxes`: each side by its own ratio."""
    return boxes * np.array([SIZE[1] / to[1], SIZE[0] / to[0]] * 2)


def by_torchvision(mask: np.ndarray, box: np.ndarray) -> np.ndarray:
    """`expand_masks`, `expand_boxes`, and `paste_mask_in_image`, as its documentation has them."""
    middle, half = (box[2:] + box[:2]) / 2, (box[2:] - box[:2]) / 2 * (30 / 28)
    x1, y1, x2, y2 = (int(v) for v in np.concatenate([middle - half, middle + half]))
    large = bilinear(np.pad(mask, 1), max(y2 - y1 + 1, 1), max(x2 - x1 + 1, 1))
    found = np.zeros(SIZE)
    top, left = max(y1, 0), max(x1, 0)
    bottom, right = min(y2 + 1, SIZE[0]), min(x2 + 1, SIZE[1])
    found[top:bottom, left:right] = large[top - y1 : bottom - y1, left - x1 : right - x1]
    return found


def by_detectron2(mask: np.ndarray, box: np.ndarray) -> np.ndarray:
    """`_do_paste_mask`: torch's own `grid_sample` at the middles of the pixels."""
    y = (np.arange(SIZE[0]) + 0.5 - box[1]) / (box[3] - box[1]) * 2 - 1
    x = (np.arange(SIZE[1]) + 0.5 - box[0]) / (box[2] - box[0]) * 2 - 1
    grid = np.stack(np.meshgrid(x, y), -1)[None]
    given = torch.from_numpy(mask[None, None].astype(np.float64))
    sampled = torch.nn.functional.grid_sample(given, torch.from_numpy(grid), align_corners=False)
    found: np.ndarray = sampled[0, 0].numpy()
    return found


@pytest.mark.parametrize(
    ("family", "paste"), [("mask_rcnn", by_torchvision), ("mask_rcnn_detectron2", by_detectron2)]
)
def test_masks_of_boxes_are_pasted(family: str, paste: Any) -> None:
    given = rcnn()
    ratio = min(128 / SIZE[0], 160 / SIZE[1])
    boxes = back(given["boxes"][:3], (round(SIZE[0] * ratio), round(SIZE[1] * ratio)))
    pasted = np.array([paste(*each) for each in zip(given["masks"], boxes, strict=False)])
    for name, found in answers(family, given, SIZE):
        assert np.allclose(found["found"]["boxes"], boxes, atol=1e-3), name
        assert found["found"]["classes"].tolist() == [3, 1, 2], name
        same_masks(found["masks"], pasted, name, bound=0.5)
        assert overlap(found["masks"][0], drawn()[0]) > 0.9, name


@pytest.mark.parametrize("family", ["mask_rcnn", "mask_rcnn_detectron2"])
def test_no_mask_is_pasted(family: str) -> None:
    given = {name: x[:0] for name, x in rcnn().items()}
    for name, found in answers(family, given, SIZE):
        assert (found["masks"].shape, found["masks"].dtype) == ((0, *SIZE), bool), name
    post = built(family).modules["torch"].Postprocess()
    batch = [torch.from_numpy(np.stack([x, x])) for x in given.values()]
    assert [x.shape for x in post(*batch, SIZE).masks] == [(0, *SIZE)] * 2
    room = post.in_graph(*batch, SIZE)
    assert room.masks.shape == (2, 10, *SIZE)
    assert (room.masks.any(), room.masks_counts.tolist()) == (False, [0, 0])


def combined(masks: np.ndarray, scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """`combine_semantic_and_instance_outputs`, as its comments have it."""
    segments, count = np.zeros(SIZE, int), 0
    for i in np.argsort(-scores):
        if scores[i] < 0.5:
            break
        shared = masks[i] & (segments > 0)
        if masks[i].any() and shared.sum() / masks[i].sum() <= 0.5:
            count += 1
            segments[masks[i] & (segments == 0)] = count
    for label in np.unique(labels):
        left = (labels == label) & (segments == 0)
        if label and left.sum() >= 300:
            count += 1
            segments[left] = count
    return segments


def test_objects_before_labels() -> None:
    """Panoptic FPN: one object is hidden by a surer one, one label is too small."""
    given = rcnn()
    given["classes"] = given.pop("labels")
    given["scores"] = np.array([0.9, 0.8, 0.7, 0.6], np.float32)
    stuff = np.zeros((4, 32, 40), np.float32)
    stuff[1, :, :20], stuff[2, :, 20:], stuff[3, :4, 15:19] = 2, 2, 3
    order = ("boxes", "scores", "classes", "masks")
    outputs = {**{name: given[name] for name in order}, "stuff": stuff}
    for name, found in answers("panoptic_fpn", outputs, SIZE):
        labels = bilinear(stuff, *SIZE).argmax(0)
        assert (found["labels"] == labels).mean() > 0.99, name
        masks, scores = found["masks"], found["found"]["scores"]
        assert np.array_equal(found["segments"], combined(masks, scores, found["labels"])), name
        assert found["of_object"].tolist() == [1, 2, 3, 0], name
        assert found["of_class"].tolist() == [0, 4, 5, 0], name
        of_first = (found["segments"] == 1) & drawn()[0]
        assert of_first.sum() > 0.9 * drawn()[0].sum(), name
    outputs = {**{name: given[name][:0] for name in order}, "stuff": stuff}
    for name, found in answers("panoptic_fpn", outputs, SIZE):
        assert found["of_object"].shape == (0,), name
        assert found["of_class"].tolist() == [0, 1, 2, 0], name
