"""What a file defines and nothing takes."""

from __future__ import annotations

from procdsl.checker.blocks import Walker
from procdsl.checker.constants import Constants
from procdsl.checker.outline import Outline
from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix
from procdsl.source import Span
from procdsl.syntax import tree


def report_unused(
    parts: Outline, walker: Walker, constants: Constants, sink: DiagnosticSink
) -> None:
    """Report inputs, values, constants and externs that are never used."""
    inputs = {part.typed.name for part in parts.inputs}
    for number, name in walker.named.items():
        if number not in walker.used:
            _unused("input" if name in inputs else "value", name, sink)
    own = [part.name for part in parts.constants if not isinstance(part, tree.Use)]
    for name in own:
        if name.text in constants.names and name.text not in constants.used:
            _unused("constant", name, sink)
    steps = (*tree.steps_of(parts.pre), *tree.steps_of(parts.post))
    called = {step.call.op.text for step in steps}
    for extern in parts.externs:
        if extern.name.text not in called:
            _unused("extern", extern.name, sink)


def _unused(what: str, name: tree.Name, sink: DiagnosticSink) -> None:
    source = name.span.source
    start = source.line_start(name.span.start)
    end = source.text.find("\n", name.span.end)
    line = Span(source, start, len(source.text) if end < 0 else end + 1)
    edit = Edit(name.span, "_") if _is_one_of_several(line.text) else Edit(line, "")
    sink.add(
        "E208",
        name.span,
        f"the {what} `{name.text}` is never used",
        found=f"`{name.text}`, which nothing takes",
        wanted="values that a later step or the output takes",
        fixes=(
            Fix("use it, or write `_`" if edit.text else "use it, or remove the line", (edit,)),
        ),
    )


def _is_one_of_several(line: str) -> bool:
    return "," in line.partition("=")[0]
