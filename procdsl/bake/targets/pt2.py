"""pt2: what is baked is exported by `torch.export`, for any batch, height and width.

What it cannot hold it is asked for step by step: a step whose sizes are open is exported alone.
"""

from __future__ import annotations

from procdsl.bake.target import BakeTarget
from procdsl.formats.pt2 import Pt2


class ToPt2(BakeTarget):
    codegen = "torch"
    format = Pt2.title


TARGET = ToPt2()
