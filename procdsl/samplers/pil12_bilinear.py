"""`pil12.bilinear`: Pillow's BILINEAR as it was up to version 12.

As `pil.bilinear`, but the horizontal pass comes first, except in a picture more than 100 times as
high as wide that loses height. The two differ where a picture loses much more of its height than of
its width.
"""

from __future__ import annotations

from procdsl.samplers import _pillow

SAMPLER = _pillow.sampler("bilinear", version=12)
