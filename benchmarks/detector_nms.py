"""Boxes of a YOLOv8 in the picture, over one read of its scores: few candidates, many, and more."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from benchmarks.detector_post import BY_HAND, SIZE, session
from benchmarks.harness import Run, Workload, main
from procdsl import Source, check
from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.reference.interpreter import postprocess

TEXT = """proc 1
pipeline detector
input image: u8[h, w, c=3] bgr
pre {{
    letterbox(h=640, w=640, fill=114, sampler=cv2.linear)
    convert(rgb)
    to_float(scale=1/255)
    layout(c, h, w)
}}
model x: f32[c=3, h=640, w=640] rgb -> raw: f32[feature=84, anchor={anchors}]
post {{
    boxes, scores = decode_yolo(raw, classes=80, box=cxcywh)
    found = nms(boxes, scores, score={score}, iou=0.45, per=class, limit=300)
    found = back_to(found, image)
}}
output found
"""


def head(anchors: int, candidates: int, score: float) -> np.ndarray:
    """What a model gives: boxes round objects, each found ten times, and noise below the bound."""
    rng = np.random.default_rng(0)
    raw = rng.random((84, anchors), dtype=np.float32) * np.float32(0.9 * score)
    raw[:4] = rng.random((4, anchors)) * [[640], [640], [100], [100]]
    objects = candidates // 10
    for hits in rng.permutation(anchors)[: objects * 10].reshape(objects, 10):
        box = rng.random((4, 1)) * [[600], [600], [150], [150]] + 20
        raw[:4, hits] = box + rng.normal(0, 3, (4, 10))
        raw[4 + rng.integers(80), hits] = score + (0.95 - score) * rng.random(10) ** 4
    return raw


def workload(name: str, anchors: int, candidates: int, score: float) -> Workload:
    pipeline = check(Source("benchmark.proc", TEXT.format(anchors=anchors, score=score))).pipeline
    assert pipeline is not None, "the benchmark's pipeline has something wrong with it"
    files = generate(pipeline, ["numpy", "torch"], options=Options(format=False))
    raw = head(anchors, candidates, score)

    def wanted() -> np.ndarray:
        found: Any = postprocess(pipeline, {"raw": raw}, {"image": SIZE})[0]
        return np.asarray(found["boxes"])

    title = f"{anchors:,} boxes of 80 classes, {candidates:,} above {score}, to 300 in the picture"
    work = Workload(name, title, wanted)

    @work.add("limit: one read of the scores", "limit")
    def _() -> Run:
        return lambda: np.maximum.reduce(raw[4:])

    @work.add("procdsl numpy", "ours", equal=True)
    def _() -> Run:
        module = load(files["detector_numpy.py"], "detector_numpy")
        return lambda: module.postprocess(raw, SIZE).found.boxes

    @work.add("procdsl torch", "ours", equal=True)
    def _() -> Run:
        import torch

        module = load(files["detector_torch.py"], "detector_torch")
        given = torch.from_numpy(raw)
        return lambda: module.postprocess(given, SIZE).found.boxes

    @work.add("ONNX Runtime, graph by hand", note="all classes together")
    def _() -> Run:
        run = session(by_hand(anchors, score))
        return lambda: done(run.run(None, {"raw": raw[None]}))

    @work.add("OpenVINO, the same graph", note="all classes together")
    def _() -> Run:
        import openvino

        core = openvino.Core()
        model = core.read_model(by_hand(anchors, score))
        request = core.compile_model(
            model, "CPU", {"INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY"}
        ).create_infer_request()
        return lambda: done(request.infer({0: raw[None]}))

    if candidates < 10_000:  # beyond, a call takes ten seconds and more
        name = "OpenCV's batched NMS by hand"
        work.add(name, note="boxes of candidates, then NMS in C++")(
            lambda: lambda: by_opencv(raw, score)
        )
    return work


def done(found: Any) -> None:
    """Boxes of another rule are compared with nothing."""
    assert found is not None, "nothing was found"


def by_hand(anchors: int, score: float) -> bytes:
    """A graph around NonMaxSuppression; the boxes stay in the pixels of the model's input."""
    import onnx.parser

    held = f"""<int64[3] sides = {{2, 2, 80}}, float a_half = {{0.5}}, int64[1] limit = {{300}},
        float[1] iou = {{0.45}}, float[1] score = {{{score}}}, int64 two = {{2}}>"""
    text = f"""<ir_version: 8, opset_import: ["" : 17]> by_hand
        (float[1, 84, {anchors}] raw) => (float[1, n, 4] found, float[1, n, 1] found_scores,
        int64[1, n] found_classes) {held} {BY_HAND}"""
    return bytes(onnx.parser.parse_model(text).SerializeToString())


def by_opencv(raw: np.ndarray, score: float) -> np.ndarray:
    """What a careful person writes: the best class first, boxes of candidates alone."""
    scores = raw[4:]
    best = scores.max(0)
    rows = np.flatnonzero(best > score)
    best, classes = best[rows], scores[:, rows].argmax(0)
    boxes = raw[:4, rows].T.copy()
    boxes[:, :2] -= boxes[:, 2:] / 2
    kept = cv2.dnn.NMSBoxesBatched(
        boxes.tolist(), best.tolist(), classes.tolist(), score, 0.45, 1, 0
    )[:300]
    found = boxes[kept]
    found[:, 2:] += found[:, :2]
    found -= np.array([0, 140, 0, 140], np.float32)
    found *= np.float32(2)
    return found


if __name__ == "__main__":
    main(
        [
            lambda: workload("nms_few", 8400, 200, 0.25),
            lambda: workload("nms_many", 8400, 4500, 0.001),
            lambda: workload("nms_100000", 100_000, 100_000, 0.001),
        ]
    )
