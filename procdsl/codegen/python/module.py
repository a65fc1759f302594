"""Writes the text of a generated module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from procdsl.codegen.python import docs, in_graph, shared
from procdsl.codegen.python.calls import names_read
from procdsl.codegen.python.code import constant, docstring, imports, literal
from procdsl.codegen.python.decoders import Decoder, decoders
from procdsl.codegen.python.externs import runners
from procdsl.codegen.python.functions import (
    Function,
    Parameter,
    postprocess,
    preprocess,
    records,
    user_names,
)
from procdsl.codegen.python.kernels import Kernel, by_subject
from procdsl.codegen.python.macros import LEADING, dtype, templates
from procdsl.codegen.python.scope import KernelNames, Module, annotation
from procdsl.codegen.python.self_check import self_check
from procdsl.codegen.python.specialize import specialized
from procdsl.codegen.python.with_processing import with_processing
from procdsl.codegen.target import Unit
from procdsl.ir.decoding import behind_decoding, decodings
from procdsl.ir.pipeline import Pipeline
from procdsl.lower import lower
from procdsl.lower.orders import given_in
from procdsl.passes.block import Holds
from procdsl.records import replace
from procdsl.types.array import Array

_SKELETONS = {"numpy": "array", "cv2": "array", "torch": "torch"}
_LIBRARY = {"numpy": "import numpy as np", "cv2": "import numpy as np", "torch": "import torch"}


def module(unit: Unit, target: str, holds: Holds) -> str:
    """The module of a pipeline for one target, before it is formatted."""
    environment = templates()
    environment.filters.update(literal=literal, docstring=docstring)
    steps, user = decodings(unit.pipeline), user_names(unit.pipeline)
    unit = replace(unit, pipeline=behind_decoding(unit.pipeline))
    pipeline = unit.pipeline
    externs = runners(pipeline, user, "tensor" if target == "torch" else "array")
    user |= {name for runner in externs for name in (runner.function, runner.name)}
    collected = Module(target, user, {runner.extern.name: runner.name for runner in externs})
    collected.need("import json", "from typing import Any", _LIBRARY[target])
    found = decoders(steps, collected)
    described = {
        **_api(unit, target, holds, collected, found),
        "externs": externs,
        "name": pipeline.name,
        "decoders": found.values(),
    }
    skeleton = environment.get_template(f"python/{_SKELETONS[target]}.j2")
    context = {"k": KernelNames(collected), "need": collected.need, "offer": collected.offer}
    api = skeleton.render(m=described, **context).strip()
    kernels: Sequence[Kernel] = collected.kernels
    if unit.options.shared_kernels:
        kernels = ()
        collected.need(*shared.imports(api, target, unit.options.in_package))
    elif unit.options.specialize:
        api, kernels = _specialized(api, kernels)
    for kernel in kernels:
        read = names_read(kernel.body)
        collected.need(*(line for name, line in kernel.imports if name in read))
    return environment.get_template("python/module.j2").render(
        m={
            "header": docs.header(unit, docs.command(pipeline)),
            "imports": imports(collected.imports),
            "externs": externs,
            "name": pipeline.name,
            "all": sorted({*collected.offered, "MANIFEST", "MANIFEST_TEXT"}, key=_kind_and_name),
            "api": api,
            "helpers": by_subject(kernels),
            "manifest": unit.manifest,
            "manifest_name": f"{pipeline.name}.manifest.json",
        }
    )


def _kind_and_name(name: str) -> tuple[int, str]:
    """Constants first, then classes, then functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def _specialized(api: str, kernels: Sequence[Kernel]) -> tuple[str, list[Kernel]]:
    """The functions and the kernels, without what the literal arguments of calls make dead."""
    api, texts = specialized(api, {kernel.file: kernel.body for kernel in kernels})
    left = [replace(kernel, body=texts[kernel.file]) for kernel in kernels if kernel.file in texts]
    return api, left


