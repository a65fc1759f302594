"""What a YOLOv8 gives to boxes in the picture: our graph, modules, and a graph by hand.

The graph by hand compares boxes of all classes, and leaves them in the pixels of the model's input.
So it is compared with nothing, and is the limit to which the others are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.harness import Run, Workload, main
from procdsl import Source, check
from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.reference.interpreter import postprocess

TEXT = """proc 1
pipeline detector
input image: u8[h, w, c=3] bgr
pre {
    letterbox(h=640, w=640, fill=114, sampler=cv2.linear)
    convert(rgb)
    to_float(scale=1/255)
    layout(c, h, w)
}
model x: f32[c=3, h=640, w=640] rgb -> raw: f32[feature=84, anchor=8400]
post {
    boxes, scores = decode_yolo(raw, classes=80, box=cxcywh)
    found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=300)
    found = back_to(found, image)
    found = clip_to(found, image)
}
output found
"""
BY_HAND = """
{
    turned = Transpose <perm = [0, 2, 1]> (raw)
    centre, size, scores = Split <axis = 2> (turned, sides)
    half = Mul (size, a_half)
    near = Sub (centre, half)
    far = Add (centre, half)
    boxes = Concat <axis = 2> (near, far)
    best = ReduceMax <axes = [2], keepdims = 1> (scores)
    classes = ArgMax <axis = 2, keepdims = 0> (scores)
    of_class = Transpose <perm = [0, 2, 1]> (best)
    kept = NonMaxSuppression (boxes, of_class, limit, iou, score)
    place = Gather <axis = 1> (kept, two)
    found = Gather <axis = 1> (boxes, place)
    found_scores = Gather <axis = 1> (best, place)
    found_classes = Gather <axis = 1> (classes, place)
}"""
HELD = """<int64[3] sides = {2, 2, 80}, float a_half = {0.5}, int64[1] limit = {300},
    float[1] iou = {0.45}, float[1] score = {0.25}, int64 two = {2}>"""
SIZE = (720, 1280)


def head(objects: int, hits: int = 12) -> np.ndarray:
    """What a model gives of a picture with objects, each found so many times."""
    rng = np.random.default_rng(0)
    raw = rng.random((84, 8400), dtype=np.float32) * np.float32(0.02)
    raw[:4] = rng.random((4, 8400)) * [[640], [640], [100], [100]]
    for anchors in rng.permutation(8400)[: objects * hits].reshape(objects, hits):
        box = rng.random((4, 1)) * [[600], [600], [150], [150]] + 20
        raw[:4, anchors] = box + rng.normal(0, 3, (4, hits))
        raw[4 + rng.integers(80), anchors] = 0.3 + 0.65 * rng.random(hits)
    return raw


def session(model: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def workload(objects: int) -> Workload:
    pipeline = check(Source("benchmark.proc", TEXT)).pipeline
    assert pipeline is not None, "the benchmark's pipeline has something wrong with it"
    files = generate(pipeline, ["numpy", "torch", "onnx"], options=Options(format=False))
    raw = head(objects)

    def wanted() -> np.ndarray:
        found: Any = postprocess(pipeline, {"raw": raw}, {"image": SIZE})[0]
        return np.asarray(found["boxes"])

    work = Workload(f"detector_{objects:03}", f"YOLOv8's output, {objects} objects", wanted)

    @work.add("limit: transpose, maxima, NonMaxSuppression, gathers", "limit")
    def _() -> Run:
        import onnx.parser

        text = f"""<ir_version: 8, opset_import: ["" : 17]> by_hand
            (float[1, 84, 8400] raw) => (float[1, n, 4] found, float[1, n, 1] found_scores,
            int64[1, n] found_classes) {HELD} {BY_HAND}"""
        run = session(onnx.parser.parse_model(text).SerializeToString())
        return lambda: run.run(None, {"raw": raw[None]})

    @work.add("procdsl ONNX", "ours", equal=True)
    def _() -> Run:
        run = session(bytes(files["detector_post.onnx"]))
        given = {"raw": raw[None], "image_size": np.array([SIZE])}
        names = ["found.boxes", "found.scores", "found.classes", "found.counts"]

        def found() -> np.ndarray:
            boxes, _, _, counts = run.run(names, given)
            kept: np.ndarray = boxes[0, : counts[0]]
            return kept

        return found

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

    return work


if __name__ == "__main__":
    main([lambda: workload(20), lambda: workload(60), lambda: workload(200)])
