"""The arguments of a call: which is which, and whether each is what its op wants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdsl import limits
from procdsl.checker import unnamed
from procdsl.checker.constants import Constants, too_long
from procdsl.checker.scope import Known, Scope
from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix, Label
from procdsl.diagnostics.suggest import nearest
from procdsl.lazy import known_names
from procdsl.opdef.argument_types import InputName
from procdsl.opdef.arguments import Argument
from procdsl.opdef.errors import Problem
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.types.constants import alike, shorten

UNREAD = object()
"""The value of an argument whose constant may stand in a line that did not parse."""


def named(
    step: tree.Step,
    declared: tuple[Argument, ...],
    written: list[tree.Argument],
    constants: Constants,
    sink: DiagnosticSink,
) -> dict[str, tree.Value]:
    """The arguments that are written with their names."""
    given: dict[str, tree.Value] = {}
    first: dict[str, tree.Argument] = {}
    by_name = {argument.name: argument for argument in declared}
    for argument in written:
        assert argument.name is not None, "only named arguments come here"
        name = argument.name.text
        if sink.full("E202") or sink.full("E212"):
            sink.add("E202", argument.span, "as those before", found="", wanted="")
        elif name in first:
            _doubled(argument, first[name], constants, sink)
        elif name not in by_name:
            _unknown(step.call, argument, declared, sink)
        elif by_name[name].positional:
            value = argument.value.span.text
            sink.add(
                "E202",
                argument.span,
                f"`{name}` is written without its name",
                found=f"`{shorten(argument.span.text)}`",
                wanted="the value alone",
                fixes=(Fix.only(f"write `{value}`", Edit(argument.span, value)),),
            )
        else:
            given[name] = argument.value
        first.setdefault(name, argument)
    return given


def _doubled(
    argument: tree.Argument, first: tree.Argument, constants: Constants, sink: DiagnosticSink
) -> None:
    assert argument.name is not None, "asked of one with a name"
    name = argument.name.text
    same = alike(constants.evaluate(argument.value), constants.evaluate(first.value))
    one, other = shorten(first.value.span.text), shorten(argument.value.span.text)
    sink.add(
        "E212",
        argument.span,
        f"`{name}` is given twice",
        found=f"a second `{name}`",
        wanted="each argument once",
        help="" if same else f"keep the one that is meant, `{name}={one}` or `{name}={other}`",
        fixes=(Fix.only("remove this one", Edit(_with_comma_before(argument), "")),)
        if same
        else (),
        labels=(Label(first.span, f"the first `{name}`"),),
    )


def _unknown(
    call: tree.Call, argument: tree.Argument, declared: tuple[Argument, ...], sink: DiagnosticSink
) -> None:
    """An argument that the op does not have: what it means, or what it may mean."""
    assert argument.name is not None, "only named arguments come here"
    name = argument.name.text
    written = {a.name.text for a in call.arguments if a.name is not None}
    ours = [a.name for a in declared if not a.positional]
    known = known_names.argument(call.op.text, name, ours)
    by_case = {our.lower(): our for our in ours}
    meant = by_case.get(name.lower()) or (known.here if known else nearest(name, ours)) or ""
    fix: Fix | None = None
    help = known.said if known else ""
    if name == "size" and {"h", "w"} <= {*ours} - written:
        fix, help = unnamed.size(argument.value, argument.span, "short" in ours)
    elif meant and meant not in written:
        fix = Fix.only(f"did you mean `{meant}`?", Edit(argument.name.span, meant))
    elif not help:
        help = f"`procdsl explain {call.op.text}` tells what each of its arguments is for"
        if not ours:
            help = f"leave it out: `{call.op.text}` takes values, and computes one thing"
    sink.add(
        "E202",
        argument.name.span,
        f"there is no argument of `{call.op.text}` called `{name}`",
        found=f"`{name}`",
        wanted="one of " + ", ".join(sorted(ours)) if ours else "no named arguments",
        help="" if fix else help,
        fixes=(fix,) if fix else (),
    )


def _with_comma_before(argument: tree.Argument) -> Span:
    text, start = argument.span.source.text, argument.span.start
    while start and text[start - 1] in " \t\r\n,":
        start -= 1
    return Span(argument.span.source, start, argument.span.end)


def fields(
    step: tree.Step,
    declared: tuple[Argument, ...],
    given: Mapping[str, Any],
    constants: Constants,
    sink: DiagnosticSink,
    wrong: bool,
) -> dict[str, Any]:
    """The values of the op's fields; in a call that is `wrong` a missing one may be misspelt."""
    values: dict[str, Any] = {}
    for argument in declared:
        if argument.name not in given:
            if argument.required and not wrong:
                _missing(step.call, argument, sink)
            continue
        written = given[argument.name]
        nodes = written if argument.rest else [written]
        read = [_read(step, argument, node, constants, sink) for node in nodes]
        unread = any(value is UNREAD for value in read)
        values[argument.name] = UNREAD if unread else tuple(read) if argument.rest else read[0]
    return values


