"""The proof before a baked file is written: planted faults are found, and the step is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from baking import refused, studio
from support import arrays, compiled, source_of

from procdsl import registry
from procdsl.bake.bake import bake
from procdsl.bake.difference import largest
from procdsl.bake.reference import known
from procdsl.bake.samples import Sample, as_input, built_in, inputs_of
from procdsl.bake.source import ModelSource
from procdsl.bake.target import target
from procdsl.bake.targets import _torch
from procdsl.checker.check import check
from procdsl.codegen.python.baked import baked as text_of
from procdsl.codegen.python.loading import load
from procdsl.codegen.python.with_processing import is_tiled
from procdsl.ir.pipeline import Pipeline, Value
from procdsl.opdef.op import Case
from procdsl.plan import places
from procdsl.plan.halves import halves
from procdsl.records import replace
from procdsl.reference.probe import DTYPES
from procdsl.types.array import Array
from procdsl.workspace import sources

__all__ = ["studio"]

FACTORY = ("--factory", "networks:detector")
ROOT = Path(__file__).parent


def planted(monkeypatch: pytest.MonkeyPatch, fault: Callable[[str], str]) -> None:
    """Bake another text than the one that is generated."""

    def wrong(*given: Any) -> str:
        text = text_of(*given)
        return fault(text)

    monkeypatch.setattr(_torch, "baked", wrong)


def exchanged(old: str, new: str) -> Callable[[str], str]:
    """One line for another, where a text has it."""
    return lambda text: text.replace(old, new)


FAULTS = {
    "a step of pre": (
        exchanged(".div_(self.scale)", ".div_(self.scale + 1)"),
        "what enters the model, `x`, is 0.00322 off, 0 is allowed: it begins in "
        "`to_float(scale=1/255)`",
    ),
    "a border": (
        exchanged("torch.tensor(114, dtype", "torch.tensor(113, dtype"),
        "it begins in `letterbox(h=64, w=64, fill=114, sampler=cv2.linear)`",
    ),
    "a step of post": (
        exchanged("score=0.25", "score=0.9"),
        "is of another dtype or shape, or NaN elsewhere: it begins in `found = nms(boxes, scores",
    ),
    "the way back": (
        exchanged("(image.shape[-3], image.shape[-2])", "(image.shape[-2], image.shape[-3])"),
        "what is made of the model's outputs, `found.boxes`, is",
    ),
    "what stands behind the rows that are counted": (
        exchanged("_zeros_behind(found_scores, found_count, 0)", "found_scores.clamp(min=0.01)"),
        "`found.scores` is not 0 behind the ",
    ),
    "samples that are exchanged": (
        exchanged("return planes.contiguous()", "return planes.flip(0).contiguous()"),
        "in a batch of 2: sample 1 is not what it is alone",
    ),
}
"""A line for another in what is generated, and what must be told of it."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_named(
    fault: str, studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, wanted = FAULTS[fault]
    planted(monkeypatch, change)
    told = refused(studio, "detector.proc", "--to", "torchscript", "-o", "out/d", *FACTORY, code=1)
    assert told.startswith("procdsl: out/d is not written: ")
    assert wanted in told


# Every op, in the file


def every_op() -> list[Any]:
    """A case of each op, in both formats; a tenth of TorchScript is not slow."""
    found = []
    for number, op in enumerate(registry.op_names()):
        case = next((c for c in registry.op(op).cases() if c.values is None), None)
        for to in ("torchscript", "pt2") if case else ():
            marks = [] if number % 10 == 1 and to == "torchscript" else [pytest.mark.slow]
            found.append(pytest.param(case, to, id=f"{op}-{to}", marks=marks))
    return found


HELD_BY_NONE = {
    "files are decoded by the library that the step names",
    "texts are looked up where the ids come out",
    "computed in another way for pictures of other sizes",
}


@pytest.mark.parametrize(("case", "to"), every_op())
def test_every_op_in_a_file(case: Case, to: str, tmp_path: Path) -> None:
    """Proved like a user's: on photographs, in batches, step by step where it fails."""
    pipeline = compiled(source_of(case))
    into = target(to)
    plan = places.plan(pipeline, to, "torch", lambda s, x: into.why_not(s, "torch", x), set())
    pipeline = replace(pipeline, plan=plan)
    if not any(step.place == "model" for step in plan.steps):
        assert {step.reason for step in plan.steps} <= HELD_BY_NONE
        return
    samples = built_in(pipeline)
    source = echo(pipeline, arrays(case, pipeline)[1], samples[0], tmp_path, to)
    found = bake(pipeline, into, source, samples, str(tmp_path / "file"))
    assert len(found.proof.pictures) == 8
    for held in (*found.proof.fed, *found.proof.results):
        assert held.largest <= held.bound


