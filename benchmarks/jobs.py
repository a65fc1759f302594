"""What the workloads share: pictures, pipelines as modules, and the writing of an output."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

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
EXAMPLES = Path(__file__).parent.parent / "examples"
PHOTOGRAPHS = (
    EXAMPLES / "classifier" / "chelsea.png",
    *(
        EXAMPLES / "photographs" / "photographs" / f"{name}.jpg"
        for name in ("coffee", "rocket", "grass")
    ),
)
BACKENDS = ("numpy", "cv2", "torch")


def photograph(h: int, w: int, file: Path = PHOTOGRAPHS[0]) -> np.ndarray:
    """An example's photograph as BGR of another size: no noise, as pictures are."""
    image = cv2.imread(str(file))
    assert image is not None, f"{file} is missing"
    return cv2.resize(image, (w, h), interpolation=cv2.INTER_CUBIC)


def photographs(h: int, w: int) -> list[np.ndarray]:
    """Bright, dark, smooth and rough ones, as BGR."""
    return [photograph(h, w, file) for file in PHOTOGRAPHS]


def rgb_of(image: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(image[:, :, ::-1])


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

    def enter(self, workload: Workload, *, out: bool = False) -> None:
        """The three modules as contestants, with a fresh result or into `out`; and the graph."""
        shape = self.wanted(workload.pictures[0]).shape
        for backend, module in self.modules.items():
            name = f"procdsl {backend}" + ", out=" * out
            into = np.empty(shape, np.float32) if out else None
            workload.add(name, "ours", equal=True)(partial(_run_of, module, backend, into))
        if not out:
            workload.add("procdsl ONNX", "ours", equal=True, prepare=_batch_of_one)(
                lambda: peers.session(self.graph)
            )


def _run_of(module: ModuleType, backend: str, out: np.ndarray | None) -> Run:
    preprocess = module.preprocess
    if backend == "torch":
        into = None if out is None else torch.from_numpy(out)
        return lambda image: preprocess(torch.from_numpy(image), out=into)
    return lambda image: preprocess(image, out=out)


def _batch_of_one(image: np.ndarray) -> np.ndarray:
    return image[None]


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
