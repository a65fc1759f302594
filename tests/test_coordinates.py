"""The maps of coordinates: forward and back for points and boxes, one step and many."""

from __future__ import annotations

from functools import cache
from random import Random

import numpy as np
import pytest
import torch
from placing import kernel_for
from support import compiled, converting, source_of

from procdsl import registry
from procdsl.checker.check import check
from procdsl.ir.pipeline import Step
from procdsl.ir.unparse import call_text
from procdsl.opdef.errors import Problem
from procdsl.opdef.geometric import GeometricOp, followed
from procdsl.reference.interpreter import postprocess, preprocess
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.coordinates import AxisMap, Placement

H, W = 31, 45
STEPS = [
    ("resize(h=50, w=20, sampler=cv2.nearest)",),
    ("letterbox(h=64, w=64, fill=0, sampler=cv2.nearest)",),
    ("crop(top=3, left=5, h=20, w=25)",),
    ("pad(top=1, left=2, right=3, fill=0)",),
    ("flip(horizontal)",),
    ("flip(vertical)",),
    ("transpose()",),
    ("rotate(clockwise, degrees=90)",),
    ("rotate(clockwise, degrees=180)",),
    ("rotate(counterclockwise, degrees=90)",),
    (
        "flip(vertical)",
        "resize(h=50, w=20, sampler=cv2.nearest)",
        "rotate(clockwise, degrees=90)",
        "letterbox(h=64, w=48, fill=0, sampler=cv2.nearest)",
        "transpose()",
        "crop(center, h=30, w=31)",
    ),
]


def placements(steps: tuple[str, ...]) -> list[Placement]:
    pipeline = compiled(converting("u8[h, w, c=3] rgb", *steps))
    ops = [step.op for step in pipeline.serving()]
    return followed([op for op in ops if isinstance(op, GeometricOp)], H, W)


@pytest.mark.parametrize(
    "steps", STEPS, ids=[" ".join(s.partition("(")[0] for s in t) for t in STEPS]
)
def test_forward_then_back_is_the_identity(steps: tuple[str, ...]) -> None:
    found = placements(steps)
    rng = np.random.default_rng(0)
    points = (rng.random((4, 7, 2)) * (W, H)).astype(np.float32)
    boxes = np.sort(points.reshape(2, 7, 2, 2), axis=-2).reshape(2, 7, 4)
    moved, boxed = points, boxes
    for at in found:
        moved, boxed = at.points_forward(moved), at.boxes_forward(boxed)
        assert np.all(boxed[..., :2] <= boxed[..., 2:]), "a box has its corners in order"
    for at in reversed(found):
        moved, boxed = at.points_back(moved), at.boxes_back(boxed)
    assert moved.dtype == boxed.dtype == np.float32
    np.testing.assert_allclose(moved, points, atol=2e-5)
    np.testing.assert_allclose(boxed, boxes, atol=2e-5)


@pytest.mark.parametrize(
    "steps", STEPS, ids=[" ".join(s.partition("(")[0] for s in t) for t in STEPS]
)
def test_a_box_is_its_corners(steps: tuple[str, ...]) -> None:
    """The corners of a box, moved as points, are the corners of the box that is moved."""
    boxes = np.array([[4, 6, 20, 25], [0, 0, W, H]], np.float32)
    for at in placements(steps):
        corners = at.points_forward(boxes.reshape(-1, 2, 2))
        boxed = at.boxes_forward(boxes)
        wanted = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=-1)
        np.testing.assert_array_equal(boxed, wanted)
        boxes = boxed


def test_pixels_lie_where_the_map_puts_them() -> None:
    """A pixel with a mark of its own is found at the centre that the map gives."""
    for steps in STEPS[2:]:
        if any("resize" in step or "letterbox" in step for step in steps):
            continue
        pipeline = compiled(converting("u8[h, w, c=1] gray", *steps))
        (step,) = pipeline.serving()
        image = np.zeros((H, W, 1), np.uint8)
        image[10, 12] = 255
        found = step.op.reference(step.types, image)
        row, column, _ = np.argwhere(found == 255)[0]
        (at,) = placements(steps)
        x, y = at.points_forward(np.array([12.5, 10.5], np.float32))
        assert (x, y) == (column + 0.5, row + 0.5), steps


def test_an_axis_is_computed_in_the_stated_order() -> None:
    """(v * content) / source + offset and (v - offset) * source / content, each rounded."""
    m = AxisMap(source=1080, content=360, offset=140)
    v = np.array([0.1, 333.3, 1079.9], np.float32)
    f = np.float32
    np.testing.assert_array_equal(m.forward(v), v * f(360) / f(1080) + f(140))
    np.testing.assert_array_equal(m.inverse(v), (v - f(140)) * f(1080) / f(360))


@cache
def moving(name: str) -> list[GeometricOp]:
    """The ops of this name in its own cases that move pixels, each once."""
    found = {}
    for case in registry.op(name).cases():
        for step in compiled(source_of(case)).serving():
            if step.op.name == name and isinstance(step.op, GeometricOp):
                found[repr(step.op)] = step.op
    return list(found.values())


def placed(op: GeometricOp, h: int, w: int) -> tuple[Placement | None, tuple[int, ...]]:
    """Where an op puts a picture, as it says itself and in the order of the kernels' placements."""
    try:
        at = op.placement(h, w)
    except ValueError:
        return None, ()
    y, x = at.y, at.x
    sizes = (at.h, at.w, y.source, x.source, y.content, x.content, y.offset, x.offset)
    return at, (*sizes, at.transposed)


GEOMETRIC = [name for name in registry.op_names() if issubclass(registry.op(name), GeometricOp)]
PICTURES = [(31, 45), (45, 31), (64, 64), (7, 90), (1, 1), (640, 481), (12, 20), (333, 2)]


