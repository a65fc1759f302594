"""Collects what is wrong with a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from procdsl import limits, registry
from procdsl.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from procdsl.diagnostics.guards import GUARDS, way_out
from procdsl.diagnostics.suggest import Meaning, nearest, one_of
from procdsl.opdef.arguments import arguments_of
from procdsl.opdef.errors import Place, Problem, Proposal
from procdsl.records import replace
from procdsl.source import Span
from procdsl.syntax import tree


class DiagnosticSink:
    """The diagnostics found so far."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.counts: Counter[str] = Counter()
        """How many there are of each code."""
        self.reports = 0
        """How often something was found wrong; a diagnostic may be of several places."""
        self.spaces_known = True
        """Whether it is known what `pre` makes; if not, nothing is said of coordinate spaces."""
        self.recovered = False
        """Whether a step was wrong, so that the types behind it may be less than it will give."""
        self._undefined: dict[tuple[str, str | None], int] = {}
        """Where the diagnostic of a name stands that is not defined."""

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
        severity: Severity = Severity.ERROR,
    ) -> None:
        self.reports += 1
        self.counts[code] += 1
        if code in GUARDS:
            help = f"{help}\n- {way_out(code)}"
        self.diagnostics.append(
            Diagnostic(code, span, message, found, wanted, help, fixes, labels, severity)
        )

    def full(self, code: str) -> bool:
        """Whether so many of a code were found that nobody is told of the next."""
        return self.counts[code] >= limits.FINDINGS

    def blind(self, code: str) -> bool:
        """Whether it is not known what the code speaks of, so that nothing is said."""
        return code in ("E317", "E318") and not self.spaces_known

    def problem(self, problem: Problem, step: tree.Step) -> None:
        """What an op said of a step, at its place."""
        if self.blind(problem.code):
            return
        argument = _argument(step.call, problem.at)
        fix, help = problem.fix, problem.help
        edit = _edit(fix, step, argument) if fix else None
        if fix and not edit:
            in_place = fix.place in (Place.BEFORE, Place.FIELD)
            help = fix.message if in_place else _instead_of_results(step)
        self.add(
            problem.code,
            argument.value.span if argument else step.call.span,
            problem.message,
            found=problem.found,
            wanted=problem.wanted,
            help=help,
            fixes=(Fix(fix.message, (edit,), fix.applicability),) if fix and edit else (),
        )

    def unknown(
        self,
        code: str,
        what: str,
        name: tree.Name,
        choices: Sequence[str],
        known: Meaning | None = None,
        help: str = "",
    ) -> None:
        """A name of the language that is not among the choices: what it means, or `help`."""
        by_case = {choice.lower(): choice for choice in choices}
        meant = by_case.get(name.text.lower()) or (known.here if known else "")
        said = known.said if known else help
        hint = f"write `{meant}`"
        self._no_such(code, what, name, choices, meant, hint, said or "take one of these")

    def undefined(
        self,
        code: str,
        what: str,
        name: tree.Name,
        choices: Sequence[str],
        help: str = "",
        wanted: str = "",
    ) -> str | None:
        """A name that the file does not define: the one that it is a slip of, if it is.

        A name that stands in several places is one mistake: it may be a slip where it is defined.
        """
        near = None if self.full(code) else nearest(name.text, choices)
        key = (name.text, near)
        if key in self._undefined:
            self._again(self._undefined[key], name, near)
            return near
        self._undefined[key] = len(self.diagnostics)
        hint = f"did you mean `{near}`?"
        self._no_such(code, what, name, choices, near or "", hint, help, wanted)
        return near

    def _again(self, index: int, name: tree.Name, near: str | None) -> None:
        """Another place of a name that is not defined."""
        self.reports += 1
        first = self.diagnostics[index]
        if len(first.labels) >= limits.PLACES:
            return
        edits = (*(edit for fix in first.fixes for edit in fix.edits), Edit(name.span, near or ""))
        self.diagnostics[index] = replace(
            first,
            labels=(*first.labels, Label(name.span, "here, too")),
            fixes=(Fix.only(first.fixes[0].message, *edits),) if near else (),
        )

    def _no_such(
        self,
        code: str,
        what: str,
        name: tree.Name,
        choices: Sequence[str],
        meant: str,
        hint: str,
        help: str,
        wanted: str = "",
    ) -> None:
        if self.full(code):
            self.add(code, name.span, f"there is no {what} `{name.text}`", found="", wanted="")
            return
        among = one_of(name.text, choices) if choices else f"no {what}"
        some = f"take one of these; `{name.text}` may be missing where it is to be defined"
        nothing = f"define `{name.text}`, or leave it out"
        self.add(
            code,
            name.span,
            f"there is no {what} `{name.text}`",
            found=f"`{name.text}`",
            wanted=wanted or among,
            help="" if meant else help or (some if choices else nothing),
            fixes=(Fix.only(hint, Edit(name.span, meant)),) if meant else (),
        )


