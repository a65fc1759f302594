"""What `pre` gives against what the model wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.colour import colour
from procdsl.types.value import Type

_TO_DTYPE = {
    ("u8", "f32"): "to_float(scale=1/255)",
    ("u16", "f32"): "to_float(scale=1/65535)",
    ("f32", "f16"): "cast(f16)",
    ("f16", "f32"): "cast(f32)",
}
"""The step that is meant where `pre` ends in another dtype."""

_SWAPPED = ({"rgb", "bgr"}, {"rgba", "bgra"})


@dataclass(frozen=True)
class Contract:
    """One input of the model. `start` is the type of the input whose flow feeds it, if one does,
    and `source` where that is declared; `outputs` are those of the model."""

    node: tree.Typed
    wanted: Array
    pre: tree.Pre | None
    start: Array | None
    source: tree.Typed | None
    outputs: Sequence[tree.Typed]
    sink: DiagnosticSink

    def check(self, given: Type) -> None:
        """Report the first way in which the value does not meet the contract."""
        name = self.node.name.text
        if not isinstance(given, Array):
            self._differs("is not an array", given)
        elif self._batched(given):
            self._one_sample(given)
        elif given.dtype != self.wanted.dtype:
            step = _TO_DTYPE.get((given.dtype, self.wanted.dtype))
            cast = given.with_(dtype=self.wanted.dtype)
            steps = [step] if step else []
            if steps and sorted(cast.names) == sorted(self.wanted.names) != list(cast.names):
                cast = cast.with_(axes=tuple(cast.axes[cast.at(n)] for n in self.wanted.names))
            if cast.names != given.names:
                steps.append(self._layout)
            self._differs("has another dtype", given, steps if self._fits(cast) else [])
        elif given.names != self.wanted.names:
            permuted = sorted(given.names) == sorted(self.wanted.names)
            self._differs("has other axes", given, [self._layout] if permuted else [])
        elif other := self._other_sizes(given):
            self._other_size(given, other)
        elif given.colour != self.wanted.colour and given.colour and self.wanted.colour:
            self._other_colour(name, given)
        elif given.tag != self.wanted.tag:
            self._other_tag(given)

    @property
    def _layout(self) -> str:
        return f"layout({', '.join(self.wanted.names)})"

    def _fits(self, given: Array) -> bool:
        same = (given.names, given.tag) == (self.wanted.names, self.wanted.tag)
        return same and not self._other_sizes(given)

    def _other_sizes(self, given: Array) -> list[tuple[Axis, Axis]]:
        """The axes whose size is not what is wanted, each with the one that is."""
        pairs = zip(given.axes, self.wanted.axes, strict=True)
        return [(a, b) for a, b in pairs if b.size is not None and a.size != b.size]

    def _other_size(self, given: Array, other: list[tuple[Axis, Axis]]) -> None:
        ours, theirs = other[0]
        sizes = ", ".join(str(b) for _, b in other)
        how, more = "has another", f"let `pre` give {sizes}"
        if ours.size is None:
            how, more = "may have any", f"let a step of `pre` fix {sizes}"
            if [b.name for _, b in other] == ["h", "w"]:
                more = f"fix the size in `pre`, as `crop(center, {sizes})` does"
        self._differs(f"{how} size of `{theirs.name}`", given, more=more)

    def _batched(self, given: Array) -> bool:
        """Whether the contract has one axis more than the value, in front: that of a batch."""
        if not given.axes or len(self.wanted.axes) != len(given.axes) + 1:
            return False
        first, *rest = self.wanted.axes
        batch = first.name not in ("t", "tile") and first.size in (None, 1)
        return batch and sorted(axis.name for axis in rest) == sorted(given.names)

    def _one_sample(self, given: Array) -> None:
        batch = self.wanted.axes[0]
        types = [t.type for t in (self.node, *self.outputs) if len(t.type.axes) > 1]
        edits = [
            Edit(Span(t.span.source, t.axes[0].span.start, t.axes[1].span.start), "")
            for t in types
            if t.axes[0].name.text == batch.name
        ]
        one = self.wanted.without(batch.name)
        where = ", here and in the outputs" if len(edits) > 1 else ""
        self._differs(
            f"has an axis for the batch, `{batch}`",
            given,
            fix=Fix(
                f"write one sample, `{one}`{where}: `preprocess_batch` makes the batch",
                tuple(edits),
            ),
        )

    def _other_tag(self, given: Array) -> None:
        wanted, source = self.wanted.colour, self.source
        if wanted and not given.tag and source is not None and self.start is not None:
            ours = self.start
            free = source.type.tag is None and source.type.space is None
            if free and ours.channels == len(colour(wanted).channels):
                end = source.type.span.end
                self._differs(
                    "has no colour",
                    given,
                    fix=Fix(
                        f"name what the input holds, `{source.name.text}: {ours} {wanted}`; if "
                        f"that is another colour, name it and add `convert({wanted})`",
                        (Edit(Span(source.span.source, end, end), f" {wanted}"),),
                    ),
                )
                return
        how = "is something else"
        if not (given.tag and self.wanted.tag):
            how = "has no colour" if self.wanted.colour else f"is {given.tag}"
        self._differs(how, given)

    def _differs(
        self,
        how: str,
        given: Type,
        steps: Sequence[str] = (),
        more: str = "change `pre`",
        fix: Fix | None = None,
    ) -> None:
        """Report it; to mend it end `pre` with these steps, or change the contract."""
        last = self.pre.steps[-1] if self.pre and self.pre.steps else None
        if steps and self.start is not None and isinstance(last, tree.Step):
            said = f"end `pre` with {' and '.join(f'`{step}`' for step in steps)}"
            fix = Fix(said, (_after(last, f"\n{_indent(last)}".join(steps)),))
        contract = Edit(self.node.type.span, str(given))
        fix = fix or Fix(f"write what `pre` gives, `{given}`, or {more}", (contract,))
        self.sink.add(
            "E312",
            self.node.type.span,
            f"`{self.node.name.text}` {how}",
            found=given.described(),
            wanted=str(self.wanted),
            fixes=(fix,),
        )

    def _other_colour(self, name: str, given: Array) -> None:
        swapped = {given.colour, self.wanted.colour} in _SWAPPED
        hint = f"write what `pre` gives, `{given}`, or change `pre`"
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
        self.sink.add(
            "E311",
            tag.span if tag else self.node.type.span,
            "the model gets its channels in another order"
            if swapped
            else "the model gets other channels",
            found=f"`{name}` as {given.described()}",
            wanted=str(self.wanted),
            fixes=(Fix(hint, (edit,)),),
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
