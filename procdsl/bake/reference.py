"""What the reference makes of a sample: all that a baked file is held against."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from procdsl.bake.samples import Sample
from procdsl.ir.decoding import decodings
from procdsl.ir.extern import Extern, ExternCall
from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.lazy import np
from procdsl.plan.halves import Halves, told
from procdsl.records import dataclass
from procdsl.reference.interpreter import Data, preprocess
from procdsl.reference.magnitude import Magnitude
from procdsl.reference.probe import DTYPES as _DTYPES
from procdsl.types.array import Array
from procdsl.types.value import PictureSize


class Watched:
    """Every array of a run by the number of its value, and how large the bounded ones are."""

    def __init__(self) -> None:
        self.values: dict[int, Any] = {}
        self.magnitude = Magnitude()

    def __call__(self, value: Value, data: Data) -> None:
        self.values[value.number] = data
        self.magnitude(value, data)


@dataclass(frozen=True, eq=False)
class Known:
    """A sample, and what becomes of it up to the model."""

    sample: Sample
    given: Sequence[np.ndarray]
    """What the file is given of it, in the order of its inputs: the sizes of pictures, too."""
    fed: Sequence[np.ndarray]
    """What the model is given."""
    sizes: Mapping[str, tuple[int, int]]
    """The height and width of each input's picture."""
    watched: Watched


def known(pipeline: Pipeline, halves: Halves, sample: Sample) -> Known:
    """Run the reference of `pre`, and the user's own functions where it calls some.

    A ValueError says that the picture does not pass, or what one of these functions did.
    """
    watched = Watched()
    if pipeline.inputs:
        gives = preprocess(pipeline, sample.inputs, call=call_extern, watch=watched)
        fed: Any = gives[: len(pipeline.fed)]
    else:
        fed = [sample.inputs[value.name] for value in pipeline.model.inputs]
        for value, x in zip(pipeline.model.inputs, fed, strict=True):
            watched(value, x)
    sizes = _sizes(pipeline, sample, watched)
    entering = [watched.values[value.number] for value in halves.baked.inputs]
    pictures = (size.type for size in told(halves.baked))
    named = [np.array(sizes[of.input]) for of in pictures if isinstance(of, PictureSize)]
    return Known(sample, [*entering, *named], fed, sizes, watched)


def _sizes(pipeline: Pipeline, sample: Sample, watched: Watched) -> dict[str, tuple[int, int]]:
    pictures = {v.name: (v.type, sample.inputs[v.name]) for v in pipeline.inputs}
    for step in decodings(pipeline):
        (picture,) = step.outputs
        pictures[step.inputs[0].name] = (picture.type, watched.values[picture.number])
    return {
        name: type_.picture(x.shape)
        for name, (type_, x) in pictures.items()
        if isinstance(type_, Array) and not isinstance(x, bytes)
    }


def call_extern(step: Step, given: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
    """Run the user's function on copies, and hold what it gives against its types."""
    assert isinstance(step.op, ExternCall), "only those have no reference"
    extern = step.op.extern
    try:
        found = _function(extern)(*(np.array(x, order="C") for x in given))
    except Exception as error:  # it is code of the user's
        raise ValueError(f"{extern.target} raises {type(error).__name__}: {error}") from error
    results = list(found) if isinstance(found, tuple) else [found]
    if len(results) != len(extern.gives):
        raise ValueError(f"{extern.target}: expected {len(extern.gives)} results")
    for wanted, x in zip(extern.gives, results, strict=True):
        shape = getattr(x, "shape", ())
        fits = len(shape) == len(wanted.axes) and all(
            size in (None, n) for size, n in zip(wanted.shape, shape, strict=True)
        )
        dtype = str(getattr(x, "dtype", type(x).__name__))
        if not fits or dtype != _DTYPES[wanted.dtype]:
            raise ValueError(f"{extern.target}: expected {wanted}, got {dtype} {list(shape)}")
    return [np.array(x, order="C") for x in results]


def _function(extern: Extern) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(importlib.import_module(extern.module), extern.function)
    return found
