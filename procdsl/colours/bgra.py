"""`bgra`: blue, green, red and alpha, as `cv2.imread` gives them with IMREAD_UNCHANGED."""

from __future__ import annotations

from procdsl.types.colour import Colour

COLOUR = Colour(("b", "g", "r", "a"))
