"""Families of detectors: objects drawn into their raw outputs come back where they were drawn.

Each has a file in tests/families/. What comes out is held against the objects, and against another
decoder that is written from what papers and documentation say.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from baking import inside, opened, ran
from documents import ROOT
from family_anchors import FAMILIES
from family_heads import Objects
from onnx_graphs import Graph, check_post, graphs
from onnx_networks import constant
from support import BACKENDS, build, compiled, run_post, same

from procdsl.codegen.python.loading import load
from procdsl.ir.pipeline import Pipeline, Value
from procdsl.ops.boxes.nms import Nms
from procdsl.types.array import Array
from procdsl.types.constants import Number
from procdsl.types.coordinates import CoordinateSpace

FOLDER = ROOT / "tests" / "families"
SIZE = (480, 960)
OBJECTS = Objects(
    np.array(
        [
            (100, 60, 220, 300),
            (500, 90, 900, 400),
            (20, 20, 110, 470),
            (300, 200, 360, 240),
            (660, 30, 720, 70),
        ],
        np.float32,
    ),
    np.array([2, 0, 1, 2, 0]),
    np.array([0.92, 0.85, 0.8, 0.75, 0.725], np.float32),
)
"""Apart from each other, in a picture of 480 x 960 pixels."""


def into_model(pipeline: Pipeline) -> tuple[np.ndarray, np.ndarray]:
    """The scale and the shift (x, y) of a picture of SIZE into the model's input."""
    first = pipeline.serving()[0].op
    h, w = (side or 0 for side in array_of(pipeline.model.inputs[0]).shape[-2:])
    if first.name == "letterbox":
        return np.array([w / 960, w / 960]), np.array([0, (w - w / 2) / 2])
    if any(step.op.name == "pad" for step in pipeline.serving()):
        return np.array([w / 960, h / 960]), np.zeros(2)
    return np.array([w / 960, h / 480]), np.zeros(2)


def array_of(value: Value) -> Array:
    assert isinstance(value.type, Array)
    return value.type


def moved(boxes: np.ndarray, scale: np.ndarray, shift: np.ndarray) -> np.ndarray:
    return boxes * np.tile(scale, 2) + np.tile(shift, 2)


def kept(boxes: np.ndarray, scores: np.ndarray, iou: Number | None) -> list[tuple[int, int]]:
    """Rows and classes above a quarter, best first, without those that overlap better ones."""
    rows, labels = np.nonzero(scores > 0.25)
    order = np.argsort(-scores[rows, labels], kind="stable")
    found: list[tuple[int, int]] = []
    for row, label in zip(rows[order].tolist(), labels[order].tolist(), strict=True):
        x1, y1, x2, y2 = boxes[row]
        for other, of in found:
            a1, b1, a2, b2 = boxes[other]
            both = max(0, min(x2, a2) - max(x1, a1)) * max(0, min(y2, b2) - max(y1, b1))
            union = (x2 - x1) * (y2 - y1) + (a2 - a1) * (b2 - b1) - both
            if iou is not None and of == label and both > float(iou) * union:
                break
        else:
            found.append((row, label))
    return found


def results(found: dict[str, Any]) -> dict[str, np.ndarray]:
    """Boxes, scores and classes above a quarter, whether they are a record or not."""
    record = found.get("found", found)
    above = record["scores"] > 0.25
    return {name: record[name][above] for name in ("boxes", "scores", "classes")}


def given_by(name: str, pipeline: Pipeline) -> tuple[dict[str, np.ndarray], Any]:
    """The raw outputs for the objects, and what the other decoder finds in them."""
    in_original = any(
        array_of(value).space == CoordinateSpace("image") for value in pipeline.model.outputs
    )
    scale, shift = (np.ones(2), np.zeros(2)) if in_original else into_model(pipeline)
    objects = Objects(moved(OBJECTS.boxes, scale, shift), OBJECTS.classes, OBJECTS.scores)
    outputs = {
        k: np.ascontiguousarray(x if x.dtype == np.int64 else x.astype(np.float32))
        for k, x in FAMILIES[name].draw(objects).items()
    }
    boxes, scores = FAMILIES[name].decode(outputs)
    iou = next((s.op.iou for s in pipeline.post if isinstance(s.op, Nms)), None)
    chosen = kept(boxes, scores, iou)
    of = np.array([boxes[row] for row, _ in chosen])
    wanted = {
        "boxes": (of - np.tile(shift, 2)) / np.tile(scale, 2),
        "scores": np.array([scores[row, label] for row, label in chosen]),
        "classes": np.array([label for _, label in chosen]),
    }
    return {value.name: outputs[value.name] for value in pipeline.model.outputs}, wanted


def assert_objects(found: dict[str, np.ndarray], what: str) -> None:
    np.testing.assert_array_equal(found["classes"], OBJECTS.classes, err_msg=what)
    np.testing.assert_allclose(found["boxes"], OBJECTS.boxes, atol=2e-2, err_msg=what)
    np.testing.assert_allclose(found["scores"], OBJECTS.scores, rtol=1e-5, err_msg=what)


