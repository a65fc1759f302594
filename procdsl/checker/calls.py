"""From a call as it is written to an op with its arguments and the values it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from procdsl import registry
from procdsl.checker import elsewhere, fields
from procdsl.checker.constants import Constants
from procdsl.checker.scope import Known, Scope, taken, use_all
from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix
from procdsl.diagnostics.suggest import nearest
from procdsl.ir.extern import Extern
from procdsl.opdef.arguments import arguments_of
from procdsl.opdef.op import Op
from procdsl.syntax import tree


@dataclass(frozen=True)
class BoundCall:
    """A call that is complete: values may still be unknown."""

    op: Op
    inputs: tuple[Known, ...]


def bind(
    step: tree.Step,
    extern: Extern | None,
    scope: Scope,
    constants: Constants,
    sink: DiagnosticSink,
) -> BoundCall | None:
    """The op (of the language, or the extern) and its values, or None and what is wrong."""
    kind: Callable[..., Op] = extern.bind if extern else registry.op(step.call.op.text)
    inputs = extern.inputs if extern else registry.op(step.call.op.text).inputs
    before = len(sink.diagnostics)
    use_all(step, scope)
    call = step.call
    declared = () if extern else arguments_of(registry.op(step.call.op.text))
    unnamed = [a for a in call.arguments if a.name is None]
    written = [a for a in call.arguments if a.name is not None]
    if not extern and registry.op(step.call.op.text).variadic:
        more = len(unnamed) + (not step.targets) - len(inputs)
        inputs += (inputs[-1],) * more
    values, rest = taken(step, inputs, unnamed, scope, sink)
    given = fields.named(call, declared, written, sink)
    fields.positional(call, declared, rest, given, constants, sink)
    wrong = len(sink.diagnostics) > before
    arguments = fields.fields(step, declared, given, constants, sink, wrong)
    sizes = fields.sizes(declared, arguments, scope, sink, given)
    unread = any(value is fields.UNREAD for value in arguments.values())
    if len(sink.diagnostics) > before or values is None or unread:
        return None
    return BoundCall(kind(**arguments), (*values, *sizes))


def find(step: tree.Step, externs: Mapping[str, Any], scope: Scope, sink: DiagnosticSink) -> bool:
    """Whether the call names an op or an extern; if not, say so."""
    names = [*registry.op_names(), *externs]
    name = step.call.op
    if name.text in names:
        return True
    use_all(step, scope)
    plain = name.text.lower().replace("_", "")
    meant = next((op for op, others in elsewhere.OPS.items() if plain in others), None)
    near = meant or nearest(name.text, names)
    hint, edit = f"did you mean `{near}`?", Edit(name.span, near or "")
    if plain in elsewhere.BATCH:
        hint = "remove this step: types are those of one sample, `preprocess_batch` makes the batch"
        edit = Edit(step.span, "")
    elif near is None:
        hint = (
            "take one of these (`procdsl explain` lists what each does), declare a function of "
            "your own (`procdsl explain extern`), or remove this step"
        )
        edit = Edit(step.span, "")
    sink.add(
        "E201",
        name.span,
        f"there is no op `{name.text}`",
        found=f"`{name.text}`",
        wanted="one of " + ", ".join(sorted(names)),
        fixes=(Fix(hint, (edit,)),),
    )
    return False
