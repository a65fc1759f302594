"""ONNX's own words for images, which readers know that know nothing of procdsl.

They hold for a file as a whole, so they are said where all of its inputs are images that agree.
"""

from __future__ import annotations

from onnx import ModelProto

from procdsl.ir.pipeline import Pipeline
from procdsl.types.array import Array

_PREFIX = "Image."
_PIXELS = {"rgb": "Rgb8", "bgr": "Bgr8", "gray": "Gray8", "rgba": "Rgba8"}
_RANGES = {(0.0, 255.0): "NominalRange_0_255", (0.0, 1.0): "Normalized_0_1"}
_AXES = {"h": "DATA_FEATURE", "w": "DATA_FEATURE", "c": "DATA_CHANNEL"}


def described(model: ModelProto, pipeline: Pipeline) -> None:
    """Say of a model whose inputs are those of a pipeline what its images are.

    What it said of images before was of the inputs that its network has.
    """
    kept = [one for one in model.metadata_props if not one.key.startswith(_PREFIX)]
    del model.metadata_props[:]
    model.metadata_props.extend(kept)
    said = set()
    for array in (value.type for value in pipeline.inputs):
        if not isinstance(array, Array) or array.colour not in _PIXELS or not array.pictured:
            return
        span = array.range and _RANGES.get((float(array.range.low), float(array.range.high)))
        if span is None or (array.range and array.range.standardized):
            return
        said.add((_PIXELS[array.colour], span))
    if len(said) != 1:
        return
    ((pixels, span),) = said
    for key, text in (("BitmapPixelFormat", pixels), ("NominalPixelRange", span)):
        model.metadata_props.add(key=f"{_PREFIX}{key}", value=text)
    for value, info in zip(pipeline.inputs, model.graph.input, strict=False):
        assert isinstance(value.type, Array), "all are images"
        info.type.denotation = "IMAGE"
        names = ("n", *value.type.names)
        for name, dimension in zip(names, info.type.tensor_type.shape.dim, strict=True):
            dimension.denotation = _AXES.get(name, "DATA_BATCH")
