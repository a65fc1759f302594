"""From a call as it is written to an op with its arguments and the values it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from procdsl import registry
from procdsl.arguments import Argument, arguments_of
from procdsl.checker.constants import Constants
from procdsl.checker.outline import Unread
from procdsl.checker.report import Report
from procdsl.diagnostics import Edit, Problem
from procdsl.extern import Extern
from procdsl.frames import FrameName
from procdsl.ir import Value
from procdsl.op import Op
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.values import shorten, show

Known = Value | None
"""A value in scope; None where a mistake, reported already, left its type unknown."""


_UNREAD = object()
"""The value of an argument whose constant may stand in a line that did not parse."""


@dataclass(frozen=True)
class Bound:
    """A call that is complete: values may still be unknown."""

    op: Op
    inputs: tuple[Known, ...]


@dataclass
class Scope:
    """The values that a block's steps may name, and the one in flow."""

    values: dict[str, Known]
    flow: str | None
    sizes: Mapping[str, Value]
    """The size of each input, for the ops that go back to it."""
    unread: Unread
    """What may define a name that is missing here."""
    used: set[int]

    def take(self, name: str) -> Known:
        value = self.values[name]
        if value is not None:
            self.used.add(value.number)
        return value


def bind(
    step: tree.Step,
    extern: Extern | None,
    scope: Scope,
    constants: Constants,
    report: Report,
) -> Bound | None:
    """The op (of the language, or the extern) and its values, or None and what is wrong."""
    kind: Callable[..., Op] = extern.bind if extern else registry.op(step.call.op.text)
    inputs = extern.inputs if extern else registry.op(step.call.op.text).inputs
    before = len(report.diagnostics)
    _use_all(step, scope)
    call = step.call
    declared = () if extern else arguments_of(kind)
    positional = [a for a in call.arguments if a.name is None]
    named = [a for a in call.arguments if a.name is not None]
    values, rest = _values(step, inputs, positional, scope, report)
    given = _named(call, declared, named, report)
    _positional(call, declared, rest, given, report)
    wrong = len(report.diagnostics) > before
    fields = _fields(step, declared, given, constants, report, wrong)
    sizes = _sizes(declared, fields, scope, report, given)
    if len(report.diagnostics) > before or values is None or _UNREAD in fields.values():
        return None
    return Bound(kind(**fields), (*values, *sizes))


def _use_all(step: tree.Step, scope: Scope) -> None:
    """Whatever is wrong with the call, the values that it names are not unused."""
    names = [a.value.text for a in step.call.arguments if isinstance(a.value, tree.Name)]
    for name in (*names, *([scope.flow] if scope.flow and not step.targets else [])):
        if name in scope.values:
            scope.take(name)


def find(step: tree.Step, externs: Mapping[str, Any], scope: Scope, report: Report) -> bool:
    """Whether the call names an op or an extern; if not, say so."""
    names = [*registry.op_names(), *externs]
    if step.call.op.text in names:
        return True
    _use_all(step, scope)
    report.unknown("E201", "op", step.call.op, names)
    return False


def _values(
    step: tree.Step,
    inputs: tuple[str, ...],
    positional: list[tree.Argument],
    scope: Scope,
    report: Report,
) -> tuple[list[Known] | None, list[tree.Argument]]:
    """The values that the call takes, and the positional arguments that are left."""
    values: list[Known] = []
    wanted = list(inputs)
    if not step.targets:
        if scope.flow is None:
            _no_flow(step, scope, report)
            return None, positional
        values.append(scope.take(scope.flow))
        wanted.pop(0)
        repeated = positional[: len(wanted) + 1]
        names = [a.value.text for a in repeated if isinstance(a.value, tree.Name)]
        if names[:1] == [scope.flow] and len(names) > len(wanted):
            _unnamed(step, scope.flow, report)
            return None, []
    for name in wanted:
        argument = positional[0] if positional else None
        text = argument.value.text if argument and isinstance(argument.value, tree.Name) else None
        if text is not None and text in scope.values:
            values.append(scope.take(text))
        elif text is not None and argument is not None and scope.unread.may_define(text):
            values.append(None)
        else:
            _no_value(step, name, argument, scope, report)
            return None, []
        positional = positional[1:]
    return values, positional


