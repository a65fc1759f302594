"""Serves photographs from the baked files, by ONNX Runtime and torch alone, and compares.

What each file gives is held against the three generated modules with the network between, run by
the same runtime: to the bit, or within the bound that the manifest states. Nothing of procdsl is
imported, nor by the modules.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
import torch
from PIL import Image

BUILD = Path("build")
sys.path[:0] = [str(Path(__file__).parent), str(BUILD)]

from bake import ENDINGS, PHOTOGRAPHS, PIPELINES, made

Model: TypeAlias = Callable[[np.ndarray], Mapping[str, np.ndarray]]
Output: TypeAlias = dict[str, Any]
"""What is given for one photograph, by name."""

LIBRARIES = ("numpy", "cv2", "torch")


def opened(path: Path) -> Model:
    """What a model file computes of a batch, by its runtime alone."""
    if path.suffix == ".onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        (given,) = session.get_inputs()
        names = [result.name for result in session.get_outputs()]
        return lambda x: dict(zip(names, session.run(names, {given.name: x}), strict=True))
    if path.suffix == ".ts":
        graph = torch.jit.load(str(path))
    else:
        graph = torch.export.load(str(path)).module()

    def run(x: np.ndarray) -> Mapping[str, np.ndarray]:
        with torch.no_grad():
            return {name: result.numpy() for name, result in graph(torch.from_numpy(x)).items()}

    return run


def network(name: str, to: str) -> Model:
    """The network of a pipeline without its processing, by the same runtime."""
    if to == "onnx":
        return opened(BUILD / f"{name}_network.onnx")
    module = made(name)

    def run(x: np.ndarray) -> Mapping[str, np.ndarray]:
        with torch.no_grad():
            return {"raw": module(torch.from_numpy(x)).numpy()}

    return run


def by_file(host: ModuleType, file: Model, photograph: Any) -> Output:
    """From a baked file; the module beside it does what stays on the host."""
    found = {name: x[0] for name, x in file(host.preprocess(photograph)[None]).items()}
    given = {}
    for name, x in found.items():
        value, _, field = name.partition(".")
        if field != "counts":
            count = found.get(f"{value}.counts")
            given[name.replace(".", "_")] = x if count is None else x[:count]
    return after(host, given, photograph)


def by_module(module: ModuleType, network: Model, photograph: Any) -> Output:
    """From a module of the whole pipeline, with the network between."""
    taken = torch.from_numpy if module.__name__.endswith("_torch") else np.asarray
    pixels = photograph if isinstance(photograph, bytes) else taken(photograph)
    x = np.asarray(module.preprocess(pixels))
    raw = taken(network(x[None])["raw"][0])
    (name,) = (output.partition(":")[0] for output in module.MANIFEST["model"]["outputs"])
    return after(module, {name: raw}, photograph)


def after(module: ModuleType, outputs: Mapping[str, Any], photograph: Any) -> Output:
    """What a module makes of a model's outputs; some go back to the size of the photograph."""
    if "image_size" in module.postprocess.__annotations__:
        return flat(module.postprocess(**outputs, image_size=photograph.shape[:2]))
    return flat(module.postprocess(**outputs))


def flat(output: Any) -> Output:
    """The fields of a result each for itself."""
    found = {}
    for name, value in output._asdict().items():
        parts = value._asdict().items() if hasattr(value, "_asdict") else [("", value)]
        found |= {f"{name}.{part}".rstrip("."): x for part, x in parts}
    return found


def check(manifest: Mapping[str, Any], found: Output, wanted: Output) -> float:
    """How far two answers are apart at most; an error where the manifest does not allow it."""
    largest = 0.0
    for name, stated in manifest["self_check"]["postprocess"].items():
        x, y = found[name], wanted[name]
        if isinstance(x, str | list):
            apart = 0.0 if x == y else np.inf
        elif np.shape(x) != np.shape(y):
            apart = np.inf
        else:
            off = np.subtract(np.asarray(x), np.asarray(y), dtype=np.float64)
            apart = float(np.abs(off).max(initial=0))
        if apart > 2 * stated.get("bound", 0):  # each of the two may be off by that
            raise ValueError(f"{manifest['pipeline']}, {name}: {apart} apart")
        largest = max(largest, apart)
    return largest


def told(found: Mapping[str, Output]) -> str:
    """What was seen in the photographs, in a few words."""
    first = next(iter(found.values()))
    if "label" in first:
        right = sum(output["label"] == name for name, output in found.items())
        return f"{right} of {len(found)} told right"
    if "colours" in first:
        colours = found["galaxies"]["colours"]
        return f"{colours.count('warm')} warm and {colours.count('cold')} cold galaxies"
    return f"{(found['tissue']['labels'] == 2).mean():.0%} of the tissue is marked"


def served(name: str, to: str) -> tuple[str, float]:
    """All photographs from one file: what was seen, and how far the modules are from it."""
    folder = BUILD / to
    sys.path.insert(0, str(folder))
    host = importlib.import_module(f"{name}_host_numpy")
    sys.path.remove(str(folder))
    del sys.modules[host.__name__]  # each format has its own
    file, between = opened(folder / f"{name}.{ENDINGS[to]}"), network(name, to)
    modules = [importlib.import_module(f"{name}_{library}") for library in LIBRARIES]
    found, largest = {}, 0.0
    for path in sorted((PHOTOGRAPHS / "photographs").glob("*.jpg")):
        if name == "photographs":
            photograph: Any = path.read_bytes()
        else:
            photograph = np.array(Image.open(path).convert("RGB"))
        found[path.stem] = by_file(host, file, photograph)
        for module in modules:
            wanted = by_module(module, between, photograph)
            largest = max(largest, check(module.MANIFEST, found[path.stem], wanted))
    return told(found), largest


def main() -> None:
    warnings.simplefilter("ignore")  # TorchScript is deprecated
    for name in PIPELINES:
        for to in ENDINGS:
            seen, largest = served(name, to)
            equal = f"within {largest:.1g} of" if largest else "with the bits of"
            print(f"{name:12} {to:12} {seen}, {equal} the modules")
    assert "procdsl" not in sys.modules
    print("nothing of procdsl was imported")


if __name__ == "__main__":
    main()
