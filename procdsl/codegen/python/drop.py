"""Take parameters out of functions whose value is known, and the arguments out of their calls."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from procdsl.codegen.python.calls import Constant, Function, functions
from procdsl.codegen.python.fold import Edit, Places
from procdsl.codegen.python.parsed import children
from procdsl.records import dataclass

Dropped: TypeAlias = Mapping[tuple[str, str], Constant]
"""For a function and a parameter of it, the value."""


def without(text: str, dropped: Dropped, known: Mapping[str, Function]) -> str:
    """The text with neither the dropped parameters nor what calls give for them."""
    changed = {function for function, _ in dropped}
    if changed.isdisjoint(_named(text)):
        return text
    places = Places(text)
    edits: list[Edit] = []
    for node in places.tree.body:
        gone: dict[str, Constant] = {}
        name = node.name if isinstance(node, ast.FunctionDef) else ""
        if changed.isdisjoint((name, *functions(text)[name].uses)):
            continue
        if isinstance(node, ast.FunctionDef):
            listed = {a.arg for a in (*node.args.args, *node.args.kwonlyargs)}
            gone = {p: v for (f, p), v in dropped.items() if f == node.name and p in listed}
            if gone:
                edits += _signature(places, node, gone)
                edits += _docstring(places, node, gone)
        edits += _Rewriter(places, dropped, known, gone).edits(node)
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


@lru_cache(maxsize=4096)
def _named(text: str) -> frozenset[str]:
    """The functions that a text may define or call."""
    found = functions(text)
    return frozenset(found) | {name for function in found.values() for name in function.uses}


@dataclass(frozen=True)
class _Rewriter:
    """Rewrites calls and names inside one statement of a module."""

    places: Places
    dropped: Dropped
    known: Mapping[str, Function]
    gone: Mapping[str, Constant]
    """The parameters of the function that the statement is."""

    def edits(self, node: ast.AST) -> Iterator[Edit]:
        """The outermost edits in a node; what is inside of one is rewritten with it."""
        if isinstance(node, ast.Name) and node.id in self.gone:
            yield self.places.start(node), self.places.end(node), repr(self.gone[node.id])
            return
        kept = self._kept(node) if isinstance(node, ast.Call) else None
        if kept is not None:
            assert isinstance(node, ast.Call), "asked before"
            arguments = ", ".join(map(self._text, kept))
            new = f"{self.places.text_of(node.func)}({arguments})"
            yield self.places.start(node), self.places.end(node), new
            return
        for child in children(node):
            yield from self.edits(child)

    def _text(self, node: ast.expr | ast.keyword) -> str:
        start, text = self.places.start(node), self.places.text_of(node)
        for first, last, new in sorted(self.edits(node), reverse=True):
            text = text[: first - start] + new + text[last - start :]
        return text

    def _kept(self, node: ast.Call) -> list[ast.expr | ast.keyword] | None:
        """The arguments that stay, or None where all do."""
        name, skip = (node.func.id if isinstance(node.func, ast.Name) else ""), 0
        if name in self.known and self.known[name].applies and node.args:
            first = node.args[0]
            name, skip = first.id if isinstance(first, ast.Name) else "", 1
        if name not in self.known:
            return None
        names = self.known[name].parameters
        given: Sequence[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        kept = []
        for i, argument in enumerate(given):
            if isinstance(argument, ast.keyword):
                parameter = str(argument.arg)
            else:
                parameter = names[i - skip] if 0 <= i - skip < len(names) else ""
            if (name, parameter) not in self.dropped:
                kept.append(argument)
        return kept if len(kept) < len(given) else None


def _signature(
    places: Places, node: ast.FunctionDef, gone: Mapping[str, Constant]
) -> Iterator[Edit]:
    every = (*node.args.args, *node.args.kwonlyargs)
    defaults: dict[ast.arg, ast.expr | None] = dict(
        zip(reversed(node.args.args), reversed(node.args.defaults), strict=False)
    )
    defaults |= dict(zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True))
    left = []
    for argument in every:
        if argument.arg not in gone:
            default = defaults.get(argument)
            value = f" = {places.text_of(default)}" if default is not None else ""
            left.append(places.text_of(argument) + value)
    last = defaults.get(every[-1]) or every[-1]
    end = places.text.index(")", places.end(last))
    yield places.start(every[0]), end, ", ".join(left)


def _docstring(
    places: Places, node: ast.FunctionDef, gone: Mapping[str, Constant]
) -> Iterator[Edit]:
    """The docstring without the sentences that speak of a parameter that is gone."""
    first = node.body[0]
    text = places.text_of(first)
    if not text.startswith('"""') or not any(f"`{name}`" in text for name in gone):
        return
    paragraphs: list[str] = []
    for paragraph in text.removeprefix('"""').removesuffix('"""').split("\n\n"):
        sentences = re.split(r"(?<=\.)\s+(?=[A-Z`])", paragraph.strip())
        head = [] if paragraphs else [_head(sentences.pop(0), gone)]
        kept = [*head, *(sentence for sentence in sentences if not _speaks(sentence, gone))]
        if kept:
            same = " ".join(kept).split() == paragraph.split()
            paragraphs.append(paragraph.strip() if same else " ".join(kept))
    closing = "\n    " if len(paragraphs) > 1 else ""
    said = "\n\n    ".join(paragraphs)
    yield places.start(first), places.end(first), f'"""{said}{closing}"""'


def _speaks(sentence: str, gone: Mapping[str, Constant]) -> bool:
    return any(f"`{name}`" in sentence for name in gone)


def _head(sentence: str, gone: Mapping[str, Constant]) -> str:
    """The first sentence, which says what the function is, up to a colon before what is gone."""
    head, colon, rest = sentence.partition(":")
    return f"{head}." if colon and _speaks(rest, gone) and not _speaks(head, gone) else sentence
