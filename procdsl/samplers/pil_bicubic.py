"""`pil.bicubic`: Pillow's BICUBIC, antialiased.

Keys' cubic convolution with a = -0.5 (R. Keys, "Cubic convolution interpolation for digital image
processing", IEEE Trans. ASSP 29(6), 1981), half-width 2, widened by the reduction. The order of the
two passes is that of Pillow 13; `pil12.bicubic` has that of older versions.

On f32 each channel is resized as Pillow resizes an image of mode F, its only one of floats. On u8
the colours of four channels are premultiplied, as Pillow's RGBA are.
"""

from __future__ import annotations

from procdsl.samplers import _pillow

SAMPLER = _pillow.sampler("bicubic")