ALIKE = ("yolov5", "yolov7", "yolov8", "owlv2")
"""Those whose steps are those of others are tried with the slow ones."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in ALIKE else [])
        for name in sorted(FAMILIES)
    ],
)
def test_objects_come_back(name: str) -> None:
    """On every backend, and as a graph, which must give what the reference gives."""
    built = build((FOLDER / f"{name}.proc").read_text("utf-8"))
    outputs, wanted = given_by(name, built.pipeline)
    assert_objects(wanted, "the other decoder")
    for backend in BACKENDS:
        found = results(run_post(built.modules[backend], outputs, [SIZE]))
        assert_objects(found, backend)
        for part, array in wanted.items():
            np.testing.assert_allclose(found[part], array, rtol=1e-5, atol=2e-3)
    graph = Graph(graphs(built.pipeline)["post"])
    check_post(built.pipeline, graph, [outputs], [{"image": SIZE}])


def turned(boxes: np.ndarray) -> np.ndarray:
    """The corners of rotated boxes, in float64."""
    cx, cy, w, h, angle = boxes.astype(np.float64).T
    signs = np.array([(1, 1), (1, -1), (-1, -1), (-1, 1)]) / 2
    found = []
    for x, y in signs:
        dx, dy = x * w, y * h
        of = [
            cx + dx * np.cos(angle) - dy * np.sin(angle),
            cy + dx * np.sin(angle) + dy * np.cos(angle),
        ]
        found.append(np.stack(of, -1))
    return np.stack(found, 1)


def test_oriented_boxes_come_back() -> None:
    """YOLOv8-obb: corners of turned boxes, each found twice, in a picture of other scales."""
    built = build((FOLDER / "yolov8_obb.proc").read_text("utf-8"))
    rng = np.random.default_rng(3)
    boxes = np.array(
        [(200, 400, 120, 40, 0.5), (210, 405, 30, 120, -0.4), (700, 500, 200, 90, 2.2)], np.float32
    )
    labels, scores = np.array([4, 9, 4]), np.array([0.9, 0.8, 0.7], np.float32)
    raw = np.abs(rng.normal(0, 0.03, (20, 21504))).astype(np.float32)
    raw[:4] = rng.uniform(0, 1024, (4, 21504))
    for i, box in enumerate(boxes):
        for at, share in ((50 + 9 * i, 1), (51 + 9 * i, 0.9)):
            raw[:4, at], raw[19, at] = box[:4] + (share < 1), box[4]
            raw[4 + labels[i], at] = scores[i] * np.float32(share)
    size = (301, 1009)  # the letterbox rounds one side: 1024 / 1009, and 305 / 301
    shift = (1024 - 305) // 2
    wanted = (turned(boxes) - (0, shift)) * (1009 / 1024, 301 / 305)
    for backend in BACKENDS:
        found = run_post(built.modules[backend], {"raw": raw}, [size])["found"]
        np.testing.assert_array_equal(found["classes"], labels, err_msg=backend)
        np.testing.assert_allclose(found["boxes"], wanted, atol=1e-3, err_msg=backend)
        np.testing.assert_array_equal(found["scores"], scores)
    graph = Graph(graphs(built.pipeline)["post"])
    check_post(built.pipeline, graph, [{"raw": raw}], [{"image": size}])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["yolov3", "ssd300", "centernet"])
def test_baked_whole(name: str, tmp_path: Path) -> None:
    """From the pixels of a picture to the objects in it, by ONNX Runtime alone."""
    text = (FOLDER / f"{name}.proc").read_text("utf-8")
    pipeline = compiled(text)
    outputs, _ = given_by(name, pipeline)
    onnx.save(constant(pipeline, outputs), tmp_path / "network.onnx")
    (tmp_path / f"{name}.proc").write_text(text)
    path = tmp_path / "baked.onnx"
    with inside(tmp_path):
        words = ("--model", "network.onnx", "-o", str(path))
        code, _, told = ran("bake", f"{name}.proc", "--to", "onnx", *words)
    assert code == 0, told
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [one.name for one in session.get_outputs()]
    image = np.zeros((1, *SIZE, 3), np.uint8)
    given = dict(zip(names, session.run(names, {"image": image}), strict=True))
    count = int(given["found.counts"][0])
    found = {part: given[f"found.{part}"][0, :count] for part in ("boxes", "scores", "classes")}
    assert_objects(results(found), name)


NETWORK = """
import torch


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        numbers = torch.rand(20, 400, generator=torch.Generator().manual_seed(0))
        numbers[:4] = 300 * numbers[:4] + 100
        self.register_buffer("raw", numbers[None])

    def forward(self, x):
        return self.raw + x.flatten(1).sum(1)[:, None, None] * 0


def network():
    return Network()
"""


@pytest.mark.slow
@pytest.mark.parametrize("to", ["torchscript", "pt2"])
def test_the_rounds_in_saved_programs(to: str, tmp_path: Path) -> None:
    """Rotated boxes that are picked in turn, in a file that torch alone runs."""
    text = (FOLDER / "yolov8_obb.proc").read_text("utf-8").replace("anchor=21504", "anchor=400")
    text = text.replace("1024", "64").replace("limit=300", "limit=30")
    (tmp_path / "networks.py").write_text(NETWORK)
    (tmp_path / "obb.proc").write_text(text)
    path = tmp_path / f"baked.{to}"
    with inside(tmp_path):
        words = ("--factory", "networks:network", "-o", str(path))
        code, _, told = ran("bake", "obb.proc", "--to", to, *words)
        assert code == 0, told
        image = torch.zeros((1, 48, 80, 3), dtype=torch.uint8)
        found = opened(path, to)(image)
        raw = load(NETWORK, "families_network").network()(torch.zeros(1, 3, 64, 64))[0]
    wanted = run_post(build(text, ["numpy"]).modules["numpy"], {"raw": raw.numpy()}, [(48, 80)])
    count = len(wanted["found"]["scores"])
    assert count > 9
    for part, x in wanted["found"].items():
        of = found[f"found.{part}"] if isinstance(found, dict) else getattr(found.found, part)
        same(of[0, :count].numpy(), x, 0, part)
