"""Serves each of the model files alone, with numpy round the model.

A file that the training did not put the pipeline into gets it from the checkpoint: `procdsl embed`.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import nn

import procdsl

HERE = Path(__file__).parent
BUILD = Path("build")
sys.path.insert(0, str(HERE))

from crops import LABELS, write
from network import network

CHECKPOINT = BUILD / "photographs.pt"
EMBEDDED = ("photographs.safetensors", "photographs.onnx")
RUNNABLE = ("photographs.ts", "photographs.pt2")


def weights(path: Path) -> nn.Module:
    """The network, with the weights of a checkpoint or of safetensors."""
    model = network()
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        model.load_state_dict(load_file(path))
    else:
        model.load_state_dict(torch.load(path, weights_only=True)["model"])
    return model.eval()


def processor(path: Path) -> procdsl.Processor:
    """What serves a file; where it holds weights alone, with the network round them."""
    held = path.suffix in (".pt", ".safetensors")
    return procdsl.load(path, backend="numpy", model=weights(path) if held else None)


def main() -> int:
    torch.set_num_threads(1)
    paths = [CHECKPOINT, *(BUILD / name for name in RUNNABLE)]
    for path in (BUILD / name for name in EMBEDDED):
        if not path.exists() or (path.suffix == ".onnx" and not find_spec("onnxruntime")):
            print(f"{path.name:23} left out: its libraries are not installed")
            continue
        command = [sys.executable, "-m", "procdsl", "embed", str(CHECKPOINT), str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        paths.append(path)
    samples = write("test")
    photos = [path.read_bytes() for path, _ in samples]
    answers = []
    for path in paths:
        served = processor(path)
        found = [answer.label for answer in served(photos)]
        right = sum(LABELS[label] == f for f, (_, label) in zip(found, samples, strict=True))
        share, noted = right / len(samples), served.manifest["provenance"]["accuracy"]
        print(f"{path.name:23} {share:.1%} told right, and {noted:.1%} in training")
        answers.append(found)
    agree = all(found == answers[0] for found in answers)
    print("all files give the same answers" if agree else "THE FILES DIFFER")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
