"""Three small networks, and functions that make them: what `procdsl bake` is given as `--factory`.

That of the photographs was trained, by their own example. The others need no training: their
weights follow from what they look for.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

PHOTOGRAPHS = Path(__file__).parent.parent / "photographs"

STAINS = ((0.65, 0.70, 0.29), (0.27, 0.57, 0.78))
"""How much red, green and blue haematoxylin and DAB take away (Ruifrok and Johnston, 2001)."""


class Galaxies(nn.Module):
    """f32[n, 3, 256, 256] to f32[n, 6, 5376]: boxes and scores in the layout of YOLOv8.

    Each anchor sees a window of three strides. Of what is bright in it, sums over places give the
    centre and the spread, and so the box. It scores where its own cell has some, the border of the
    window has none, and the box is full: then the window holds one thing, and all of it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.scales = nn.ModuleList(Moments(stride) for stride in (4, 8, 16))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([scale(x).flatten(2) for scale in self.scales], dim=2)


class Moments(nn.Module):
    """The anchors of one stride."""

    def __init__(self, stride: int) -> None:
        super().__init__()
        self.stride = stride
        side = 3 * stride
        at = (torch.arange(side) + 0.5) / stride - 1.5  # in strides from the middle of the window
        y, x = torch.meshgrid(at, at, indexing="ij")
        far = torch.maximum(x.abs(), y.abs())
        sums = torch.stack([torch.ones_like(x), x, y, x * x, y * y, far < 0.5, far > 1.25])
        self.register_buffer("sums", sums[:, None])
        ones = torch.ones(1, 1, side, side)
        self.register_buffer("whole", ones)
        cells = torch.arange(256 // stride) + 0.5
        self.register_buffer("middles", torch.stack(torch.meshgrid(cells, cells, indexing="xy")))

    def forward(self, x: Tensor) -> Tensor:
        bright = ((x.mean(1, keepdim=True) - 0.3) * 8).clamp(0, 1)
        warmth = (x[:, :1] - x[:, 2:]) * bright
        found = nn.functional.conv2d(bright, self.sums, None, self.stride, self.stride)
        warm = nn.functional.conv2d(warmth, self.whole, None, self.stride, self.stride)
        mass, at, spread = found[:, :1] + 1e-3, found[:, 1:3], found[:, 3:5]
        inside, border = found[:, 5:6], found[:, 6:7]
        middle = at / mass
        # Of a bar of length 1 the spread is 1/12.
        side = (12 * (spread / mass - middle * middle)).clamp(min=0).sqrt()
        boxes = torch.cat([middle + self.middles, side], 1) * self.stride
        full = mass / (side.prod(1, keepdim=True) * self.stride**2 + 1)
        score = (inside / self.stride).clamp(0, 1) * (1 - 3 * border / mass).clamp(0, 1)
        score = score * (4 * full - 1).clamp(0, 1)
        share = (20 * warm / mass).sigmoid()
        return torch.cat([boxes, score * share, score * (1 - share)], 1)


class Stains(nn.Module):
    """f32[n, 3, 192, 192] to f32[n, 3, 192, 192]: a logit for nothing, for blue and for brown.

    Light is taken away by each stain in its own colours; the amounts are found back by the inverse
    of these, a convolution of one pixel.
    """

    def __init__(self) -> None:
        super().__init__()
        self.amounts = nn.Conv2d(3, 2, 1, bias=False)
        stains = nn.functional.normalize(torch.tensor(STAINS, dtype=torch.float64), dim=1)
        self.amounts.weight.data = torch.linalg.pinv(stains).T[..., None, None].float()
        self.around = nn.AvgPool2d(5, 1, 2, count_include_pad=False)

    def forward(self, x: Tensor) -> Tensor:
        taken = -(x.clamp(min=1 / 255)).log()
        amounts = self.around(self.amounts(taken))
        return 8 * torch.cat([torch.full_like(amounts[:, :1], 0.35), amounts], 1)


def photographs(checkpoint: dict[str, Any]) -> nn.Module:
    """The network of the photographs, with the weights of its training."""
    spec = importlib.util.spec_from_file_location("network", PHOTOGRAPHS / "network.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: nn.Module = module.network()
    made.load_state_dict(checkpoint["model"])
    return made


def galaxies() -> nn.Module:
    return Galaxies()


def stains() -> nn.Module:
    return Stains()
