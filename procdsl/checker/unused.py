"""What a file defines and nothing takes."""

from __future__ import annotations

from procdsl.checker.blocks import Walker
from procdsl.checker.constants import Constants
from procdsl.checker.outline import Outline
from procdsl.checker.sink import DiagnosticSink, whole_lines
from procdsl.diagnostics.diagnostic import Edit, Fix
from procdsl.diagnostics.suggest import choices
from procdsl.source import Span
from procdsl.syntax import tree


def mentioned(parts: Outline) -> frozenset[str]:
    """Every name that a step, the contract or the output takes."""
    steps = (*tree.steps_of(parts.pre), *tree.steps_of(parts.post))
    arguments = (argument.value for step in steps for argument in step.call.arguments)
    model = (typed.name for typed in parts.model.inputs) if parts.model else ()
    output = parts.output.names if parts.output else ()
    names = (*(value for value in arguments if isinstance(value, tree.Name)), *model, *output)
    return frozenset(name.text for name in names)


def report_unused(
    parts: Outline, walker: Walker, constants: Constants, sink: DiagnosticSink
) -> None:
    """Report inputs, values, constants and externs that are never used."""
    inputs = {part.typed.name for part in parts.inputs}
    for number, name in walker.named.items():
        if number not in walker.used:
            step = walker.made_by.get(number)
            what, meant = "input" if name in inputs else "value", walker.slips.get(number)
            fix = None if meant else _without_value(name, step)
            _unused(what, name, fix, sink, _or_meant(meant) if meant else "" if fix else _INPUT)
    for part in parts.constants if not constants.missing else ():
        if isinstance(part, tree.Use) or part.name.text in constants.used:
            continue
        if constants.names.get(part.name.text) is part.name:
            _unused("constant", part.name, _without_lines(tree.with_docs(part)), sink)
    steps = (*tree.steps_of(parts.pre), *tree.steps_of(parts.post))
    called = {step.call.op.text for step in steps}
    for extern in parts.externs:
        if extern.name.text not in called:
            _unused("extern", extern.name, _without_lines(tree.with_docs(extern)), sink)


def _without_value(name: tree.Name, step: tree.Step | None) -> Fix | None:
    """The step without the name, or the file without the step; an input is part of what a module
    takes, and stays."""
    if step is None:
        return None
    if len(step.targets) > 1:
        return Fix.same("use it, or write `_`", Edit(name.span, "_"))
    return _without_lines(tree.with_docs(step))


def _without_lines(span: Span) -> Fix:
    return Fix.same("use it, or remove its lines", Edit(whole_lines(span), ""))


_INPUT = "use it, or remove its line: the modules then take one input less"


def _or_meant(name: str) -> str:
    """What to do with a value whose name is nearly that of the one that its step takes."""
    return choices(
        f"say whether this is the new `{name}`",
        f"`{name}` as the name of what the step gives: the steps behind it take that",
        "without this step: nothing takes what it gives",
    )


def _unused(
    what: str, name: tree.Name, fix: Fix | None, sink: DiagnosticSink, help: str = ""
) -> None:
    sink.add(
        "E208",
        name.span,
        f"the {what} `{name.text}` is never used",
        found=f"`{name.text}`, which nothing takes",
        wanted="values that a later step or the output takes",
        help=help,
        fixes=(fix,) if fix else (),
    )
