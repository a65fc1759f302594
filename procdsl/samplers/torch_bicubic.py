"""`torch.bicubic`: `F.interpolate(mode="bicubic", align_corners=False)`, not antialiased.

Cubic convolution with a = -0.75 on four by four pixels; those beyond the edge are the edge's. The
arithmetic is that of `torch.bilinear`: exact on u8, a bound on f32, the same where a
pixel is not finite.
"""

from __future__ import annotations

from procdsl.samplers import _torch

SAMPLER = _torch.linear("bicubic", antialias=False, f32_bound=5e-6)
