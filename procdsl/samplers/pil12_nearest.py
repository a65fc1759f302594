"""`pil12.nearest`: Pillow's NEAREST up to version 12, the same as `pil.nearest`."""

from __future__ import annotations

from procdsl.samplers.pil_nearest import SAMPLER

__all__ = ["SAMPLER"]
