"""What the workloads share: pictures, pipelines as modules, and the writing of an output."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np
import torch

from benchmarks import peers
from benchmarks.harness import Run, Workload
from procdsl import Source, check
from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.ir.pipeline import Pipeline
from procdsl.reference.interpreter import preprocess

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
PHOTOGRAPH = Path(__file__).parent.parent / "examples" / "classifier" / "chelsea.png"
BACKENDS = ("numpy", "cv2", "torch")


def photograph(h: int, w: int) -> np.ndarray:
    """The example's photograph as BGR of another size: no noise, as pictures are."""
    image = cv2.imread(str(PHOTOGRAPH))
    assert image is not None, f"{PHOTOGRAPH} is missing"
    return cv2.resize(image, (w, h), interpolation=cv2.INTER_CUBIC)


@dataclass(frozen=True)
class Job:
    """A pipeline with its modules, and as a graph."""

    pipeline: Pipeline
    modules: dict[str, ModuleType]
    graph: bytes

    def wanted(self, image: np.ndarray) -> np.ndarray:
        """What the pipeline means, by its references."""
        found = preprocess(self.pipeline, {"image": image})[0]
        assert isinstance(found, np.ndarray)
        return found

    def enter(self, workload: Workload, image: np.ndarray, *, out: bool = False) -> None:
        """The three modules as contestants, with a fresh result or into `out`."""
        for backend, module in self.modules.items():
            name = f"procdsl {backend}" + ", out=" * out
            workload.add(name, "ours", equal=True)(_maker(module, backend, image, out))
        if not out:
            workload.add("procdsl ONNX", "ours", equal=True)(
                lambda: peers.session(self.graph, {"image": image[None]})
            )


def _maker(module: ModuleType, backend: str, image: np.ndarray, out: bool) -> Any:
    def make() -> Run:
        into: Any = None
        if backend == "torch":
            if out:
                into = module.preprocess(torch.from_numpy(image)).clone()
            return lambda: module.preprocess(torch.from_numpy(image), out=into)
        if out:
            into = module.preprocess(image).copy()
        return lambda: module.preprocess(image, out=into)

    return make


def job(text: str) -> Job:
    """Compile a pipeline for every backend, load its modules and keep its graph."""
    pipeline = check(Source("benchmark.proc", text)).pipeline
    assert pipeline is not None, "the benchmark's pipeline has something wrong with it"
    files = generate(pipeline, [*BACKENDS, "onnx"], options=Options(format=False))
    modules = {
        backend: load(files[f"{pipeline.name}_{backend}.py"], f"{pipeline.name}_{backend}")
        for backend in BACKENDS
    }
    return Job(pipeline, modules, files[f"{pipeline.name}_pre.onnx"])
