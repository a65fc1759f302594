"""From a call as it is written to an op with its arguments and the values it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from procdsl import registry
from procdsl.checker import fields, unnamed
from procdsl.checker.constants import Constants
from procdsl.checker.scope import Known, Scope, taken, use_all
from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix
from procdsl.diagnostics.suggest import nearest, one_of
from procdsl.ir.extern import Extern
from procdsl.lazy import known_names
from procdsl.opdef.arguments import arguments_of
from procdsl.opdef.op import Op
from procdsl.records import dataclass
from procdsl.syntax import tree
from procdsl.types.array import Array


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
    before = sink.reports
    use_all(step, scope)
    call = step.call
    declared = () if extern else arguments_of(registry.op(step.call.op.text))
    bare = [a for a in call.arguments if a.name is None]
    written = [a for a in call.arguments if a.name is not None]
    if not extern and registry.op(step.call.op.text).variadic:
        more = len(bare) + (not step.targets) - len(inputs)
        inputs += (inputs[-1],) * more
    words = [a for a in declared if a.positional]
    values, rest = taken(step, inputs, bare, words, scope, sink)
    given = fields.named(step, declared, written, constants, sink)
    known = [value.type for value in values or () if value is not None]
    axes = {name for type_ in known if isinstance(type_, Array) for name in type_.names}
    unnamed.positional(call, declared, rest, given, axes, constants, sink)
    wrong = sink.reports > before
    arguments = fields.fields(step, declared, given, constants, sink, wrong)
    sizes = fields.sizes(declared, arguments, scope, sink, given)
    unread = any(value is fields.UNREAD for value in arguments.values())
    if sink.reports > before or values is None or unread:
        return None
    return BoundCall(kind(**arguments), (*values, *sizes))


def find(step: tree.Step, externs: Mapping[str, Any], scope: Scope, sink: DiagnosticSink) -> bool:
    """Whether the call names an op or an extern; if not, say so."""
    name = step.call.op
    if name.text in registry.op_names() or name.text in externs:
        return True
    use_all(step, scope)
    names = [*registry.op_names(), *externs]
    meant, help = ("", "") if sink.full("E201") else _meaning(step.call, names)
    sink.add(
        "E201",
        name.span,
        f"there is no op `{name.text}`",
        found=f"`{name.text}`",
        wanted=one_of(name.text, names),
        help=help,
        fixes=(Fix.only(f"did you mean `{meant}`?", Edit(name.span, meant)),) if meant else (),
    )
    return False


def _meaning(call: tree.Call, names: Sequence[str]) -> tuple[str, str]:
    """The op that an unknown one must be, or nothing and what helps."""
    written, bare = call.op.text, call.op.text.rpartition(".")[2]
    known = known_names.op(written)
    same = {name.replace("_", ""): name for name in names}.get(bare.lower().replace("_", ""))
    if known and known.said:
        return "", known.said
    if written != bare and same:
        return (
            "",
            f"an op stands without its library: `procdsl explain {same}` tells what it computes",
        )
    meant = (known.here if known else "") or same or nearest(written, names)
    if meant and _takes(meant, call):
        return meant, ""
    if meant:
        return "", f"`{meant}` is called otherwise: `procdsl explain {meant}` tells how"
    return "", (
        "take one of these (`procdsl explain` lists what each does), or declare a function of your "
        "own (`procdsl explain extern`)"
    )


def _takes(op: str, call: tree.Call) -> bool:
    """Whether the op has every argument that the call names; an extern has none."""
    declared = arguments_of(registry.op(op)) if op in registry.op_names() else ()
    names = {argument.name for argument in declared if not argument.positional}
    return {a.name.text for a in call.arguments if a.name is not None} <= names
