from typing import Any

from procdsl.imagefile.image_file import ImageFile


def decoded_by_opencv(
    name: str, data: bytes, file: ImageFile, to: str, depth: str | None, turns: bool
) -> Any:
    """A file as OpenCV's `imdecode` reads it, as an array of numpy."""
    import cv2
    import numpy as np

    if to == "rgba" and file.alpha:
        flags = cv2.IMREAD_UNCHANGED
    else:
        flags = cv2.IMREAD_GRAYSCALE if to == "gray" else cv2.IMREAD_COLOR
        if depth == "u16":
            flags |= cv2.IMREAD_ANYDEPTH
    try:
        flags |= cv2.IMREAD_IGNORE_ORIENTATION
        x: Any = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise ValueError(f"{name}: OpenCV cannot read this {file.format}: {error}") from error
    if x is None or x.shape[:2] != (file.h, file.w):
        raise ValueError(f"{name}: OpenCV cannot read this {file.format}")
    if to == "rgb":
        x = cv2.cvtColor(x, cv2.COLOR_BGR2RGB)
    elif to == "rgba" and file.alpha:
        if x.shape[2:] != (4,):
            raise ValueError(f"{name}: OpenCV gives no alpha of this {file.format}")
        if depth != "u16" and x.dtype == np.uint16:
            x = (x >> 8).astype(np.uint8)
        x = cv2.cvtColor(x, cv2.COLOR_BGRA2RGBA)
    elif to == "rgba":
        x = cv2.cvtColor(x, cv2.COLOR_BGR2RGBA)
    if turns and file.orientation > 4:
        x = cv2.transpose(x)
    if turns and file.orientation in (2, 3, 6, 7):
        x = cv2.flip(x, 1)
    if turns and file.orientation in (3, 4, 7, 8):
        x = cv2.flip(x, 0)
    return x
