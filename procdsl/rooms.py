"""Rooms: folders whose modules are found by their names. To add one is to add its file."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from types import ModuleType

_PACKAGE = Path(__file__).parent


@cache
def names(folder: str) -> tuple[str, ...]:
    """The modules of a folder, in the order of the alphabet; those with a `_` are not rooms."""
    return tuple(sorted(file.stem for file in (_PACKAGE / folder).glob("[a-z]*.py")))


@cache
def dotted(folder: str) -> tuple[str, ...]:
    """The same as the language writes them: `cv2_linear` is `cv2.linear`."""
    return tuple(sorted(name.replace("_", ".", 1) for name in names(folder)))


def file_of(name: str) -> str:
    """The module of a room that the language writes with a dot."""
    return name.replace(".", "_", 1)


def module(folder: str, name: str) -> ModuleType:
    return importlib.import_module(f"procdsl.{folder}.{file_of(name)}")


def page(folder: str, name: str) -> str:
    """The documentation of a room."""
    return (module(folder, name).__doc__ or "").strip()
