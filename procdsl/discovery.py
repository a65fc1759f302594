"""Finds ops, samplers, colours and kinds by their files: to add one is to add its file."""

from __future__ import annotations

import ast
import importlib
import os
from collections.abc import Mapping
from functools import cache
from types import ModuleType

_PACKAGE = os.path.dirname(__file__)


@cache
def modules(folder: str) -> Mapping[str, str]:
    """The modules in a folder and its families, by name in the order of the alphabet.

    A file whose name begins with `_` is shared by those beside it and not found here.
    """
    found: dict[str, str] = {}
    for place, _, files in os.walk(os.path.join(_PACKAGE, folder)):
        package = os.path.relpath(place, os.path.dirname(_PACKAGE)).replace(os.sep, ".")
        names = [file.removesuffix(".py") for file in files if file.endswith(".py")]
        found |= {name: f"{package}.{name}" for name in names if not name.startswith("_")}
    return {name: found[name] for name in sorted(found)}


@cache
def dotted(folder: str) -> tuple[str, ...]:
    """Their names as the language writes them: `cv2_linear` is `cv2.linear`."""
    return tuple(sorted(name.replace("_", ".", 1) for name in modules(folder)))


def file_of(name: str) -> str:
    """The module's name of one that the language writes with a dot."""
    return name.replace(".", "_", 1)


def module(folder: str, name: str) -> ModuleType:
    """The module of this name."""
    return importlib.import_module(modules(folder)[file_of(name)])


def page(folder: str, name: str) -> str:
    """Its documentation."""
    return documentation(modules(folder)[file_of(name)])


def documentation(module: str) -> str:
    """What a module's file begins with: with `python -OO` the module has none of it itself."""
    path = os.path.join(os.path.dirname(_PACKAGE), *module.split(".")) + ".py"
    with open(path, encoding="utf-8") as file:
        return (ast.get_docstring(ast.parse(file.read()), clean=False) or "").strip()
