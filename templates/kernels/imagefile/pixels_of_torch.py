from typing import Any

import torch

from procdsl.imagefile.image_file import ImageFile
from procdsl.imagefile.turned_size import turned_size


def pixels_of(
    name: str, image: Any, file: ImageFile, to: str, depth: str | None, turns: bool
) -> torch.Tensor:
    """The pixels of a picture of Pillow's."""
    if depth == "u16" and not image.mode.startswith("I"):
        raise ValueError(f"{name}: Pillow reads colours of 16 bits as 8")
    if image.size[::-1] != turned_size(file, turns):
        raise ValueError(f"{name}: Pillow reads {image.height} x {image.width} of this file")
    sides = [image.height, image.width]
    if depth == "u16":
        plain = bytearray(image.convert("I;16").tobytes())
        return torch.frombuffer(plain, dtype=torch.uint16).reshape(sides)
    x = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
    if to == "gray":
        return x.reshape(sides)
    x = x.reshape([*sides, len(to)])
    return x.flip(-1) if to == "bgr" else x
