"""Random detectors: boxes and scores as models give them, brought back to a picture."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from random_pre import COLOURS, STILLS, TRIES, Draw, letterbox, move, resize, type_after

from procdsl.checker.check import check
from procdsl.ir.pipeline import Pipeline
from procdsl.reference.probe import axis_sizes, check_size, picture, shape_of
from procdsl.source import Source
from procdsl.types.array import Array

ENDINGS = (
    ("found = back_to(found, image)", "found = clip_to(found, image)"),
    ("found = back_to(found, image)",),
    ("found = clip_to(found, image)",),
    (),
)
"""The ways back, of which a detector takes the first one that changes something."""

EXTRAS = (
    'names = lookup(found.classes, table=("a", "b", "c"))',
    'joined = lookup(found.classes, table=("a", "b", "c"), join="-")',
    "numbers = lookup(found.classes, table=(70, -1, 8))",
    "sure = threshold(found.scores, above=0.5)",
    "hundredths = scale(found.scores, multiply=100)",
    "turned = layout(found.boxes, box, found)",
    "best, of_class = max(scores, over=class)",
    "some, of_anchor = top(scores, over=anchor, k=2)",
)


def detector(seed: int) -> str:
    """A pipeline from pictures to boxes in them."""
    rng = Random(seed)
    image, moves = _moved(rng)
    now = type_after(image, moves)
    assert now is not None, "every step was tried before it was taken"
    tile = "tile, " if now.names[:1] == ("tile",) else ""
    anchors = rng.choice([1, 9, 40])
    outputs, post = rng.choice([_head, _boxes])(rng, tile, anchors)
    head = f"proc 1\npipeline p\ninput image: {image}\n"
    head += f"pre {{\n{_lines(moves)}}}\n" if moves else ""
    head += f"model x: {now} -> {outputs}\n"
    post += ["boxes, scores = untile_boxes(boxes, scores, image)"] * bool(tile)
    post.append(_nms(rng))
    for ending in ENDINGS:
        if _passes(_text(head, [*post, *ending])):
            post += ending
            break
    for extra in rng.sample(EXTRAS, rng.randint(0, 3)):
        if _passes(_text(head, [*post, extra])):
            post.append(extra)
    return _text(head, post)


def _moved(rng: Random) -> tuple[str, list[str]]:
    """The type of an image, and steps that move it."""
    image = rng.choice([*COLOURS, *STILLS[:4]])
    moves = ["convert(rgb)"] if "rows" in image else []
    for kind in rng.choices([resize, letterbox, move, move], k=rng.randint(0, 3)):
        for _ in range(TRIES):
            now = type_after(image, moves)
            assert now is not None, "every step was tried before it was taken"
            step = kind(Draw(rng, now))
            if type_after(image, [*moves, step]) is not None:
                moves.append(step)
                break
    return image, moves


def _head(rng: Random, tile: str, anchors: int) -> tuple[str, list[str]]:
    """What a model of YOLOv8's layout gives, and what makes boxes and scores of it."""
    box = rng.choice(["cxcywh", "xywh", "xyxy"])
    decode = f"boxes, scores = decode_yolo(raw, classes=3, box={box})"
    return f"raw: f32[{tile}feature=7, anchor={anchors}]", [decode]


def _boxes(rng: Random, tile: str, anchors: int) -> tuple[str, list[str]]:
    """The same of a model that gives corners, and scores or logits."""
    of_class = rng.choice([", class=3", ", class=3", ""])
    kind = rng.choice(["scores", "probabilities", "logits"])
    steps = []
    if kind == "logits":
        softmax = of_class and rng.randrange(2)
        steps = [f"scores = {'softmax(scores, over=class)' if softmax else 'sigmoid(scores)'}"]
    corners = f"boxes: f32[{tile}anchor={anchors}, box=4] boxes(xyxy, pixels)"
    return f"{corners}, scores: f32[{tile}anchor={anchors}{of_class}] {kind}", steps


def _nms(rng: Random) -> str:
    score = rng.choice(["score=0.25, ", "score=0.1, ", "score=0.6, ", ""])
    iou, limit = rng.choice(["0.45", "1/3", "0", "0.7"]), rng.choice([1, 7, 300])
    labels = rng.choice(["", "", ", labels=every"])
    per = rng.choice(["class", "all"])
    rule = f"{score}iou={iou}, per={per}, limit={limit}{labels}"
    other = rng.randrange(6)
    if other == 0:
        return f"found = soft_nms(boxes, scores, by=linear, {rule})"
    if other == 1:
        rule = f"score=0.2, iou={iou}, models={rng.choice([1, 2])}, candidates=50, limit={limit}"
        return f"found = weighted_boxes_fusion(boxes, scores, {rule}{labels})"
    return f"found = nms(boxes, scores, {rule})"


def _text(head: str, post: list[str]) -> str:
    given = dict.fromkeys(name for line in post for name in line.split(" = ")[0].split(", "))
    names = [name for name in given if name not in ("boxes", "scores")]
    return f"{head}post {{\n{_lines(post)}}}\noutput {', '.join(names)}\n"


def _lines(steps: list[str]) -> str:
    return "".join(f"    {step}\n" for step in steps)


def _passes(text: str) -> bool:
    return check(Source("p.proc", text)).pipeline is not None


def found_by_model(rng: np.random.Generator, type_: Array, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers of boxes on a coarse grid, and scores with ties, of which a few are NaN."""
    found = np.asarray(rng.integers(0, 9, shape) / 8)
    if type_.kind == "logits":
        found = rng.standard_normal(shape) * 2
    elif type_.kind == "boxes":
        found[...] = rng.integers(0, 24, shape)
    elif type_.kind is None:
        found[..., :4, :] = rng.integers(0, 24, found[..., :4, :].shape)
    found[rng.random(shape) < 0.02] = np.nan
    return found.astype(np.float32)


def sizes_that_fit(pipeline: Pipeline, seed: int) -> list[tuple[int, int]]:
    """Up to three sizes of pictures that pass `pre`; with tiles the same one three times."""
    rng, found = Random(seed), []
    (image,) = pipeline.inputs
    for _ in range(40):
        size = picture(image, (rng.randint(1, 40), rng.randint(1, 40)))
        try:
            check_size(pipeline, size)
        except ValueError:
            continue
        found.append(size)
    if not found:
        pytest.skip("no picture of such a size passes")
    tiles = "tile" in axis_sizes(pipeline, found[0])
    return found[:1] * 3 if tiles else found[:3]


def outputs_of_model(
    pipeline: Pipeline, sizes: Sequence[tuple[int, int]], seed: int
) -> list[dict[str, np.ndarray]]:
    """What the model gives for a picture of each size."""
    rng, samples = np.random.default_rng(seed), []
    for size in sizes:
        tiles = axis_sizes(pipeline, size)
        sample = {}
        for value in pipeline.model.outputs:
            assert isinstance(value.type, Array)
            sample[value.name] = found_by_model(rng, value.type, shape_of(value.type, size, tiles))
        samples.append(sample)
    return samples
