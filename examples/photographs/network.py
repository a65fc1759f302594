"""A small convolutional network: f32[n, 3, 32, 32] to f32[n, 10]."""

from __future__ import annotations

from torch import nn


def network() -> nn.Sequential:
    """Four stages of stride 2, and a layer that sees all that they found."""
    stages: list[nn.Module] = []
    for channels, filters in ((3, 16), (16, 24), (24, 32), (32, 48)):
        convolution = nn.Conv2d(channels, filters, 3, stride=2, padding=1)
        stages += [convolution, nn.BatchNorm2d(filters), nn.ReLU()]
    return nn.Sequential(*stages, nn.Flatten(), nn.Dropout(0.3), nn.Linear(48 * 2 * 2, 10))
