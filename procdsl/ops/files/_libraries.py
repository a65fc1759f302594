"""Pillow and OpenCV as `decode` means them, on a file whose structure was found whole."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from procdsl.lazy import np

if TYPE_CHECKING:
    from procdsl.imagefile.image_file import ImageFile


def pillow(data: bytes, file: ImageFile, colour: str, wide: bool, turn: bool) -> np.ndarray:
    """What Pillow's `open` and `convert` give; a `wide` picture keeps its 16 bits."""
    from PIL import Image

    with Image.open(BytesIO(data), formats=[file.format.upper()]) as image:
        image.load()
        if image.mode.startswith("I"):
            if colour == "rgba" and file.alpha:
                raise ValueError("Pillow gives no alpha of gray of 16 bits")
            pixels: np.ndarray = np.asarray(image).astype(np.uint16)
            gray = pixels if wide else (pixels >> 8).astype(np.uint8)
            found = gray if colour == "gray" else np.asarray(_of_gray(gray, colour))
        else:
            if colour != "rgba":
                image.info.pop("transparency", None)  # of which `convert` warns, and takes nothing
            mode = {"gray": "L", "rgba": "RGBA"}.get(colour, "RGB")
            found = np.asarray(image.convert(mode))
    if wide and found.dtype != np.uint16:
        raise ValueError("Pillow reads colours of 16 bits as 8")
    found = found[..., ::-1] if colour == "bgr" else found
    return _turned(found, file.orientation if turn else 1)


def _of_gray(gray: np.ndarray, colour: str) -> Any:
    from PIL import Image

    return Image.fromarray(gray).convert("RGBA" if colour == "rgba" else "RGB")


def opencv(data: bytes, file: ImageFile, colour: str, wide: bool, turn: bool) -> np.ndarray:
    """What OpenCV's `imdecode` gives; a `wide` picture keeps its 16 bits."""
    import cv2

    keeps = colour == "rgba" and file.alpha
    flags = cv2.IMREAD_GRAYSCALE if colour == "gray" else cv2.IMREAD_COLOR
    flags |= cv2.IMREAD_ANYDEPTH if wide else 0
    flags = (cv2.IMREAD_UNCHANGED if keeps else flags) | cv2.IMREAD_IGNORE_ORIENTATION
    found = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if found is None:
        raise ValueError(f"OpenCV cannot read this {file.format}")
    if keeps and found.shape[2:] != (4,):
        raise ValueError(f"OpenCV gives no alpha of this {file.format}")
    if keeps and not wide and found.dtype == np.uint16:
        found = np.right_shift(found, 8).astype(np.uint8)
    if colour == "rgba":
        opaque = np.full(found.shape[:2], 65535 if wide else 255, found.dtype)
        alpha = found[..., 3] if keeps else opaque
        found = np.dstack([found[..., 2::-1], alpha])
    elif colour == "rgb":
        found = found[..., ::-1]
    return _turned(found, file.orientation if turn else 1)


def _turned(x: np.ndarray, orientation: int) -> np.ndarray:
    """The picture turned as EXIF counts: 2 to 4 mirror it, from 5 on rows become columns."""
    if orientation > 4:
        x = x.swapaxes(0, 1)
    rows = -1 if orientation in (3, 4, 7, 8) else 1
    columns = -1 if orientation in (2, 3, 6, 7) else 1
    return np.ascontiguousarray(x[::rows, ::columns])
