"""The arguments of a call: which is which, and whether each is what its op wants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdsl.arguments import Argument
from procdsl.checker.constants import Constants
from procdsl.checker.report import Report
from procdsl.checker.scope import Known, Scope
from procdsl.diagnostics import Edit
from procdsl.frames import FrameName
from procdsl.problem import Problem
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.values import shorten, show

UNREAD = object()
"""The value of an argument whose constant may stand in a line that did not parse."""


def named(
    call: tree.Call,
    declared: tuple[Argument, ...],
    written: list[tree.Argument],
    report: Report,
) -> dict[str, tree.Value]:
    """The arguments that are written with their names."""
    given: dict[str, tree.Value] = {}
    by_name = {argument.name: argument for argument in declared}
    for argument in written:
        assert argument.name is not None, "only named arguments come here"
        name = argument.name.text
        if name in given:
            report.add(
                "E212",
                argument.span,
                f"`{name}` is given twice",
                found=f"a second `{name}`",
                wanted="each argument once",
                hint="remove one of them",
                edits=(Edit(_with_comma_before(argument), ""),),
            )
        elif name not in by_name:
            choices = [a.name for a in declared if not a.positional]
            report.unknown("E202", f"argument of `{call.op.text}` called", argument.name, choices)
        elif by_name[name].positional:
            report.add(
                "E202",
                argument.span,
                f"`{name}` is written without its name",
                found=f"`{argument.span.text}`",
                wanted="the value alone",
                hint=f"write `{argument.value.span.text}`",
                edits=(Edit(argument.span, argument.value.span.text),),
            )
        else:
            given[name] = argument.value
    return given


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
    report: Report,
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
    open_names = [a.name for a in declared if not a.positional and a.name not in given]
    edits = tuple(
        Edit(Span(a.span.source, a.span.start, a.span.start), f"{name}=")
        for a, name in zip(rest, open_names, strict=False)
    )
    surplus = rest[len(open_names) :]
    edits += tuple(Edit(_with_comma_before(a), "") for a in surplus)
    names = ", ".join(f"{name}={a.span.text}" for a, name in zip(rest, open_names, strict=False))
    report.add(
        "E215",
        rest[0].span.to(rest[-1].span),
        f"`{call.op.text}` does not take this without a name",
        found=f"`{shorten(rest[0].span.to(rest[-1].span).text)}`",
        wanted="each argument with its name",
        hint=f"write `{shorten(names)}`" if names else "remove it",
        edits=edits,
    )
    for a, name in zip(rest, open_names, strict=False):
        given[name] = a.value


def fields(
    step: tree.Step,
    declared: tuple[Argument, ...],
    given: Mapping[str, Any],
    constants: Constants,
    report: Report,
    wrong: bool,
) -> dict[str, Any]:
    """The values of the op's fields; in a call that is `wrong` a missing one may be misspelt."""
    values: dict[str, Any] = {}
    for argument in declared:
        if argument.name not in given:
            if argument.required and not wrong:
                _missing(step.call, argument, report)
            continue
        written = given[argument.name]
        nodes = written if argument.rest else [written]
        read = [_read(step, argument, node, constants, report) for node in nodes]
        values[argument.name] = tuple(read) if argument.rest else read[0]
    return values


def _read(
    step: tree.Step, argument: Argument, node: tree.Value, constants: Constants, report: Report
) -> Any:
    value = constants.evaluate(node)
    try:
        return argument.kind.read(value)
    except Problem as problem:
        undefined = isinstance(node, tree.Name) and node.text not in constants.values
        if isinstance(node, tree.Name) and undefined and constants.unread.may_define(node.text):
            return UNREAD
        edits = (Edit(node.span, problem.mend.text),)
        hint = problem.mend.sentence()
        if undefined and problem.code == "E210":
            report.unknown("E206", "constant", node, list(constants.values))  # type: ignore[arg-type]
            return None
        report.add(
            problem.code,
            node.span,
            f"{problem.message}: `{argument.name}` of `{step.call.op.text}`",
            found=problem.found,
            wanted=problem.wanted,
            hint=hint,
            edits=edits,
        )
        return None


def _missing(call: tree.Call, argument: Argument, report: Report) -> None:
    place = Span(call.span.source, call.span.end - 1, call.span.end - 1)
    example = show(argument.kind.example)
    text = example if argument.positional else f"{argument.name}={example}"
    comma = ", " if call.arguments else ""
    report.add(
        "E209",
        call.span,
        f"`{call.op.text}` needs `{argument.name}`",
        found=f"no `{argument.name}`",
        wanted=argument.kind.wanted,
        hint=f"add `{text}`",
        edits=(Edit(place, f"{comma}{text}"),),
    )


def sizes(
    declared: tuple[Argument, ...],
    values: Mapping[str, Any],
    scope: Scope,
    report: Report,
    given: Mapping[str, Any],
) -> list[Known]:
    """The sizes of the inputs that the call names."""
    found: list[Known] = []
    for argument in declared:
        name = values.get(argument.name)
        if not isinstance(argument.kind, FrameName) or name is None:
            continue
        if name not in scope.sizes:
            report.unknown("E206", "input", given[argument.name], list(scope.sizes))
            continue
        found.append(scope.sizes[name])
    return found
