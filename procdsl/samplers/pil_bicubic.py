"""`pil.bicubic`: Pillow's BICUBIC, antialiased.

Keys' cubic convolution with a = -0.5 (R. Keys, "Cubic convolution interpolation for digital image
processing", IEEE Trans. ASSP 29(6), 1981), half-width 2, widened by the reduction. The order of the
two passes is that of Pillow 13; `pil12.bicubic` has that of older versions.
"""

from __future__ import annotations

from procdsl.samplers import _pillow

SAMPLER = _pillow.sampler("bicubic")