@pytest.mark.parametrize("name", GEOMETRIC)
def test_the_kernel_of_a_placement_says_the_same(name: str) -> None:
    """For the arguments of every case, as it is and as `torch.jit.script` compiles it."""
    ops = moving(name)
    assert ops
    for op in ops:
        rule = op.placement_rule
        kernel = kernel_for("numpy", rule)
        scripted = torch.jit.script(kernel)
        for h, w in PICTURES:
            at, wanted = placed(op, h, w)
            if at is None:
                with pytest.raises(ValueError, match="too small|too large"):
                    kernel(h, w, *rule.arguments, **rule.flags)
                continue
            assert tuple(kernel(h, w, *rule.arguments, **rule.flags)) == wanted, (op, h, w)
            assert tuple(scripted(h, w, *rule.arguments, **rule.flags)) == wanted, (op, h, w)
            boxes = np.array([[0, 0, w, h], [w / 4, h / 3, w / 2, h / 2]], np.float32)
            back = at.boxes_back(at.boxes_forward(boxes))
            np.testing.assert_allclose(back, boxes, atol=1e-3)
            points = boxes.reshape(4, 2)
            back = at.points_back(at.points_forward(points))
            np.testing.assert_allclose(back, points, atol=1e-3)


def takes(op: GeometricOp) -> bool:
    """Whether it takes pictures of u8: a fill may be of another dtype."""
    try:
        op.infer(Array("u8", (Axis("h"), Axis("w"), Axis.of("c", 3)), colour="rgb"))
    except Problem:
        return False
    return True


def drawn(rng: Random) -> tuple[list[str], int]:
    """Steps on `x` that a picture of H x W passes, and how many of them are warps."""
    steps: list[str] = []
    warps, h, w = 0, H, W
    while len(steps) < rng.randint(2, 6):
        if rng.random() < 0.3:
            warps, h, w = warps + 1, rng.randint(20, 60), rng.randint(20, 60)
            steps.append(f"warp(x, m{warps}, h={h}, w={w}, sampler=cv2.nearest, fill=0)")
            continue
        op = rng.choice(moving(rng.choice(GEOMETRIC)))
        at, _ = placed(op, h, w) if takes(op) else (None, ())
        if at is None or not 8 <= at.h <= 300 or not 8 <= at.w <= 300:
            continue
        h, w = at.h, at.w
        text = call_text(Step(op, (), (), flow=True))
        steps.append(text.replace("(", "(x, ", 1).replace("(x, )", "(x)"))
    return steps, warps


@pytest.mark.parametrize("seed", range(25))
def test_forward_then_back_through_random_steps(seed: int) -> None:
    """Points, and boxes where no warp turns them, within a thousandth of a pixel."""
    rng, numbers = Random(seed), np.random.default_rng(seed)
    steps, warps = drawn(rng)
    points, boxes = "f32[k=9, xy=2] points(xy, pixels)", "f32[n=5, box=4] boxes(xyxy, pixels)"
    text = "\n".join(
        [
            "proc 1\npipeline p\ninput image: u8[h, w, c=3] rgb",
            f"input p: {points}\ninput b: {boxes}",
            *(f"input m{i + 1}: f32[row=2, column=3]" for i in range(warps)),
            "pre {",
            *(f"x = {step}" for step in [steps[0].replace("(x", "(image", 1), *steps[1:]]),
            "q = forward_to(p, image, x)\nc = forward_to(b, image, x)\n}",
            f"model x: u8[h, w, c=3] rgb, q: {points}, c: {boxes} -> y: {points} @x, z: {boxes} @x",
            "post {\ny = back_to(y, image)\nz = back_to(z, image)\n}\noutput y, z\n",
        ]
    )
    pipeline = compiled(text)
    given: dict[str, np.ndarray] = {
        "image": np.zeros((H, W, 3), np.uint8),
        "p": (numbers.random((9, 2)) * (W, H)).astype(np.float32),
        "b": np.sort(numbers.random((5, 2, 2)) * (W, H), axis=1).reshape(5, 4).astype(np.float32),
    }
    upright = seed % 2
    for i in range(warps):
        a, b = numbers.uniform(0.5, 2), 0 if upright else numbers.uniform(-1, 1)
        matrix = [[a, -b, numbers.uniform(-9, 9)], [b, a, numbers.uniform(-9, 9)]]
        given[f"m{i + 1}"] = np.array(matrix, np.float32)
    _, q, c = map(np.asarray, preprocess(pipeline, given))
    known = {name: x for name, x in given.items() if name.startswith("m")}
    y, z = map(np.asarray, postprocess(pipeline, {"y": q, "z": c, **known}, {"image": (H, W)}))
    np.testing.assert_allclose(y, given["p"], atol=1e-3)
    if upright or not warps:
        np.testing.assert_allclose(z, given["b"], atol=1e-3)


@pytest.mark.parametrize("image", ["u8[h=10000, w=2, c=3] rgb", "u8[t=3, h=10000, w=2, c=3] rgb"])
def test_a_known_size_that_a_step_does_not_fit(image: str) -> None:
    """What a placement refuses is an error of the file where the size is known, at the step."""
    text = f"""proc 1
pipeline p
input image: {image}
pre {{
    resize(short=16384, sampler=cv2.linear)
}}
model x: {image} -> y: f32[n=1]
"""
    diagnostic = check(Source("p.proc", text)).diagnostics[0]
    assert (diagnostic.code, diagnostic.span.text) == (
        "E310",
        "resize(short=16384, sampler=cv2.linear)",
    )
    assert diagnostic.found == "an image would become 81920000 x 16384, too large: 16384 a side"
    assert diagnostic.wanted == "arguments that fit an image of 10000 x 2"
