"""What `self_check` compares: the reference's results on the built-in input.

Exact results are recorded by digest; results with a bound by some of their values. An extern is
never run. What it is given is recorded, and a probe of its type stands for what it gives: so all
steps before and behind it are checked, here and in a service.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from procdsl.ir.decoding import behind_decoding, decodings
from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.lazy import np
from procdsl.records import dataclass
from procdsl.reference import probe
from procdsl.reference.interpreter import Data, postprocess, preprocess
from procdsl.reference.magnitude import Magnitude
from procdsl.reference.recorded import Recorded, built_in, call_names, fed, given, parts
from procdsl.reference.stand_in import stand_ins

Entry: TypeAlias = Mapping[str, Any]
"""A result: its `sha256`, its `text`, or its `bound`, `shape` and some `values`, of which each is a
number or, where it is NaN or infinite, None."""

VALUES = 32
"""How many values of a result are recorded at most."""


@dataclass(frozen=True)
class GoldenRecord:
    """The size of the probe's picture, and each result by the name that it has in a module.

    `decode` are pictures of built-in files, and `preprocess` what is done with a picture. A half
    that would take the reference too long is left out (`probe.recorded`).
    """

    size: tuple[int, int]
    decode: Mapping[str, Entry] | None
    preprocess: Mapping[str, Entry] | None
    postprocess: Mapping[str, Entry] | None

    def left_out(self, pipeline: Pipeline) -> list[str]:
        """The functions of which nothing is recorded, since it would take too long."""
        before = pipeline.inputs and self.preprocess is None
        after = pipeline.outputs and self.postprocess is None
        return ["preprocess"] * bool(before) + ["postprocess"] * bool(after)

    def plain(self) -> dict[str, Any]:
        """As data, for the manifest."""
        results = {
            "decode": self.decode,
            "preprocess": self.preprocess,
            "postprocess": self.postprocess,
        }
        recorded = {name: dict(found) for name, found in results.items() if found is not None}
        return {"size": list(self.size), **recorded}


def stated(record: Mapping[str, Any]) -> GoldenRecord:
    """The record that a manifest states, which must have the form of one."""
    height, width = record["size"]
    results = (record.get(name) for name in ("decode", "preprocess", "postprocess"))
    return GoldenRecord((height, width), *results)


def golden_record(pipeline: Pipeline) -> GoldenRecord:
    """Run the reference on the probe; a `ValueError` says that no size of picture passes `pre`, or
    that a library is missing that decodes."""
    decoded = _decoded(pipeline)
    pipeline = behind_decoding(pipeline)
    for size in probe.SIZES:
        try:
            probe.check_size(pipeline, size)
            return _record(pipeline, size, decoded)
        except ValueError as error:  # too small for a crop, or too large for a pad
            refusal = error
    raise ValueError(f"no size of picture passes the steps of `pre`: {refusal}")


def _decoded(pipeline: Pipeline) -> dict[str, Entry] | None:
    """What becomes of the built-in files, where the pipeline takes files."""
    try:
        found: dict[str, Entry] = {
            name: {"sha256": digest(step.op.reference(step.types, data))}
            for step in decodings(pipeline)
            for name, data in built_in(step).items()
        }
    except ImportError as error:
        raise ValueError(f"what decodes must be installed to compile: {error}") from None
    return found if decodings(pipeline) else None


def _record(
    pipeline: Pipeline, size: tuple[int, int], decoded: Mapping[str, Entry] | None
) -> GoldenRecord:
    before = after = None
    recorded = probe.recorded(pipeline, size)
    if "preprocess" in recorded:
        met = Magnitude()
        externs = _Externs(size, met)
        pictures = probe.inputs(pipeline.inputs, size)
        found = preprocess(pipeline, pictures, call=externs.call, watch=met)
        before = {**_results(fed(pipeline), found, met), **externs.recorded}
    if "postprocess" in recorded:
        sizes = probe.sizes(pipeline, size)
        taken = (*pipeline.model.outputs, *pipeline.past_model)
        outputs = probe.inputs(taken, size, probe.axis_sizes(pipeline, size))
        met = Magnitude()
        externs = _Externs(size, met)
        found = postprocess(pipeline, outputs, sizes, externs.call, met)
        after = {**_results(given(pipeline), found, met), **externs.recorded}
    return GoldenRecord(size, decoded, before, after)


class _Externs:
    """Stands for externs, as `StandIn` does in a generated module."""

    def __init__(self, size: tuple[int, int], met: Magnitude) -> None:
        self.size = size
        self.met = met
        self.calls: Counter[str] = Counter()
        self.recorded: dict[str, Entry] = {}

    def call(self, step: Step, given: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Record what the step is given; a probe for each of its results."""
        named = zip(call_names(step, self.calls), step.inputs, strict=True)
        self.recorded |= _results(named, given, self.met)
        return stand_ins(step, given, self.size)


def _results(
    named: Iterable[tuple[str, Value]], found: Iterable[Data], met: Magnitude
) -> dict[str, Entry]:
    """The entries of values by the names that they are recorded under."""
    entries: dict[str, Entry] = {}
    for (name, value), data in zip(named, found, strict=True):
        for part in parts(name, value):
            array = data[part.field] if isinstance(data, dict) else data
            entries[part.name] = _result(array, part, met)
    return entries


def _result(data: np.ndarray | str | list[str], part: Recorded, met: Magnitude) -> Entry:
    if isinstance(data, str | list):
        return {"text": data}
    if not part.tolerance:
        return {"sha256": digest(data)}
    flat = data.ravel()
    count = min(VALUES, flat.size)
    some = [float(flat[i * flat.size // count]) for i in range(count)]
    values = [value if math.isfinite(value) else None for value in some]
    bound = part.tolerance * met.largest if part.grows else part.tolerance
    return {"bound": bound, "shape": list(data.shape), "values": values}


def digest(x: np.ndarray) -> str:
    """SHA-256 of dtype, shape and bytes, the last axis running fastest; all NaN are one."""
    if x.dtype.kind == "f":
        x = np.where(np.isnan(x), x.dtype.type(np.nan), x)
    head = f"{x.dtype.name} {list(x.shape)} ".encode()
    return hashlib.sha256(head + np.ascontiguousarray(x).tobytes()).hexdigest()
