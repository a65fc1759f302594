"""Runs the graphs of a pipeline in ONNX Runtime, and holds them against the reference."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnxruntime
import pytest
from support import (
    HUGE,
    INFINITIES,
    NANS,
    NOT_FINITE,
    TINY,
    arrays,
    bound_of,
    compiled,
    height_width,
    same,
    source_of,
    specked,
)

from procdsl import registry
from procdsl.codegen.refusals import refused
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.ir.pipeline import Pipeline, Value
from procdsl.lower.lower import sizes_of
from procdsl.opdef.op import Case
from procdsl.reference.interpreter import postprocess, preprocess
from procdsl.reference.magnitude import Magnitude
from procdsl.types.array import Array
from procdsl.types.value import PictureSize


def graphs(pipeline: Pipeline, **options: Any) -> dict[str, bytes]:
    """The graphs of a pipeline: `pre` and `post`, as it has them."""
    files = generate(pipeline, ["onnx"], options=Options(**options))
    ending = ".onnx"
    return {
        name.removesuffix(ending).rpartition("_")[2]: data
        for name, data in files.items()
        if name.endswith(ending)
    }


class Graph:
    """A graph that ONNX Runtime has opened."""

    def __init__(self, data: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(data, options, ["CPUExecutionProvider"])
        self._names = [output.name for output in self._session.get_outputs()]

    def __call__(self, given: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What it gives, by name."""
        return dict(zip(self._names, self._session.run(self._names, dict(given)), strict=True))


def stacked(samples: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Samples as a batch."""
    return {name: np.stack([sample[name] for sample in samples]) for name in samples[0]}


def check_pre(
    pipeline: Pipeline, graph: Graph, samples: Sequence[Mapping[str, np.ndarray]]
) -> None:
    """The graph of `pre` on a batch: of each sample what the reference gives."""
    found = graph(stacked(samples))
    for i, sample in enumerate(samples):
        met = Magnitude()
        wanted = preprocess(pipeline, sample, watch=met)
        results = zip((*pipeline.fed, *pipeline.kept), found.values(), wanted, strict=True)
        for value, x, y in results:
            same(x[i], y, bound_of(value, y, met), f"sample {i} of {len(samples)}, {value.name}")


def check_post(
    pipeline: Pipeline,
    graph: Graph,
    samples: Sequence[Mapping[str, np.ndarray]],
    pictures: Sequence[Mapping[str, tuple[int, int]]],
) -> None:
    """The graph of `post` on a batch: of each sample what the reference gives, with its size."""
    taken = {value.name for value in pipeline.outputs}
    given = {f"{k}.raw" if k in taken else k: x for k, x in stacked(samples).items()}
    for value in sizes_of(pipeline.post):
        assert isinstance(value.type, PictureSize)
        sizes = [picture[value.type.input] for picture in pictures]
        given[value.name] = np.array(sizes, np.int64)
    found = graph(given)
    for i, (sample, sizes_of_inputs) in enumerate(zip(samples, pictures, strict=True)):
        met = Magnitude()
        wanted = postprocess(pipeline, sample, sizes_of_inputs, watch=met)
        for value, y in zip(pipeline.outputs, wanted, strict=True):
            check_result(found, value, i, y, bound_of(value, y, met))


def check_result(
    found: Mapping[str, np.ndarray], value: Value, i: int, wanted: Any, bound: float
) -> None:
    """One result of a sample: its first rows are what is found, and the rest is zeros."""
    name, counts = value.name, found.get(f"{value.name}.counts")
    if isinstance(wanted, dict):
        for part, y in wanted.items():
            rows = found[f"{name}.{part}"][i]
            count = len(rows) if counts is None else int(counts[i])
            same(rows[:count], y, bound * (y.dtype.kind == "f"), f"{name}.{part} of sample {i}")
            assert not rows[count:].any()
    elif isinstance(wanted, np.ndarray | np.generic):
        rows = found[name][i]
        if counts is not None:
            assert isinstance(value.type, Array)
            rows, behind = np.split(rows, [counts[i]], value.type.open_axis)
            assert not behind.any()
        same(rows, wanted, bound, f"{name} of sample {i}")
    else:
        assert found[name].dtype == np.int64, f"{name}: a graph has ids for texts"


def check_case(case: Case, **options: Any) -> None:
    """A case alone and in a batch; of floats also with NaN, infinities, the tiny and the huge."""
    pipeline = compiled(source_of(case))
    made = {part: Graph(data) for part, data in graphs(pipeline, **options).items()}
    drawn = [arrays(case, pipeline, seed) for seed in range(3)]
    batches = [drawn[:1], drawn]
    if any(x.dtype.kind == "f" for given in drawn[0] for x in given.values()):
        batches.append([(odd(a, values), odd(b, values)) for a, b in drawn[:1] for values in ODD])
    for batch in batches:
        if "pre" in made:
            check_pre(pipeline, made["pre"], [inputs for inputs, _ in batch])
        if "post" in made:
            types = {value.name: value.type for value in pipeline.inputs}
            pictures = [
                {name: height_width(types[name], x) for name, x in inputs.items()}
                for inputs, _ in batch
            ]
            check_post(pipeline, made["post"], [outputs for _, outputs in batch], pictures)


ODD = (NANS, INFINITIES, NOT_FINITE, TINY, HUGE)


def odd(given: Mapping[str, np.ndarray], values: Sequence[float]) -> dict[str, np.ndarray]:
    """Arrays of which the floats have some of these numbers."""
    return {k: specked(x, values) if x.dtype.kind == "f" else x for k, x in given.items()}


def held(case: Case) -> bool:
    """Whether graphs hold every step of a case."""
    return not refused(compiled(source_of(case)), "onnx")


def cases(of: int) -> list[Any]:
    """Every case of every op; one of so many, which turns with the ops, is not slow."""
    found = []
    for op in registry.op_names():
        for number, case in enumerate(registry.op(op).cases()):
            name = f"{op}-{number}"
            marks = [] if zlib.crc32(name.encode()) % of == 3 else [pytest.mark.slow]
            found.append(pytest.param(case, id=name, marks=marks))
    return found
