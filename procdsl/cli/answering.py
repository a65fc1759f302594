"""`procdsl run --model`: a pipeline with its model on image files, as JSON and as pictures."""

from __future__ import annotations

import argparse
import io
import json
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procdsl.cli import checking, paths, pictures
from procdsl.ir.decoding import decodings
from procdsl.ir.pipeline import Pipeline
from procdsl.types.array import Array
from procdsl.workspace import files, sources, staging
from procdsl.workspace.errors import Misuse
from procdsl.workspace.staging import Staged

if TYPE_CHECKING:
    import numpy as np

    from procdsl.serving.processor import Processor

_SOFTWARE, _DRAWN = 0x0131, "procdsl run --draw"
"""The tag of EXIF for what has made a picture, and what it says."""
_OWN = True
"""What `--model` is without a value: the model is in the file that carries the pipeline."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        nargs="?",
        type=paths.path,
        const=_OWN,
        metavar="MODEL",
        help="run `pre`, this model file and `post`, and print the answers as JSON; without a "
        "value, as the last word, the model is the file itself",
    )
    parser.add_argument(
        "--draw",
        type=paths.path,
        metavar="OUT",
        help="with --model: draw the answers on the picture, into this image file; of several "
        "pictures into IMAGE.png in this folder",
    )


def asked(given: argparse.Namespace) -> bool:
    """Whether the whole pipeline is to be run."""
    if given.model is None and given.draw is not None:
        raise Misuse("--draw is for --model, which gives what is drawn")
    return given.model is not None


def run(given: argparse.Namespace, pipeline: Pipeline, input_type: Array) -> int:
    """Print the answers for each image, or write them, and the pictures where they are drawn."""
    backends = list(dict.fromkeys(given.backends or ["numpy"]))
    if len(backends) > 1 or "all" in backends:
        raise Misuse("--model runs one backend: give --backend once")
    if given.settings:
        raise Misuse("-D is not for --model: a file is served with the defaults of its params")
    if given.draw is not None:
        _check_drawing()
    with Staged() as made:
        places = _places(given, made)
        for place in places.values():
            _check_picture(place, given)
        if given.folder is not None:
            files.check_result(Path(given.folder), _answers, given.force)
        processor = _processor(given, pipeline, backends[0])
        _answer_all(given, pipeline, input_type, processor, places)
    return 0


def _answer_all(
    given: argparse.Namespace,
    pipeline: Pipeline,
    input_type: Array,
    processor: Processor,
    places: Mapping[Path, Path],
) -> None:
    answers: list[str] = []
    unread: list[Misuse] = []
    for path in map(Path, given.images):
        try:
            taken = pictures.read_image(path, input_type, bool(pipeline.orders))
            answer, size = _answer(processor, pipeline, input_type, taken, path)
        except Misuse as error:
            unread.append(error)
            continue
        answers.append(_line(path, size, answer))
        if given.draw is not None:
            _draw(places[path], pipeline, input_type, taken, path, answer)
    checking.refuse_unread(unread)
    _write(given.folder, "[\n" + ",\n".join(answers) + "\n]\n")


def _processor(given: argparse.Namespace, pipeline: Pipeline, backend: str) -> Processor:
    from procdsl.serving.load import load
    from procdsl.workspace.externs import folders

    if pipeline.serving_externs:
        sys.path[:0] = map(str, folders(Path(given.file).parent))
    if given.model is _OWN and sources.is_source(given.file):
        raise Misuse(f"{given.file} holds no model: name the file of one behind --model")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is doubtful in a source was reported
        model = None if given.model is _OWN else given.model
        try:
            return load(given.file, backend=backend, model=model)
        except (ImportError, OSError, RuntimeError, TypeError, ValueError) as error:
            raise Misuse(_said(error)) from None


def _said(error: Exception) -> str:
    """What an error says, without the traces that TorchScript tells before it."""
    said = str(error).strip()
    return said.rpartition("\n")[2] if "Traceback of TorchScript" in said else said


def _answer(
    processor: Processor, pipeline: Pipeline, input_type: Array, taken: Any, path: Path
) -> tuple[dict[str, Any], tuple[int, int]]:
    """The results by name, and the height and width of the picture."""
    from procdsl.serving import plain

    sample = taken
    if processor.backend == "torch" and not isinstance(taken, bytes):
        import torch

        sample = torch.from_numpy(taken)
    try:
        found = processor(sample, **pictures.order(pipeline))
        size = (
            processor.image_size(taken) if input_type.is_file else input_type.picture(taken.shape)
        )
    except (ImportError, RuntimeError, TypeError, ValueError) as error:
        raise Misuse(f"{path}: {_said(error)}") from None
    return plain.by_name(pipeline, found), size


def _line(path: Path, size: tuple[int, int], answer: dict[str, Any]) -> str:
    """The answer of one picture as JSON, on one line."""
    from procdsl.serving import plain

    data = {"image": str(path), "size": list(size), "outputs": plain.plain(answer)}
    return json.dumps(data, allow_nan=False)


def _write(place: str | None, text: str) -> None:
    if place is None:
        sys.stdout.write(text)
        return
    staging.write(Path(place), text.encode())


def _answers(data: bytes) -> bool:
    """Whether a file holds answers, as this command writes them."""
    try:
        found = json.loads(data)
    except (RecursionError, ValueError):
        return False
    keys = {"image", "size", "outputs"}
    return isinstance(found, list) and all(isinstance(a, dict) and set(a) == keys for a in found)


# Pictures


def _check_drawing() -> None:
    from procdsl.serving.drawing import check_installed

    try:
        check_installed()
    except ImportError as error:
        raise Misuse(str(error)) from None


def _places(given: argparse.Namespace, made: Staged) -> dict[Path, Path]:
    """Where each picture is drawn; a folder for them goes again where a failure leaves it empty."""
    images = list(map(Path, given.images))
    if given.draw is None:
        return {}
    if len(images) == 1:
        return {images[0]: Path(given.draw)}
    names = [path.name for path in images]
    double = next((name for name in names if names.count(name) > 1), None)
    if double:
        raise Misuse(f"two images are called {double}: their pictures would overwrite each other")
    folder = Path(given.draw)
    made.make(folder)
    return {path: folder / f"{path.name}.png" for path in images}


def _draw(
    place: Path,
    pipeline: Pipeline,
    input_type: Array,
    taken: Any,
    path: Path,
    answer: dict[str, Any],
) -> None:
    from PIL import Image

    from procdsl.serving.drawing import drawn

    picture = drawn(_in_rgb(pipeline, input_type, taken, path), pipeline, answer)
    exif, data = Image.Exif(), io.BytesIO()
    exif[_SOFTWARE] = _DRAWN
    try:
        format = Image.registered_extensions()[place.suffix.lower()]
        Image.fromarray(picture).save(data, format, exif=exif)
    except KeyError:
        raise Misuse(f"{place} does not end as a picture does, such as .png") from None
    except (OSError, ValueError) as error:
        raise Misuse(f"{place} cannot be written: {error}") from None
    staging.write(place, data.getvalue())


def _check_picture(place: Path, given: argparse.Namespace) -> None:
    """Refuse to draw over a picture that was not drawn by this command, or is drawn on."""
    files.check_result(place, lambda data: _DRAWN.encode() in data, given.force)
    for image in given.images:
        if files.same(place, image):
            raise Misuse(f"{place} is {image}, which is drawn on: choose another file for --draw")


def _in_rgb(pipeline: Pipeline, input_type: Array, taken: Any, path: Path) -> np.ndarray:
    """The pixels of the picture that the pipeline was given, u8[h, w, 3] in RGB."""
    import numpy as np

    pixels, type_ = taken, input_type
    for step in decodings(pipeline):
        pixels, decoded = step.op.reference(step.types, taken), step.outputs[0].type
        assert isinstance(decoded, Array), "what is decoded is a picture"
        type_ = decoded
    if type_.dtype != "u8" or not {"h", "w"} <= set(type_.names) <= {"h", "w", "c"}:
        raise Misuse(f"{path}: a picture of {type_} cannot be drawn on")
    names = [name for name in ("h", "w", "c") if name in type_.names]
    pixels = pixels.transpose([type_.names.index(name) for name in names])
    pixels = pixels if pixels.ndim == 3 else pixels[:, :, None]
    if pixels.shape[2] == 1:
        return np.repeat(pixels, 3, axis=2)
    # where the order is the caller's the picture came as Pillow gives it
    turned = type_.colour in ("bgr", "bgra") and not pipeline.orders
    return np.ascontiguousarray(pixels[:, :, [2, 1, 0] if turned else [0, 1, 2]])
