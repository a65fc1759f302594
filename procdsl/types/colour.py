"""What a colour is: how the numbers of an image become one.

A colour is a room in `procdsl/colours/`, found by its name: its docstring is its page, `COLOUR` is
what the checker knows. Colours that are red, green and blue themselves need no more: `convert`
moves their channels. The others are computed: they state their arithmetic from and to RGB in plain
numpy, and macros in `templates/colours/` give it on the backends.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from procdsl import discovery
from procdsl.records import dataclass

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Colour:
    channels: tuple[str, ...]
    """What the channels are, in their order: `r`, `g`, `b` and `a` (alpha), `gray`, or others."""
    from_rgb: Callable[[np.ndarray], np.ndarray] | None = None
    """u8 RGB [h, w, 3] to this colour; ValueError where the picture has no form in it."""
    to_rgb: Callable[[np.ndarray], np.ndarray] | None = None
    """The way back."""
    one_way: str = ""
    """Why one of the two is missing."""
    angle: bool = False
    """Whether a channel is an angle: the mean of 179 and 1 would be 90, the opposite of both."""
    subsampled: bool = False
    """Whether it is a 4:2:0 frame u8[rows, w]: h rows of luma, under them h / 2 of chroma."""

    @property
    def moved(self) -> bool:
        """Whether its channels are gray, or red, green and blue themselves."""
        return self.from_rgb is None and self.to_rgb is None

    @property
    def alpha(self) -> bool:
        return "a" in self.channels


def colour_names() -> tuple[str, ...]:
    """Every colour as the language writes it: `rgb`, `cv2.hsv`."""
    return discovery.dotted("colours")


@cache
def colour(name: str) -> Colour:
    """The colour of this name, which must be one of `colour_names`."""
    found: Colour = discovery.module("colours", name).COLOUR
    return found


def colour_page(name: str) -> str:
    """The documentation of a colour."""
    return discovery.page("colours", name)
