"""Texts that take long to make, kept between processes in the user's cache folder.

A text is kept under the hash of its key, in a file that is written beside and then put in its
place, with a hash of both: what is damaged, or lies there under another's name, is made again.
Where nothing can be read or written, everything is made each time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256

from procdsl import assets

MOST = 4096
"""How many texts are kept, each of some 500 characters; of more, the older half is dropped."""


def kept(key: str, make: Callable[[], str]) -> str:
    """The text that is kept for a key; where there is none, it is made and kept.

    The key says all that the text is made of.
    """
    folder = _with_room(assets.cache_folder())
    if not folder:
        return make()
    path = os.path.join(folder, _hash(key))
    found = _read(path, key)
    if found is None:
        found = make()
        _write(path, f"{_hash(key, found)}\n{found}")
    return found


def _hash(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()


@cache
def _with_room(home: str) -> str:
    """The folder of texts in procdsl's, with room in it; empty where there is none."""
    if not home:
        return ""
    folder = os.path.join(home, "kept")
    with suppress(OSError):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        _drop_old(folder)
        return folder
    return ""


def _drop_old(folder: str) -> None:
    if len(os.listdir(folder)) > MOST:
        written = sorted(_written(folder))
        for _, path in written[: len(written) // 2]:
            with suppress(OSError):  # another process drops it, too
                os.unlink(path)


def _written(folder: str) -> Iterator[tuple[float, str]]:
    """When each file was written."""
    for entry in os.scandir(folder):
        with suppress(OSError):
            yield entry.stat(follow_symlinks=False).st_mtime, entry.path


def _read(path: str, key: str) -> str | None:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            seal, _, text = file.read().partition("\n")
    except (OSError, ValueError):
        return None
    return text if seal == _hash(key, text) else None


def _write(path: str, content: str) -> None:
    beside = f"{path}.{os.getpid()}.{threading.get_ident()}"
    with suppress(OSError):  # such as a disk that is full: it is made again then
        try:
            with open(beside, "x", encoding="utf-8", newline="") as file:
                file.write(content)
            os.replace(beside, path)
        except OSError:
            os.unlink(beside)
            raise
