"""Inputs whose caller names the order of the channels: `rgb|bgr`."""

from __future__ import annotations

from collections.abc import Sequence

from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Label
from procdsl.diagnostics.suggest import choices
from procdsl.syntax import tree
from procdsl.types.colour import colour, colour_names


def check_order(node: tree.Type, of_input: bool, sink: DiagnosticSink) -> None:
    """Hold a type with two colours: an input's, of a picture or a clip, of the same channels."""
    first, other = node.tag, node.other
    assert first is not None, "asked only of a type with two colours"
    assert other is not None, "asked only of a type with two colours"
    if other.text not in colour_names():
        sink.unknown("E204", "colour", other, colour_names())
        return
    axes = {axis.name.text for axis in node.axes}
    ones, others = (colour(name.text) for name in (first, other))
    written = f"{first.text}|{other.text}"
    if not of_input:
        found, wanted = f"`{written}` of no input", "one colour: it is the caller who chooses"
        help = f"write `{first.text}`, or the choice in the type of an input"
    elif ones.channels == others.channels or sorted(ones.channels) != sorted(others.channels):
        found, wanted = f"`{written}`", "`rgb|bgr` or `rgba|bgra`, in either order"
        help = choices(
            "say what the caller gives",
            "`rgb|bgr`: pictures of three channels, of which the caller says which comes first",
            f"`{first.text}`: pictures of this one colour",
        )
    elif not {"h", "w", "c"} <= axes <= {"t", "h", "w", "c"}:
        named = ", ".join(axis.name.text for axis in node.axes)
        found, wanted = f"`{written}` of [{named}]", "a picture of axes h, w, c, or a clip with t"
        help = f"write these axes, or the one colour, `{first.text}`"
    else:
        return
    sink.add(
        "E334", first.span.to(other.span), "no caller can choose between these two colours",
        found=found, wanted=wanted, help=help,
    )  # fmt: skip


def check_one_order(types: Sequence[tree.Type], sink: DiagnosticSink) -> None:
    """Hold all inputs that leave the order to the caller to one choice: he names it once."""
    chosen = [(t.tag, t.other) for t in types if t.tag is not None and t.other is not None]
    for first, other in chosen[1:]:
        pair = chosen[0][0].text, chosen[0][1].text
        if (first.text, other.text) != pair:
            sink.add(
                "E334",
                first.span.to(other.span),
                "two inputs leave two choices to the caller",
                found=f"`{first.text}|{other.text}` and `{'|'.join(pair)}`",
                wanted="one choice: `order` is given once, for all inputs",
                help=f"write `{'|'.join(pair)}` here, too, or one colour",
                labels=(Label(chosen[0][0].span.to(chosen[0][1].span), "the first choice"),),
            )