def _argument(call: tree.Call, name: str | None) -> tree.Argument | None:
    """The argument of this name; one that is written without it stands behind the values."""
    if name is None:
        return None
    named = next((a for a in call.arguments if a.name and a.name.text == name), None)
    if named is not None or call.op.text not in registry.op_names():
        return named
    words = [a.name for a in arguments_of(registry.op(call.op.text)) if a.positional]
    bare = [a for a in call.arguments if a.name is None][-len(words) :] if words else []
    return dict(zip(words, bare, strict=False)).get(name)


def _edit(fix: Proposal, step: tree.Step, argument: tree.Argument | None) -> Edit | None:
    """The fix at its place, or None where the steps behind it would have to change, too."""
    source = step.span.source
    names = [target.text for target in step.targets]
    match fix.place:
        case Place.BEFORE | Place.STEP if names not in ([], [_value(step)]):
            return None
        case Place.BEFORE:
            start = source.line_start(step.span.start)
            indent = source.text[start : step.span.start]
            indent = indent if not indent.strip() else "    "
            return Edit(Span(source, start, start), f"{indent}{_before(fix.text, step)}\n")
        case Place.FIELD:
            first = next((a.value for a in step.call.arguments if a.name is None), None)
            whole = step.targets and isinstance(first, tree.Name) and "." not in first.text
            if not whole or first is None:
                return None
            return Edit(Span(source, first.span.end, first.span.end), fix.text)
        case Place.VALUE if argument:
            return Edit(argument.value.span, fix.text)
        case Place.ARGUMENT if argument:
            return Edit(with_comma(step.call, argument), fix.text)
        case Place.STEP:
            return Edit(whole_lines(tree.with_docs(step)), "")
    raise AssertionError("a problem with an argument names one that the call names")


def _value(step: tree.Step) -> str:
    """The first value that the step names."""
    values = [a.value for a in step.call.arguments if a.name is None]
    return values[0].text if values and isinstance(values[0], tree.Name) else ""


def _instead_of_results(step: tree.Step) -> str:
    """What to do without a step that changes nothing and gives its value another name."""
    results = ", ".join(f"`{target.text}`" for target in step.targets)
    return f"leave this step out, and take `{_value(step)}` for {results}"


def whole_lines(span: Span) -> Span:
    """The span with the blank before it and the line break behind it, if they hold nothing else."""
    text, start, end = span.source.text, span.source.line_start(span.start), span.end
    while end < len(text) and text[end] in " \t\r":
        end += 1
    alone = not text[start : span.start].strip() and text[end : end + 1] == "\n"
    return Span(span.source, start, end + 1) if alone else span


def _before(call: str, step: tree.Step) -> str:
    """A step put before a named one must itself name the value that it changes."""
    value = _value(step)
    if not step.targets or not value:
        return call
    name, _, rest = call.partition("(")
    return f"{value} = {name}({value}{'' if rest == ')' else ', '}{rest}"


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
