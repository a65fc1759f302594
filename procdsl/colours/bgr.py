"""`bgr`: blue, green, red, as `cv2.imread` gives them."""

from __future__ import annotations

from procdsl.types.colour import Colour

COLOUR = Colour(("b", "g", "r"))
