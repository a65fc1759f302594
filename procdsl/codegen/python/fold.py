"""Fold what a constant decides: the branches of a function whose test is known.

It works on the text by the places that the syntax tree gives, so that comments and line breaks of
what stays are those of the kernel's file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from procdsl.codegen.python.parsed import parsed, walk

Constant: TypeAlias = bool | int | float | str | None

_KNOWN = (
    ast.Constant, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Tuple, ast.Call,
    ast.Attribute, ast.Load, ast.boolop, ast.unaryop, ast.operator, ast.cmpop,
)  # fmt: skip
_METHODS = ("startswith", "endswith")


def folded(
    text: str, constants: tuple[tuple[str, str, Constant], ...]
) -> tuple[str, frozenset[tuple[str, str]]]:
    """The text with its decided branches alone, and the parameters that have decided something."""
    return _folded(text, constants, repr(constants))


@lru_cache(maxsize=4096)
def _folded(
    text: str, constants: tuple[tuple[str, str, Constant], ...], spelt: str
) -> tuple[str, frozenset[tuple[str, str]]]:
    """The same, remembered by how the constants are spelt: 0.0 equals -0.0, and 1 equals 1.0."""
    by_function: dict[str, dict[str, Constant]] = {}
    for function, parameter, value in constants:
        by_function.setdefault(function, {})[parameter] = value
    deciding: set[tuple[str, str]] = set()
    places = Places(text)
    for node in reversed(places.tree.body):
        if isinstance(node, ast.FunctionDef) and node.name in by_function:
            start, end = places.line_start(node), places.line_end(node)
            known, names = by_function[node.name], set[str]()
            text = text[:start] + _function(text[start:end], known, names) + text[end:]
            deciding |= {(node.name, name) for name in names}
    return text, frozenset(deciding)


def _function(text: str, known: Mapping[str, Constant], deciding: set[str]) -> str:
    """One function with what its known parameters decide; adds those that have decided."""
    while edit := _first(text, known, deciding):
        start, end, new = edit
        text = text[:start] + new + text[end:]
    return text


Edit: TypeAlias = tuple[int, int, str]


def _first(text: str, known: Mapping[str, Constant], deciding: set[str]) -> Edit | None:
    """The first place of a function that is decided, and what stands there then."""
    places = Places(text)
    (function,) = places.tree.body
    for block in _blocks(function):
        for i, node in enumerate(block):
            if isinstance(node, ast.If):
                value = decided(node.test, known)
                if value is not None:
                    deciding |= _names(node.test, known)
                    return _branch(places, block, i, value)
            rest = block[i + 1 :]
            if rest and isinstance(node, ast.Return | ast.Raise):  # what never runs
                return places.line_start(rest[0]) - 1, places.end(rest[-1]), ""
    for inner in walk(function):
        edit = _expression(places, inner, known)
        if edit is not None:
            deciding |= _names(inner.test if isinstance(inner, ast.IfExp) else inner, known)
            return edit
    return None


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Every list of statements in a function, the outer ones first."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            yield block
            for inner in block:
                if not isinstance(inner, ast.FunctionDef | ast.ClassDef):
                    yield from _blocks(inner)


def decided(test: ast.expr, known: Mapping[str, Constant]) -> bool | None:
    """What a test gives where only constants and known parameters are in it, and at least one."""
    if isinstance(test, ast.Constant):  # what is left of a test of several parts
        return bool(test.value)
    nodes = walk(test)
    if not any(isinstance(n, ast.Name) and n.id in known for n in nodes):
        return None
    unknown = (n for n in nodes if not isinstance(n, _KNOWN))
    if any(not isinstance(n, ast.Name) or n.id not in known for n in unknown):
        return None
    if any(isinstance(n, ast.Attribute) and n.attr not in _METHODS for n in nodes):
        return None
    if any(isinstance(n, ast.Call) and not isinstance(n.func, ast.Attribute) for n in nodes):
        return None
    code = compile(ast.Expression(test), "<test>", "eval")
    return bool(eval(code, {"__builtins__": {}}, dict(known)))  # noqa: S307 - of our own kernels


def _names(node: ast.AST, known: Mapping[str, Constant]) -> set[str]:
    return {n.id for n in walk(node) if isinstance(n, ast.Name) and n.id in known}


def _expression(places: Places, node: ast.AST, known: Mapping[str, Constant]) -> Edit | None:
    """A choice of two values, a comparison, or a test of several parts, as far as it is decided."""
    if isinstance(node, ast.IfExp):
        value = decided(node.test, known)
        if value is not None:
            chosen = node.body if value else node.orelse
            return places.start(node), places.end(node), f"({places.text_of(chosen)})"
    if isinstance(node, ast.Compare | ast.Call):
        value = decided(node, known)
        if value is not None:
            return places.start(node), places.end(node), str(value)
    if isinstance(node, ast.BoolOp):
        return _parts(places, node, known)
    return None


def _parts(places: Places, node: ast.BoolOp, known: Mapping[str, Constant]) -> Edit | None:
    """A test of several parts, without those that are decided."""
    absorbing = isinstance(node.op, ast.Or)
    values = [_truth(part, known) for part in node.values]
    if all(value is None for value in values):
        return None
    left = [places.text_of(p) for p, v in zip(node.values, values, strict=True) if v is None]
    if absorbing in values or not left:
        value = absorbing if absorbing in values else not absorbing
        return places.start(node), places.end(node), str(value)
    word = " or " if absorbing else " and "
    text = word.join(left) if len(left) == 1 else f"({word.join(left)})"
    return places.start(node), places.end(node), text


def _truth(part: ast.expr, known: Mapping[str, Constant]) -> bool | None:
    """What a part is that is true or false already."""
    value = part.value if isinstance(part, ast.Constant) else None
    if isinstance(part, ast.Name):
        value = known.get(part.id)
    return value if isinstance(value, bool) else None


def _branch(places: Places, block: Sequence[ast.stmt], i: int, value: bool) -> Edit:
    """The branch of an `if` that is taken, in its place."""
    node = block[i]
    assert isinstance(node, ast.If), "a branch is decided"
    start, end = places.line_start(node), places.line_end(node)
    elif_ = places.text[places.start(node) :].startswith("elif")
    taken = node.body if value else node.orelse
    indent = " " * node.col_offset
    if not taken:
        alone = len(block) == 1 and not elif_
        return (start, end, f"{indent}pass") if alone else (start - 1, end, "")
    chained = not value and places.text[places.start(taken[0]) :].startswith("elif")
    if chained:  # the next test of the chain takes its place
        rest = places.text[places.start(taken[0]) : end]
        return start, end, indent + (rest if elif_ else rest.removeprefix("el"))
    body = places.text[places.line_start(taken[0]) : places.line_end(taken[-1])]
    if elif_:
        return start, end, f"{indent}else:\n{body}"
    shift = taken[0].col_offset - node.col_offset
    lines = [line[shift:] if line[:shift].isspace() else line for line in body.split("\n")]
    return start, end, "\n".join(lines)


class Places:
    """A text with its syntax tree, and the offsets of its nodes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = parsed(text)
        self._lines = [0]
        for line in text.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def start(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> int:
        return self._lines[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> int:
        assert node.end_lineno is not None, "parsed nodes have places"
        assert node.end_col_offset is not None, "parsed nodes have places"
        return self._lines[node.end_lineno - 1] + node.end_col_offset

    def line_start(self, node: ast.stmt) -> int:
        return self._lines[node.lineno - 1]

    def line_end(self, node: ast.stmt) -> int:
        """The end of a statement's last line, behind a comment."""
        end = self.text.find("\n", self.end(node))
        return len(self.text) if end < 0 else end

    def text_of(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> str:
        return self.text[self.start(node) : self.end(node)]
