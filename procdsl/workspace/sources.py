"""Reads sources: what a command is given, and what files `use`."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Sequence

from procdsl import limits
from procdsl.checker.uses import CannotUse
from procdsl.source import Source
from procdsl.workspace import reading
from procdsl.workspace.errors import Misuse

MOST = 4 * limits.FILE_CHARACTERS + 1
"""How many bytes of a source are read: more than its characters may take."""


STREAM = "-"
"""What stands for the standard input where a file is given."""


def read_sources(paths: Sequence[str]) -> tuple[list[Source], list[Misuse]]:
    """`.proc` files, or the standard input; and why some of them cannot be read."""
    if STREAM in paths and len(paths) > 1:
        raise Misuse("`-` stands for the standard input and is given alone")
    found, unread = [], []
    for path in paths:
        try:
            found.append(read_input() if path == STREAM else read_source(path))
        except Misuse as error:
            unread.append(error)
    return found, unread


def read_source(path: str) -> Source:
    """A `.proc` file."""
    if path == STREAM:
        raise Misuse(
            "`-`, the standard input, is for `check` and `fmt`: give a file here, since what is "
            "made of it names it"
        )
    return Source(os.path.normpath(path), text(path or "."))


def is_source(path: str) -> bool:
    """Whether it is called as sources are; what is not may be a manifest or a model, too."""
    return path in (STREAM, "") or path.endswith(".proc")


def read_input() -> Source:
    """What the standard input gives."""
    return Source("<stdin>", decoded("<stdin>", sys.stdin.buffer.read(MOST)))


def load(user: Source, path: str) -> Source:
    """The file that a source `use`s: beside it or elsewhere within the project's root."""
    if "\0" in path or not _encodable(path):
        raise CannotUse(f"{path!r} is no path")
    beside = os.path.dirname(user.name)
    root = root_of(beside)
    wanted = os.path.join(beside, path)
    inside = os.path.join(os.path.realpath(root), "")
    if os.path.isabs(path) or not os.path.realpath(wanted).startswith(inside):
        raise CannotUse(f"`{path}` lies outside the project's folder {root}")
    try:
        return Source(os.path.normpath(wanted), text(wanted), title=path)
    except Misuse as error:
        raise CannotUse(str(error)) from None


def _encodable(path: str) -> bool:
    """Whether the names of files on this system can be so: in a locale of C they are ASCII."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def is_manifest(text: str) -> bool:
    """Whether a file's text is that of a manifest; no source begins so."""
    return text.lstrip()[:1] == "{"


def root_of(folder: str) -> str:
    """The nearest folder above that holds a project, or the folder itself."""
    parent, above = "", os.path.realpath(folder)
    while parent != above:
        parent, above = above, os.path.dirname(above)
        if any(os.path.exists(os.path.join(parent, mark)) for mark in ("pyproject.toml", ".git")):
            return parent
    return folder or "."


def text(path: str) -> str:
    """The text of a file that is in UTF-8, at most so much of it as a source may hold."""
    return decoded(path, reading.read(path, MOST))


def decoded(name: str, data: bytes) -> str:
    """The text of data in UTF-8, with \\n at line ends; errors call it `name`."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Misuse(f"{name} is not UTF-8: byte {data[error.start]:#04x} in line {line}") from None
