"""Affine crops: against OpenCV and what mmpose and insightface compute, and the way back."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import onnx
import onnx.parser
import pytest
import torch
from onnx_graphs import Graph, check_post, graphs
from support import (
    as_input,
    build,
    compare,
    compiled,
    past_model,
    picture,
    ramp,
    run,
    run_post,
    same,
    to_numpy,
)

from procdsl.bake.bake import bake
from procdsl.bake.samples import Sample, built_in
from procdsl.bake.source import ModelSource
from procdsl.bake.target import target
from procdsl.checker.check import check
from procdsl.plan.places import plan
from procdsl.records import replace
from procdsl.registry import op
from procdsl.source import Source
from procdsl.types.constants import Word

OURS = f"cv{'2' if cv2.__version__ >= '5' else '4'}"
"""What the installed OpenCV's numerics are called."""
POSE = """proc 1
pipeline pose
input image: u8[h, w, c=3] bgr
input person: f32[box=4] boxes(xyxy, pixels)
pre {
    m = crop_matrix(person, h=64, w=48, grow=1.25)
    x = warp(image, m, h=64, w=48, sampler=cv4.linear, fill=0)
    x = convert(x, rgb)
    x = to_float(x, scale=1/255)
    x = layout(x, c, h, w)
}
model x: f32[c=3, h=64, w=48] rgb -> points: f32[k=5, xy=2] points(xy, pixels) @x, score: f32[k=5]
post {
    points = back_to(points, image)
}
output points, score
"""


def matrices(count: int) -> list[np.ndarray]:
    """Turns, scales and shifts; every third one is upright."""
    rng = np.random.default_rng(3)
    found = []
    for i in range(count):
        turn, scale = (rng.uniform(-3.2, 3.2) if i % 3 else 0.0), rng.uniform(0.3, 3)
        a, b = scale * np.cos(turn), scale * np.sin(turn)
        x, y = rng.uniform(-20, 40, 2)
        found.append(np.array([[a, -b, x], [b, a, y]], np.float32))
    return found


@pytest.mark.parametrize("kernel", ["linear", "nearest"])
@pytest.mark.parametrize("dtype", ["u8", "f32"])
def test_opencv(kernel: str, dtype: str) -> None:
    """Where OpenCV fuses a multiplication and an addition, some values are the next ones."""
    flags, apart = {"linear": cv2.INTER_LINEAR, "nearest": cv2.INTER_NEAREST}[kernel], []
    for i, matrix in enumerate(matrices(60)):
        x = picture(20 + i, 77 - i, i)
        x = x if dtype == "u8" else x.astype(np.float32) / np.float32(255)
        fill = 114 if dtype == "u8" else 0.5
        warp = op("warp")(h=33, w=29, sampler=Word(f"{OURS}.{kernel}"), fill=fill)  # type: ignore[call-arg]
        wanted = cv2.warpAffine(x, matrix, (29, 33), flags=flags, borderValue=(fill,) * 3)
        found = warp.reference((), x, matrix)
        apart.append(np.abs(found.astype(np.float64) - wanted))
    off = np.stack(apart)
    if kernel == "nearest":
        assert np.mean(off > 0) <= 1e-4
    elif dtype == "u8":
        assert off.max() <= (OURS == "cv2")
        assert np.mean(off > 0) <= 1e-4
    else:
        assert off.max() <= 2e-5


def mmpose_matrix(box: np.ndarray, h: int, w: int, grow: float) -> np.ndarray:
    """GetBBoxCenterScale, TopdownAffine and get_warp_matrix, by their documentation."""
    scale, centre = (box[2:] - box[:2]) * grow, (box[2:] + box[:2]) * 0.5
    across = max(scale[0], scale[1] * (w / h))
    source = np.array([centre, centre - [0, across / 2], [0, 0]], np.float32)
    aim = np.array([[w / 2, h / 2], [w / 2, h / 2 - w / 2], [0, 0]], np.float32)
    for corners in (source, aim):
        a, b = corners[:2]
        corners[2] = b + [-(a - b)[1], (a - b)[0]]
    return np.asarray(cv2.getAffineTransform(source, aim))


def test_the_matrix_of_a_person() -> None:
    rng = np.random.default_rng(1)
    crop = op("crop_matrix")(h=256, w=192, grow=1.25)  # type: ignore[call-arg]
    for _ in range(100):
        x, y, w, h = rng.uniform(1, 900, 4)
        box = np.array([x, y, x + w, y + h], np.float32)
        found, wanted = crop.reference((), box), mmpose_matrix(box, 256, 192, 1.25)
        assert np.allclose(found, wanted, rtol=1e-5, atol=2e-3 * wanted[0, 0])
    tall = crop.reference((), np.array([100, 100, 148, 228], np.float32))
    assert np.allclose(tall, [[1.6, 0, 96 - 1.6 * 124], [0, 1.6, 128 - 1.6 * 164]], rtol=1e-6)


