"""Opens files to read them: regular files alone.

A FIFO would be waited for, and a device may never end.
"""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

from procdsl.workspace.errors import Misuse

_KINDS = {
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


def special(found: os.stat_result) -> str:
    """What stands somewhere that is no regular file; empty of one."""
    return _KINDS.get(stat.S_IFMT(found.st_mode), "")


def read(path: str, most: int = -1) -> bytes:
    """The bytes of a file, at most so many; a `Misuse` names one that is not there or no file."""
    with opened(path) as file:
        try:
            return file.read(most)
        except OSError as error:
            raise Misuse(f"{path} cannot be read: {error.strerror}") from None


def opened(path: str) -> BinaryIO:
    """A regular file, opened to be read."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
    except FileNotFoundError:
        raise Misuse(f"{path} does not exist") from None
    except ValueError:  # a NUL in it
        raise Misuse(f"{path!r} is no path") from None
    except OSError as error:
        kind = _kind(path)
        why = f"is {kind}, not a file" if kind else f"cannot be read: {error.strerror}"
        raise Misuse(f"{path} {why}") from None
    kind = special(os.fstat(handle))
    if kind:
        os.close(handle)
        raise Misuse(f"{path} is {kind}, not a file")
    return os.fdopen(handle, "rb")


_BINARY = getattr(os, "O_BINARY", 0)  # of Windows


def _kind(path: str) -> str:
    """What a path is that is no regular file; empty of what is one, or is not there."""
    try:
        return special(os.stat(path))
    except (OSError, ValueError):
        return ""
