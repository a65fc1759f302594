"""What a pipeline gives, as data that JSON holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdsl.ir.pipeline import Pipeline
from procdsl.lazy import np


def by_name(pipeline: Pipeline, found: Any) -> dict[str, Any]:
    """What a processor gives for one sample, by the names in the file: of `output`, or of the
    model's outputs where there is none. Arrays are numpy's."""
    values = pipeline.outputs or pipeline.model.outputs
    single = not pipeline.outputs and len(values) == 1
    parts = (found,) if single else found
    return {value.name: _array(part) for value, part in zip(values, parts, strict=True)}


def _array(found: Any) -> Any:
    """A result with numpy's arrays in the place of torch's tensors."""
    if hasattr(found, "_asdict"):
        return {name: _array(part) for name, part in found._asdict().items()}
    return found.detach().cpu().numpy() if hasattr(found, "detach") else found


def plain(found: Any) -> Any:
    """A result as dictionaries, lists, numbers and texts; a number that is none is None."""
    if isinstance(found, Mapping):
        return {name: plain(part) for name, part in found.items()}
    if isinstance(found, np.ndarray | np.generic):
        array = np.asarray(found)
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            numbers = np.isfinite(array)
            array = array.astype(object)
            array[~numbers] = None
        return array.tolist()
    return found
