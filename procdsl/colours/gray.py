"""`gray`: one channel of luma. [h, w] and [h, w, c=1] are both such an image.

Which luma it is says `convert(gray, luma=...)`; all three weigh by ITU-R BT.601:

| luma | arithmetic |
|---|---|
| `cv2` | `(9798 R + 19235 G + 3735 B + 2^14) >> 15`, OpenCV's |
| `pil` | `(19595 R + 38470 G + 7471 B + 2^15) >> 16`, Pillow's; 1 off `cv2` on 0.13 % of colours |
| `torchvision` | `(0.2989 R + 0.587 G) + 0.114 B` in float32, cut: `rgb_to_grayscale` on uint8 |
"""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.types.colour import Colour

COLOUR = Colour(("gray",))

LUMA = {"cv2": ((9798, 19235, 3735), 15), "pil": ((19595, 38470, 7471), 16)}
"""The weights of red, green and blue, and the shift."""


def weighed(rgb: np.ndarray, luma: str) -> np.ndarray:
    """The luma of u8 RGB [h, w, 3] as [h, w, 1]."""
    if luma == "torchvision":
        r, g, b = (rgb[..., i].astype(np.float32) for i in range(3))
        total = (np.float32(0.2989) * r + np.float32(0.587) * g) + np.float32(0.114) * b
        return total.astype(np.uint8)[..., None]
    weights, shift = LUMA[luma]
    whole = (rgb.astype(np.int64) * weights).sum(axis=-1, keepdims=True)
    return (whole + (1 << (shift - 1)) >> shift).astype(np.uint8)
