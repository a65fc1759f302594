"""`torch.bilinear_aa`: `F.interpolate(mode="bilinear", antialias=True)`.

What torchvision's `Resize` computes on tensors. The windows and the triangle are those of
`pil.bilinear`; on u8 its weights have 16 bits, and the horizontal pass is always the first, so the
two differ by 1 in places. On f32, as in `torch.bilinear`, only a bound can be given; torch 2.13 is
wrong on f32 where the result is one pixel wide, and this is what it means there. A pixel of f32
that is not finite acts as in `torch.bilinear`, on those whose windows it is in.
"""

from __future__ import annotations

from procdsl.samplers import _torch

SAMPLER = _torch.linear("bilinear", antialias=True, f32_bound=1e-6)