def _api(
    unit: Unit, target: str, holds: Holds, collected: Module, found: Mapping[str, Decoder]
) -> dict[str, Any]:
    """Everything that the skeleton places, by name."""
    pipeline = unit.pipeline
    array = "tensor" if target == "torch" else "array"

    def before(train: bool) -> Function:
        name = "preprocess_train" if train else "preprocess"
        variants = []
        for order in pipeline.orders or ("",):
            given = given_in(pipeline, order)
            lowered = lower.preprocess(given, holds, unit.options.optimize, train)
            made = collected.function(f"{name}_{order}") if order else name
            variants.append((order, preprocess(given, collected, lowered, made)))
        first = _of_files(variants[0][1], found, collected)
        return replace(first, name=name, variants=tuple(variants)) if pipeline.orders else first

    pre = before(train=False) if pipeline.inputs else None
    train = before(train=True) if pipeline.generates_train else None
    post = None
    if pipeline.outputs:
        post = postprocess(
            pipeline, collected, lower.postprocess(pipeline, texts=target not in LEADING)
        )
    together = collected.target in LEADING and not pipeline.externs
    preprocessing = [
        {
            **_laid(function, docs.preprocess(function, array), collected),
            "together": together,
            "made": _made(pipeline),
        }
        for function in (pre, train)
        if function is not None
    ]
    return {
        "tuples": _tuples(unit, target, pre, post),
        "constants": [(c["name"], c["expression"]) for c in _constants(collected)],
        "preprocessing": preprocessing,
        "pre": pre and {**_laid(pre, "", collected), **_pre_batch(unit, pre, collected, together)},
        "post": post
        and {
            **_laid(post, docs.postprocess(post, array), collected),
            **_post_batch(post),
            "graph": in_graph.in_graph(post),
        },
        "with_processing": with_processing(pipeline, pre, post, collected)
        if target == "torch"
        else None,
        "check": {**self_check(unit, pre, post), "decoders": found.values()},
    }


def _of_files(function: Function, found: Mapping[str, Decoder], collected: Module) -> Function:
    """The function with what makes pictures of the files that it is given, if any."""
    given = tuple(replace(p, decoder=found.get(p.value.name)) for p in function.parameters)
    behind = collected.function(f"{function.name}_pictures") if found else ""
    return replace(function, parameters=given, behind=behind)


def _laid(function: Function, doc: str, collected: Module) -> dict[str, Any]:
    """A function as the skeletons lay it out."""
    results = [
        {
            "name": r.name,
            "variable": r.variable,
            "expression": r.expression,
            "into": function.into(r),
            "parts": r.parts,
            "count": r.count,
            "texts": r.texts,
            "kind": r.annotation,
        }
        for r in function.results
    ]
    train = function.name == "preprocess_train"
    copied = "clone(memory_format=torch.contiguous_format)"
    variants = [
        {"order": order, **_laid(variant, "", collected)} for order, variant in function.variants
    ]
    used = dict.fromkeys(name for _, variant in function.variants for name in variant.constants)
    return {
        "name": function.name,
        "variants": variants,
        "orders": function.orders,
        "behind": function.behind,
        "class_name": {"preprocess_train": "PreprocessTrain"}.get(
            function.name, function.name.capitalize()
        ),
        "doc": doc,
        "class_doc": docs.module_class(function, train),
        "parameters": function.parameters,
        "wanted": [_wanted(p, collected.target) for p in function.parameters],
        "wanted_batch": [_wanted(p, collected.target, "samples, ") for p in function.parameters],
        "fields": tuple(r.name for r in function.results),
        "arguments": ", ".join(p.name for p in function.parameters),
        "sizes": function.sizes,
        "wanted_sizes": [
            f"{_wanted(size.picture, collected.target)}, {size.places}" for size in function.sizes
        ],
        "shared": function.shared,
        "sized": function.sized,
        "open_sides": function.open_sides,
        "statements": function.statements,
        "writes_out": any(f.writes_out for f in (function, *(v for _, v in function.variants))),
        "functions": [
            text for f in [v for _, v in function.variants] or [function] for text in f.functions
        ],
        "results": results,
        "tuple": function.named_tuple,
        "type": function.type,
        "returned": function.returned,
        "copies": function.copies,
        "own_memory": copied if function.copies else "contiguous()",
        "constants": _constants(collected, tuple(used) or function.constants),
    }


