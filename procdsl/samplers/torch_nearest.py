"""`torch.nearest`: `F.interpolate(mode="nearest")`.

Row y of the result is row `floor(y * scale)` of the source, `scale = source / target`, both in
float32; likewise the columns. OpenCV's INTER_NEAREST means the same, but computes in float64.
"""

from __future__ import annotations

from procdsl.samplers import _torch

SAMPLER = _torch.nearest(0.0)
