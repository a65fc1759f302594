"""`rgba`: red, green, blue and alpha, as Pillow gives them: not premultiplied."""

from __future__ import annotations

from procdsl.types.colour import Colour

COLOUR = Colour(("r", "g", "b", "a"))
