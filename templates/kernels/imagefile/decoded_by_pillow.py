from io import BytesIO
from typing import Any

from procdsl.imagefile.image_file import ImageFile


def decoded_by_pillow(
    name: str, data: bytes, file: ImageFile, to: str, depth: str | None, turns: bool
) -> Any:
    """A file as Pillow's `open` and `convert` read it, in the mode of the colour."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=[file.format.upper()]) as opened:
            opened.load()
            image: Any = opened
            if turns:
                image = upright(image, file.orientation)
            if depth == "u16":
                return image
            if to != "rgba":
                image.info.pop("transparency", None)  # of which `convert` warns, and takes nothing
            if image.mode.startswith("I"):
                if to == "rgba" and file.alpha:
                    raise ValueError("of gray with 16 bits there is no alpha")
                image = high_bytes(image)
            if to == "gray":
                return image.convert("L")
            if to == "rgba":
                return image.convert("RGBA")
            return image.convert("RGB")
    except Exception as error:  # whatever a damaged file makes of its reader
        raise ValueError(f"{name}: Pillow cannot read this {file.format}: {error}") from error


def high_bytes(image: Any) -> Any:
    """Gray of 16 bits as the high byte of each number; `convert` would cut it at 255."""
    from PIL import Image

    return Image.frombytes("L", image.size, image.convert("I;16").tobytes()[1::2])


def upright(image: Any, orientation: int) -> Any:
    """A picture turned as EXIF counts."""
    from PIL import Image

    turn = Image.Transpose
    ways = [
        turn.FLIP_LEFT_RIGHT,
        turn.ROTATE_180,
        turn.FLIP_TOP_BOTTOM,
        turn.TRANSPOSE,
        turn.ROTATE_270,
        turn.TRANSVERSE,
        turn.ROTATE_90,
    ]
    return image if orientation == 1 else image.transpose(ways[orientation - 2])
