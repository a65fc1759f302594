"""Bakes three pipelines into ONNX, TorchScript and `.pt2`: nine times `procdsl bake`, as typed.

ONNX takes the network as a file, which torch's exporter writes into `build/` first.
"""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).parent
PHOTOGRAPHS = HERE.parent / "photographs"
BUILD = Path("build")
sys.path.insert(0, str(HERE))

import networks

PIPELINES = {
    "photographs": PHOTOGRAPHS / "photographs.proc",
    "galaxies": HERE / "galaxies.proc",
    "stains": HERE / "stains.proc",
}
WEIGHTS = PHOTOGRAPHS / "weights.pt"
"""Those of the photographs; the other networks have none that were trained."""
SIDES = {"photographs": 32, "galaxies": 256, "stains": 192}
ENDINGS = {"onnx": "onnx", "torchscript": "ts", "pt2": "pt2"}


def made(name: str) -> nn.Module:
    """The network of a pipeline, as `--factory` makes it."""
    function = getattr(networks, name)
    given = [torch.load(WEIGHTS, weights_only=True)] if name == "photographs" else []
    network: nn.Module = function(*given).eval()
    return network


def export(name: str) -> Path:
    """Write the network as ONNX, for any batch."""
    path, side = BUILD / f"{name}_network.onnx", SIDES[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is the exporter that needs nothing but onnx
        torch.onnx.export(
            made(name),
            (torch.zeros(2, 3, side, side),),
            str(path),
            dynamo=False,
            input_names=["x"],
            output_names=["raw"],
            dynamic_axes={"x": {0: "n"}, "raw": {0: "n"}},
        )
    return path


def bake(name: str, to: str) -> None:
    """Write `build/TO/NAME.ENDING`, with the modules of what stays on the host beside it."""
    out = BUILD / to / f"{name}.{ENDINGS[to]}"
    out.parent.mkdir(parents=True, exist_ok=True)
    words = ["bake", str(PIPELINES[name]), "--to", to, "-o", str(out)]
    if to == "onnx":
        words += ["--model", str(export(name))]
    else:
        words += ["--factory", f"networks:{name}"]
        words += ["--model", str(WEIGHTS)] if name == "photographs" else []
    print("procdsl", *words, flush=True)
    found = {**os.environ, "PYTHONPATH": str(HERE)}  # where the factory is
    subprocess.run([sys.executable, "-m", "procdsl", *words], check=True, env=found)


if __name__ == "__main__":
    for to in ENDINGS:
        for name in PIPELINES:
            bake(name, to)
