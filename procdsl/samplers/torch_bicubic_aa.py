"""`torch.bicubic_aa`: `F.interpolate(mode="bicubic", antialias=True)`.

The windows and the cubic convolution, a = -0.5, are those of `pil.bicubic`; the arithmetic is that
of `torch.bilinear_aa`: exact on u8, a bound on f32, the same where a
pixel is not finite.
"""

from __future__ import annotations

from procdsl.samplers import _torch

SAMPLER = _torch.linear("bicubic", antialias=True, f32_bound=5e-6)
