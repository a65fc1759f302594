"""A small convolutional network, and its weights on disk.

`python examples/classifier/model.py OUT.pt2` exports it, as a model is handed on.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from torch import nn

WEIGHTS = Path(__file__).parent / "weights.pt"


def network() -> nn.Sequential:
    """Four stages of stride 2, global average, one linear layer: f32[n, 3, 64, 64] to f32[n, 4]."""
    stages: list[nn.Module] = []
    for channels, filters in ((3, 16), (16, 24), (24, 32), (32, 48)):
        stages += [nn.Conv2d(channels, filters, 3, stride=2, padding=1), nn.ReLU()]
    return nn.Sequential(*stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(48, 4))


def trained() -> nn.Sequential:
    """The network with its weights, ready to predict."""
    model = network()
    model.load_state_dict(torch.load(WEIGHTS, weights_only=True))
    return model.eval()


def export(path: str) -> None:
    """Write the network as a program of torch.export, for batches of any size."""
    batch = torch.export.Dim("batch")
    example = torch.zeros(2, 3, 64, 64)
    program = torch.export.export(trained(), (example,), dynamic_shapes=({0: batch},))
    torch.export.save(program, path)


if __name__ == "__main__":
    export(sys.argv[1])
