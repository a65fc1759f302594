"""A small convolutional network, and its weights on disk."""

from __future__ import annotations

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
