"""The kernels: real Python files that are copied into the modules that use them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TypeGuard

from procdsl import assets, imagefile
from procdsl.codegen.python.parsed import walk
from procdsl.records import dataclass

SIDES = {"numpy": ("numpy",), "cv2": ("cv2", "numpy"), "torch": ("torch",)}
"""The endings of the files that each backend takes, as in `resize/cv2_linear_torch.py`. A file
without an ending is for all backends."""

_ENDINGS = (*SIDES, "onnx")
"""Those of graphs' files are no Python of a module."""

_KERNELS = ("kernels.", "procdsl.imagefile.")
"""Where kernels are imported from."""

_DEFINED = re.compile(r"^(?:class|def) (\w+)", re.MULTILINE)


SUBJECTS = {
    "checks": "Arguments and self_check",
    "graphs": "Graphs: sizes that are open, and the guard of a trace",
    "runtime": "Batches, memory and what runs on the host",
    "imagefile": "Image files",
    "geometry": "Where a step puts its picture",
    "resize": "Samplers",
    "pixels": "Borders, crops, planes and frames",
    "levels": "Look-ups of levels of uint8",
    "colour": "Colours",
    "values": "Values",
    "scores": "Scores",
    "boxes": "Boxes",
    "tiles": "Tiles",
    "model_files": "Manifests in model files",
}
"""Folders of kernels in the order in which modules have them, and their titles there. Others follow
in the order of the alphabet, and are called as their folder is."""


@dataclass(frozen=True)
class Kernel:
    """One file: what it defines, what it imports, which other kernels it needs.

    In a module its names begin with an underscore: they are no part of what a user calls.
    """

    file: str
    """`resize/cv2_linear_numpy`"""
    subject: str
    defines: tuple[str, ...]
    imports: tuple[tuple[str, str], ...]
    """What it imports: each name, and the line for it."""
    needs: tuple[str, ...]
    plain: str
    """The text as it stands in the file, without its imports."""
    body: str
    """The text as it stands in a module of its own."""

    @property
    def is_type(self) -> bool:
        """Whether the file is a class, which signatures name."""
        return "\nclass " in f"\n{self.body}"


class Library(Mapping[str, Kernel]):
    """The kernels of a backend by each name that they define; a file is parsed when it is used."""

    def __init__(self, homes: Mapping[str, Path]) -> None:
        self._homes = homes

    def __getitem__(self, name: str) -> Kernel:
        return _read(self._homes[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)


@cache
def library(backend: str) -> Library:
    """Each name that a kernel of the backend defines, with its file."""
    found: dict[str, Path] = {}
    for side in (*SIDES[backend], ""):
        for path, defined in _files().items():
            if side_of(path) != side:
                continue
            for name in defined:
                if name in found:
                    raise ValueError(f"two kernels for {backend} define `{name}`: {path}")
                found[name] = path
    return Library(found)


@cache
def _files() -> Mapping[Path, Sequence[str]]:
    """Every file of kernels but those of graphs, and the names that it defines.

    Those that read image files are procdsl's own, too.
    """
    own = Path(imagefile.__path__[0]).glob("[!_]*.py")
    files = sorted([*(Path(assets.folder("templates")) / "kernels").glob("*/*.py"), *own])
    return {path: _DEFINED.findall(_text(path)) for path in files if side_of(path) != "onnx"}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def by_subject(kernels: Sequence[Kernel]) -> list[tuple[str, list[str]]]:
    """The texts of kernels by subject, with its title; types before what is declared with them."""
    types = [kernel.body for kernel in kernels if kernel.is_type]
    groups = [("Types of the helpers", types)] if types else []
    functions = sorted((k for k in kernels if not k.is_type), key=lambda k: _place(k.subject))
    for subject, found in groupby(functions, key=lambda k: k.subject):
        title = SUBJECTS.get(subject, subject.replace("_", " ").capitalize())
        groups.append((title, [kernel.body for kernel in found]))
    return groups


def titled(kernels: Sequence[Kernel]) -> Iterator[str]:
    """The texts of kernels by subject, behind their titles as comments."""
    for title, texts in by_subject(kernels):
        yield f"# {title}"
        yield from texts


def _place(subject: str) -> tuple[int, str]:
    """Where a module has the kernels of a folder."""
    known = list(SUBJECTS)
    return known.index(subject) if subject in known else len(known), subject


def side_of(path: Path) -> str:
    """The library that a kernel is written for; empty where it needs none."""
    return _side(path.stem)


def _side(file: str) -> str:
    ending = file.rpartition("_")[2]
    return ending if ending in _ENDINGS else ""


@cache
def names() -> frozenset[str]:
    """Every name that a kernel has in a module."""
    return frozenset(f"_{name}" for target in SIDES for name in library(target))


@cache
def _read(path: Path) -> Kernel:
    text = _text(path)
    tree = ast.parse(text)
    imports: list[tuple[str, str]] = []
    defines, rest = [], []
    needed: list[tuple[str, str, list[str]]] = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_KERNELS):
            file = (node.module or "").rpartition(".")[2]
            needed.append((_side(file), file, [alias.name for alias in node.names]))
        elif isinstance(node, ast.ImportFrom) and node.module == "__future__":
            continue
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imports += _imports(node)
        elif not isinstance(node, ast.Expr):  # of procdsl's own the page
            rest.append(node)
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                defines.append(node.name)
    needs = tuple(name for *_, names in sorted(needed) for name in names)
    first = rest[0]
    decorators = first.decorator_list if isinstance(first, ast.FunctionDef | ast.ClassDef) else []
    start = min([first.lineno, *(decorator.lineno for decorator in decorators)])
    underscored = _underscored(text, tree, {*defines, *needs})
    plain, body = ("\n".join(t.splitlines()[start - 1 :]) for t in (text, underscored))
    file, subject = f"{path.parent.name}/{path.stem}", path.parent.name
    return Kernel(file, subject, tuple(defines), tuple(imports), needs, plain, body)


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    source = "" if isinstance(node, ast.Import) else f"from {node.module} "
    for alias in node.names:
        renamed = f" as {alias.asname}" if alias.asname else ""
        yield alias.asname or alias.name, f"{source}import {alias.name}{renamed}"


def _underscored(text: str, tree: ast.Module, names: set[str]) -> str:
    """The text with an underscore before each use of these names."""
    lines = text.split("\n")
    places = []
    nodes = walk(tree)
    quoted = {id(inner) for a in _annotations(nodes) for inner in walk(a)}
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in names:
            places.append((node.lineno - 1, node.col_offset))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in names:
            word = "def " if isinstance(node, ast.FunctionDef) else "class "
            places.append((node.lineno - 1, node.col_offset + len(word)))
        elif id(node) in quoted and _is_quoted(node, names):
            places.append((node.lineno - 1, node.col_offset + 1))
    for line, column in sorted(places, reverse=True):
        lines[line] = f"{lines[line][:column]}_{lines[line][column:]}"
    return "\n".join(lines)


def _annotations(nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    for node in nodes:
        if isinstance(node, ast.arg | ast.AnnAssign | ast.FunctionDef):
            written = node.returns if isinstance(node, ast.FunctionDef) else node.annotation
            if written is not None:
                yield written


def _is_quoted(node: ast.AST, names: set[str]) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and str(node.value).removesuffix(" | None") in names