def umeyama(source: np.ndarray, aim: np.ndarray) -> np.ndarray:
    """Umeyama (1991), equations 40 to 42, with singular values."""
    u, v = source - source.mean(0), aim - aim.mean(0)
    left, values, right = np.linalg.svd(v.T @ u / len(u))
    signs = np.array([1, np.sign(np.linalg.det(left) * np.linalg.det(right))])
    turn = left * signs @ right
    scale = (values * signs).sum() / (u**2).sum(1).mean()
    return np.column_stack([scale * turn, aim.mean(0) - scale * turn @ source.mean(0)])


def test_the_matrix_of_a_face() -> None:
    x = (38.2946, 73.5318, 56.0252, 41.5493, 70.7299)
    y = (51.6963, 51.5014, 71.7366, 92.3655, 92.2041)
    align, rng = op("align_matrix")(x=x, y=y), np.random.default_rng(2)  # type: ignore[call-arg]
    aim = np.column_stack([x, y])
    for matrix in matrices(60):
        landmarks = (aim @ matrix[:, :2].T + matrix[:, 2] + rng.normal(0, 3, (5, 2))) * (1, 1)
        landmarks = landmarks.astype(np.float32)
        found = align.reference((), landmarks)
        assert np.allclose(found, umeyama(landmarks.astype(np.float64), aim), rtol=1e-5, atol=1e-4)
    mirrored = (aim * (-1, 1)).astype(np.float32)  # no mirror is a turn
    assert np.linalg.det(align.reference((), mirrored)[:, :2]) > 0
    assert np.allclose(align.reference((), mirrored), umeyama(mirrored, aim), atol=1e-4)


def test_a_person_there_and_back() -> None:
    """Key points in the crop are, in the picture, where mmpose has them."""
    image, person = picture(480, 640), np.array([200, 100, 300, 400], np.float32)
    given = {"image": image, "person": person}
    crop = np.array([[0, 0], [24, 32], [48, 64], [11.5, 50.25], [-3, 70]], np.float32)
    outputs = {"points": crop, "score": np.ones(5, np.float32)}
    exact = mmpose_matrix(person.astype(np.float64), 64, 48, 1.25)
    wanted = (crop - exact[:, 2]) / exact[0, 0]
    built = build(POSE)
    past = past_model(built.pipeline, given)
    assert list(past) == ["m"]
    for module in built.modules.values():
        fed, matrix = run(module, given)
        same(matrix, past["m"], 0, "m")
        assert fed.shape == (3, 64, 48)
        found = run_post(module, outputs | past, [(480, 640)])
        assert np.allclose(found["points"], wanted, atol=2e-3)
        inside = module.postprocess(
            *(as_input(module, x) for x in (*outputs.values(), matrix)), image.shape[:2]
        )
        same(to_numpy(inside.points), found["points"], 0, "points")


def test_every_sample_of_a_batch_has_its_own_matrix() -> None:
    module = build(POSE, ["torch"]).modules["torch"]
    images = torch.from_numpy(np.stack([picture(60, 50, i) for i in range(3)]))
    people = torch.tensor([[3.0, 4, 30, 40], [10, 2, 40, 50], [0, 0, 50, 20]])
    fed = module.Preprocess()(images, people)
    points = torch.randn(3, 5, 2)
    score = torch.zeros(3, 5)
    found = torch.jit.script(module.Postprocess())(points, score, fed.m, (60, 50))
    for i in range(3):
        one = module.preprocess(images[i], people[i])
        same(fed.x[i].numpy(), one.x.numpy(), 0, "x")
        alone = module.postprocess(points[i], score[i], one.m, (60, 50))
        same(found.points[i].numpy(), alone.points.numpy(), 0, "points")


@pytest.mark.parametrize("axes", ["h, w, c=3", "c=3, h, w"])
def test_an_exchange_of_channels_moves_behind_warps_with_their_matrices(axes: str) -> None:
    built = build(f"""proc 1
pipeline p
input image: u8[{axes}] bgr
input m: f32[row=2, column=3]
input n: f32[row=2, column=3]
pre {{
    x = convert(image, rgb)
    x = warp(x, m, h=16, w=12, sampler=cv4.linear, fill=0)
    x = warp(x, n, h=9, w=11, sampler=cv2.linear, fill=7)
}}
model x: u8[{axes.replace("h, w", "h=9, w=11")}] rgb -> y: f32[]
""")
    shape = {"h": (20, 30, 3), "c": (3, 20, 30)}[axes[0]]
    m, n = matrices(2)
    compare(built, {"image": ramp(*shape), "m": m, "n": n})
    text = built.files["p_cv2.py"]
    assert text.index(", n, ") < text.index("# x = convert(x, rgb)")


