"""The arguments of a call that are written without a name."""

from __future__ import annotations

import itertools
from collections.abc import Set
from typing import Any

from procdsl.checker.constants import Constants
from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix
from procdsl.diagnostics.suggest import choices
from procdsl.opdef.argument_types import AnyWord
from procdsl.opdef.arguments import Argument
from procdsl.opdef.errors import Problem
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.types.constants import Constant, shorten


def size(value: tree.Value, place: Span, by_short: bool) -> tuple[Fix | None, str]:
    """What a size of other libraries, one number or two, is here: as a fix, or in words."""
    sides = value.items if isinstance(value, tree.Group) else (value, value)
    texts = [side.span.text for side in sides]
    if len(texts) != 2:
        return None, "name a height and a width: `h=224, w=224`"
    both, turned = (shorten(f"h={h}, w={w}") for h, w in (texts, texts[::-1]))
    if by_short and not isinstance(value, tree.Group):
        return None, choices(
            "say what one number is for",
            f"`short={texts[0]}`: the shorter side, the other one in proportion (torchvision)",
            f"`{both}`: both sides, whatever the shape of the picture (Ultralytics, timm)",
        )
    if texts[0] != texts[1]:
        return None, choices(
            "say which of the two is the height",
            f"`{both}`: the height first (torchvision, torch, Keras, albumentations)",
            f"`{turned}`: the width first (OpenCV, Pillow)",
        )
    return Fix.only(f"write `{both}`", Edit(place, f"h={texts[0]}, w={texts[1]}")), ""


def positional(
    call: tree.Call,
    declared: tuple[Argument, ...],
    rest: list[tree.Argument],
    given: dict[str, Any],
    axes: Set[str],
    constants: Constants,
    sink: DiagnosticSink,
) -> None:
    """Give the arguments without names to the positional ones that the op declares.

    `axes` are those of the values that the call takes.
    """
    for argument in (a for a in declared if a.positional):
        if argument.rest:
            given[argument.name] = [a.value for a in rest]
            return
        if rest and isinstance(rest[0].value, tree.Name):
            given[argument.name] = rest.pop(0).value
    if not rest:
        return
    free = [a for a in declared if a.name not in given and not a.positional]
    names = {a.name for a in free}
    place = rest[0].span.to(rest[-1].span)
    sides = list(itertools.takewhile(lambda a: not isinstance(a.value, tree.Name), rest))
    fix: Fix | None = None
    fitting: list[tuple[tree.Argument, str]] = []
    if {"h", "w"} <= names and 0 < len(sides) < 3:
        value = sides[0].value if len(sides) == 1 else _pair(sides)
        fix, help = size(value, sides[0].span.to(sides[-1].span), "short" in names)
        if fix and len(rest) > len(sides):
            others = [a for a in free if a.name not in ("h", "w")]
            more, help, _ = _fitting(rest[len(sides) :], others, axes, constants)
            fix = more and Fix.only(f"{fix.message} and {more.message}", *fix.edits, *more.edits)
    else:
        fix, help, fitting = _fitting(rest, free, axes, constants)
    sink.add(
        "E215",
        place,
        f"`{call.op.text}` does not take this without a name",
        found=f"`{shorten(place.text)}`",
        wanted="each argument with its name",
        help="" if fix else help,
        fixes=(fix,) if fix else (),
    )
    given.update((name, argument.value) for argument, name in fitting)


def _pair(rest: list[tree.Argument]) -> tree.Group:
    return tree.Group(rest[0].span.to(rest[-1].span), tuple(a.value for a in rest))


def _fitting(
    rest: list[tree.Argument], free: list[Argument], axes: Set[str], constants: Constants
) -> tuple[Fix | None, str, list[tuple[tree.Argument, str]]]:
    """For each argument without a name the only one that takes its value, or what helps."""
    found: list[tuple[tree.Argument, str]] = []
    for argument in rest:
        value = constants.evaluate(argument.value)
        taking = [a.name for a in free if takes(a, value, axes)]
        needed = [a.name for a in free if a.required and a.name in taking]
        taking = needed if len(needed) == 1 else taking
        if len(taking) != 1 or taking[0] in [name for _, name in found]:
            named = ", ".join(f"`{name}=`" for name in taking or [a.name for a in free])
            text = shorten(argument.span.text)
            some = f"write which argument `{text}` is: {named}"
            return None, some if free else f"leave `{text}` out: it takes nothing more", []
        found.append((argument, taking[0]))
    written = ", ".join(f"{name}={a.span.text}" for a, name in found)
    starts = ((Span(a.span.source, a.span.start, a.span.start), name) for a, name in found)
    edits = (Edit(place, f"{name}=") for place, name in starts)
    return Fix.only(f"write `{shorten(written)}`", *edits), "", found


def takes(argument: Argument, value: Constant, axes: Set[str]) -> bool:
    """Whether the argument takes a value, in a call on an array with these axes."""
    if isinstance(argument.kind, AnyWord):
        return value in axes
    try:
        argument.kind.read(value)
    except Problem:
        return False
    return True
