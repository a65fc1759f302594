"""What a module needs of the files of its kernels: the definitions that its functions come to."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache

from procdsl.codegen.python.calls import names_read
from procdsl.codegen.python.parsed import parsed, walk
from procdsl.records import dataclass


@dataclass(frozen=True)
class Definition:
    """A function, a class or a constant of a file."""

    names: tuple[str, ...]
    text: str
    """With the comments above it, and what is said of a constant below it."""
    reads: frozenset[str]


def reached(api: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Each file's text with only what the module's functions come to, without files of nothing."""
    homes = {
        name: definition
        for text in texts.values()
        for definition in definitions(text)
        for name in definition.names
    }
    found: set[str] = set()
    work = names_read(api) & homes.keys()
    while work:
        found |= work
        work = {name for one in work for name in homes[one].reads & homes.keys()} - found
    left = {
        file: "".join(one.text for one in definitions(text) if not found.isdisjoint(one.names))
        for file, text in texts.items()
    }
    return {file: text.strip("\n") for file, text in left.items() if text}


@lru_cache(maxsize=4096)
def definitions(text: str) -> list[Definition]:
    """What a file defines, in its order."""
    lines = text.splitlines(keepends=True)
    found: list[Definition] = []
    start = 0
    for node in parsed(text).body:
        assert node.end_lineno is not None, "parsed nodes have places"
        own = "".join(lines[start : node.end_lineno])
        start = node.end_lineno
        if isinstance(node, ast.Expr) and found:
            found[-1] = Definition(found[-1].names, found[-1].text + own, found[-1].reads)
            continue
        names = [n for n in walk(node) if isinstance(n, ast.Name)]
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined = [node.name]
        else:
            defined = [n.id for n in names if isinstance(n.ctx, ast.Store)]
        reads = frozenset(n.id for n in names if isinstance(n.ctx, ast.Load))
        found.append(Definition(tuple(defined), own, reads))
    return found
