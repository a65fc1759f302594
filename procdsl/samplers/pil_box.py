"""`pil.box`: Pillow's BOX, antialiased.

Every pixel of the window, whose half-width is 0.5 widened by the reduction, weighs the same: when
reducing by whole factors, the mean of a block. The order of the two passes is that of Pillow 13;
`pil12.box` has that of older versions.

On f32 each channel is resized as Pillow resizes an image of mode F, its only one of floats. On u8
the colours of four channels are premultiplied, as Pillow's RGBA are.
"""

from __future__ import annotations

from procdsl.samplers import _pillow

SAMPLER = _pillow.sampler("box")
