"""What `self_check` takes when a service starts, beyond the pipeline itself.

The files lie on the disk as `procdsl compile` writes them, and are read anew for each call. What
the pipeline gives of the built-in picture is computed before, so that the rest is timed: hashes of
the file and of the manifest, the built-in inputs, and the digests of the results.
"""

from __future__ import annotations

import importlib.util
import linecache
import sys
import tempfile
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import detector_post, imagenet_cv2, letterbox
from benchmarks.harness import Run, Workload, main
from benchmarks.jobs import BACKENDS
from procdsl import Source, check
from procdsl.compiler import generate


def workload(name: str, title: str, text: str) -> Workload:
    pipeline = check(Source("benchmark.proc", text)).pipeline
    assert pipeline is not None, "the benchmark's pipeline has something wrong with it"
    folder = Path(tempfile.mkdtemp(prefix="procdsl-bench-"))
    for path, content in generate(pipeline, BACKENDS).items():
        (folder / path).write_text(content, encoding="utf-8")
    work = Workload(f"self_check_{name}", f"self_check beyond the pipeline itself: {title}")
    for backend in BACKENDS:
        file = folder / f"{pipeline.name}_{backend}.py"
        work.add(f"procdsl {backend}", "ours")(partial(run_of, file))
    return work


def run_of(file: Path) -> Run:
    """A module's `self_check`, for which the pipeline has run already."""
    module = imported(file)
    given = [kept(module, name) for name in ("preprocess", "postprocess") if hasattr(module, name)]
    module.self_check()
    assert all(given), "self_check did not run the pipeline as it was held here"

    def run() -> None:
        linecache.cache.pop(str(file), None)
        module.self_check()

    return run


def imported(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None, f"{file} is no module"
    assert spec.loader is not None, f"{file} is no module"
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def kept(module: ModuleType, name: str) -> list[Any]:
    """Let a module's function give its first result ever after; the list holds it, once it ran."""
    function = getattr(module, name)
    found: list[Any] = []

    def first(*given: Any, **named: Any) -> Any:
        if not found:
            found.append(function(*given, **named))
        return found[0]

    setattr(module, name, first)
    return found


TEXTS = {
    "imagenet": ("ImageNet by OpenCV", imagenet_cv2.PIPELINE.format(side=imagenet_cv2.SIDE)),
    "letterbox": ("letterbox to 640 x 640", letterbox.PIPELINE),
    "detector": ("YOLOv8 with its boxes", detector_post.TEXT),
}

if __name__ == "__main__":
    main(partial(workload, name, *about) for name, about in TEXTS.items())