def echo(
    pipeline: Pipeline, outputs: dict[str, np.ndarray], sample: Sample, folder: Path, to: str
) -> ModelSource:
    """A model file that gives these outputs; of tiles, for each the first of them."""
    tiled = any(map(is_tiled, pipeline.model.outputs))
    held = [
        torch.from_numpy(np.array(x[0] if tiled else x, order="C"))[None] for x in outputs.values()
    ]
    names = [f"x{i}" for i in range(len(pipeline.model.inputs))]
    arguments = ", ".join(f"{name}: torch.Tensor" for name in names)
    lines = ["import torch", "", "", "class Echo(torch.nn.Module):"]
    lines += ["    def __init__(self, held):", "        super().__init__()"]
    lines += [f"        self.register_buffer('y{i}', held[{i}])" for i in range(len(held))]
    lines += ["", f"    def forward(self, {arguments}):", "        n = x0.shape[0]"]
    lines += [f"        used = {' & '.join(f'({x}.flatten()[0] == 0)' for x in names)}"]
    repeated = [f"self.y{i}.expand([n] + list(self.y{i}.shape)[1:])" for i in range(len(held))]
    lines += [f"        return ({', '.join(f'torch.where(used, {y}, {y})' for y in repeated)},)"]
    module = load("\n".join(lines) + "\n", f"echo_{folder.name}").Echo(held).eval()
    path = folder / f"model.{to}"
    if to == "torchscript":
        torch.jit.save(torch.jit.script(module), str(path))
        return ModelSource(str(path), "TorchScript", "")
    assert pipeline.plan is not None
    fed = known(pipeline, halves(pipeline, pipeline.plan), sample).fed
    values = pipeline.model.inputs
    given = [
        np.concatenate([x, x]) if is_tiled(v) else np.stack([x, x])
        for v, x in zip(values, fed, strict=True)
    ]
    axes = [dict.fromkeys(range(x.ndim), torch.export.Dim.AUTO) for x in given]
    program = torch.export.export(
        module, tuple(map(torch.from_numpy, given)), dynamic_shapes=tuple(axes)
    )
    with path.open("wb") as file:
        torch.export.save(program, file)
    return ModelSource(str(path), "pt2", "")


# Samples


CONFIGURATIONS = sorted((ROOT / "configurations").rglob("*.proc"))


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.stem)
def test_photographs_are_inputs_of_every_configuration(path: Path) -> None:
    pipeline = check(sources.read_source(str(path)), sources.load).pipeline
    assert pipeline is not None
    given = inputs_of(pipeline, np.zeros((87, 131, 3), np.uint8))
    assert [*given] == [value.name for value in pipeline.inputs]
    for value in pipeline.inputs:
        check_type(value, given[value.name])


@pytest.mark.parametrize(
    "type_",
    [
        "u8[h, w] gray", "u8[c=3, h, w] rgb", "u8[h, w, c=4] bgra", "u16[h, w, c=3] rgb",
        "f32[h, w, c=3] rgb 0..1", "f16[h=40, w=31, c=5]", "u8[t, h, w, c=3] bgr",
        "u8[t=4, c=3, h=20, w=30] rgb", "u8[rows, w] cv2.nv12", "u8[rows=60, w=44] cv2.i420",
        "f32[n=5]", "u8[h, w, c=3] cv2.hsv",
    ],
)  # fmt: skip
def test_photographs_as_other_types(type_: str) -> None:
    text = f"proc 1\npipeline p\ninput x: {type_}\nmodel x: {type_} -> y: f32[n=1]\n"
    (value,) = compiled(text).inputs
    found = as_input(value, pixels())
    check_type(value, found)
    assert found.size == 5 or len(np.unique(found)) > 5


PICTURE = """proc 1
pipeline p
input x: u8[h, w, c=3] rgb
model x: u8[h, w, c=3] rgb -> y: f32[n=1]
"""


def pixels() -> np.ndarray:
    """The first of the photographs."""
    return np.asarray(built_in(compiled(PICTURE))[0].inputs["x"])


def check_type(value: Value, x: Any) -> None:
    """Whether an array, or a file, is of an input's type."""
    assert isinstance(value.type, Array)
    if value.type.is_file:
        assert x[:3] == b"\xff\xd8\xff"
        return
    assert x.dtype == DTYPES[value.type.dtype]
    assert x.ndim == len(value.type.axes)
    assert all(size in (None, n) for size, n in zip(value.type.shape, x.shape, strict=True))
    assert x.flags.c_contiguous


# Differences


@pytest.mark.parametrize(
    ("found", "wanted", "apart"),
    [
        ([1.0, 2.0], [1.0, 2.5], 0.5),
        ([np.nan, 1], [np.nan, 1], 0.0),
        ([np.nan, 1], [1, 1], np.inf),
        ([np.inf], [np.inf], 0.0),
        ([np.inf], [-np.inf], np.inf),
        ([1.0], [1.0, 1.0], np.inf),
        ([], [], 0.0),
    ],
)
def test_how_far_apart(found: list[float], wanted: list[float], apart: float) -> None:
    one, other = np.array(found, np.float32), np.array(wanted, np.float32)
    assert largest(one, other) == largest(other, one) == apart
    assert largest(one, one) == 0


def test_other_bits_are_a_difference() -> None:
    zero = np.zeros(1, np.float32)
    assert largest(zero, -zero) > 0
    assert largest(zero, np.zeros(1, np.float64)) == np.inf
    assert largest(np.array([3], np.uint8), np.array([250], np.uint8)) == 247
