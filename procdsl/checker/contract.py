"""What `pre` gives against what the model wants."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from procdsl import registry
from procdsl.checker.files import DECODE_FIRST
from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix
from procdsl.diagnostics.suggest import choices
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import conversions
from procdsl.opdef.op import Op
from procdsl.records import dataclass
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.colour import colour
from procdsl.types.constants import Word
from procdsl.types.value import Type

_CASTS = {("f32", "f16"): "cast(f16)", ("f16", "f32"): "cast(f32)"}
"""The one step from a dtype to another."""

_BATCH = ("n", "b", "bs", "batch", "batch_size")
"""What the axis of a batch is called elsewhere."""

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
        elif given.is_file:
            self._undecoded(given)
        elif self._batched(given):
            self._one_sample(given)
        elif given.dtype != self.wanted.dtype:
            self._other_dtype(given)
        elif given.names != self.wanted.names:
            fits = self._fits(self._permuted(given))
            fix = self._ending([self._layout]) if fits else None
            self._differs("has other axes", given, *self._axes_by(given), fix=fix)
        elif other := self._other_sizes(given):
            self._other_size(given, other)
        elif given.colour != self.wanted.colour and given.colour and self.wanted.colour:
            self._other_colour(name, given)
        elif given.tag != self.wanted.tag:
            self._other_tag(given)
        elif given.range and self.wanted.range and not self.wanted.range.holds(given.range):
            self._differs("has another range", given)

    def _undecoded(self, given: Array) -> None:
        self.sink.add(
            "E341",
            self.node.type.span,
            f"`{self.node.name.text}` is fed a file that is not decoded",
            found=given.described(),
            wanted=self.wanted.declared,
            help=DECODE_FIRST,
        )

    def _other_dtype(self, given: Array) -> None:
        cast = self._permuted(given.with_(dtype=self.wanted.dtype))
        layout = [self._layout] if cast.names != given.names else []
        step = _CASTS.get((given.dtype, self.wanted.dtype))
        ways = [f"end `pre` with {way}" for way in conversions(given, (self.wanted.dtype,))]
        fix = self._ending([step, *layout]) if step and self._fits(cast) else None
        self._differs("has another dtype", given, *ways, fix=fix)

    def _permuted(self, given: Array) -> Array:
        """The array as `layout` gives it in the order of the contract, where it can."""
        layout: Callable[..., Op] = registry.op("layout")
        try:
            permuted = layout(axes=tuple(map(Word, self.wanted.names))).infer(given)
        except Problem:
            return given
        assert isinstance(permuted, Array), "a layout gives an array"
        return permuted

    def _axes_by(self, given: Array) -> list[str]:
        """How the value comes to the axes of the contract, in words."""
        permuted = self._permuted(given)
        if permuted.names == given.names:
            return []
        moved = len(permuted.axes) == len(given.axes)
        how = " in another order" if moved else ", with an axis for `c`"
        return [f"end `pre` with `{self._layout}`: the same numbers{how}"]

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
        if ours.size is None and self.sink.recovered:
            return  # a step that was wrong may have fixed it
        sizes = ", ".join(str(b) for _, b in other)
        how, way = "has another", f"let `pre` give {sizes}"
        if ours.size is None:
            how, way = "may have any", f"let a step of `pre` fix {sizes}"
            if [b.name for _, b in other] == ["h", "w"]:
                way += f", as `crop(center, {sizes})` or a `resize` does"
        self._differs(f"{how} size of `{theirs.name}`", given, way)

    def _batched(self, given: Array) -> bool:
        """Whether the contract has one axis more than the value, in front: that of a batch."""
        if not given.axes or len(self.wanted.axes) != len(given.axes) + 1:
            return False
        first, *rest = self.wanted.axes
        batch = first.name in _BATCH and first.size in (None, 1)
        return batch and sorted(axis.name for axis in rest) == sorted(given.names)

    def _one_sample(self, given: Array) -> None:
        batch = self.wanted.axes[0]
        types = [t.type for t in (self.node, *self.outputs) if len(t.type.axes) > 1]
        first = self.node.type.axes[0].span.text
        edits = [
            Edit(Span(t.span.source, t.axes[0].span.start, t.axes[1].span.start), "")
            for t in types
            if t.axes[0].span.text == first
        ]
        one = self.wanted.without(batch.name)
        where = ", here and in the outputs" if len(edits) > 1 else ""
        said = f"write one sample, `{one}`{where}: `preprocess_batch` makes the batch"
        fits = (given.dtype, given.names, given.tag) == (one.dtype, one.names, one.tag)
        self._differs(
            f"has an axis for the batch, `{batch}`",
            given,
            said,
            fix=Fix.only(said, *edits) if fits and given.shape == one.shape else None,
        )

    def _other_tag(self, given: Array) -> None:
        wanted, source = self.wanted.colour, self.source
        ways = []
        if wanted and not given.tag and source is not None and self.start is not None:
            ours = self.start
            free = source.type.tag is None and source.type.space is None
            if free and ours.channels == len(colour(wanted).channels):
                ways = [
                    f"name what the input holds, such as `{source.name.text}: {ours} {wanted}`; if "
                    f"it is another colour than {wanted}, add `convert({wanted})`"
                ]
        how = "is something else"
        if not (given.tag and self.wanted.tag):
            how = "has no colour" if self.wanted.colour else f"is {given.tag}"
        self._differs(how, given, *ways)

    def _ending(self, steps: Sequence[str]) -> Fix | None:
        """These steps at the end of `pre`, where a step of it changes the value in flow last."""
        last = self.pre.steps[-1] if self.pre and self.pre.steps else None
        if self.start is None or not isinstance(last, tree.Step) or last.targets:
            return None
        said = f"end `pre` with {' and '.join(f'`{step}`' for step in steps)}"
        return Fix.only(said, _after(last, f"\n{_indent(last)}".join(steps)))

    def _differs(self, how: str, given: Type, *ways: str, fix: Fix | None = None) -> None:
        """Report it; what helps is the fix, or else one of the ways, or another contract."""
        self.sink.add(
            "E312",
            self.node.type.span,
            f"`{self.node.name.text}` {how}",
            found=given.described(),
            wanted=self.wanted.declared,
            help=""
            if fix
            else choices(
                "say which of the two is wrong",
                *(ways or [f"`pre`: let it give `{self.wanted.declared}`"]),
                f"the contract: write what `pre` gives, `{given}`",
            ),
            fixes=(fix,) if fix else (),
        )

    def _other_colour(self, name: str, given: Array) -> None:
        step = f"convert({self.wanted.colour})"
        swapped = {given.colour, self.wanted.colour} in _SWAPPED
        if swapped and any(found.code == "E321" for found in self.sink.diagnostics):
            return  # the order of the channels was asked for at `normalize`
        made_by = self._convert(given.colour or "")
        trained = f"the model was trained on {self.wanted.colour}"
        ways = [f"`{step}` in `pre`: {trained}"]
        if swapped and self.start is not None and made_by is not None:
            written = made_by.call.span.text
            unmade = self.start.colour == self.wanted.colour
            ways = [
                f"{f'without `{written}`' if unmade else f'`{step}` for `{written}`'}: {trained}"
            ]
        elif swapped and self.start is not None:
            is_bgr = "cv2.imread gives bgr, Pillow rgb"
            ways = [
                f"`{step}` at the beginning of `pre`: the input is {self.start.colour}, {trained}",
                f"`{self.wanted.colour}` in the type of the input: it is that already ({is_bgr})",
            ]
        tag = self.node.type.tag
        self.sink.add(
            "E311",
            tag.span if tag else self.node.type.span,
            "the model gets its channels in another order"
            if swapped
            else "the model gets other channels",
            found=f"`{name}` as {given.described()}",
            wanted=str(self.wanted),
            help=choices(
                "say which of the two is wrong",
                *ways,
                f"`{given.colour}` in the contract: the model was trained on that",
            ),
        )

    def _convert(self, colour: str) -> tree.Step | None:
        """The step that made the colour."""
        for step in reversed(self.pre.steps) if self.pre else ():
            if isinstance(step, tree.Step) and step.call.op.text == "convert":
                values = (a.value for a in step.call.arguments if a.name is None)
                words = [value.text for value in values if isinstance(value, tree.Name)]
                return step if words == [colour] else None
        return None


def _after(step: tree.Step, text: str) -> Edit:
    end = step.span.end
    return Edit(Span(step.span.source, end, end), f"\n{_indent(step)}{text}")


def _indent(step: tree.Step) -> str:
    start = step.span.source.line_start(step.span.start)
    lead = step.span.source.text[start : step.span.start]
    return lead if not lead.strip() else "    "
