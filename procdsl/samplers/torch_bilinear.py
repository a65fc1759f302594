"""`torch.bilinear`: `F.interpolate(mode="bilinear", align_corners=False)`, not antialiased.

On u8 torch works in fixed point: 16-bit weights with as many fraction bits as the largest one
leaves, horizontal pass first, each pass rounded half up to u8. On f32 it computes places in
float32 (with one rounding, as its AVX2 and AVX-512 kernels do) and adds the four products in an
order that depends on the memory layout, so only a bound can be given.

A pixel of f32 that is not finite makes those not finite that take from it, also with weight 0, and
no others: of NaN comes NaN, of an infinity an infinity or NaN. Near the end of float32's range sums
may overflow.

torch has its fixed-point kernel where the processor has AVX2, which every x86-64 of the last
decade has. Elsewhere its u8 result differs by 1 in places, and `self_check` says so.
"""

from __future__ import annotations

from procdsl.samplers import _torch

SAMPLER = _torch.linear("bilinear", antialias=False, f32_bound=5e-7)
