"""`pil.bilinear`: Pillow's BILINEAR, antialiased; what torchvision calls bilinear on PIL images.

The kernel is a triangle of half-width 1, widened by the reduction. The order of the two passes is
that of Pillow 13; `pil12.bilinear` has that of older versions.
"""

from __future__ import annotations

from procdsl.samplers import _pillow

SAMPLER = _pillow.sampler("bilinear")
