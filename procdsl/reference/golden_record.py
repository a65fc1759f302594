"""What `self_check` compares: the reference's results on the built-in input.

Exact results are recorded by digest; results with a bound by some of their values. An extern is
never run. What it is given is recorded, and a probe of its type stands for what it gives: so all
steps before and behind it are checked, here and in a service.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from procdsl.ir.extern import ExternCall
from procdsl.ir.pipeline import Pipeline, Step, Value, tolerance
from procdsl.lazy import np
from procdsl.records import dataclass
from procdsl.reference import probe
from procdsl.reference.interpreter import Data, postprocess, preprocess
from procdsl.reference.magnitude import Magnitude
from procdsl.types.axis import Axis

Entry: TypeAlias = Mapping[str, Any]
"""A result: its `sha256`, its `text`, or its `bound`, `shape` and some `values`."""

_VALUES = 32


@dataclass(frozen=True)
class GoldenRecord:
    """The size of the probe's picture, and each result by the name that it has in a module."""

    size: tuple[int, int]
    preprocess: Mapping[str, Entry] | None
    postprocess: Mapping[str, Entry] | None

    def plain(self) -> dict[str, Any]:
        """As data, for the manifest."""
        results = {"preprocess": self.preprocess, "postprocess": self.postprocess}
        recorded = {name: dict(found) for name, found in results.items() if found is not None}
        return {"size": list(self.size), **recorded}


def golden_record(pipeline: Pipeline) -> GoldenRecord:
    """Run the reference on the probe; a `ValueError` says that no size of picture passes `pre`."""
    for size in probe.SIZES:
        try:
            probe.check_size(pipeline, size)
            return _record(pipeline, size)
        except ValueError as error:  # too small for a crop, or too large for a pad
            refusal = error
    raise ValueError(f"no size of picture passes the steps of `pre`: {refusal}")


def _record(pipeline: Pipeline, size: tuple[int, int]) -> GoldenRecord:
    before = after = None
    if pipeline.inputs:
        met = Magnitude()
        externs = _Externs(size, met)
        given = probe.inputs(pipeline.inputs, size)
        fed = preprocess(pipeline, given, call=externs.call, watch=met)
        results = _results(dict(zip(pipeline.model.inputs, fed, strict=True)), pipeline, met)
        before = {**results, **externs.recorded}
    if pipeline.outputs:
        sizes = {value.name: probe.picture(value, size) for value in pipeline.inputs}
        given = probe.inputs(pipeline.model.outputs, size, probe.axis_sizes(pipeline, size))
        met = Magnitude()
        externs = _Externs(size, met)
        found = postprocess(pipeline, given, sizes, externs.call, met)
        results = _results(dict(zip(pipeline.outputs, found, strict=True)), pipeline, met)
        after = {**results, **externs.recorded}
    return GoldenRecord(size, before, after)


class _Externs:
    """Stands for externs, as `StandIn` does in a generated module."""

    def __init__(self, size: tuple[int, int], met: Magnitude) -> None:
        self.size = size
        self.met = met
        self.calls: Counter[str] = Counter()
        self.recorded: dict[str, Entry] = {}

    def call(self, step: Step, given: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Record what the step is given; a probe for each of its results."""
        assert isinstance(step.op, ExternCall), "only those are stood for"
        extern = step.op.extern
        self.calls[extern.name] += 1
        for i, (value, array) in enumerate(zip(step.inputs, given, strict=True), start=1):
            name = f"{extern.name}, call {self.calls[extern.name]}, value {i}"
            self.recorded[name] = _result(array, tolerance(value), self.met)
        results = []
        for type_ in extern.gives:
            tied = {n: given[i].shape[axis] for n, [(i, axis), *_] in extern.tied(type_).items()}
            sized = type_.resized(**{name: Axis.of(name, size) for name, size in tied.items()})
            results.append(probe.noise(probe.shape_of(sized, self.size), type_.dtype))
        return results


def _results(results: Mapping[Value, Data], pipeline: Pipeline, met: Magnitude) -> dict[str, Entry]:
    fed = dict(zip(pipeline.model.inputs, pipeline.fed, strict=False))
    recorded: dict[str, Entry] = {}
    for value, data in results.items():
        bound = tolerance(fed.get(value, value))
        if isinstance(data, dict):
            for name, array in data.items():
                real = array.dtype.kind == "f"  # the whole numbers of a record are decisions
                recorded[f"{value.name}.{name}"] = _result(array, bound if real else 0.0, met)
        else:
            recorded[value.name] = _result(data, bound, met)
    return recorded


def _result(data: np.ndarray | str | list[str], bound: float, met: Magnitude) -> Entry:
    if isinstance(data, str | list):
        return {"text": data}
    if not bound:
        return {"sha256": digest(data)}
    flat = data.ravel()
    count = min(_VALUES, flat.size)
    values = [float(flat[i * flat.size // count]) for i in range(count)]
    if data.dtype.kind == "f":
        bound *= met.largest
    return {"bound": bound, "shape": list(data.shape), "values": values}


def digest(x: np.ndarray) -> str:
    """SHA-256 of dtype, shape and bytes, the last axis running fastest; all NaN are one."""
    if x.dtype.kind == "f":
        x = np.where(np.isnan(x), x.dtype.type(np.nan), x)
    head = f"{x.dtype.name} {list(x.shape)} ".encode()
    return hashlib.sha256(head + np.ascontiguousarray(x).tobytes()).hexdigest()
