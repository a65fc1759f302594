"""`pil.lanczos`: Pillow's LANCZOS, antialiased.

A sinc in the window of a sinc three times as wide, half-width 3, widened by the reduction. The
order of the two passes is that of Pillow 13; `pil12.lanczos` has that of older versions.

On f32 each channel is resized as Pillow resizes an image of mode F, its only one of floats. On u8
the colours of four channels are premultiplied, as Pillow's RGBA are.
"""

from __future__ import annotations

from procdsl.samplers import _pillow

SAMPLER = _pillow.sampler("lanczos")
