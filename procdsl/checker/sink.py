"""Collects what is wrong with a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label
from procdsl.diagnostics.suggest import meant
from procdsl.opdef.errors import Place, Problem, Proposal
from procdsl.source import Span
from procdsl.syntax import tree


class DiagnosticSink:
    """The diagnostics found so far."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.spaces_known = True
        """Whether it is known what `pre` makes; if not, nothing is said of frames."""

    def add(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        found: str,
        wanted: str,
        help: str = "",
        fixes: tuple[Fix, ...] = (),
        labels: tuple[Label, ...] = (),
    ) -> None:
        self.diagnostics.append(Diagnostic(code, span, message, found, wanted, help, fixes, labels))

    def problem(self, problem: Problem, step: tree.Step, values: Sequence[str] = ()) -> None:
        """What an op or an argument said of a step that takes these values, at its place."""
        if problem.code in ("E317", "E318") and not self.spaces_known:
            return
        argument = _argument(step.call, problem.at)
        fix = problem.fix.on(values) if problem.fix else None
        self.add(
            problem.code,
            argument.value.span if argument else step.call.span,
            problem.message,
            found=problem.found,
            wanted=problem.wanted,
            help=problem.help,
            fixes=(Fix(fix.message, (_edit(fix, step, argument),)),) if fix else (),
        )

    def unknown(
        self,
        code: str,
        what: str,
        name: tree.Name,
        choices: Sequence[str],
        aliases: Mapping[str, str] | None = None,
        idle: str | None = None,
    ) -> str | None:
        """A name that is not among the choices: propose what is meant, which is returned, or else
        one that is `idle`, or the first."""
        near = (aliases or {}).get(name.text) or meant(name.text, choices)
        fitting = near or idle or (sorted(choices)[0] if choices else "")
        hint = f"write `{fitting}`" if fitting else "remove it"
        if near:
            hint = f"did you mean `{near}`?"
        elif idle:
            hint = f"write `{idle}`, which nothing takes yet"
        self.add(
            code,
            name.span,
            f"there is no {what} `{name.text}`",
            found=f"`{name.text}`",
            wanted="one of " + ", ".join(sorted(choices)) if choices else f"no {what}",
            help="" if fitting else hint,
            fixes=(Fix(hint, (Edit(name.span, fitting),)),) if fitting else (),
        )
        return near


def _argument(call: tree.Call, name: str | None) -> tree.Argument | None:
    named = (a for a in call.arguments if a.name and a.name.text == name)
    return next(named, None) if name else None


def _edit(fix: Proposal, step: tree.Step, argument: tree.Argument | None) -> Edit:
    """The fix at its place; what is about an argument that the call does not name removes it."""
    source = step.span.source
    match fix.place:
        case Place.BEFORE:
            start = source.line_start(step.span.start)
            indent = source.text[start : step.span.start]
            indent = indent if not indent.strip() else "    "
            text = fix.text if fix.names else _before(fix.text, step)
            return Edit(Span(source, start, start), f"{indent}{text}\n")
        case Place.CALL:
            return Edit(step.call.span, _with_value(fix.text, step))
        case Place.VALUE if argument:
            return Edit(argument.value.span, fix.text)
        case Place.ARGUMENT if argument:
            return Edit(with_comma(step.call, argument), fix.text)
        case Place.NEW_ARGUMENT:
            end = Span(source, step.call.span.end - 1, step.call.span.end - 1)
            return Edit(end, f"{', ' if step.call.arguments else ''}{fix.text}")
    return Edit(step.span, "")


def _before(call: str, step: tree.Step) -> str:
    """A step put before a named one must itself name the value that it changes."""
    values = [a.value for a in step.call.arguments if a.name is None]
    named = step.targets and values and isinstance(values[0], tree.Name)
    return f"{values[0].span.text} = {_with_value(call, step)}" if named else call


def _with_value(call: str, step: tree.Step) -> str:
    """A call proposed for a named step needs the value that the step takes."""
    values = [a.value for a in step.call.arguments if a.name is None]
    if not step.targets or not values or not isinstance(values[0], tree.Name):
        return call
    name, _, rest = call.partition("(")
    return f"{name}({values[0].text}{'' if rest == ')' else ', '}{rest}"


def with_comma(call: tree.Call, argument: tree.Argument) -> Span:
    """The argument and the comma that parts it from its neighbour."""
    place = call.arguments.index(argument)
    if place:
        before = call.arguments[place - 1].span
        return Span(before.source, before.end, argument.span.end)
    if len(call.arguments) > 1:
        after = call.arguments[1].span
        return Span(after.source, argument.span.start, after.start)
    return argument.span
