"""`torch.nearest_exact`: `F.interpolate(mode="nearest-exact")`.

Row y of the result is row `floor((y + 0.5) * scale)` of the source, `scale = source / target`,
both in float32; likewise the columns. Pillow's NEAREST means the same, but computes in float64.
"""

from __future__ import annotations

from procdsl.samplers import _torch

SAMPLER = _torch.nearest(0.5)
