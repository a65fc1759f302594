"""Image files as the inputs of pipelines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procdsl import limits
from procdsl.cli import paths
from procdsl.ir.pipeline import Pipeline
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.dtypes import BYTES
from procdsl.workspace import reading
from procdsl.workspace.errors import Misuse

if TYPE_CHECKING:
    import numpy as np

    from procdsl.imagefile.image_file import ImageFile


def image_input(pipeline: Pipeline, file: str) -> Array:
    """The type of the one input, which must be a file, or an image that a file can hold."""
    type_ = pipeline.inputs[0].type if len(pipeline.inputs) == 1 else None
    if not isinstance(type_, Array) or not (type_.is_file or _in_files(type_)):
        inputs = ", ".join(f"{v.name}: {v.type}" for v in pipeline.inputs) or "none"
        raise Misuse(
            f"{file}: run takes a pipeline with one u8 image or file as its input; it has {inputs}"
        )
    return type_


def _in_files(type_: Array) -> bool:
    """Whether image files hold such pixels: of u8, and not of a colour that is computed."""
    from procdsl.types.colour import colour

    moved = type_.colour is None or colour(type_.colour).moved
    return type_.dtype == "u8" and {"h", "w"} <= set(type_.names) and moved


def order(pipeline: Pipeline) -> dict[str, str]:
    """What `preprocess` is told of the order of the channels: they come as Pillow gives them."""
    return {"order": next(o for o in pipeline.orders if o[0] == "r")} if pipeline.orders else {}


def _check_pillow() -> None:
    import importlib.util

    if importlib.util.find_spec("PIL") is None:
        raise Misuse("reading images needs Pillow: pip install 'procdsl[run]'")


def picture_files(folder: Path) -> list[Path]:
    """The files in a folder that have the ending of a picture, in the order of their names."""
    _check_pillow()
    from PIL import Image

    if not folder.is_dir():
        raise Misuse(f"{folder} is no folder of pictures")
    endings = Image.registered_extensions()
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in endings)
    if not found:
        raise Misuse(f"{folder} holds no file that ends as a picture does")
    for path in found:
        if why := paths.why_not(str(path)):
            raise Misuse(why)
    return found


def read_image(path: Path, type_: Array, any_order: bool) -> Any:
    """What an input of this type is given of a file: its bytes, or its pixels."""
    data = reading.read(str(path), limits.IMAGE_BYTES + 1)
    if len(data) > limits.IMAGE_BYTES:
        raise Misuse(f"{path} is of more than {limits.IMAGE_BYTES:,} bytes")
    return data if type_.is_file else _picture(path, data, type_, any_order)


def _picture(path: Path, data: bytes, type_: Array, any_order: bool) -> np.ndarray:
    """The pixels as they are stored, in the form that the pipeline's input wants.

    In `any_order` they stay in that of Pillow. Nothing of a file is left out: not its alpha, nor
    half of 16 bits, nor further frames. What a camera puts behind a JPEG is told.

    An EXIF orientation is told and not applied: OpenCV's imread applies it and Pillow's open does
    not, so which of the two a service does is not known here.
    """
    import numpy as np

    from procdsl.ops.files._options import FORMATS
    from procdsl.ops.files.decode import Decode

    wanted = {"gray": "gray", "rgba": "rgba", "bgra": "rgba"}.get(type_.colour or "", "rgb")
    decode = Decode(
        to=Word(wanted),
        by=Word("pil"),
        formats=tuple(map(Word, FORMATS)),
        exif=Word("ignore"),
        alpha=None if wanted == "rgba" else Word("drop"),
        depth=Word("u8"),
        frames=Word("first"),
    )
    try:
        file = decode.header(data, str(path))
        _check_whole(path, file, wanted, type_)
        pixels = decode.reference((Array(BYTES, ()),), data)
    except ImportError:
        raise Misuse("reading images needs Pillow: pip install 'procdsl[run]'") from None
    except (OSError, SyntaxError, ValueError) as error:
        said = str(error)
        raise Misuse(said if said.startswith(str(path)) else f"{path}: {said}") from None
    if file.orientation != 1:
        print(
            f"procdsl: {path}: the EXIF orientation {file.orientation} is not applied: the pixels "
            "are those of PIL.Image.open, and cv2.imread would turn them",
            file=sys.stderr,
        )
    if file.further:
        print(
            f"procdsl: {path}: what stands behind the first picture of the JPEG is left out, "
            f"{file.further} more (a preview, a gain map, or another frame)",
            file=sys.stderr,
        )
    if type_.colour in ("bgr", "bgra") and not any_order:
        pixels = pixels[:, :, [2, 1, 0, 3][: pixels.shape[2]]]
    if type_.colour == "gray" and "c" in type_.names:
        pixels = pixels[:, :, None]
    canonical = ("h", "w", "c")[: pixels.ndim]
    if set(type_.names) != set(canonical):
        raise Misuse(f"{path} has the axes {', '.join(canonical)}, the input is {type_}")
    return np.array(pixels.transpose([canonical.index(n) for n in type_.names]), order="C")


def _check_whole(path: Path, file: ImageFile, wanted: str, type_: Array) -> None:
    """Refuse a file of which the input, `wanted` gray or in colours, would not hold everything."""
    has, way = "", ""
    if file.several:
        has, way = "several frames", "save the one that is meant"
    elif file.bits > 8:
        has, way = f"numbers of {file.bits} bits", "save it with 8"
    elif file.gray != (wanted == "gray") or (wanted == "rgba" and not file.alpha):
        has = f"{'gray' if file.gray else 'colours'}{' and alpha' if file.alpha else ''}"
        way = f"save it in {wanted}"
    elif file.alpha and wanted != "rgba":
        has, way = "alpha, or a colour that is transparent", "save it without"
    if has:
        raise Misuse(
            f"{path} has {has}, the pipeline's input is {type_}: {way}, or let the "
            "input be `bytes`, of which `decode` says what becomes of it"
        )
