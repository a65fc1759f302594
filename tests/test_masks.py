"""Masks and key points: what is refused, and odd arrays, the same on every backend."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
import torch
from onnx_graphs import Graph, graphs
from support import BACKENDS, Built, build, run_post

from procdsl.checker.check import check
from procdsl.reference.interpreter import postprocess
from procdsl.source import Source

HEAD = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {{
    {pre}
}}
model x: u8[{sides}, c=3] rgb -> {outputs}
post {{
{post}}}
output {given}
"""
FIXED = "letterbox(h=24, w=32, fill=0, sampler=cv2.nearest)"
OPEN = "resize(short=24, sampler=cv2.nearest)"
BOXES = "b: f32[n=4, box=4] boxes(xyxy, pixels)"
MASKS = "m: f32[n=4, h=6, w=8]"


def source(outputs: str, post: str, pre: str = FIXED) -> str:
    steps = post.splitlines()
    return HEAD.format(
        pre=pre,
        sides="h=24, w=32" if pre == FIXED else "h, w",
        outputs=outputs,
        post="".join(f"    {step}\n" for step in steps),
        given=steps[-1].partition(" = ")[0],
    )


@pytest.mark.parametrize(
    ("outputs", "post", "pre", "code", "said"),
    [
        # masks and boxes that do not go together
        (f"{MASKS}, {BOXES.replace('4, box', '5, box')}", "m = crop_masks(m, b)", FIXED, "E319",
         "one box for each mask"),
        (f"m: f32[h=6, w=8], {BOXES}", "m = crop_masks(m, b)", FIXED, "E319", "masks of objects"),
        (f"m: f32[h=6, w=8, n=4], {BOXES}", "m = crop_masks(m, b)", FIXED, "E319",
         "layout(n, h, w)"),
        (f"m: i64[n=4, h=6, w=8], {BOXES}", "m = crop_masks(m, b)", FIXED, "E301", "dtype"),
        (f"{MASKS}, {BOXES}", "m = crop_masks(m, b)", OPEN, "E319", "how large the picture"),
        (f"{MASKS}, {BOXES}", "b = back_to(b, image)\nm = crop_masks(m, b)", FIXED, "E319",
         "in one picture by boxes in another"),
        (f"{MASKS}, {BOXES.replace('(xyxy', '(cxcywh')}", "m = crop_masks(m, b)", FIXED, "E329",
         "another form"),
        (f"{MASKS}, {BOXES}", "m = paste_masks(m, b, image, by=torchvision)", FIXED, "E317",
         "`back_to` of the boxes"),
        (f"{MASKS}, {BOXES}", "b = back_to(b, image)\nm = paste_masks(m, b, image, by=opencv)",
         FIXED, "E205", "torchvision, detectron2"),
        (MASKS, "b = masks_to_boxes(m, end=last)", FIXED, "E301", "dtype"),
        # segments
        (f"{MASKS}, s: f32[n=5], i: i64[n=4] ids",
         "a, c = panoptic(m, s, i, score=0.5, mask=0.5, overlap=0.8)\nz = cast(a, i32)",
         FIXED, "E319", "one of the scores for each mask"),
        ("m: bool[n=4, h=6, w=8], s: f32[n=4], i: i64[h=6, w=9] ids",
         "a, c, d = panoptic_fpn(m, s, i, classes=3, score=0, overlap=0.5, area=1)\n"
         "z = cast(a, i32)", FIXED, "E319", "a label for each pixel"),
        # key points
        ("k: f32[joint=3, h=6, w=8]",
         "p, s = decode_heatmap(k, refine=none)\nz = back_to(p, image)",
         OPEN, "E318", "how large the picture"),
        ("k: f32[joint=3, h, w]", "p, s = decode_heatmap(k, refine=none)\nz = back_to(p, image)",
         FIXED, "E307", "known size"),
        ("k: f32[h=6, w=8, joint=3]",
         "p, s = decode_heatmap(k, refine=none)\nz = back_to(p, image)", FIXED, "E307",
         "layout(joint, h, w)"),
        ("k: f32[joint=3, h=6, w=8]",
         "p, s = decode_heatmap(k, refine=dark)\nz = back_to(p, image)",
         FIXED, "E214", "11 for heat maps"),
        ("k: f32[joint=3, h=6, w=8]",
         "p, s = decode_heatmap(k, refine=quarter, blur=11)\nz = back_to(p, image)", FIXED, "E214",
         "leave `blur` out"),
        ("k: f32[joint=3, h=6, w=8]",
         "p, s = decode_heatmap(k, refine=udp, blur=12)\nz = back_to(p, image)", FIXED, "E214",
         "odd"),
        ("a: f32[joint=3, x=64], b: f32[joint=3, y=32]",
         "p, s = decode_simcc(a, b, split=2)\nz = back_to(p, image)", FIXED, "E322", "`split`"),
        ("a: f32[joint=3, x=48], b: f32[joint=3, y=64]",
         "p, s = decode_simcc(a, b, split=2)\nz = back_to(p, image)", FIXED, "E322",
         "x comes first"),
        ("a: f32[joint=3, x=64], b: f32[joint=4, y=48]",
         "p, s = decode_simcc(a, b, split=2)\nz = back_to(p, image)", FIXED, "E327", "same joints"),
        ("a: f32[joint=3], b: f32[joint=4]", "z = as_points(a, b)", FIXED, "E327",
         "one x and one y"),
        ("a: f32[joint=3], b: f32[joint=3]", "z = as_points(a, b)", FIXED, "E317",
         "z = back_to(z, image)"),
        # `clip_to` of what has no coordinates, or others
        ("p: f32[n=4, xy=2] points(xy, pixels)", "p = clip_to(p, image)", FIXED, "E317",
         "these points are not in pixels"),
        (MASKS, "z = clip_to(m, image)", FIXED, "E319", "works on boxes"),
        ("f: f32[xy=2, h=6, w=8] flow(xy, pixels)", "z = clip_to(f, image)", FIXED, "E319",
         "works on boxes"),
        ("p: f32[n=4, xy=2]", "z = clip_to(p, image)", FIXED, "E319", "points"),
        # a flow
        ("f: f32[xy=2, h=6, w=8] flow(xy, pixels)", "z = scale(f, multiply=2)", FIXED, "E317",
         "sampler=..."),
        ("f: f32[xy=2, h=6, w=8] flow", "f = back_to(f, image, sampler=cv2.linear)", FIXED, "E319",
         "flow(xy, pixels)"),
        ("f: f32[xy=3, h=6, w=8] flow(xy, pixels)", "f = back_to(f, image, sampler=cv2.linear)",
         FIXED, "E319", "f32[xy=2, h, w]"),
        ("m: bool[h, w]", "m = largest_component(m, neighbours=6)", FIXED, "E211", "4 or 8"),
        ("m: bool[k=3]", "m = largest_component(m, neighbours=8)", FIXED, "E319", "works on masks"),
        (MASKS, "z = sum(m, over=(h, h))", FIXED, "E307", "each of them once"),
        (MASKS, "z = sum(m, over=(n, h, w))", FIXED, "E307", "`flatten`"),
    ],
)  # fmt: skip
def test_what_is_refused(outputs: str, post: str, pre: str, code: str, said: str) -> None:
    found = check(Source("p.proc", source(outputs, post, pre))).diagnostics
    assert [d.code for d in found] == [code]
    assert said in " ".join((found[0].message, found[0].found, found[0].wanted, found[0].help))


