"""Python text: literals, docstrings, imports, formatting."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

from procdsl.codegen.python.laid_out import LINE, laid_out
from procdsl.codegen.python.macros import dtype
from procdsl.codegen.python.parsed import parsed
from procdsl.opdef.op import ConstantArray
from procdsl.records import dataclass


@dataclass(frozen=True)
class Draft:
    """The text of a module before it is formatted."""

    pieces: tuple[str, ...]
    """Whole statements, two empty lines apart."""
    settled: frozenset[str] = frozenset()
    """Definitions that stand in files which are formatted, and are so as they are here."""

    @property
    def text(self) -> str:
        return _joined(self.pieces)

    def formatted(self) -> str:
        """The text as black writes it; each definition is formatted by itself, and once."""
        parts = (part for piece in self.pieces for part in _parts(piece))
        return _joined(part if part in self.settled else _laid_out(part) for part in parts)


def settled(texts: Iterable[str]) -> frozenset[str]:
    """The definitions in texts of formatted files, but for those that a longer name makes too
    wide."""
    parts = (part for text in texts for part in _parts(text))
    return frozenset(part for part in parts if max(map(len, part.split("\n"))) <= LINE)


def literal(value: object) -> str:
    """A Python literal in ASCII; whatever stands in a text stays inside its quotes."""
    return ascii(value)


def docstring(text: str) -> str:
    """Text between triple quotes, on as many lines as it has, and never more than text."""
    safe = "".join(_inside_quotes(character) for character in text).replace('"""', '\\"\\"\\"')
    if "\n" in safe:
        return f'"""{safe}\n"""'
    return f'"""{safe[:-1]}\\""""' if safe.endswith('"') else f'"""{safe}"""'


def _inside_quotes(character: str) -> str:
    plain = character == "\n" or character.isprintable()
    return character if plain and character != "\\" else ascii(character)[1:-1]


def constant(value: ConstantArray, backend: str) -> str:
    """The expression that makes a constant."""
    if value.dtype == "text":
        texts = ", ".join(map(literal, value.values))
        comma = "," * (len(value.values) == 1)
        return f"[{texts}]" if backend == "torch" else f"({texts}{comma})"
    kind = dtype(backend, value.dtype)
    if backend == "torch":
        numbers = f"torch.tensor({_numbers(value)}, dtype={kind})"
    elif not value.shape:
        return f"{kind}({value.values[0]!r})"
    else:
        numbers = f"np.array({_numbers(value)}, {kind})"
    if len(value.shape) > 1:
        numbers += f".reshape({', '.join(map(str, value.shape))})"
    return numbers


def _numbers(value: ConstantArray) -> str:
    if not value.shape:
        return repr(value.values[0])
    return f"[{', '.join(map(repr, value.values))}]"


def imports(lines: Iterable[str]) -> str:
    """Import lines in isort's order: the standard library, libraries, then what lies beside the
    module; names of one module together."""
    lines = list(lines)
    plain = sorted({line for line in lines if line.startswith("import ")})
    names: dict[str, set[str]] = {}
    renamed = sorted({line for line in lines if " as _" in line})  # each has a line of its own
    for line in lines:
        if line.startswith("from ") and line not in renamed:
            module, _, listed = line.removeprefix("from ").partition(" import ")
            names.setdefault(module, set()).update(listed.split(", "))
    joined = [f"from {module} import {', '.join(sorted(n))}" for module, n in sorted(names.items())]
    library = ("import numpy", "import cv2", "import torch", "from torch")
    beside = ("from procdsl_kernels", "from .")
    groups: tuple[list[str], list[str], list[str]] = ([], [], [])
    for line in [*plain, *joined, *renamed]:
        groups[2 if line.startswith(beside) else line.startswith(library)].append(line)
    return "\n\n".join("\n".join(group) for group in groups if group)


def _joined(parts: Iterable[str]) -> str:
    return "\n\n\n".join(parts) + "\n"


_laid_out = lru_cache(maxsize=4096)(laid_out)


@lru_cache(maxsize=512)
def _parts(text: str) -> tuple[str, ...]:
    """Statements cut before and behind each function and class, where two lines are left empty."""
    return tuple(_cut(text))


def _cut(text: str) -> Iterator[str]:
    lines = text.split("\n")
    start = 0
    for node in parsed(text).body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
        while first > start and lines[first - 1].startswith("#"):
            first -= 1
        for low, high in ((start, first), (first, node.end_lineno)):
            part = "\n".join(lines[low:high]).strip("\n")
            if part:
                yield part
        start = node.end_lineno or first
    rest = "\n".join(lines[start:]).strip("\n")
    if rest:
        yield rest
