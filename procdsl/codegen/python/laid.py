"""Functions as the skeletons in `templates/python/` lay them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from procdsl.codegen.python import docs, in_graph
from procdsl.codegen.python.code import constant, literal
from procdsl.codegen.python.functions import Function, Parameter, records
from procdsl.codegen.python.names import free
from procdsl.codegen.python.scope import Module, annotation
from procdsl.codegen.python.with_processing import SIZES
from procdsl.ir.pipeline import Pipeline


def laid(function: Function, doc: str, collected: Module) -> dict[str, Any]:
    """A function as the skeletons lay it out."""
    torch = collected.target == "torch"
    copied = ".clone(memory_format=torch.contiguous_format)" if torch else ".copy()"
    own = {True: copied, False: ".contiguous()" if torch else ""}
    results = [
        {
            "name": r.name,
            "variable": r.variable,
            "expression": r.expression,
            "into": function.into(r),
            "parts": r.parts,
            "count": r.count,
            "rows": r.rows,
            "texts": r.texts,
            "join": r.join,
            "kind": r.annotation,
            "shared": r.shared,
            "own": f"{r.variable}{own[r.shared]}",
        }
        for r in function.results
    ]
    train = function.name == "preprocess_train"
    variants = [
        {"order": order, **laid(variant, "", collected)} for order, variant in function.variants
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
        "wanted": [wanted(p, collected.target) for p in function.parameters],
        "wanted_batch": [wanted(p, collected.target, "samples, ") for p in function.parameters],
        "fields": tuple(r.name for r in function.results),
        "arguments": ", ".join(p.name for p in function.parameters),
        "sizes": function.sizes,
        "wanted_sizes": [
            f"{wanted(size.picture, collected.target)}, {size.places}" for size in function.sizes
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
        "fed": free("fed", collected.user),
        "constants": constants(collected, tuple(used) or function.constants),
    }


def constants(collected: Module, asked: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Those of a module, or the ones that are asked for."""
    names = collected.constants if asked is None else asked
    return [
        {
            "name": name,
            "expression": constant(collected.constants[name], collected.target),
            "texts": collected.constants[name].dtype == "text",
        }
        for name in names
    ]


def wanted(parameter: Parameter, target: str, leading: str = "") -> str:
    """What a check holds an argument against: its dtype and shape, for torch with its text."""
    if target != "torch":
        least = f", least={literal(dict(parameter.least))}" if parameter.least else ""
        return f"{parameter.dtype}, {literal(parameter.wanted)}{least}"
    text = parameter.shape_text.replace("(", f"({leading}", 1)
    least = f", least={parameter.least_sizes}" if parameter.least else ""
    return f"{parameter.dtype}, {parameter.sizes}, {literal(text)}{least}"


def post_batch(post: Function) -> dict[str, Any]:
    """What `post` is given, of one sample and of many."""
    columns = [p.plural for p in post.parameters] + [size.plural for size in post.sizes]
    arguments = [p.name for p in post.parameters] + [size.name for size in post.sizes]
    return {
        "columns": columns,
        "all_arguments": ", ".join(arguments),
        "arrays": len(post.parameters),
        "size_type": SIZES,
        "outer_doc": docs.postprocess_module(),
        "batch_doc": docs.postprocess_batch(),
    }


def tuples(
    pipeline: Pipeline, target: str, pre: Function | None, post: Function | None
) -> list[dict[str, Any]]:
    """The NamedTuples that the functions return."""
    found: list[dict[str, Any]] = []
    for record in records(pipeline):
        fields = [(name, annotation(array, target, scalars=False)) for name, array in record.fields]
        found.append({"name": record.name, "doc": record.doc, "fields": fields})
    for function, doc in ((pre, docs.model_inputs), (post, docs.outputs)):
        if function is not None and function.named_tuple:
            fields = [(r.name, r.annotation) for r in function.results]
            text = doc(function.results, pipeline)
            found.append({"name": function.named_tuple, "doc": text, "fields": fields})
    return [*found, *(in_graph.tuples(post) if post else ())]
