"""What `post` may take beside the model's outputs: the inputs, and what `pre` has named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procdsl import registry
from procdsl.checker.blocks import Walker
from procdsl.checker.scope import Known, Scope, Stays
from procdsl.ir.pipeline import Value
from procdsl.syntax import tree
from procdsl.types.array import Array

_BY_A_STEP = "take by a step in `pre` what is meant, give that a name, and write it here"


def past_model(
    pre: Scope, inputs: Mapping[str, Known], parts: tree.Model | None, walker: Walker,
    ordered: frozenset[str],
) -> tuple[dict[str, Known], dict[str, Stays]]:  # fmt: skip
    """The values by name, and the names that `post` cannot take.

    An input's name is the input as it is given, whatever `pre` has made of it. `ordered` are those
    whose channels come in two orders.
    """
    known: dict[str, Known] = {}
    stays = dict(_unnamed(pre, inputs, parts))
    for name, value in {**pre.values, **inputs}.items():
        why = _why(value, walker, name in inputs and name in ordered) if value else None
        if why is None:
            known[name] = value
        else:
            stays[name] = why
    return known, stays


def _unnamed(
    pre: Scope, inputs: Mapping[str, Known], model: tree.Model | None
) -> Iterator[tuple[str, Stays]]:
    for typed in model.inputs if model and inputs else ():
        name = typed.name.text
        if not pre.has(name):
            why = f"`{name}`, which the model takes, and which no step of `pre` has named"
            yield name, Stays(why, f"name in `pre` what the model is fed: `{name} = ...`")


def _why(value: Value, walker: Walker, ordered: bool) -> Stays | None:
    """Why a value does not go past the model, if it does not."""
    said = f"`{value.name}`: {value.type.described()}"
    if not isinstance(value.type, Array):
        return Stays(f"{said}, several arrays under one name", _BY_A_STEP)
    if value.type.is_file:
        return Stays(f"{said}, the content of a file", _BY_A_STEP)
    if value.type.dtype == "text":
        return Stays(f"{said}, which no array holds", "look it up in `post`")
    if _decoded(value, walker):
        return Stays(f"{said}, as it is decoded", _BY_A_STEP)
    if ordered:
        by = "`pre` brings it to one order: give what a step makes of it a name, and write it here"
        return Stays(f"{said}, whose channels come in the order that the caller names", by)
    return None


def _decoded(value: Value, walker: Walker) -> bool:
    made_by = walker.made_by.get(value.number)
    name = made_by.call.op.text if made_by else ""
    known = name not in walker.externs and name in registry.op_names()
    return known and registry.op(name).decodes