def test_in_a_graph() -> None:
    pipeline = compiled(POSE)
    samples = [
        {"image": picture(60, 50, i), "person": np.array([i, 2 * i, 30, 40], np.float32)}
        for i in range(2)
    ]
    rng = np.random.default_rng(0)
    raw = [
        {"points": rng.normal(30, 9, (5, 2)).astype(np.float32), "score": np.zeros(5, np.float32)}
        for _ in samples
    ]
    after = [r | past_model(pipeline, s) for r, s in zip(raw, samples, strict=True)]
    check_post(pipeline, Graph(graphs(pipeline)["post"]), after, [{"image": (60, 50)}] * 2)


NETWORK = """<ir_version: 8, opset_import: ["" : 17]>
network (float[n, 3, 64, 48] x) => (float[n, 5, 2] points, float[n, 5] score)
<int64[3] a = {0, 0, 0}, int64[3] b = {1, 5, 2}, int64[3] axes = {1, 2, 3},
 int64[1] one = {1}, int64[1] two = {2}, float forty = {40}>
{
    part = Slice (x, a, b, axes)
    found = Squeeze (part, one)
    points = Mul (found, forty)
    score = ReduceMax <axes = [2], keepdims = 0> (found)
}"""


class Network(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return 40 * x[:, 0, :5, :2], x[:, 0, :5, :2].amax(2)


@pytest.mark.parametrize("to", ["onnx", "torchscript"])
@pytest.mark.parametrize("keep", [set(), {("pre", 1)}, {("pre", 2)}, {("post", 1)}])
def test_baked(to: str, keep: set[tuple[str, int]], tmp_path: Path) -> None:
    """Each seam is held against the reference, wherever the matrix and the crop are made."""
    into, pipeline = target(to), compiled(POSE)
    runtime = into.runtimes[0]
    found = plan(pipeline, to, runtime, lambda s, given: into.why_not(s, runtime, given), keep)
    assert [s.place for s in found.steps].count("host") >= len(keep)
    path = tmp_path / "model"
    if to == "onnx":
        onnx.save(onnx.parser.parse_model(NETWORK), path)
    else:
        torch.jit.save(torch.jit.script(Network()), path)
    people = np.array([[3, 4, 30, 40], [10, 2, 40, 50]], np.float32)
    samples = [
        Sample(str(i), {"image": picture(60 + i, 50, i), "person": person})
        for i, person in enumerate(people)
    ]
    whole = replace(pipeline, plan=found)
    bake(whole, into, ModelSource(str(path), into.format, ""), samples, str(tmp_path / "baked"))
    assert (tmp_path / "baked").stat().st_size


def test_the_pictures_of_a_proof_have_a_person() -> None:
    for sample in built_in(compiled(POSE)):
        image, (x1, y1, x2, y2) = sample.inputs["image"], sample.inputs["person"]
        assert isinstance(image, np.ndarray)
        h, w = image.shape[:2]
        assert 0 <= x1 < x2 <= w
        assert 0 <= y1 < y2 <= h


# What is refused


def codes(text: str) -> list[str]:
    return [d.code for d in check(Source("t.proc", text)).diagnostics]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("points = back_to(points, image)", "points = back_to(points, image)\n", ""),
        ("sampler=cv4.linear", "sampler=pil.bilinear", "E203"),
        ("box=4] boxes(xyxy, pixels)", "box=4]", "E319"),
        ("f32[box=4]", "f32[n=3, box=4]", "E319"),
        ("warp(image, m,", "warp(image, person,", "E327"),
        ("u8[h, w, c=3] bgr", "u16[h, w, c=3] bgr", "E301"),
        ("fill=0)", "fill=300)", "E211"),
        ("    x = convert(x, rgb)\n", "    m = crop_matrix(person, h=8, w=8, grow=1)\n", "E318"),
    ],
)  # fmt: skip
def test_refused(old: str, new: str, code: str) -> None:
    assert POSE.count(old) == 1
    found = codes(POSE.replace(old, new).replace("rgb ->", "bgr ->" if "crop" in new else "rgb ->"))
    assert code in (found or [""])


def test_a_map_does_not_come_back() -> None:
    text = POSE.replace(
        "points: f32[k=5, xy=2] points(xy, pixels) @x", "points: f32[k=5, h=16, w=12]"
    )
    text = text.replace("back_to(points, image)", "back_to(points, image, sampler=cv2.linear)")
    assert codes(text) == ["E318"]
