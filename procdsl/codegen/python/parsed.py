"""The syntax trees of generated text and of kernels, each parsed once."""

from __future__ import annotations

import ast
from functools import lru_cache

_PLAIN = frozenset(
    {"arg", "asname", "attr", "ctx", "id", "kind", "level", "module", "name", "op", "ops"}
)
"""Fields with neither nodes nor anything but operators and contexts in them."""

_FIELDS = {
    kind: tuple(name for name in kind._fields if name not in _PLAIN)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""For each kind of nodes the fields in which there may be nodes."""


@lru_cache(maxsize=512)
def parsed(text: str) -> ast.Module:
    """The syntax tree of a text; nobody changes it."""
    return ast.parse(text)


def walk(node: ast.AST) -> list[ast.AST]:
    """A node and all in it but operators and contexts: in half the time of `ast.walk`."""
    found = [node]
    for one in found:  # it grows meanwhile
        found += children(one)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """What is in a node, but for operators and contexts."""
    found: list[ast.AST] = []
    for name in _FIELDS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, ast.AST):
            found.append(value)
        elif type(value) is list:
            found += [inner for inner in value if isinstance(inner, ast.AST)]
    return found
