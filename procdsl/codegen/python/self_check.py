"""What a module's `self_check` runs, and which results it compares."""

from __future__ import annotations

from typing import Any

from procdsl.codegen.python import docs
from procdsl.codegen.python.functions import Function, Parameter
from procdsl.codegen.target import Unit
from procdsl.ir.extern import ExternCall
from procdsl.reference import probe
from procdsl.types.colour import colour


def self_check(unit: Unit, pre: Function | None, post: Function | None) -> dict[str, Any]:
    """The functions that are run on probes, each with what it is given and what is held."""
    pipeline = unit.pipeline
    blocks = []
    before = pre if unit.golden.preprocess is not None else None
    for order in (before.orders or ("",)) if before else ():
        assert before is not None, "it has orders"
        blocks.append({**_block(unit, before, "fed", pipeline.serving(), order), "order": order})
    if post and unit.golden.postprocess is not None:
        blocks.append({**_block(unit, post, "found", pipeline.post), "order": ""})
    held = pipeline.serving_externs if unit.options.check_externs else ()
    left = [f"`{name}`" for name in unit.golden.left_out(pipeline)]
    return {
        "doc": docs.self_check(held, left),
        "manifest_name": f"{pipeline.name}.manifest.json",
        "record": 'MANIFEST["plan"]["self_check"]' if unit.plan else 'MANIFEST["self_check"]',
        "externs": held,
        "others": len(pipeline.externs) > len(pipeline.serving_externs),
        "blocks": blocks,
    }


def _block(
    unit: Unit, function: Function, found: str, steps: Any, order: str = ""
) -> dict[str, Any]:
    size = unit.golden.size
    pictures = probe.sizes(unit.pipeline, size)
    axes = probe.axis_sizes(unit.pipeline, size)
    return {
        "function": function.name,
        "called": function.behind or function.name,
        "found": found,
        "probes": [
            (probe.shape_of(p.type, size, axes), p.dtype, _moved(p, order))
            for p in function.parameters
        ],
        "sizes": [(of.name, pictures[of.of]) for of in function.sizes],
        "checks": [pair for result in function.results for pair in result.recorded],
        "calls": any(isinstance(step.op, ExternCall) for step in steps),
    }


def _moved(parameter: Parameter, order: str) -> str:
    """What brings the channels of a probe from the file's order to this one."""
    if not parameter.other or order != parameter.other:
        return ""
    own = colour(str(parameter.type.colour)).channels
    behind = ", :" * (-1 - parameter.type.from_end("c"))
    return f"[..., {[own.index(channel) for channel in colour(order).channels]}{behind}]"