def _constants(collected: Module, wanted: Sequence[str] | None = None) -> list[dict[str, Any]]:
    names = collected.constants if wanted is None else wanted
    return [
        {
            "name": name,
            "expression": constant(collected.constants[name], collected.target),
            "texts": collected.constants[name].dtype == "text",
        }
        for name in names
    ]


def _tuples(
    unit: Unit, target: str, pre: Function | None, post: Function | None
) -> list[dict[str, Any]]:
    """The NamedTuples that the functions return."""
    found: list[dict[str, Any]] = []
    for record in records(unit.pipeline):
        fields = [(name, annotation(array, target, scalars=False)) for name, array in record.fields]
        found.append({"name": record.name, "doc": record.doc, "fields": fields})
    for function, doc in ((pre, docs.model_inputs), (post, docs.outputs)):
        if function is not None and function.named_tuple:
            fields = [(r.name, r.annotation) for r in function.results]
            text = doc(function.results, unit.pipeline)
            found.append({"name": function.named_tuple, "doc": text, "fields": fields})
    return [*found, *(in_graph.tuples(post) if post else ())]


def _wanted(parameter: Parameter, target: str, leading: str = "") -> str:
    """What a check holds an argument against: its dtype and shape, for torch with its text."""
    if target != "torch":
        least = f", least={literal(dict(parameter.least))}" if parameter.least else ""
        return f"{parameter.dtype}, {literal(parameter.wanted)}{least}"
    text = parameter.shape_text.replace("(", f"({leading}", 1)
    least = f", least={parameter.least_sizes}" if parameter.least else ""
    return f"{parameter.dtype}, {parameter.sizes}, {literal(text)}{least}"


def _made(pipeline: Pipeline) -> int:
    """How many numbers the model is fed of one sample, as far as that is known."""
    shapes = [value.type.shape for value in pipeline.model.inputs if isinstance(value.type, Array)]
    return sum(prod(size or 0 for size in shape) for shape in shapes)


def _pre_batch(unit: Unit, pre: Function, collected: Module, together: bool) -> dict[str, Any]:
    """How a batch is made; `shape` is that of its result, where that is known.

    A target that takes samples `together` works on those of one size at once.
    """
    columns = [p.plural for p in pre.parameters]
    contract = unit.pipeline.model.inputs[0].type
    assert isinstance(contract, Array), "the model's inputs are arrays"
    together = together and not any(p.decoder for p in pre.parameters)
    made: dict[str, Any] = {"ranged": False, "orders": pre.orders, "together": together}
    made |= {"columns": columns, "doc": docs.preprocess_batch(pre, together), "shape": ""}
    if any(p.type.declared_range for p in pre.parameters):
        made |= {"ranged": True, "ranges_doc": docs.check_ranges(pre)}
    if pre.named_tuple or None in contract.shape:
        return made
    shape = ", ".join(map(str, (f"len({columns[0]})", *contract.shape)))
    kind = dtype(collected.target, contract.dtype)
    if collected.target == "torch":
        tensors = [p.plural for p in pre.parameters if not p.decoder]
        device = f", device={collected.kernel('device_of')}({tensors[0]})" if tensors else ""
        buffer = f"torch.empty(shape, dtype={kind}{device})"
        return {**made, "shape": f"[{shape}]", "dtype": kind, "buffer": buffer}
    return {**made, "shape": f"({shape})", "dtype": kind, "buffer": f"np.empty(shape, {kind})"}


def _post_batch(post: Function) -> dict[str, Any]:
    columns = [p.plural for p in post.parameters] + [size.plural for size in post.sizes]
    arguments = [p.name for p in post.parameters] + [size.name for size in post.sizes]
    return {
        "columns": columns,
        "all_arguments": ", ".join(arguments),
        "arrays": len(post.parameters),
        "size_type": "torch.Tensor | tuple[int, int] | list[tuple[int, int]]",
        "outer_doc": docs.postprocess_module(),
        "batch_doc": docs.postprocess_batch(),
    }
