"""Sizes without the names of their axes, `u8[1, 3, 224, 224]`: what they probably are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from lark import Token

from procdsl.syntax.tokens import Place


def named(at: Place) -> tuple[str, bool]:
    """The type here with names for its bare sizes, likely ones, and whether it lost a batch.

    A leading 1 is the batch, which has no axis. Empty where there is no type here.
    """
    if at.depth("LSQB", "RSQB", at.statement()[0]) < 1:
        return "", False
    start = end = at.index
    while at.kind_at(start - 1) != "LSQB":
        start -= 1
    while at.kind_at(end) not in {"RSQB", "_NL", "$END"}:
        end += 1
    firsts = [i for i in range(start, end) if at.kind_at(i - 1) in {"LSQB", "COMMA"}]
    bare = [i for i in firsts if at.kind_at(i) == "NUMBER"]
    used = {str(at.tokens[i]) for i in firsts if at.kind_at(i) == "NAME"}
    gives = any(token.type == "_ARROW" for token in at.tokens[at.statement()[0] : at.index])
    batched = len(bare) == len(firsts) > 1 and at.tokens[bare[0]] == "1"
    if batched := batched and (gives or len(bare) > 3):
        bare = bare[1:]
    names = dict(zip(bare, _names([at.tokens[i] for i in bare], used, gives), strict=False))
    texts = []
    for first, last in itertools.pairwise([*firsts, end + 1]):
        whole = "".join(map(str, at.tokens[first : last - 1]))
        name = names.get(first)
        texts.append(whole if name is None else name if "-" in whole else f"{name}={whole}")
    dtype = str(at.tokens[start - 2]) if start >= 2 else ""
    return f"{dtype}[{', '.join(texts[batched:])}]", batched


def _names(bare: Sequence[Token], used: set[str], gives: bool) -> list[str]:
    """A name for each of these sizes, beside those that are used; `gives`: behind an arrow."""
    if gives and not used and len(bare) < 3:
        return ["class"] if len(bare) == 1 else ["n", "m"]
    small = [i for i, token in enumerate(bare) if token in {"1", "3", "4"}]
    at = small[0] if small and not {"c", "class"} & used else None
    if at is None and gives and not {"c", "class"} & used:
        at = 0
    sides = [name for name in ("h", "w") if name not in used]
    others = [name for name in ("t", "n", "m", "k", "l") if name not in used]
    count = len(bare) - (at is not None)
    names = [*others[: max(count - len(sides), 0)], *sides[:count]]
    if at is not None:
        names.insert(at, "class" if gives else "c")
    return names
