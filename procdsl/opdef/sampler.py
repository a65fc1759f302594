"""What a sampler is: a named way to resize."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from procdsl.records import dataclass
from procdsl.types.numerics import ErrorBound

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Sampler:
    """A named way to resize: `reference(x, h, w)` on [h, w, c], and its numerics by dtype."""

    numerics: Mapping[str, ErrorBound | None]
    reference: Callable[[np.ndarray, int, int], np.ndarray]
    per_channel: bool = True
    """Whether a channel comes out the same whatever its place among the others."""
    picks: bool = False
    """Whether each pixel is one of the source's, and no mean of several."""
    lobe: float = 0.0
    """The most that a pixel's weights below 0 come to along an axis, whatever the sizes."""
