"""The layout of modules: black's, but for what it would take seconds for.

A long table is laid out here as black does it, one value a line. A function that is longer than
anyone reads stays as it was written.
"""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from functools import cache
from importlib import import_module

from procdsl.codegen.python.parsed import parsed, walk
from procdsl.kept import kept

LINE = 100
"""How long a line of a module may be."""

_TABLE = 500
"""How many literals a list or tuple has at least to be laid out here."""

_LONG = 60_000
"""How many characters a definition has at most to be laid out at all."""

_QUOTED = re.compile(r"'((?:[^'\"\\]|\\[^'\"])*)'")
"""A text that has the other quotes in black's style, and needs no other escapes for it."""


def laid_out(text: str) -> str:
    """Statements of a module as black writes them."""
    if len(text) <= _LONG:
        return _black(text)
    short, tables = _without_tables(text)
    if len(short) > _LONG and short.startswith(("def ", "class ", "@", "#")):
        return text
    formatted = _black(short)
    for name, values in tables.items():
        line = re.search(rf"^( *){name},\n *{name},$", formatted, re.MULTILINE)
        assert line is not None, "a comma at its end puts each value on a line"
        lines = ",\n".join(f"{line[1]}{value}" for value in values)
        formatted = f"{formatted[: line.start()]}{lines},{formatted[line.end() :]}"
    return formatted


def _black(text: str) -> str:
    """What black makes of a text, which it is asked once: it takes half the time of `compile`."""

    def asked() -> str:
        import black

        return black.format_str(text, mode=black.Mode(line_length=LINE)).strip("\n")

    return kept(f"black {_version()}, {LINE}: {text}", asked)


@cache
def _version() -> str:
    """Black's version, without an import of black where its file says it."""
    with suppress(ImportError):
        return str(import_module("_black_version").version)
    return str(import_module("black").__version__)


def _without_tables(text: str) -> tuple[str, dict[str, list[str]]]:
    """The text with a name, twice, in each long table, and the values of each, as black writes
    them."""
    lines = text.encode().split(b"\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    data = text.encode()
    found: list[tuple[int, int, list[str]]] = []
    for node in walk(parsed(text)):
        values = _values(node)
        if values:
            assert isinstance(node, ast.List | ast.Tuple), "others have no values"
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
            found.append((start + 1, end - 1, values))
    tables: dict[str, list[str]] = {}
    for number, (start, end, values) in enumerate(sorted(found, reverse=True)):
        name = f"_table_{number}_"
        while name in text:
            name += "_"
        tables[name] = values
        data = data[:start] + f"{name}, {name},".encode() + data[end:]
    return data.decode(), tables


def _values(node: ast.AST) -> list[str]:
    """The literals of a long table; none where it is not one, or has other values."""
    if not isinstance(node, ast.List | ast.Tuple) or len(node.elts) < _TABLE:
        return []
    written: list[str] = []
    for one in node.elts:
        literal = _literal(one)
        if not literal:
            return []
        written.append(literal)
    return written


def _literal(node: ast.expr) -> str:
    """A number or text as black writes it; nothing for others, and where that is not simple."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _literal(node.operand)
        return f"-{number}" if number[:1].isdigit() else ""
    if not isinstance(node, ast.Constant):
        return ""
    text = ascii(node.value)
    if not isinstance(node.value, str):
        return text if isinstance(node.value, int | float) else ""
    if text[0] == '"':
        return text
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return f'"{quoted[1]}"'
    return "" if "\\'" in text else text
