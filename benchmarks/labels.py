"""Scores of a segmenter to a label map of the picture's size, and softmax with the best class."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from benchmarks.harness import Run, Workload, main
from procdsl import Source, check
from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.reference.interpreter import postprocess

SEGMENTER = """proc 1
pipeline segmenter
input image: u8[h, w, c=3] rgb
pre {
    resize(h=520, w=520, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}
model x: f32[c=3, h=520, w=520] rgb -> scores: f32[class=21, h=520, w=520]
post {
    labels = argmax(scores, over=class)
    labels = back_to(labels, image, sampler=cv2.nearest)
}
output labels
"""
CLASSIFIER = """proc 1
pipeline classifier
input image: u8[h, w, c=3] rgb
pre {
    resize(h=224, w=224, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}
model x: f32[c=3, h=224, w=224] rgb -> logits: f32[class=1000] logits
post {
    probabilities = softmax(logits, over=class)
    confidence, prediction = top(probabilities, k=1, over=class)
}
output confidence, prediction
"""
SIZE = (1080, 1920)


def labels() -> Workload:
    noise = np.random.default_rng(0).normal(size=(21, 520, 520)).astype(np.float32)
    scores = np.stack([cv2.GaussianBlur(plane, (0, 0), 15) for plane in noise])
    work = entered(
        "labels", "21x520x520 scores to labels of 1080x1920", SEGMENTER, scores, size=SIZE
    )

    @work.add("limit: cv2.reduceArgMax, cv2.resize to uint8", "limit")
    def _() -> Run:
        def found() -> np.ndarray:
            best = cv2.reduceArgMax(scores, 0)[0].astype(np.uint8)
            return cv2.resize(best, SIZE[::-1], interpolation=cv2.INTER_NEAREST)

        return found

    @work.add("numpy: argmax, cv2.resize to uint8")
    def _() -> Run:
        def found() -> np.ndarray:
            best = scores.argmax(0).astype(np.uint8)
            return cv2.resize(best, SIZE[::-1], interpolation=cv2.INTER_NEAREST).astype(np.int64)

        return found

    @work.add("torch: argmax, interpolate")
    def _() -> Run:
        import torch

        given = torch.from_numpy(scores)

        def found() -> Any:
            best = given.argmax(0)[None, None].to(torch.float32)
            larger = torch.nn.functional.interpolate(best, size=SIZE, mode="nearest")
            return larger[0, 0].to(torch.int64)

        return found

    @work.add("torch: interpolate, argmax", note="as Hugging Face does it: other labels")
    def _() -> Run:
        import torch

        given = torch.from_numpy(scores)[None]

        def found() -> Any:
            larger = torch.nn.functional.interpolate(given, size=SIZE, mode="bilinear")
            return larger.argmax(1)[0]

        return found

    return work


def best_class() -> Workload:
    logits = np.random.default_rng(0).normal(size=1000).astype(np.float32) * 3
    work = entered(
        "best_class", "Softmax and the best of 1,000 classes", CLASSIFIER, logits, exact=False
    )

    @work.add("limit: numpy, the softmax in float32", "limit")
    def _() -> Run:
        def found() -> np.ndarray:
            powers = np.exp(logits - np.maximum.reduce(logits))
            powers /= np.add.reduce(powers)
            best = powers.argmax()
            return powers[best : best + 1]

        return found

    @work.add("numpy as people write it")
    def _() -> Run:
        def found() -> np.ndarray:
            powers = np.exp(logits - logits.max())
            powers = powers / powers.sum()
            best: np.ndarray = powers[np.argsort(-powers)[:1]]
            return best

        return found

    @work.add("torch as people write it")
    def _() -> Run:
        import torch

        given = torch.from_numpy(logits)
        return lambda: given.softmax(0).topk(1).values

    return work


def entered(
    name: str,
    title: str,
    text: str,
    output: np.ndarray,
    *,
    size: tuple[int, int] | None = None,
    exact: bool = True,
) -> Workload:
    """The modules of a pipeline whose first result is compared; `exp` has no exact bits."""
    pipeline = check(Source("benchmark.proc", text)).pipeline
    assert pipeline is not None, "the benchmark's pipeline has something wrong with it"
    given, sizes = pipeline.model.outputs[0].name, {"image": size} if size else {}
    files = generate(pipeline, ["numpy", "torch"], options=Options(format=False))

    def wanted() -> np.ndarray:
        return np.asarray(postprocess(pipeline, {given: output}, sizes)[0])

    work = Workload(name, title, wanted)

    @work.add("procdsl numpy", "ours", equal=True)
    def _() -> Run:
        module = load(files[f"{pipeline.name}_numpy.py"], f"{pipeline.name}_numpy")
        return lambda: module.postprocess(output, *sizes.values())[0]

    @work.add("procdsl torch", "ours", equal=exact)
    def _() -> Run:
        import torch

        module = load(files[f"{pipeline.name}_torch.py"], f"{pipeline.name}_torch")
        tensor = torch.from_numpy(output)
        return lambda: module.postprocess(tensor, *sizes.values())[0]

    return work


if __name__ == "__main__":
    main([labels, best_class])
