"""Writes the text of a generated module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from procdsl.codegen.python import docs, kernels
from procdsl.codegen.python.code import bound_by, constant, docstring, imports, literal, names_in
from procdsl.codegen.python.externs import runners
from procdsl.codegen.python.macros import dtype, templates
from procdsl.codegen.python.model import Function, Parameter, postprocess, preprocess, user_names
from procdsl.codegen.python.steps import Names
from procdsl.ir.extern import ExternCall
from procdsl.ir.pipeline import Pipeline, Step, Value
from procdsl.reference import golden_record
from procdsl.types.array import Array

BACKENDS = ("torch", "numpy", "cv2")

_SKELETONS = {"numpy": "array", "cv2": "array", "torch": "torch"}
_STANDARD = (
    "import json",
    "from functools import lru_cache",
    "from typing import Any",
    "from typing import NamedTuple",
    "from collections.abc import Sequence",
)
_IMPORTS = {
    "numpy": (*_STANDARD, "import numpy as np"),
    "cv2": (*_STANDARD, "import cv2", "import numpy as np"),
    "torch": (*_STANDARD, "import torch", "from torch import nn"),
}
"""What the skeletons may need; an import that is not used is left out."""


@dataclass(frozen=True)
class Sealed:
    """A pipeline with what its modules say of it."""

    pipeline: Pipeline
    identity: str
    digest: str
    manifest: str
    """The text of the manifest."""
    size: tuple[int, int]
    """The height and width of the golden_record."""


def module(sealed: Sealed, backend: str, fuse: bool = True) -> str:
    """The module of a pipeline for one backend, before black."""
    environment = templates()
    environment.filters.update(literal=literal, docstring=docstring)
    skeleton = environment.get_template(f"python/{_SKELETONS[backend]}.j2")
    described = _describe(sealed, backend, fuse)
    bare = skeleton.render(m={**described, "types": [], "kernels": [], "imports": ""})
    used = kernels.used(backend, [bare])
    described["types"] = [kernel.body for kernel in used if kernel.is_type]
    described["kernels"] = [kernel.body for kernel in used if not kernel.is_type]
    named = names_in(skeleton.render(m={**described, "imports": ""}))
    lines = {line for kernel in used for line in kernel.imports} | set(_IMPORTS[backend])
    described["imports"] = imports(line for line in lines if bound_by(line) & named)
    return skeleton.render(m=described)


def _describe(sealed: Sealed, backend: str, fuse: bool) -> dict[str, Any]:
    """Everything that the skeleton places, by name."""
    pipeline = sealed.pipeline
    array = "tensor" if backend == "torch" else "array"
    user = user_names(pipeline)
    externs = runners(pipeline, user, array)
    user |= {name for runner in externs for name in (runner.function, runner.name)}
    names = Names(backend, user, {runner.extern.name: runner.name for runner in externs})
    pre = preprocess(pipeline, names, fuse=fuse) if pipeline.inputs else None
    train = preprocess(pipeline, names, train=True, fuse=fuse) if pipeline.has_train else None
    post = postprocess(pipeline, names) if pipeline.outputs else None
    command = docs.command(pipeline)
    preprocessing = []
    for function in (pre, train):
        if function is not None:
            doc = docs.preprocess(function, array)
            preprocessing.append(_laid(function, doc, names))
    return {
        "header": docs.header(pipeline, sealed.identity, sealed.digest, command),
        "name": pipeline.name,
        "externs": externs,
        "tuples": _tuples(pipeline, pre, post),
        "constants": _constants(names, tuple(names.constants)),
        "preprocessing": preprocessing,
        "pre": pre and {**_laid(pre, "", names), **_pre_batch(pipeline, pre, backend)},
        "post": post and {**_laid(post, docs.postprocess(post, array), names), **_post_batch(post)},
        "with_processing": _with_processing(pipeline, pre, post) if backend == "torch" else None,
        "check": _check(sealed, pre, post),
        "manifest": sealed.manifest,
        "manifest_name": f"{pipeline.name}.manifest.json",
    }


def _laid(function: Function, doc: str, names: Names) -> dict[str, Any]:
    """A function as the skeletons lay it out."""
    results = [
        {
            "name": r.name,
            "variable": r.variable,
            "expression": f"{r.annotation}({r.variable})" if r.scalar else r.variable,
            "into": function.into(r),
        }
        for r in function.results
    ]
    train = function.name == "preprocess_train"
    return {
        "name": function.name,
        "class_name": {"preprocess_train": "PreprocessTrain"}.get(
            function.name, function.name.capitalize()
        ),
        "doc": doc,
        "class_doc": docs.module_class(function, train),
        "parameters": function.parameters,
        "wanted": [_wanted(p, names.backend) for p in function.parameters],
        "wanted_batch": [_wanted(p, names.backend, "samples, ") for p in function.parameters],
        "fields": tuple(r.name for r in function.results),
        "arguments": ", ".join(p.name for p in function.parameters),
        "sizes": function.sizes,
        "statements": function.statements,
        "writes_out": function.writes_out,
        "functions": function.functions,
        "results": results,
        "tuple": function.named_tuple,
        "type": function.type,
        "returned": function.returned,
        "copies": function.copies,
        "own_memory": "clone(memory_format=torch.contiguous_format)"
        if function.copies
        else "contiguous()",
        "batched": function.batched,
        "constants": _constants(names, function.constants),
    }


def _constants(names: Names, wanted: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, constant(names.constants[name], names.backend)) for name in wanted]


def _tuples(
    pipeline: Pipeline, pre: Function | None, post: Function | None
) -> list[dict[str, Any]]:
    """The NamedTuples that the functions return."""
    found: list[dict[str, Any]] = []
    if pre and pre.named_tuple:
        doc = docs.model_inputs(pre.results)
        found.append({"name": pre.named_tuple, "doc": doc, "fields": pre.results})
    if post:
        doc = docs.outputs(post.results, pipeline.output_doc)
        found.append({"name": post.named_tuple, "doc": doc, "fields": post.results})
    return found


def _wanted(parameter: Parameter, backend: str, leading: str = "") -> str:
    """What a check holds an argument against: its dtype and shape, for torch with its text."""
    if backend != "torch":
        return f"{parameter.dtype}, {literal(parameter.wanted)}"
    text = parameter.shape_text.replace("(", f"({leading}", 1)
    return f"{parameter.dtype}, {parameter.sizes}, {literal(text)}"


def _pre_batch(pipeline: Pipeline, pre: Function, backend: str) -> dict[str, Any]:
    """How a batch is made; `shape` is that of its result, where that is known."""
    columns = [p.plural for p in pre.parameters]
    contract = pipeline.model.inputs[0].type
    assert isinstance(contract, Array), "the model's inputs are arrays"
    made = {"columns": columns, "doc": docs.preprocess_batch(pre), "shape": ""}
    if pre.named_tuple or None in contract.shape:
        return made
    shape = ", ".join(map(str, (f"len({columns[0]})", *contract.shape)))
    kind = dtype(backend, contract.dtype)
    if backend == "torch":
        buffer = f"torch.empty(shape, dtype={kind}, device=device_of({columns[0]}))"
        return {**made, "shape": f"[{shape}]", "dtype": kind, "buffer": buffer}
    return {**made, "shape": f"({shape})", "dtype": kind, "buffer": f"np.empty(shape, {kind})"}


def _post_batch(post: Function) -> dict[str, Any]:
    columns = [p.plural for p in post.parameters] + [many for _, many in post.sizes]
    arguments = [p.name for p in post.parameters] + [size for size, _ in post.sizes]
    return {
        "columns": columns,
        "all_arguments": ", ".join(arguments),
        "batch_doc": docs.postprocess_batch(),
    }


def _with_processing(
    pipeline: Pipeline, pre: Function | None, post: Function | None
) -> dict[str, Any]:
    """The lines of the module that wraps a model."""
    given = pre.parameters if pre else ()
    names = [p.name for p in given] or [f"input_{v.name}" for v in pipeline.model.inputs]
    lines = []
    fed = [f"{name}[None]" for name in names]
    if pre:
        call = "preprocess.sample" if pre.batched else "preprocess"
        lines.append(f"fed = self.{call}({', '.join(names)})")
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
        sizes = [_size_of(pipeline, size, given) for size, _ in post.sizes]
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


def _size_of(pipeline: Pipeline, size: str, given: tuple[Parameter, ...]) -> str:
    """The height and width of the input that a size argument speaks of."""
    parameter = next(p for p in given if size.rstrip("_") == f"{p.value.name}_size")
    type_ = parameter.value.type
    assert isinstance(type_, Array), "inputs are arrays"
    h, w = (
        f"{parameter.name}.shape[{type_.at(axis)}]"
        for axis in ("rows" if type_.subsampled else "h", "w")
    )
    return f"({h}{' // 3 * 2' * type_.subsampled}, {w})"


def _check(sealed: Sealed, pre: Function | None, post: Function | None) -> dict[str, Any]:
    """What `self_check` runs, and which results it compares."""
    pipeline = sealed.pipeline
    pictures = {f"{v.name}_size": golden_record.picture(v, sealed.size) for v in pipeline.inputs}
    tiles = golden_record.tiles_of(pipeline, sealed.size)

    def probes(function: Function) -> str:
        shapes = [
            golden_record.shape_of(_array(p), sealed.size, tiles) for p in function.parameters
        ]
        given = (
            f"probe({shape!r}, {p.dtype})"
            for shape, p in zip(shapes, function.parameters, strict=True)
        )
        sizes = [f"{name}={pictures[name.rstrip('_')]}" for name, _ in function.sizes]
        return ", ".join([*given, *sizes])

    def checks(function: Function) -> list[tuple[str, str]]:
        return [pair for result in function.results for pair in result.recorded]

    def described(function: Function, steps: Sequence[Step]) -> dict[str, Any]:
        calls = any(isinstance(step.op, ExternCall) for step in steps)
        return {"probes": probes(function), "checks": checks(function), "calls": calls}

    return {
        "doc": docs.self_check(pipeline.externs),
        "externs": pipeline.externs,
        "pre": pre and described(pre, pipeline.serving()),
        "post": post and described(post, pipeline.post),
    }


def _array(parameter: Parameter) -> Array:
    assert isinstance(parameter.value.type, Array), "parameters are arrays"
    return parameter.value.type