def _no_flow(step: tree.Step, scope: Scope, report: Report) -> None:
    names = list(scope.values)
    first = names[0] if names else "x"
    comma = ", " if step.call.arguments else ""
    place = Span(step.span.source, step.call.op.span.end + 1, step.call.op.span.end + 1)
    start = Span(step.span.source, step.span.start, step.span.start)
    report.add(
        "E217",
        step.call.op.span,
        "this step does not say what it works on",
        found="a block with several incoming values, so that none is in flow",
        wanted=f"`name = {step.call.op.text}(value, ...)`",
        hint=f"write `{first} = {step.call.op.text}({first}{comma}...)`",
        edits=(Edit(start, f"{first} = "), Edit(place, f"{first}{comma}")),
    )


def _unnamed(step: tree.Step, flow: str, report: Report) -> None:
    start = Span(step.span.source, step.span.start, step.span.start)
    report.add(
        "E216",
        step.span,
        "a step that names its value must name its result",
        found=f"`{shorten(step.call.span.text)}` on its own line",
        wanted=f"`name = {step.call.op.text}({flow}, ...)`, or the step without `{flow}`",
        hint=f"write `{flow} = ` before it",
        edits=(Edit(start, f"{flow} = "),),
    )


def _no_value(
    step: tree.Step, what: str, argument: tree.Argument | None, scope: Scope, report: Report
) -> None:
    call = step.call
    names = list(scope.values)
    if argument is not None and isinstance(argument.value, tree.Name):
        report.unknown("E206", "value", argument.value, names)
        return
    fitting = scope.flow or (names[-1] if names else "x")
    place = Span(call.span.source, call.op.span.end + 1, call.op.span.end + 1)
    comma = ", " if call.arguments else ""
    report.add(
        "E216",
        argument.span if argument else call.span,
        f"`{call.op.text}` is not given its value `{what}`",
        found=f"`{shorten(argument.span.text)}`" if argument else "no value",
        wanted="the name of a value: " + ", ".join(names),
        hint=f"write `{fitting}` first",
        edits=(Edit(place, f"{fitting}{comma}"),),
    )


def _named(
    call: tree.Call,
    declared: tuple[Argument, ...],
    named: list[tree.Argument],
    report: Report,
) -> dict[str, tree.Value]:
    """The arguments that are written with their names."""
    given: dict[str, tree.Value] = {}
    by_name = {argument.name: argument for argument in declared}
    for argument in named:
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


def _positional(
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


def _fields(
    step: tree.Step,
    declared: tuple[Argument, ...],
    given: Mapping[str, Any],
    constants: Constants,
    report: Report,
    wrong: bool,
) -> dict[str, Any]:
    """The values of the op's fields; in a call that is `wrong` a missing one may be misspelt."""
    fields: dict[str, Any] = {}
    for argument in declared:
        if argument.name not in given:
            if argument.required and not wrong:
                _missing(step.call, argument, report)
            continue
        written = given[argument.name]
        nodes = written if argument.rest else [written]
        read = [_read(step, argument, node, constants, report) for node in nodes]
        fields[argument.name] = tuple(read) if argument.rest else read[0]
    return fields


def _read(
    step: tree.Step, argument: Argument, node: tree.Value, constants: Constants, report: Report
) -> Any:
    value = constants.evaluate(node)
    try:
        return argument.kind.read(value)
    except Problem as problem:
        undefined = isinstance(node, tree.Name) and node.text not in constants.values
        if isinstance(node, tree.Name) and undefined and constants.unread.may_define(node.text):
            return _UNREAD
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


def _sizes(
    declared: tuple[Argument, ...],
    fields: Mapping[str, Any],
    scope: Scope,
    report: Report,
    given: Mapping[str, Any],
) -> list[Known]:
    """The sizes of the inputs that the call names."""
    sizes: list[Known] = []
    for argument in declared:
        name = fields.get(argument.name)
        if not isinstance(argument.kind, FrameName) or name is None:
            continue
        if name not in scope.sizes:
            report.unknown("E206", "input", given[argument.name], list(scope.sizes))
            continue
        sizes.append(scope.sizes[name])
    return sizes
