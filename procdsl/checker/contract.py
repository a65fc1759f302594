"""What `pre` gives against what the model wants."""

from __future__ import annotations

from dataclasses import dataclass

from procdsl.checker.report import Report
from procdsl.diagnostics import Edit
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.types import Array, Type

_SWAPPED = ({"rgb", "bgr"}, {"rgba", "bgra"})


@dataclass(frozen=True)
class Contract:
    """One input of the model. `start` is the type of the input whose flow feeds it, if one does."""

    node: tree.Typed
    wanted: Array
    pre: tree.Pre | None
    start: Array | None
    report: Report

    def check(self, given: Type) -> None:
        """Report the first way in which the value does not meet the contract."""
        name = self.node.name.text
        if not isinstance(given, Array):
            self._differs("is not an array", given)
        elif given.dtype != self.wanted.dtype:
            unscaled = (given.dtype, self.wanted.dtype) == ("u8", "f32")
            fits = str(given.with_(dtype="f32")) == str(self.wanted)
            step = "to_float(scale=1/255)" if unscaled and fits else None
            self._differs("has another dtype", given, step)
        elif given.names != self.wanted.names:
            step = f"layout({', '.join(self.wanted.names)})"
            permuted = sorted(given.names) == sorted(self.wanted.names)
            self._differs("has other axes", given, step if permuted else None)
        elif size := self._other_size(given):
            self._differs(size, given)
        elif given.colour != self.wanted.colour and given.colour and self.wanted.colour:
            self._other_colour(name, given)
        elif given.tag != self.wanted.tag:
            self._differs("is something else", given)

    def _other_size(self, given: Array) -> str:
        for ours, theirs in zip(given.axes, self.wanted.axes, strict=True):
            if theirs.size is not None and ours.size != theirs.size:
                how = "may have any" if ours.size is None else "has another"
                return f"{how} size of `{ours.name}`"
        return ""

    def _differs(self, how: str, given: Type, step: str | None = None) -> None:
        last = self.pre.steps[-1] if self.pre and self.pre.steps else None
        if step and self.start is not None and isinstance(last, tree.Step):
            hint, edit = f"end `pre` with `{step}`", _after(last, step)
        else:
            hint = "change the contract to what `pre` gives"
            edit = Edit(self.node.type.span, str(given))
        self.report.add(
            "E312",
            self.node.type.span,
            f"`{self.node.name.text}` {how}",
            found=given.described(),
            wanted=str(self.wanted),
            hint=hint,
            edits=(edit,),
        )

    def _other_colour(self, name: str, given: Array) -> None:
        swapped = {given.colour, self.wanted.colour} in _SWAPPED
        hint = "change the contract to what `pre` gives"
        edit = Edit(self.node.type.span, str(given))
        step = f"convert({self.wanted.colour})"
        first = (
            next((s for s in self.pre.steps if isinstance(s, tree.Step)), None)
            if self.pre
            else None
        )
        made_by = self._convert(given.colour or "")
        if swapped and self.start is not None and made_by is not None:
            if self.start.colour == self.wanted.colour:
                hint, edit = f"remove `{made_by.span.text}`", Edit(made_by.span, "")
            else:
                hint, edit = f"write `{step}`", Edit(made_by.call.span, step)
        elif swapped and self.start is not None and first is not None:
            hint, edit = f"begin `pre` with `{step}`", _before(first, step)
        tag = self.node.type.tag
        self.report.add(
            "E311",
            tag.span if tag else self.node.type.span,
            "the model gets its channels in another order"
            if swapped
            else "the model gets other channels",
            found=f"`{name}` as {given.described()}",
            wanted=str(self.wanted),
            hint=hint,
            edits=(edit,),
        )

    def _convert(self, colour: str) -> tree.Step | None:
        """The step that made the colour."""
        for step in reversed(self.pre.steps) if self.pre else ():
            if isinstance(step, tree.Step) and step.call.op.text == "convert":
                values = (a.value for a in step.call.arguments if a.name is None)
                words = [value.text for value in values if isinstance(value, tree.Name)]
                return step if words == [colour] else None
        return None


def _before(step: tree.Step, text: str) -> Edit:
    start = step.span.start
    return Edit(Span(step.span.source, start, start), f"{text}\n{_indent(step)}")


def _after(step: tree.Step, text: str) -> Edit:
    end = step.span.end
    return Edit(Span(step.span.source, end, end), f"\n{_indent(step)}{text}")


def _indent(step: tree.Step) -> str:
    start = step.span.source.line_start(step.span.start)
    lead = step.span.source.text[start : step.span.start]
    return lead if not lead.strip() else "    "
