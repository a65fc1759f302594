"""Finds ops, samplers and colours by the names of their files: to add one is to add its file."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

_PACKAGE = Path(__file__).parent


@cache
def modules(folder: str) -> Mapping[str, str]:
    """The modules in a folder and its families, by name in the order of the alphabet.

    A file whose name begins with `_` is shared by those beside it and not found here.
    """
    files = {file.stem: file for file in (_PACKAGE / folder).rglob("[a-z]*.py")}
    places = {name: file.relative_to(_PACKAGE).with_suffix("") for name, file in files.items()}
    return {name: ".".join(("procdsl", *places[name].parts)) for name in sorted(places)}


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
    return (module(folder, name).__doc__ or "").strip()
