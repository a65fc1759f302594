"""Builds pipelines from cases, runs them on every backend, and holds them against the reference."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from procdsl.checker.check import check, flow_type
from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.ir.decoding import decodings
from procdsl.ir.pipeline import Pipeline, Value, tolerance
from procdsl.manifest.read import read
from procdsl.opdef.op import Case
from procdsl.reference.interpreter import postprocess, preprocess
from procdsl.reference.magnitude import Magnitude
from procdsl.reference.probe import shape_of
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.types.value import PictureSize

BACKENDS = ("numpy", "cv2", "torch")

_count = itertools.count()


@dataclass
class Built:
    """A pipeline with its modules."""

    pipeline: Pipeline
    modules: Mapping[str, ModuleType]
    files: Mapping[str, str]


def compiled(text: str) -> Pipeline:
    """The pipeline of a text that has nothing wrong with it."""
    checked = check(Source("case.proc", text))
    assert checked.pipeline is not None, "\n".join(f"{d.code} {d}" for d in checked.diagnostics)
    return checked.pipeline


def build(text: str, backends: Sequence[str] = BACKENDS, fuse: bool = True) -> Built:
    """Compile a text and load its modules; its manifest must be read back as what it was."""
    pipeline = compiled(text)
    files = generate(pipeline, backends, options=Options(optimize=fuse, format=False))
    assert read(files[f"{pipeline.name}.manifest.json"]) == pipeline
    modules = {
        backend: load(files[f"{pipeline.name}_{backend}.py"], f"generated_{next(_count)}_{backend}")
        for backend in backends
    }
    return Built(pipeline, modules, files)


@contextmanager
def of_a_size_that_passes() -> Iterator[None]:
    """Skip a pipeline that was drawn so that no picture passes its steps."""
    try:
        yield
    except ValueError as error:
        if "no size of picture passes" not in str(error):
            raise
        pytest.skip(str(error))


def source_of(case: Case) -> str:
    """A whole file round the steps of a case."""
    lines = ["proc 1", "pipeline case", f"input image: {case.image}"]
    lines += [f"input {name}: {type_}" for name, type_ in (case.inputs or {}).items()]
    if case.pre:
        lines += ["pre {", *case.pre.splitlines(), "}"]
    fed = case.fed
    if not fed:
        ends_in = flow_type(Source("case.proc", "\n".join(lines) + "\n"))
        assert isinstance(ends_in, Array), f"the steps of the case are wrong:\n{case.pre}"
        fed = f"fed: {ends_in}"
    outputs = case.outputs or {"y": "f32[]"}
    typed = ", ".join(f"{name}: {type_}" for name, type_ in outputs.items())
    lines.append(f"model {fed} -> {typed}")
    if case.post:
        lines += ["post {", *case.post.splitlines(), "}"]
        lines.append(f"output {', '.join(untaken(case.post))}")
    return "\n".join(lines) + "\n"


def converting(image: str, *steps: str) -> str:
    """A file whose model takes what the steps give."""
    head = f"proc 1\npipeline p\ninput image: {image}\npre {{\n"
    text = head + "".join(f"    {step}\n" for step in steps) + "}\n"
    return f"{text}model x: {flow_type(Source('p.proc', text))} -> y: f32[n=1]\n"


def untaken(post: str) -> list[str]:
    """The values that no later step takes."""
    left: dict[str, None] = {}
    for line in post.splitlines():
        targets, _, call = line.partition(" = ")
        for word in call.partition("(")[2].replace(")", "").split(", "):
            left.pop(word, None)
        left.update(dict.fromkeys(targets.split(", ")))
    return list(left)


def arrays(case: Case, pipeline: Pipeline, seed: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arrays of the inputs, or the files, and those of the model's outputs with what goes past
    the model."""
    rng = np.random.default_rng(seed)
    given = case.values() if case.values else {}

    def make(value: Any) -> np.ndarray:
        return (
            given[value.name] if value.name in given else random_array(rng, value.type, case.size)
        )

    inputs = {value.name: make(value) for value in pipeline.inputs}
    outputs = {value.name: make(value) for value in pipeline.model.outputs}
    return inputs, outputs | past_model(pipeline, inputs)