SEGMENTS = "a, c = panoptic(m, s, i, score=0.5, mask=0.5, overlap=0.5, none=7, fuse=(2,))"
OUTPUTS = "m: f32[n, h, w], s: f32[n], i: i64[n] ids"


@cache
def segments() -> Built:
    return build(source(OUTPUTS, SEGMENTS), BACKENDS)


def test_ids_are_compared_and_never_looked_up() -> None:
    """A class may have any number: below 0, or beyond those that there are. Where all masks are 0 a
    pixel falls to the first."""
    masks = np.zeros((3, 2, 3), np.float32)
    masks[0, :, 0], masks[1, :, 1], masks[2, :, 2] = 0.9, 0.9, 0.9
    given = {"m": masks, "s": np.ones(3, np.float32), "i": np.array([-5, 2**60, 7])}
    wanted = [[1, 2, 1], [1, 2, 1]]
    for name, module in segments().modules.items():
        found = run_post(module, given, [])
        assert found["a"].tolist() == wanted, name
        assert found["c"].tolist() == [1, 2, 0], name
    graph = Graph(graphs(segments().pipeline)["post"])
    assert graph({key: x[None] for key, x in given.items()})["a"].tolist() == [wanted]


@pytest.mark.parametrize("shape", [(3, 0, 4), (3, 4, 0)])
def test_masks_without_pixels_are_refused(shape: tuple[int, ...]) -> None:
    given: dict[str, np.ndarray]
    given = {"m": np.zeros(shape, np.float32), "s": np.ones(3, np.float32), "i": np.arange(3)}
    for module in segments().modules.values():
        with pytest.raises(ValueError, match="m: expected sides of 1 to 16384 pixels, got"):
            run_post(module, given, [])


def test_no_queries_are_refused() -> None:
    """A pixel falls to one of them."""
    given: dict[str, np.ndarray]
    given = {"m": np.zeros((0, 2, 3), np.float32), "s": np.ones(0, np.float32), "i": np.arange(0)}
    for module in segments().modules.values():
        with pytest.raises(ValueError, match="m: expected .*1 or more"):
            run_post(module, given, [])


