"""Whether training and serving end alike."""

from __future__ import annotations

from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.value import Type, same_shape


def head(node: tree.Branch) -> Span:
    """The word that begins the branch."""
    return Span(node.span.source, node.span.start, node.span.start + len(node.mode))


def alike(a: Type, b: Type) -> bool:
    """One type, with ranges that are not of another scale."""
    if not same_shape(a, b):
        return False
    spans = [t.range for t in (a, b) if isinstance(t, Array) and t.range]
    return len(spans) < 2 or _near(*spans)


def _near(a: Range, b: Range) -> bool:
    width = max(a.high - a.low, b.high - b.low, 1e-9)
    apart = max(abs(a.low - b.low), abs(a.high - b.high))
    return a.standardized == b.standardized and apart <= 0.5 * width
