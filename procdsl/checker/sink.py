"""Collects what is wrong with a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procdsl.diagnostics.diagnostic import Diagnostic, Edit
from procdsl.diagnostics.suggest import meant
from procdsl.opdef.errors import Mend, Problem
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
        hint: str,
        edits: tuple[Edit, ...] = (),
    ) -> None:
        self.diagnostics.append(Diagnostic(code, span, message, found, wanted, hint, edits))

    def problem(self, problem: Problem, step: tree.Step, values: Sequence[str] = ()) -> None:
        """What an op or an argument said of a step that takes these values, at its place."""
        if problem.code in ("E317", "E318") and not self.spaces_known:
            return
        argument = _argument(step.call, problem.at)
        span = argument.value.span if argument else step.call.span
        mend = problem.mend.on(values)
        self.diagnostics.append(
            Diagnostic(
                problem.code,
                span,
                problem.message,
                problem.found,
                problem.wanted,
                mend.sentence(),
                _edits(mend, step, argument),
            )
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
            hint=hint,
            edits=(Edit(name.span, fitting),) if fitting else (),
        )
        return near


def _argument(call: tree.Call, name: str | None) -> tree.Argument | None:
    named = (a for a in call.arguments if a.name and a.name.text == name)
    return next(named, None) if name else None


def _edits(mend: Mend, step: tree.Step, argument: tree.Argument | None) -> tuple[Edit, ...]:
    source = step.span.source
    line_start = source.line_start(step.span.start)
    indent = source.text[line_start : step.span.start]
    indent = indent if not indent.strip() else "    "
    if mend.how == "say":
        return ()
    if mend.how in ("before", "naming"):
        place = Span(source, line_start, line_start)
        text = mend.text if mend.how == "naming" else _before(mend.text, step)
        return (Edit(place, f"{indent}{text}\n"),)
    if mend.how == "after":
        place = Span(source, step.span.end, step.span.end)
        return (Edit(place, f"\n{indent}{mend.text}"),)
    if mend.how == "instead":
        return (Edit(step.call.span, _with_value(mend.text, step)),)
    if mend.how == "value" and argument:
        return (Edit(argument.value.span, mend.text),)
    if mend.how == "argument" and argument:
        return (Edit(argument.span, mend.text),)
    if mend.how == "add":
        place = Span(source, step.call.span.end - 1, step.call.span.end - 1)
        comma = ", " if step.call.arguments else ""
        return (Edit(place, f"{comma}{mend.text}"),)
    if mend.how == "drop" and argument:
        return (Edit(with_comma(step.call, argument), ""),)
    return (Edit(step.span, ""),)


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
