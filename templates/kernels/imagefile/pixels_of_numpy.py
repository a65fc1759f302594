from typing import Any

import numpy as np

from procdsl.imagefile.image_file import ImageFile
from procdsl.imagefile.turned_size import turned_size


def pixels_of(
    name: str, image: Any, file: ImageFile, to: str, depth: str | None, turns: bool
) -> np.ndarray:
    """The pixels of a picture of Pillow's."""
    if depth == "u16" and not image.mode.startswith("I"):
        raise ValueError(f"{name}: Pillow reads colours of 16 bits as 8")
    if image.size[::-1] != turned_size(file, turns):
        raise ValueError(f"{name}: Pillow reads {image.height} x {image.width} of this file")
    x = np.array(image, np.uint16 if depth == "u16" else np.uint8)
    return np.ascontiguousarray(x[..., ::-1]) if to == "bgr" else x
