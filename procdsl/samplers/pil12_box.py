"""`pil12.box`: Pillow's BOX as it was up to version 12.

As `pil.box`, but the horizontal pass is always the first. The two differ where a picture loses much
more of its height than of its width.
"""

from __future__ import annotations

from procdsl.samplers import _pillow

SAMPLER = _pillow.sampler("box", horizontal_first=True)
