"""The arguments of a call: which is which, and whether each is what its op wants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdsl.checker import elsewhere
from procdsl.checker.constants import Constants
from procdsl.checker.scope import Known, Scope
from procdsl.checker.sink import DiagnosticSink, with_comma
from procdsl.diagnostics.diagnostic import Edit, Fix
from procdsl.diagnostics.suggest import nearest
from procdsl.opdef.arguments import Argument
from procdsl.opdef.errors import Problem
from procdsl.ops.boxes._boxes import FrameName
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.types.constants import Constant, shorten, show

UNREAD = object()
"""The value of an argument whose constant may stand in a line that did not parse."""


def named(
    call: tree.Call,
    declared: tuple[Argument, ...],
    written: list[tree.Argument],
    sink: DiagnosticSink,
) -> dict[str, tree.Value]:
    """The arguments that are written with their names."""
    given: dict[str, tree.Value] = {}
    by_name = {argument.name: argument for argument in declared}
    for argument in written:
        assert argument.name is not None, "only named arguments come here"
        name = argument.name.text
        if name in given:
            sink.add(
                "E212",
                argument.span,
                f"`{name}` is given twice",
                found=f"a second `{name}`",
                wanted="each argument once",
                fixes=(Fix("remove one of them", (Edit(_with_comma_before(argument), ""),)),),
            )
        elif name not in by_name:
            _unknown(call, argument, declared, sink)
        elif by_name[name].positional:
            sink.add(
                "E202",
                argument.span,
                f"`{name}` is written without its name",
                found=f"`{argument.span.text}`",
                wanted="the value alone",
                fixes=(
                    Fix(
                        f"write `{argument.value.span.text}`",
                        (Edit(argument.span, argument.value.span.text),),
                    ),
                ),
            )
        else:
            given[name] = argument.value
    return given


def _unknown(
    call: tree.Call, argument: tree.Argument, declared: tuple[Argument, ...], sink: DiagnosticSink
) -> None:
    """An argument that the op does not have: what it may mean, or else one that is missing."""
    assert argument.name is not None, "only named arguments come here"
    written = {a.name.text for a in call.arguments if a.name is not None}
    choices = [a.name for a in declared if not a.positional]
    meant = [name for name in elsewhere.ARGUMENTS.get(argument.name.text, ()) if name in choices]
    near = meant[0] if meant else nearest(argument.name.text, choices)
    missing = [a.name for a in declared if a.required and not a.positional]
    fitting = near or next((name for name in missing if name not in written), None)
    if (
        argument.name.text == "size"
        and {"h", "w"} <= {*choices} - written
        and (both := _sides(argument.value, "short" in choices))
    ):
        hint, edit = f"write `{shorten(both)}`", Edit(argument.span, both)
    elif fitting is None or fitting in written:
        hint, edit = "remove it", Edit(with_comma(call, argument), "")
    else:
        hint = f"did you mean `{fitting}`?" if near else f"write `{fitting}`"
        edit = Edit(argument.name.span, fitting)
    sink.add(
        "E202",
        argument.name.span,
        f"there is no argument of `{call.op.text}` called `{argument.name.text}`",
        found=f"`{argument.name.text}`",
        wanted="one of " + ", ".join(sorted(choices)) if choices else "no named arguments",
        fixes=(Fix(hint, (edit,)),),
    )


def _sides(size: tree.Value, by_short: bool) -> str:
    """A size of other libraries, (h, w) or one number, as arguments here; or nothing."""
    sides = size.items if isinstance(size, tree.Group) else (size, size)
    if len(sides) != 2:
        return ""
    h, w = (side.span.text for side in sides)
    return f"short={h}" if by_short and sides[0] is sides[1] else f"h={h}, w={w}"


def _with_comma_before(argument: tree.Argument) -> Span:
    text, start = argument.span.source.text, argument.span.start
    while start and text[start - 1] in " \t\r\n,":
        start -= 1
    return Span(argument.span.source, start, argument.span.end)


def positional(
    call: tree.Call,
    declared: tuple[Argument, ...],
    rest: list[tree.Argument],
    given: dict[str, Any],
    constants: Constants,
    sink: DiagnosticSink,
) -> None:
    """Give the arguments without names to the positional ones that the op declares."""
    for argument in (a for a in declared if a.positional):
        if argument.rest:
            given[argument.name] = [a.value for a in rest]
            return
        if rest and isinstance(rest[0].value, tree.Name):
            given[argument.name] = rest.pop(0).value
    if not rest:
        return
    free = [a for a in declared if a.name not in given]
    names = {a.name for a in free}
    both = ""
    if len(rest) == 1 and {"h", "w"} <= names and not isinstance(rest[0].value, tree.Name):
        both = _sides(rest[0].value, "short" in names)
    if both:
        _without_names(call, rest, both, (Edit(rest[0].span, both),), sink)
        return
    fitting = _fitting(rest, free, constants)
    edits = tuple(
        Edit(Span(a.span.source, a.span.start, a.span.start), f"{name}=")
        if name
        else Edit(_with_comma_before(a), "")
        for a, name in fitting
    )
    written = ", ".join(f"{name}={a.span.text}" for a, name in fitting if name)
    _without_names(call, rest, written, edits, sink)
    for a, name in fitting:
        if name:
            given[name] = a.value


def _without_names(
    call: tree.Call,
    rest: list[tree.Argument],
    written: str,
    edits: tuple[Edit, ...],
    sink: DiagnosticSink,
) -> None:
    place = rest[0].span.to(rest[-1].span)
    sink.add(
        "E215",
        place,
        f"`{call.op.text}` does not take this without a name",
        found=f"`{shorten(place.text)}`",
        wanted="each argument with its name",
        fixes=(Fix(f"write `{shorten(written)}`" if written else "remove it", edits),),
    )


def _fitting(
    rest: list[tree.Argument], free: list[Argument], constants: Constants
) -> list[tuple[tree.Argument, str]]:
    """For each argument without a name one that takes its value, those that are needed first."""
    free = sorted((a for a in free if not a.positional), key=lambda a: not a.required)
    found = []
    for argument in rest:
        value = constants.evaluate(argument.value)
        needed = next((a for a in free if a.required), None)
        taking = next((a for a in free if _takes(a, value)), needed)
        found.append((argument, taking.name if taking else ""))
        free = [a for a in free if a is not taking]
    return found


def _takes(argument: Argument, value: Constant) -> bool:
    try:
        argument.kind.read(value)
    except Problem:
        return False
    return True


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
        values[argument.name] = tuple(read) if argument.rest else read[0]
    return values


def _read(
    step: tree.Step,
    argument: Argument,
    node: tree.Value,
    constants: Constants,
    sink: DiagnosticSink,
) -> Any:
    value = constants.evaluate(node)
    try:
        return argument.kind.read(value)
    except Problem as problem:
        undefined = isinstance(node, tree.Name) and node.text not in constants.values
        if isinstance(node, tree.Name) and undefined and constants.unread.may_define(node.text):
            return UNREAD
        if undefined and problem.code == "E210":
            _no_constant(argument, node, constants, sink)  # type: ignore[arg-type]  # asked above
            return None
        sink.add(
            problem.code,
            node.span,
            f"{problem.message}: `{argument.name}` of `{step.call.op.text}`",
            found=problem.found,
            wanted=problem.wanted,
            help=problem.help,
            fixes=(Fix(problem.fix.message, (Edit(node.span, problem.fix.text),)),)
            if problem.fix
            else (),
        )
        return None


def _no_constant(
    argument: Argument, node: tree.Name, constants: Constants, sink: DiagnosticSink
) -> None:
    near = nearest(node.text, constants.values)
    fitting = near or show(argument.kind.example)
    sink.add(
        "E206",
        node.span,
        f"there is no constant `{node.text}`",
        found=f"`{node.text}`",
        wanted=f"{argument.kind.wanted}, or a name that a `let` or `param` line defines",
        fixes=(
            Fix(
                f"did you mean `{near}`?" if near else f"write `{fitting}`",
                (Edit(node.span, fitting),),
            ),
        ),
    )


def _missing(call: tree.Call, argument: Argument, sink: DiagnosticSink) -> None:
    place = Span(call.span.source, call.span.end - 1, call.span.end - 1)
    example = show(argument.kind.example)
    text = example if argument.positional else f"{argument.name}={example}"
    comma = ", " if call.arguments else ""
    wanted, hint = argument.kind.missing(text)
    sink.add(
        "E209",
        call.span,
        f"`{call.op.text}` needs `{argument.name}`",
        found=f"no `{argument.name}`",
        wanted=wanted,
        fixes=(Fix(hint, (Edit(place, f"{comma}{text}"),)),),
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
        if not isinstance(argument.kind, FrameName) or name is None:
            continue
        if name not in scope.sizes:
            sink.unknown("E206", "input", given[argument.name], list(scope.sizes))
            continue
        found.append(scope.sizes[name])
    return found
