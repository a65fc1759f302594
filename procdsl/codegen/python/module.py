"""Writes the text of a generated module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from procdsl.codegen.python import docs, in_graph, shared
from procdsl.codegen.python.calls import names_read
from procdsl.codegen.python.code import Draft, docstring, imports, literal, settled
from procdsl.codegen.python.decoders import Decoder, decoders
from procdsl.codegen.python.externs import runners
from procdsl.codegen.python.functions import (
    Function,
    postprocess,
    preprocess,
    user_names,
)
from procdsl.codegen.python.kernels import Kernel, titled
from procdsl.codegen.python.laid import constants, laid, post_batch, tuples
from procdsl.codegen.python.macros import LEADING, dtype, templates
from procdsl.codegen.python.scope import KernelNames, Module
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


def module(unit: Unit, target: str, holds: Holds) -> Draft:
    """The module of a pipeline for one target."""
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
    files = settled(kernel.body for kernel in kernels)
    if unit.options.shared_kernels:
        kernels = ()
        collected.need(*shared.imports(api, target, unit.options.in_package))
    elif unit.options.specialize:
        api, kernels = _specialized(api, kernels)
    for kernel in kernels:
        read = names_read(kernel.body)
        collected.need(*(line for name, line in kernel.imports if name in read))
    head = environment.get_template("python/head.j2").render(
        m={
            "header": docs.header(unit),
            "imports": imports(collected.imports),
            "externs": externs,
            "name": pipeline.name,
            "all": sorted({*collected.offered, "MANIFEST", "MANIFEST_TEXT"}, key=_kind_and_name),
        }
    )
    foot = environment.get_template("python/foot.j2").render(
        m={"manifest": unit.manifest, "manifest_name": f"{pipeline.name}.manifest.json"}
    )
    return Draft((head.strip(), api, *titled(kernels), foot.strip()), files)


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
            pipeline, collected, lower.postprocess(pipeline, holds, texts=target not in LEADING)
        )
    together = collected.target in LEADING and not pipeline.externs
    preprocessing = [
        {
            **laid(function, docs.preprocess(function, array), collected),
            "together": together,
            "made": _made(pipeline),
        }
        for function in (pre, train)
        if function is not None
    ]
    return {
        "tuples": tuples(pipeline, target, pre, post),
        "constants": [(c["name"], c["expression"]) for c in constants(collected)],
        "preprocessing": preprocessing,
        "pre": pre and {**laid(pre, "", collected), **_pre_batch(unit, pre, collected, together)},
        "post": post
        and {
            **laid(post, docs.postprocess(post, array), collected),
            **post_batch(post),
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
