"""Random pipelines baked whole, pre and post, run in batches against the reference."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import helper, numpy_helper
from onnx_graphs import check_result
from random_post import detector, found_by_model
from random_pre import REFUSED, pre_pipeline
from support import bound_of, compiled, random_array, same
from torch import nn

from procdsl.bake.source import ModelSource
from procdsl.bake.target import Arrays, target
from procdsl.bake.tiles import as_batch, of_model
from procdsl.checker.check import check
from procdsl.codegen.onnx.dtypes import element_type
from procdsl.ir.pipeline import Model, Pipeline, Value
from procdsl.plan import places
from procdsl.plan.halves import Halves, halves, told
from procdsl.records import replace
from procdsl.reference.interpreter import postprocess, preprocess
from procdsl.reference.magnitude import Magnitude
from procdsl.reference.probe import axis_sizes, check_size, shape_of
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.types.value import PictureSize

BATCHES = (1, 2, 8)
POSTS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("f32[class=5]", ("p = softmax(y, over=class)", "best, of = max(p, over=class)")),
    ("f32[class=5]", ("_, of = top(y, over=class, k=3)", "n = lookup(of, table=(3, 1, 4, 1, 5))")),
    ("f32[class=3, h=4, w=2]", ("of = argmax(y, over=class)", "n = lookup(of, table=(7, 0, 4))")),
    ("f32[class=5, h=4, w=3]", ("v = layout(y, h, w, class)", "v = clip(v, min=-1, max=1/3)")),
    ("f32[h=4, w=3]", ("p = sigmoid(y)", "mask = threshold(p, above=0.5)")),
    ("f32[]", ("p = sigmoid(y)",)),
)  # fmt: skip
"""What a model gives, and what may be made of it."""


def whole(seed: int) -> tuple[str, tuple[int, int]]:
    """A pipeline, and the height and width of its pictures."""
    rng = Random(seed)
    if seed % 2:
        text = detector(seed)
        pipeline = compiled(text)
        for _ in range(60):
            size = rng.randint(1, 40), rng.randint(1, 40)
            try:
                check_size(pipeline, size)
            except ValueError:
                continue
            return text, size
        pytest.skip("no picture of such a size passes")
    drawn = pre_pipeline(seed)
    head = drawn.text.rpartition(" -> ")[0]
    gives, steps = rng.choice(POSTS)
    if "[tile" in head.rpartition("model x: ")[2]:
        gives = gives.replace("[", "[tile, ").replace(", ]", "]")
        steps = tuple(step.replace("layout(y, ", "layout(y, tile, ") for step in steps)
    given = (name for step in steps for name in step.partition(" = ")[0].split(", "))
    names = [name for name in dict.fromkeys(given) if name != "_"]
    body = "".join(f"    {step}\n" for step in steps)
    text = f"{head} -> y: {gives}\npost {{\n{body}}}\noutput {', '.join(names)}\n"
    assert check(Source("p.proc", text)).pipeline is not None, text
    return text, drawn.size


def planned(text: str, to: str) -> Pipeline:
    into, pipeline = target(to), compiled(text)
    runtime = into.runtimes[0]
    plan = places.plan(
        pipeline, to, runtime, lambda s, given: into.why_not(s, runtime, given), set()
    )
    return replace(pipeline, plan=plan)


def given(
    two: Halves, picture: Mapping[str, np.ndarray], sizes: Mapping[str, tuple[int, int]]
) -> list[np.ndarray]:
    """What the file is given of a sample: what the host makes of it, and sizes of pictures."""
    beside = (size.type for size in told(two.baked))
    pairs = [sizes[type_.input] for type_ in beside if isinstance(type_, PictureSize)]
    entering = map(np.asarray, preprocess(two.host, picture))
    return [*entering, *map(np.array, pairs)]


def fed(two: Halves, sample: Sequence[np.ndarray], met: Magnitude) -> list[Any]:
    """What the model is to be given of it."""
    names = (value.name for value in two.baked.inputs)
    return preprocess(two.baked, dict(zip(names, sample, strict=False)), watch=met)


def outputs(
    pipeline: Pipeline, rng: np.random.Generator, size: tuple[int, int]
) -> dict[str, np.ndarray]:
    """What a model may give for a sample."""
    axes, found = axis_sizes(pipeline, size), {}
    for value in pipeline.model.outputs:
        assert isinstance(value.type, Array)
        shape = shape_of(value.type, size, axes)
        found[value.name] = (
            rng.standard_normal(shape).astype(np.float32)
            if value.name == "y"
            else found_by_model(rng, value.type, shape)
        )
    return found


class Held(nn.Module):
    """A model that gives of what it holds as many rows as it is given."""

    def __init__(self, rows: Sequence[np.ndarray]) -> None:
        super().__init__()
        self.rows = [torch.from_numpy(x) for x in rows]

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        return [one[: x.shape[0]] for one in self.rows]


def as_onnx(contract: Model, rows: Sequence[np.ndarray]) -> onnx.ModelProto:
    """The same as a graph."""
    (x,), given = map(of_model, contract.inputs), [*map(of_model, contract.outputs)]

    def info(value: Value) -> onnx.ValueInfoProto:
        assert isinstance(value.type, Array)
        shape = ["n", *(n or f"{value.name}{i}" for i, n in enumerate(value.type.shape))]
        return helper.make_tensor_value_info(value.name, element_type(value.type.dtype), shape)

    nodes = [helper.make_node("Shape", [x.name], ["count"], start=0, end=1)]
    held = [numpy_helper.from_array(np.array([0]), "none")]
    for value, one in zip(given, rows, strict=True):
        held.append(numpy_helper.from_array(one, f"{value.name}_rows"))
        ends = [f"{value.name}_rows", "none", "count"]
        nodes.append(helper.make_node("Slice", ends, [value.name]))
    graph = helper.make_graph(nodes, "held", [info(x)], [*map(info, given)], held)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def saved(
    contract: Model, raw: Sequence[Mapping[str, np.ndarray]], to: str, folder: Path
) -> ModelSource:
    """The file of a model that gives these outputs for these samples."""
    stacked = [np.stack([one[value.name] for one in raw]) for value in contract.outputs]
    rows = as_batch(contract.outputs, stacked)
    path = folder / "model"
    if to == "onnx":
        onnx.save(as_onnx(contract, rows), path)
    else:
        torch.jit.save(torch.jit.script(Held(rows)), path)
    return ModelSource(str(path), target(to).format, "")


def answers(path: Path, to: str, names: Sequence[str], batch: Arrays) -> dict[str, np.ndarray]:
    """What the file gives, by its runtime alone."""
    if to == "onnx":
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])
        results = [one.name for one in session.get_outputs()]
        found = session.run(results, dict(zip(names, batch, strict=True)))
        return dict(zip(results, found, strict=True))
    with torch.no_grad():
        told = torch.jit.load(str(path))(*map(torch.from_numpy, batch))
    return {name: x.numpy() for name, x in told.items()}


def check_seed(seed: int, to: str, folder: Path) -> None:
    """What the model is fed and what the file gives, each sample as the reference alone."""
    text, size = whole(seed)
    pipeline = planned(text, to)
    assert pipeline.plan is not None
    if all(step.place == "host" for step in pipeline.plan.steps):
        pytest.skip("nothing of it is baked")
    two, count = halves(pipeline, pipeline.plan), BATCHES[seed // 2 % 3]
    (value,) = pipeline.inputs
    assert isinstance(value.type, Array)
    rng = np.random.default_rng(seed)
    pictures = [{value.name: random_array(rng, value.type, size)} for _ in range(count)]
    sizes = {value.name: value.type.picture(pictures[0][value.name].shape)}
    met = [Magnitude() for _ in pictures]
    try:
        samples = [given(two, picture, sizes) for picture in pictures]
        entering = [fed(two, *one) for one in zip(samples, met, strict=True)]
    except ValueError as error:
        assert re.search(REFUSED, str(error))  # noqa: PT017 - the picture may not fit
        pytest.skip("no picture of this size passes")
    raw = [outputs(pipeline, rng, size) for _ in pictures]
    batch = [np.stack(column) for column in zip(*samples, strict=True)]
    into, runtime, path = target(to), pipeline.plan.runtime, folder / "baked"
    model = into.opened(saved(pipeline.model, raw, to, folder), pipeline.model)
    example = [np.stack(column) for column in zip(*entering, strict=True)]
    into.write(str(path), two, runtime, model, batch, example)
    run = into.read(str(path), two, runtime).run(batch)
    results = answers(path, to, [v.name for v in two.file.inputs], batch)
    assert list(results) == [v.name for v in two.file.outputs]
    for i in range(count):
        for contract, x, y in zip(two.baked.fed, run.fed, entering[i], strict=True):
            same(x[i], y, bound_of(contract, y, met[i]), f"{contract.name} of sample {i}")
        seen = Magnitude()
        wanted = postprocess(two.baked, raw[i], sizes, watch=seen)
        for contract, y in zip(two.baked.outputs, wanted, strict=True):
            check_result(results, contract, i, y, bound_of(contract, y, seen))


@pytest.mark.parametrize("seed", range(18))
def test_in_onnx_runtime(seed: int, tmp_path: Path) -> None:
    check_seed(seed, "onnx", tmp_path)


@pytest.mark.parametrize("seed", [*range(18, 24), 441])  # the last one with tiles
def test_in_torchscript(seed: int, tmp_path: Path) -> None:
    check_seed(seed, "torchscript", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24, 424))
def test_four_hundred_in_onnx_runtime(seed: int, tmp_path: Path) -> None:
    check_seed(seed, "onnx", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [*range(424, 441), *range(442, 484)])
def test_more_in_torchscript(seed: int, tmp_path: Path) -> None:
    check_seed(seed, "torchscript", tmp_path)
