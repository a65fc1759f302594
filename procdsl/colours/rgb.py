"""`rgb`: red, green, blue, as Pillow, imageio and torchvision give them."""

from __future__ import annotations

from procdsl.types.colour import Colour

COLOUR = Colour(("r", "g", "b"))
