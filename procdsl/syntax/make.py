"""Makes nodes of a syntax tree that is not that of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procdsl.source import Source, Span
from procdsl.syntax import tree
from procdsl.types.array import Array
from procdsl.types.constants import Constant, Word, show

NOWHERE = Span(Source("", ""), 0, 0)


def name(text: str) -> tree.Name:
    return tree.Name(NOWHERE, text)


def names(texts: Sequence[str]) -> tuple[tree.Name, ...]:
    return tuple(map(name, texts))


def literal(value: Constant) -> tree.Literal:
    """A number or a text."""
    assert not isinstance(value, tuple), "values in parentheses are a group"
    return tree.Literal(NOWHERE, value, show(value))


def value(constant: Constant) -> tree.Value:
    """What a constant is written as."""
    if isinstance(constant, tuple):
        return tree.Group(NOWHERE, tuple(map(value, constant)))
    return name(constant) if isinstance(constant, Word) else literal(constant)


def docs(text: str) -> tree.Docs:
    """The lines of a documentation."""
    return tuple(tree.Doc(NOWHERE, line) for line in text.split("\n")) if text else ()


def argument(given: tree.Value, called: str | None = None) -> tree.Argument:
    return tree.Argument(NOWHERE, name(called) if called else None, given)


def step(
    op: str,
    arguments: Sequence[tree.Argument],
    targets: Sequence[str],
    allowed: Mapping[str, str],
    doc: str,
) -> tree.Step:
    """A call; without targets it changes the value in flow. `allowed` are guards with reasons."""
    call = tree.Call(NOWHERE, name(op), tuple(arguments))
    allowances = (tree.Allowance(NOWHERE, name(c), literal(r)) for c, r in allowed.items())
    return tree.Step(NOWHERE, docs(doc), names(targets), call, tuple(allowances))


def type_(array: Array, space: str = "", other: str = "") -> tree.Type:
    """A type as it is declared, in the coordinates of `space`, or of the `other` colour, too."""
    axes = (
        tree.Axis(NOWHERE, name(axis.name), None if axis.size is None else literal(axis.size))
        for axis in array.axes
    )
    word, span = array.colour or array.kind, array.declared_range
    return tree.Type(
        NOWHERE,
        name(array.dtype),
        tuple(axes),
        name(word) if word else None,
        name(other) if other else None,
        names(array.says),
        tree.Range(NOWHERE, literal(span.low), literal(span.high)) if span else None,
        name(space) if space else None,
    )