def past_model(pipeline: Pipeline, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What goes past the model, of these inputs."""
    if not pipeline.past_model:
        return {}
    values = (*pipeline.fed, *pipeline.kept)
    made = zip((v.number for v in values), preprocess(pipeline, inputs), strict=True)
    known = {**dict(made), **{value.number: inputs[value.name] for value in pipeline.inputs}}
    return {value.name: known[value.number] for value in pipeline.past_model}


def random_array(rng: np.random.Generator, type_: Array, size: tuple[int, int]) -> np.ndarray:
    shape = shape_of(type_, size)
    if type_.dtype in ("u8", "u16"):
        high = 256 if type_.dtype == "u8" else 65_536
        return rng.integers(0, high, shape).astype("uint8" if high == 256 else "uint16")
    if type_.dtype in ("i32", "i64"):
        return rng.integers(-300, 300, shape).astype("int32" if type_.dtype == "i32" else "int64")
    if type_.dtype == "bool":
        return rng.integers(0, 2, shape).astype(bool)
    dtype = np.float16 if type_.dtype == "f16" else np.float32
    if type_.colour:
        return rng.random(shape, dtype=np.float32).astype(dtype)
    return np.asarray(rng.standard_normal(shape) * 3, dtype)


def picture(h: int = 20, w: int = 30, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (h, w, 3), dtype=np.uint8)


def ramp(*shape: int, dtype: str = "uint8") -> np.ndarray:
    return (np.arange(np.prod(shape, dtype=int)) % 251).reshape(shape).astype(dtype)


def given_to(backend: str, value: np.ndarray) -> Any:
    return torch.from_numpy(value.copy()) if backend == "torch" else value


def tensor_or_array(value: np.ndarray, backend: str) -> Any:
    """The library that the module is not of."""
    return value if backend == "torch" else torch.from_numpy(value.copy())


def dtype_name(dtype: str, backend: str) -> str:
    return f"torch.{dtype}" if backend == "torch" else dtype


def run(module: ModuleType, inputs: Mapping[str, Any]) -> list[np.ndarray]:
    """`preprocess` of a module on arrays and files; several results in their order."""
    found = module.preprocess(*to_backend(module, inputs.values()))
    return [to_numpy(x) for x in (found if isinstance(found, tuple) else (found,))]


def run_post(
    module: ModuleType, outputs: Mapping[str, np.ndarray], sizes: Sequence[tuple[int, int]]
) -> dict[str, Any]:
    """`postprocess` of a module on numpy arrays, its fields by name."""
    found = module.postprocess(*to_backend(module, outputs.values()), *sizes)
    return {
        name: {n: to_numpy(a) for n, a in value._asdict().items()}
        if hasattr(value, "_asdict")
        else to_numpy(value)
        for name, value in found._asdict().items()
    }


def as_input(module: ModuleType, value: np.ndarray) -> Any:
    """The same memory as an argument of the module."""
    return torch.from_numpy(value) if hasattr(module, "torch") else value


def to_backend(module: ModuleType, values: Any) -> list[Any]:
    if hasattr(module, "torch"):
        return [
            value if isinstance(value, bytes) else torch.from_numpy(np.array(value, order="C"))
            for value in values
        ]
    return list(values)


def to_numpy(value: Any) -> Any:
    return value.numpy() if isinstance(value, torch.Tensor) else value


def same(found: Any, wanted: Any, bound: float, what: str) -> None:
    """Equal in dtype, shape and bits; with a bound, within it. All NaN are one, of either sign."""
    if isinstance(wanted, str | list):
        assert found == wanted, what
        return
    if isinstance(wanted, dict):
        for name, array in wanted.items():
            same(found[name], array, bound * (array.dtype.kind == "f"), f"{what}.{name}")
        return
    found, wanted = np.asarray(found), np.asarray(wanted)
    assert found.dtype == wanted.dtype, f"{what}: {found.dtype}, not {wanted.dtype}"
    assert found.shape == wanted.shape, f"{what}: {found.shape}, not {wanted.shape}"
    if found.dtype.kind != "f":
        apart = np.abs(found.astype(np.int64) - wanted.astype(np.int64))
        assert apart.max(initial=0) <= bound, f"{what}: {np.sum(apart > bound)} values differ"
        return
    nan = np.isnan(wanted)
    assert np.array_equal(nan, np.isnan(found)), f"{what}: other values are NaN"
    if bound:
        with np.errstate(invalid="ignore"):
            apart = np.abs(found.astype(np.float64) - wanted)
        apart = np.where(nan | (found == wanted), 0, apart)
        assert apart.max(initial=0) <= bound, f"{what}: {apart.max()} off, {bound} allowed"
        return
    bits = np.where(nan, 0, found).tobytes() == np.where(nan, 0, wanted).tobytes()
    assert bits, f"{what}: {np.sum((found != wanted) & ~nan)} values differ"


NANS = (np.nan, -np.nan, float(np.uint32(0xFFC01234).view(np.float32)))
"""Of both signs, and with a payload."""
INFINITIES = (np.inf, -np.inf)
NOT_FINITE = (*NANS, *INFINITIES)
TINY = (-0.0, 1e-40, -1e-40, 1e-45)
HUGE = (3.4e38, -3.4e38)
"""What overflows when it is multiplied, or summed."""


def specked(x: np.ndarray, values: Sequence[float], seed: int = 0) -> np.ndarray:
    """A copy of floats with some of its numbers exchanged for `values`."""
    rng, x = np.random.default_rng(seed), x.copy()
    places = rng.choice(x.size, min(x.size, max(1, min(6, x.size // 3))), replace=False)
    with np.errstate(over="ignore"):  # f16 has infinities for the huge
        odd = np.array(values, np.float32).astype(x.dtype)
    x.ravel()[places] = rng.choice(odd, len(places))
    return x


def compare(
    built: Built, inputs: Mapping[str, Any], outputs: Mapping[str, np.ndarray] | None = None
) -> None:
    """Every module of a pipeline against the reference."""
    pipeline = built.pipeline
    met = Magnitude()
    wanted = preprocess(pipeline, inputs, watch=met)
    pictures = {
        value.name: (value.type, inputs[value.name])
        for value in pipeline.inputs
        if not isinstance(inputs[value.name], bytes)
    }
    for step in decodings(pipeline):
        name = step.inputs[0].name
        picture = step.op.reference(step.types, inputs[name])
        pictures[name] = (step.outputs[0].type, picture)
    sizes = {name: height_width(type_, array) for name, (type_, array) in pictures.items()}
    met_after = Magnitude()
    posted = outputs and postprocess(pipeline, outputs, sizes, watch=met_after)
    for backend, module in built.modules.items():
        found = run(module, inputs) if inputs else []
        for fed, x, y in zip((*pipeline.fed, *pipeline.kept), found, wanted, strict=True):
            same(x, y, bound_of(fed, y, met), f"{backend} {fed.name}")
        if posted and pipeline.outputs:
            taken = {v.number: v.type for step in pipeline.post for v in step.inputs}
            named = [t.input for _, t in sorted(taken.items()) if isinstance(t, PictureSize)]
            ordered = [sizes[name] for name in named]
            results = run_post(module, outputs or {}, ordered).values()
            for value, x, y in zip(pipeline.outputs, results, posted, strict=True):
                same(x, y, bound_of(value, y, met_after), f"{backend} {value.name}")


def bound_of(value: Value, wanted: Any, met: Magnitude) -> float:
    """How far a result may be off, for numbers as large as a run of the reference met."""
    decided = np.asarray(wanted).dtype.kind in "iu"
    return tolerance(value) * (1 if decided else met.largest)


def height_width(type_: Any, array: np.ndarray) -> tuple[int, int]:
    found: tuple[int, int] = type_.picture(array.shape)
    return found


def manifest_of(built: Built) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(built.files[f"{built.pipeline.name}.manifest.json"])
    return found
