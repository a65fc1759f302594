"""Semantic, instance and panoptic segmentation: each backend and the graph against plain numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
from family import answers, bilinear, disk, forward, nearest, overlap, placed, sigmoid, softmax

SIZE = (75, 101)
CENTRES = np.array([(25, 20), (70, 30), (50, 60)], np.float32)
RADII = np.array([(18, 15), (20, 22), (30, 11)], np.float32)


def drawn(k: int) -> np.ndarray:
    """An object in the picture."""
    return np.asarray(disk(*SIZE, CENTRES[k], RADII[k]) > 0)


def seen(family: str, sharp: float) -> np.ndarray:
    """The objects as maps of 16 x 20 places of 4 pixels: above 0 inside of them."""
    corners = forward(placed(family, SIZE), np.stack([CENTRES - RADII, CENTRES + RADII], 1))
    middle, half = corners.mean(1), (corners[:, 1] - corners[:, 0]) / 2
    maps = [disk(16, 20, c, r, scale=4) for c, r in zip(middle, half, strict=True)]
    return (sharp * np.array(maps)).astype(np.float32)


def clear(maps: np.ndarray) -> np.ndarray:
    """Where one map is larger than all others, by more than a rounding."""
    ordered = np.sort(maps, axis=0)
    found: np.ndarray = ordered[-1] - ordered[-2] > 1e-5
    assert found.mean() > 0.99
    return found


def scores(family: str) -> np.ndarray:
    """For the ground and each object."""
    return np.concatenate([np.zeros((1, 16, 20), np.float32), seen(family, 5)])


def test_scores_are_resampled_and_then_the_largest_is_taken() -> None:
    """Hugging Face's `post_process_semantic_segmentation` of SegFormer."""
    logits = scores("segformer")
    maps = bilinear(logits, *SIZE)
    sure = clear(maps)
    for name, found in answers("segformer", {"logits": logits}, SIZE):
        assert np.array_equal(found["labels"][sure], maps.argmax(0)[sure]), name
        assert all(overlap(found["labels"] == k + 1, drawn(k)) > 0.9 for k in range(3)), name


def test_the_largest_is_taken_and_then_labels_are_resampled() -> None:
    """Open Model Zoo: `argmax` of what the model gives, and `cv2.resize` by INTER_NEAREST."""
    given = scores("open_model_zoo")
    wanted = nearest(given.argmax(0), *SIZE)
    for name, found in answers("open_model_zoo", {"scores": given}, SIZE):
        assert np.array_equal(found["labels"], wanted), name
        assert all(overlap(found["labels"] == k + 1, drawn(k)) > 0.7 for k in range(3)), name


def queries(family: str, of_class: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Three objects, of which each has a query, and the first a second one; a query of no object
    at a place of its own, and others that are not sure."""
    raw = np.full((9, 16, 20), -4, np.float32)
    raw[[0, 2, 5]] = seen(family, 9)
    raw[3] = raw[0] - 0.5
    raw[7, 12:, 14:] = 6
    raw[8, :4, 16:] = 6
    logits = np.zeros((9, 5), np.float32)
    for query, label, sure in zip((0, 2, 5, 3, 7), of_class, (7, 6, 5, 4, 8), strict=True):
        logits[query, label] = sure
    return {"logits": logits, "raw": raw}


def compute_segments(
    given: dict[str, np.ndarray], fuse: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`compute_segments` as Hugging Face's documentation has it: the map, the number of each query,
    and where a pixel is nobody's for sure."""
    every = softmax(given["logits"])
    ids, sure = every.argmax(-1), every.max(-1)
    kept = np.nonzero((ids != 4) & (sure > 0.5))[0]
    weighed = bilinear(sigmoid(given["raw"][kept]), *SIZE) * sure[kept, None, None]
    winner = weighed.argmax(0)
    segments, of_query = np.zeros(SIZE, int), np.zeros(len(ids), int)
    count = 0
    fused: dict[int, int] = {}
    for k, query in enumerate(kept):
        own, area = (winner == k).sum(), (weighed[k] >= 0.5).sum()
        if own == 0 or area == 0 or own / area <= 0.8:
            continue
        label = int(ids[query])
        if label not in fused:
            count += 1
        number = fused.get(label, count)
        if label in fuse:
            fused[label] = number
        segments[winner == k], of_query[query] = number, number
    return segments, of_query, clear(weighed)


def check_segments(found: Any, given: dict[str, np.ndarray], fuse: tuple[int, ...]) -> None:
    segments, of_query, sure = compute_segments(given, fuse)
    assert found["of_query"].tolist() == of_query.tolist()
    assert np.array_equal(found["segments"][sure], segments[sure])


def test_maskformer() -> None:
    """`post_process_semantic_`, `instance_` and `panoptic_segmentation` of one model."""
    given = queries("maskformer", (0, 1, 2, 0, 4))
    every = softmax(given["logits"])
    maps = bilinear(np.einsum("qc,qhw->chw", every[:, :-1], sigmoid(given["raw"])), *SIZE)
    flat = every[:, :-1].ravel().astype(np.float32)
    order = np.argsort(-flat, kind="stable")[:9]
    picked = given["raw"][order // 4]
    inside = picked > 0
    sure = (sigmoid(picked) * inside).sum((1, 2)) / (inside.sum((1, 2)) + 1e-6)
    for name, found in answers("maskformer", given, SIZE):
        semantic = clear(maps)
        assert np.array_equal(found["semantic"][semantic], maps.argmax(0)[semantic]), name
        assert np.allclose(found["best"], flat[order] * sure, atol=1e-6), name
        assert found["labels"].tolist() == (order % 4).tolist(), name
        assert np.array_equal(found["instances"], nearest(inside, *SIZE)), name
        check_segments(found, given, ())
        assert found["of_query"].tolist() == [1, 0, 2, 0, 0, 3, 0, 0, 0], name
        assert found["ids"][[0, 2, 5, 7]].tolist() == [0, 1, 2, 4], name


def test_detr_fuses_what_cannot_be_counted() -> None:
    """Two objects of class 2 are one segment; those of class 1 stay two."""
    for of_class, wanted in (((2, 1, 2, 2, 4), [1, 2, 1]), ((1, 2, 1, 1, 4), [1, 2, 3])):
        given = queries("detr_panoptic", of_class)
        for name, found in answers("detr_panoptic", given, SIZE):
            check_segments(found, given, (2, 3))
            assert found["of_query"][[0, 2, 5]].tolist() == wanted, name
            for k in range(3):
                part = (found["segments"] == wanted[k]) & drawn(k)
                assert part.sum() > 0.9 * drawn(k).sum(), name


def test_where_no_query_takes_part() -> None:
    """All are of no object: nothing is a segment."""
    given = queries("maskformer", (4, 4, 4, 4, 4))
    for name, found in answers("maskformer", given, SIZE):
        assert not found["segments"].any(), name
        assert not found["of_query"].any(), name