def _read(
    step: tree.Step,
    argument: Argument,
    node: tree.Value,
    constants: Constants,
    sink: DiagnosticSink,
) -> Any:
    value, op = constants.evaluate(node), step.call.op.text
    count, _ = constants.extent(node)
    constants.given += count
    if constants.given > limits.GIVEN:
        found = f"{constants.given:,} values with those of the steps before"
        too_long(sink, node.span, found, f"{limits.GIVEN:,} in the arguments of all steps")
        return None
    try:
        return argument.kind.read(value)
    except Problem as problem:
        names = _names(node)
        undefined = [name for name in names if name.text not in constants.values]
        if any(constants.unread.may_define(name.text) for name in undefined):
            return UNREAD
        if undefined and problem.code == "E210":
            for name in undefined:
                _no_constant(argument, name, constants, sink)
            return None
        # What is wrong with a constant is mended where it is defined.
        fix = problem.fix if len(undefined) == len(names) else None
        first = constants.names.get(node.text) if isinstance(node, tree.Name) else None
        sink.add(
            problem.code,
            node.span,
            f"{problem.message}: `{argument.name}` of `{op}`",
            found=problem.found,
            wanted=problem.wanted,
            help="" if fix else problem.help or f"`procdsl explain {op}` has what it may be",
            fixes=(Fix.only(fix.message, Edit(node.span, fix.text)),) if fix else (),
            labels=(Label(first.span, "defined here"),) if first else (),
        )
        return None


def _names(value: tree.Value) -> list[tree.Name]:
    """The names in a value."""
    if isinstance(value, tree.Group):
        return [name for item in value.items for name in _names(item)]
    return [value] if isinstance(value, tree.Name) else []


def _no_constant(
    argument: Argument, node: tree.Name, constants: Constants, sink: DiagnosticSink
) -> None:
    wanted = f"{argument.kind.wanted}, or a name that a `let` or `param` line defines"
    define = "write the value itself, or define it above with `let`"
    constants.undefined(node, sink, define, wanted)


def _missing(call: tree.Call, argument: Argument, sink: DiagnosticSink) -> None:
    name = argument.name if argument.positional else f"{argument.name}="
    wanted, help = argument.kind.missing(name)
    sink.add(
        "E209",
        call.span,
        f"`{call.op.text}` needs `{argument.name}`",
        found=f"no `{argument.name}`",
        wanted=wanted,
        help=help,
    )


def sizes(
    declared: tuple[Argument, ...],
    values: Mapping[str, Any],
    scope: Scope,
    sink: DiagnosticSink,
    given: Mapping[str, Any],
) -> list[Known]:
    """The sizes of the inputs that the call names."""
    found: list[Known] = []
    for argument in declared:
        name = values.get(argument.name)
        if not isinstance(argument.kind, InputName) or name is None:
            continue
        if name not in scope.sizes and scope.unread.may_define(name):
            found.append(None)
            continue
        if name not in scope.sizes:
            sink.undefined("E206", "input", given[argument.name], list(scope.sizes))
            continue
        found.append(scope.sizes[name])
    return found
