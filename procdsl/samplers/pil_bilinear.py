"""`pil.bilinear`: Pillow's BILINEAR, antialiased; what torchvision calls bilinear on PIL images.

The kernel is a triangle of half-width 1, widened by the reduction. The order of the two passes is
that of Pillow 13; `pil12.bilinear` has that of older versions.

On f32 each channel is resized as Pillow resizes an image of mode F, its only one of floats. On u8
the colours of four channels are premultiplied, as Pillow's RGBA are.
"""

from __future__ import annotations

from procdsl.samplers import _pillow

SAMPLER = _pillow.sampler("bilinear")
