"""The torch module that wraps a model: its processing before and after it."""

from __future__ import annotations

from typing import Any

from procdsl.codegen.python import docs
from procdsl.codegen.python.functions import Function, Parameter, SizeParameter
from procdsl.ir.pipeline import Pipeline, Value
from procdsl.types.array import Array


def with_processing(
    pipeline: Pipeline, pre: Function | None, post: Function | None
) -> dict[str, Any]:
    """The arguments and the lines of its `forward`."""
    given = pre.parameters if pre else ()
    names = [p.name for p in given] or [f"input_{v.name}" for v in pipeline.model.inputs]
    lines = []
    fed = [f"{name}[None]" for name in names]
    if pre:
        order = ["order=order"] if pre.orders else []
        lines.append(f"fed = self.preprocess({', '.join([*names, *order])})")
        given_to = [f"fed.{r.name}" for r in pre.results] if pre.named_tuple else ["fed"]
        fed = [
            name if _tiled(value) else f"{name}[None]"
            for name, value in zip(given_to, pipeline.model.inputs, strict=True)
        ]
    count = len(pipeline.model.outputs)
    found = [f"found_{i + 1}" for i in range(count)] if count > 1 else ["found"]
    lines.append(f"{', '.join(found)} = self.model({', '.join(fed)})")
    samples = [
        name if _tiled(value) else f"{name}[0]"
        for name, value in zip(found, pipeline.model.outputs, strict=True)
    ]
    returns = "Output"
    if post:
        sizes = [_size_of(size, given) for size in post.sizes]
        lines.append(f"return self.postprocess({', '.join([*samples, *sizes])})")
    else:
        returns = f"tuple[{', '.join(['torch.Tensor'] * count)}]" if count > 1 else "torch.Tensor"
        lines.append(f"return {', '.join(samples)}")
    return {
        "parameters": ", ".join(f"{name}: torch.Tensor" for name in names),
        "type": returns,
        "lines": lines,
        "doc": docs.with_processing(pipeline),
    }


def _tiled(value: Value) -> bool:
    """Whether the value has a batch of its own: the tiles of one sample."""
    return isinstance(value.type, Array) and value.type.names[:1] == ("tile",)


def _size_of(size: SizeParameter, given: tuple[Parameter, ...]) -> str:
    """The height and width of the input that a size argument speaks of."""
    parameter = next(p for p in given if p.value.name == size.input)
    type_ = parameter.type
    sides = ("rows", "w") if type_.subsampled else ("h", "w")
    h, w = (f"{parameter.name}.shape[{type_.from_end(axis)}]" for axis in sides)
    return f"({h}{' // 3 * 2' * type_.subsampled}, {w})"
