"""Finds the sources of externs as Python would import them, and runs none of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from procdsl.checker.externs import CannotFind
from procdsl.source import Source
from procdsl.workspace import reading
from procdsl.workspace.errors import Misuse
from procdsl.workspace.sources import root_of

if TYPE_CHECKING:
    import ast


def find(user: Source, module: str, function: str) -> str:
    """SHA-256 of the file of a module, with line ends as \\n; it must define the function."""
    return find_near(module, function, folders(Path(user.name).parent))


def find_near(module: str, function: str, near: Sequence[Path] = ()) -> str:
    """The same of a module in one of the folders that are near, or else on Python's path."""
    path = _file_of(module, near)
    try:
        data = reading.read(str(path))
    except Misuse as error:
        raise CannotFind(str(error), of_module=True) from None
    return digest(data, function, module, path)


def digest(data: bytes, function: str, module: str, path: Path) -> str:
    """SHA-256 of the data of a module's file, which must define the function."""
    contents = _contents(data, path)
    if function in contents.imported:
        node, name = contents.imported[function]
        raise CannotFind(
            f"`{function}` is imported into {path}, which does not define it",
            meant=f"{_imported_from(node, module, path)}:{name}",
        )
    if function not in contents.defined:
        from procdsl.diagnostics.suggest import nearest

        near = nearest(function, contents.defined)
        raise CannotFind(
            f"{path} defines no function `{function}`", meant=f"{module}:{near}" if near else ""
        )
    return contents.sha256


def folders(beside: Path) -> list[Path]:
    """Where externs of a file in this folder are looked for, before Python's path."""
    return list(dict.fromkeys((beside.resolve(), Path(root_of(str(beside))).resolve())))


def _file_of(module: str, near: Sequence[Path]) -> Path:
    """The source of a module, in one of these folders or on Python's path, package by package."""
    searched: Sequence[Path] = [*near, *map(Path, sys.path)]
    words = module.split(".")
    for i in range(len(words)):
        name = ".".join(words[: i + 1])
        origin, inside = _look(name, searched)
        if origin is None and not inside:
            places = f"in {', '.join(map(str, near))} or on" if near else "on"
            raise CannotFind(f"no module `{name}` {places} Python's path", of_module=True)
        searched = inside
    if origin is None or origin.suffix != ".py":
        what = f"is {origin}" if origin else "is a folder without `__init__.py`"
        raise CannotFind(f"`{module}` {what}, and no Python source", of_module=True)
    return origin


def _look(name: str, places: Sequence[Path]) -> tuple[Path | None, list[Path]]:
    """The file of a module, and the folders of its parts; a folder without a file comes last."""
    from importlib import machinery

    loaders = (
        (machinery.ExtensionFileLoader, machinery.EXTENSION_SUFFIXES),
        (machinery.SourceFileLoader, machinery.SOURCE_SUFFIXES),
        (machinery.SourcelessFileLoader, machinery.BYTECODE_SUFFIXES),
    )
    portions: list[Path] = []
    for place in places:
        spec = machinery.FileFinder(str(place), *loaders).find_spec(name)
        inside = [Path(p) for p in spec.submodule_search_locations or ()] if spec else []
        if spec and spec.origin:
            return Path(spec.origin), inside
        portions += inside
    return None, portions


class _Contents(NamedTuple):
    sha256: str
    defined: frozenset[str]
    imported: Mapping[str, tuple[ast.ImportFrom, str]]
    """The names that it takes of other modules: the line of each, and its name there."""


@lru_cache(maxsize=8)
def _contents(data: bytes, path: Path) -> _Contents:
    """What a module's file defines; one that only imports a function says nothing of it by its
    hash. Many externs may be of one file."""
    import ast
    import hashlib
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the file's own, such as an odd escape
            body = ast.parse(data).body
    except (SyntaxError, ValueError, RecursionError) as error:
        why = f"{path} is no Python that can be read: {error}"
        raise CannotFind(why, of_module=True) from None
    defined: set[str] = set()
    imported: dict[str, tuple[ast.ImportFrom, str]] = {}
    for node in _statements(body):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            defined |= {target.id for target in targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                imported.setdefault(alias.asname or alias.name, (node, alias.name))
    sha256 = hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()
    return _Contents(sha256, frozenset(defined), imported)


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the module is imported, those of its branches too."""
    import ast

    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            yield from _statements(node.body)
        if isinstance(node, ast.If | ast.Try):
            yield from _statements(node.orelse)
        if isinstance(node, ast.Try):
            for handler in node.handlers:
                yield from _statements(handler.body)


def _imported_from(node: ast.ImportFrom, module: str, path: Path) -> str:
    """The full name of the module that a line `from ... import` names."""
    words = module.split(".")
    up = node.level - (path.name == "__init__.py")
    base = words[: len(words) - up] if node.level else []
    return ".".join([*base, *([node.module] if node.module else [])])
