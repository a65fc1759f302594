"""The torch module that wraps a model: its processing before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from procdsl.codegen.python import docs
from procdsl.codegen.python.functions import Function, Parameter, SizeParameter
from procdsl.codegen.python.names import free
from procdsl.codegen.python.scope import Module
from procdsl.ir.pipeline import Pipeline, Value
from procdsl.types.array import Array

SIZES = "torch.Tensor | tuple[int, int] | list[tuple[int, int]]"
"""The sizes of pictures: one for all samples, or one for each."""


def with_processing(
    pipeline: Pipeline, pre: Function | None, post: Function | None, module: Module
) -> dict[str, Any]:
    """The arguments and the lines of its `forward`.

    A sample is a batch of one for the model; the tiles of samples are a batch as they are.
    """
    given = pre.parameters if pre else ()
    takes, gives = pipeline.model.inputs, pipeline.model.outputs
    names = [p.name for p in given] or [f"input_{v.name}" for v in takes]
    rank = given[0].rank if pre else len(_array(takes[0]).axes)
    taken = [*names, *(size.name for size in (post.sizes if post else ()))]
    batch, made = free("batch", taken), free("fed", taken)
    files = [p for p in given if p.decoder]
    lines = [f'{module.kernel("refuse_file")}("{p.name}", {p.name})' for p in files]
    lines += [f"{batch} = {names[0]}.dim() > {rank}"]
    fed = names
    if pre:
        order = ["order=order"] if pre.orders else []
        lines.append(f"{made} = self.preprocess({', '.join([*names, *order])})")
        fed = [f"{made}.{r.name}" for r in pre.results] if pre.named_tuple else [made]
        fed = fed[: len(takes)]
    arguments = [
        f"{name}.flatten(0, 1) if {batch} else {name}"
        if is_tiled(value)
        else f"{name} if {batch} else {name}[None]"
        for name, value in zip(fed, takes, strict=True)
    ]
    found = [f"found_{i + 1}" for i in range(len(gives))] if len(gives) > 1 else ["found"]
    found = [free(name, taken) for name in found]
    lines.append(f"{', '.join(found)} = self.model({', '.join(arguments)})")
    results = [
        f"{name}.unflatten(0, [{names[0]}.shape[0], -1]) if {batch} else {name}"
        if is_tiled(value)
        else f"{name} if {batch} else {name}[0]"
        for name, value in zip(found, gives, strict=True)
    ]
    returns, told = "Output", []
    if post:
        results += past_model(pipeline, pre, names, made) if pre else []
        sizes = [size_of(size, given) for size in post.sizes]
        told = [f"{size.name}: {SIZES}" for size in post.sizes if not size.given]
        lines.append(f"return self.postprocess({', '.join([*results, *sizes])})")
    else:
        returns = f"tuple[{', '.join(['torch.Tensor'] * len(gives))}]"
        returns = returns if len(gives) > 1 else "torch.Tensor"
        results = results if len(gives) == 1 else [f"({result})" for result in results]
        lines.append(f"return {', '.join(results)}")
    return {
        "parameters": ", ".join([*(f"{name}: torch.Tensor" for name in names), *told]),
        "type": returns,
        "lines": lines,
        "doc": docs.with_processing(pipeline),
    }


def past_model(pipeline: Pipeline, pre: Function, given: Sequence[str], fed: str) -> list[str]:
    """An expression for each value that goes past the model: one of the arguments `given` of `pre`,
    or of what it gives, which is called `fed`."""
    gives = (f"{fed}.{result.name}" if pre.named_tuple else fed for result in pre.results)
    known = zip((*pipeline.inputs, *pipeline.fed, *pipeline.kept), (*given, *gives), strict=True)
    names = {value.number: name for value, name in reversed([*known])}
    return [names[value.number] for value in pipeline.past_model]


def _array(value: Value) -> Array:
    assert isinstance(value.type, Array), "a model takes and gives arrays"
    return value.type


def is_tiled(value: Value) -> bool:
    """Whether the value has a batch of its own: the tiles of one sample."""
    return _array(value).names[:1] == ("tile",)


def size_of(size: SizeParameter, given: tuple[Parameter, ...]) -> str:
    """The height and width of the input that a size argument speaks of, or the argument itself."""
    if not size.given:
        return size.name
    parameter = next(p for p in given if p.value == size.picture.value)
    type_ = parameter.type
    sides = ("rows", "w") if type_.subsampled else ("h", "w")
    h, w = (f"{parameter.name}.shape[{type_.from_end(axis)}]" for axis in sides)
    return f"({h}{' // 3 * 2' * type_.subsampled}, {w})"