def test_of_no_objects_labels_are_left() -> None:
    post = "a, c, d = panoptic_fpn(m, s, i, classes=3, score=0.5, overlap=0.5, area=2)"
    text = source("m: bool[n, h, w], s: f32[n], i: i64[h, w] ids", post)
    built = build(text, BACKENDS)
    labels = np.array([[0, 1, 1, 9], [2, 1, 0, -1]])
    given = {"m": np.zeros((0, 2, 4), bool), "s": np.zeros(0, np.float32), "i": labels}
    wanted = [[0, 1, 1, 0], [0, 1, 0, 0]]
    for name, module in built.modules.items():
        found = run_post(module, given, [])
        assert found["a"].tolist() == wanted, name
        assert (found["c"].tolist(), found["d"].tolist()) == ([], [0, 1, 0]), name
    graph = Graph(graphs(built.pipeline)["post"])
    assert graph({key: x[None] for key, x in given.items()})["a"].tolist() == [wanted]


def test_masks_of_one_place_and_of_odd_boxes() -> None:
    """A mask of 1 x 1 fades from the middle of its box on, which reaches half a place beyond; it is
    0 where the box is none."""
    post = "m = paste_masks(m, b, image, by={})"
    outputs = "m: f32[n, h=1, w=1], b: f32[n, box=4] boxes(xyxy, pixels) @image"
    boxes = [(2, 1, 6, 5), (3, 3, 3, 9), (0, 0, np.nan, 4), (0, 0, np.inf, 4), (9, 9, 2, 2)]
    given = {"m": np.ones((5, 1, 1), np.float32), "b": np.array(boxes, np.float32)}
    built = build(source(outputs, post.format("detectron2")), BACKENDS)
    for name, module in built.modules.items():
        found = run_post(module, given, [(7, 9)])["m"]
        assert found[0, 2, 3] == found[0, 3, 4] == 0.875**2, name
        assert (found[0] > 0).sum() == 7 * 8, name
        assert not found[1:].any(), name
    built = build(source(outputs, post.format("torchvision")), BACKENDS)
    for name, module in built.modules.items():
        found = run_post(module, given, [(7, 9)])["m"]
        assert found[0].any(), name
        assert not found[2:].any(), name


@pytest.mark.parametrize("neighbours", [4, 8])
def test_the_largest_component_is_that_of_opencv(neighbours: int) -> None:
    """Of noise, with parts of every form; the reference floods them pixel by pixel."""
    text = source("m: bool[h, w]", f"m = largest_component(m, neighbours={neighbours})")
    built = build(text, BACKENDS)
    for seed in range(4):
        mask = np.random.default_rng(seed).random((40, 50)) > 0.5
        _, labels, stats, _ = cv2.connectedComponentsWithStats(
            mask.astype(np.uint8), connectivity=neighbours
        )
        wanted = labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax()
        (flooded,) = postprocess(built.pipeline, {"m": mask}, {})
        assert np.array_equal(np.asarray(flooded), wanted)
        for name, module in built.modules.items():
            assert np.array_equal(run_post(module, {"m": mask}, [])["m"], wanted), name
    with pytest.raises(RuntimeError, match="an exported graph cannot hold"):
        torch.export.export(built.modules["torch"].Postprocess(), (torch.ones(1, 4, 5) > 0,))


def test_rows_that_are_found_stand_behind_the_sides_of_a_picture() -> None:
    """Zeros are behind what is found along its axis, wherever that stands."""
    post = (
        "f = above(b, s, score=0.5, limit=5, indices=true)\nk = take(m, f.indices, along=n)\n"
        "k = back_to(k, image, sampler=cv2.linear)\nk = layout(k, h, w, found)"
    )
    outputs = "b: f32[n=3, box=4] boxes(xyxy, pixels), s: f32[n=3] scores, m: f32[n=3, h=6, w=8]"
    built = build(source(outputs, post), BACKENDS)
    given = {
        "b": np.zeros((3, 4), np.float32),
        "s": np.array([0.9, 0.2, 0.7], np.float32),
        "m": np.random.default_rng(2).random((3, 6, 8), np.float32) + 1,
    }
    wanted = run_post(built.modules["numpy"], given, [(20, 31)])["k"]
    assert wanted.shape == (20, 31, 2)
    batch = {name: x[None] for name, x in given.items()}
    graph = Graph(graphs(built.pipeline)["post"])
    found = graph({**batch, "image_size": np.array([(20, 31)])})
    post_of = torch.jit.script(built.modules["torch"].Postprocess())
    scripted = post_of(*map(torch.from_numpy, batch.values()), (20, 31))
    for k, counts in (
        (found["k"], found["k.counts"]),
        (scripted.k.numpy(), scripted.k_counts.numpy()),
    ):
        assert counts.tolist() == [2]
        assert k.shape == (1, 20, 31, 5)
        assert np.array_equal(k[0, ..., :2], wanted)
        assert not k[..., 2:].any()
