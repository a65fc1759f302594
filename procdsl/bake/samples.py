"""What a baked file is proved on: pictures, as the inputs of a pipeline.

The photographs of `pictures/` are taken where the user gives none. An input that is no picture is
made of the numbers of one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from procdsl.ir.decoding import behind_decoding, decodings
from procdsl.ir.pipeline import Pipeline, Value
from procdsl.lazy import np
from procdsl.limits import SIDE
from procdsl.records import dataclass
from procdsl.reference import probe
from procdsl.reference.interpreter import Given
from procdsl.types.array import Array
from procdsl.types.colour import colour

_PICTURES = Path(__file__).parent / "pictures"
_FRAMES = 3
LEAST = 8
"""How many pictures a file is proved on at least."""


@dataclass(frozen=True, eq=False)
class Sample:
    """A value for each input of a pipeline, and the name of the picture that they are made of."""

    name: str
    inputs: Mapping[str, Given]


def built_in(pipeline: Pipeline) -> list[Sample]:
    """The photographs as inputs. An ImportError says that nothing here reads pictures."""
    try:
        from PIL import Image
    except ImportError:
        raise ImportError("pictures are read by Pillow: pip install 'procdsl[run]'") from None
    found = []
    for path in sorted(_PICTURES.glob("*.jpg")):
        pixels = np.asarray(Image.open(path).convert("RGB"))
        found.append(Sample(path.name, inputs_of(pipeline, pixels)))
    return found


def inputs_of(pipeline: Pipeline, pixels: np.ndarray) -> dict[str, Given]:
    """An RGB picture as every input of a pipeline; without `pre`, as what its model takes."""
    pixels = _large_enough(pipeline, pixels)
    files = {step.inputs[0].number: step.op for step in decodings(pipeline)}
    found: dict[str, Given] = {}
    for value in pipeline.inputs or pipeline.model.inputs:
        if value.number in files:
            allowed: Sequence[str] = files[value.number].allowed  # type: ignore[attr-defined]  # it decodes
            found[value.name] = _encoded(pixels, allowed[0])
        else:
            found[value.name] = as_input(value, pixels)
    return found


def as_input(value: Value, pixels: np.ndarray) -> np.ndarray:
    """The numbers of an RGB picture as an array of an input's type."""
    type_ = value.type
    assert isinstance(type_, Array), "inputs are arrays"
    known = colour(type_.colour) if type_.colour else None
    if type_.says in (("xy", "pixels"), ("xyxy", "pixels")):
        return _in_picture(probe.noise(probe.shape_of(type_, pixels.shape[:2]), "u16"), pixels)
    if not type_.pictured or (known and not known.moved and known.from_rgb is None):
        return probe.noise(probe.shape_of(type_, pixels.shape[:2]), type_.dtype)
    h, w = (type_.axis(side) for side in ("h", "w"))
    fitted = _of_size(pixels, h.size if h else None, w.size if w else None)
    if type_.subsampled:
        rows = type_.axes[0].size
        even = fitted if rows is None else _of_size(fitted, rows // 3 * 2, None)
        fitted = even[: len(even) // 2 * 2, : even.shape[1] // 2 * 2]
    made = _coloured(fitted, type_)
    frames = type_.axis("t")
    if frames is not None:
        made = np.stack([np.roll(made, 5 * i, 1) for i in range(frames.size or _FRAMES)])
    canonical = [name for name in ("t", "rows", "h", "w", "c") if name in type_.names]
    others = [axis for axis in type_.axes if axis.name not in canonical]
    for axis in others:
        made = np.stack([made] * (axis.size or probe.ANY))
    order = [axis.name for axis in reversed(others)] + canonical
    return np.ascontiguousarray(made.transpose([order.index(name) for name in type_.names]))


def _in_picture(numbers: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Numbers of u16 as points (x, y) in a picture, or as boxes (x1, y1, x2, y2) in it."""
    places = numbers.reshape(*numbers.shape[:-1], -1, 2) / 65_535 * pixels.shape[1::-1]
    return np.sort(places, axis=-2).reshape(numbers.shape).astype(np.float32)


def _coloured(pixels: np.ndarray, type_: Array) -> np.ndarray:
    """The pixels with the channels and of the dtype of a type."""
    known = colour(type_.colour) if type_.colour else None
    if known is not None and known.from_rgb is not None:
        made = known.from_rgb(pixels)
    else:
        named = known.channels if known else "rgb"
        gray = pixels.mean(-1).astype(np.uint8)
        planes = {"gray": gray, "a": np.full_like(gray, 255)}
        planes |= {name: pixels[..., i] for i, name in enumerate("rgb")}
        count = type_.channels or len(named)
        made = np.stack([planes[named[i % len(named)]] for i in range(count)], -1)
        made = made if "c" in type_.names else made[..., 0]
    if type_.dtype == "u8":
        return np.asarray(made)
    if type_.dtype == "u16":
        return made.astype(np.uint16) * 257
    low, high = (type_.range.low, type_.range.high) if type_.range else (0.0, 1.0)
    return (low + made / 255 * (high - low)).astype(probe.DTYPES[type_.dtype])


def _of_size(pixels: np.ndarray, h: int | None, w: int | None) -> np.ndarray:
    """The picture, repeated or cut to a height and a width."""
    rows = np.arange(h or pixels.shape[0]) % pixels.shape[0]
    columns = np.arange(w or pixels.shape[1]) % pixels.shape[1]
    return pixels[rows][:, columns]


def _large_enough(pipeline: Pipeline, pixels: np.ndarray) -> np.ndarray:
    """The picture, repeated until it passes the steps of `pre`."""
    pictures, fitted = behind_decoding(pipeline), pixels
    for size in (*_larger(*pixels.shape[:2]), *probe.SIZES):
        fitted = _of_size(pixels, *size)
        try:
            probe.check_size(pictures, size)
            return fitted
        except ValueError as error:
            refusal = error
    raise ValueError(f"no picture at hand passes the steps of `pre`: {refusal}; give some")


def _larger(h: int, w: int) -> Iterator[tuple[int, int]]:
    while max(h, w) <= SIDE // 4:
        yield h, w
        h, w = h * 2 - 1, w * 2 - 1  # which stays odd


def _encoded(pixels: np.ndarray, format: str) -> bytes:
    """The picture as a file."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format)
    return file.getvalue()
