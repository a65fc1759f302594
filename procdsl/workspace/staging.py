"""New files beside their places, moved there together: on the disk first, and gone if they fail."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from procdsl.workspace.errors import Misuse

_STRAY = re.compile(r"\.procdsl-([0-9a-f]{8})-([0-9]+)-\w+\.tmp")
_DAY = 24 * 60 * 60.0
_mine: set[str] = set()
"""What this process has staged: its number may be that of one which was killed."""


class Staged:
    """Files that are written as a whole or not at all.

    A kill leaves each place with its old file or its new one. What it leaves beside them the next
    one who stages in the folder takes away.
    """

    def __init__(self) -> None:
        self._new: dict[Path, Path] = {}
        self._old: dict[Path, Path] = {}
        self._made: list[Path] = []
        self._swept: set[Path] = set()

    def __enter__(self) -> Staged:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        for path in (*self._new.values(), *self._old.values()):
            with suppress(OSError):
                path.unlink()
            _mine.discard(path.name)
        if error is not None:
            for folder in reversed(self._made):
                with suppress(OSError):  # one that is not empty stays
                    folder.rmdir()

    def make(self, folder: Path) -> None:
        """Make a folder, and those above it, which stay if all goes well."""
        missing, above = [], folder
        try:
            while not above.exists():
                missing.append(above)
                above = above.parent
            for path in reversed(missing):
                path.mkdir(exist_ok=True)
                self._made.append(path)
            os.stat(os.path.join(folder, ""))  # which fails where it is a file
        except OSError as error:
            raise _cannot(folder, error) from None

    def add(self, target: Path, parts: Iterable[bytes]) -> Path:
        """Stage what is to be written to a place; the result is where it lies until then.

        In the place of an old file its mode stays.
        """
        try:
            self._sweep(target.parent)
            staged = self._new[target] = _temporary(target.parent)
            with staged.open("wb") as file:
                for part in parts:
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            staged.chmod(_mode(target))
        except OSError as error:
            raise _cannot(target, error) from None
        return staged

    def move(self) -> None:
        """Move all to their places; where one fails, those before it are put back."""
        moved: list[Path] = []
        target = Path()
        try:
            for target in self._new:
                if target.exists():
                    self._keep(target)
            for target, staged in self._new.items():
                os.replace(staged, target)
                moved.append(target)
            for folder in {target.parent for target in moved}:
                _sync(folder)
        except BaseException as error:
            for place in moved:
                old = self._old.get(place)
                with suppress(OSError):
                    place.unlink() if old is None else os.replace(old, place)
            if isinstance(error, OSError):
                raise _cannot(target, error) from None
            raise

    def _keep(self, target: Path) -> None:
        """The old file under a name of its own, until all are moved."""
        kept = self._old[target] = _temporary(target.parent)
        kept.unlink()
        try:
            os.link(target, kept)
        except OSError:  # not every file system has a second name for a file
            shutil.copy2(target, kept)

    def _sweep(self, folder: Path) -> None:
        """Take away what processes that were killed have left."""
        if folder in self._swept:
            return
        self._swept.add(folder)
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                found = _STRAY.fullmatch(entry.name)
                if found and entry.is_file(follow_symlinks=False) and _left(entry, found):
                    with suppress(OSError):
                        os.unlink(entry.path)


def write(target: Path, data: bytes) -> None:
    """Write one file as a whole, with no question whose the old one was."""
    with Staged() as staged:
        staged.add(target, [data])
        staged.move()


def _cannot(target: Path, error: OSError) -> Misuse:
    return Misuse(f"{target} cannot be written: {error.strerror or error}")


def _temporary(folder: Path) -> Path:
    """A new empty file. Its name is short, however long that of its place is."""
    handle, name = tempfile.mkstemp(".tmp", f".procdsl-{_node()}-{os.getpid()}-", folder)
    os.close(handle)
    path = Path(name)
    _mine.add(path.name)
    return path


def _node() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _mode(target: Path) -> int:
    """The mode of the old file, or the usual one."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def _left(entry: os.DirEntry[str], found: re.Match[str]) -> bool:
    """Whether nobody is to move a staged file any more: its process is gone, or it is a day old.

    Of a process on another machine, in a folder that is shared, nothing else is known.
    """
    if entry.stat(follow_symlinks=False).st_mtime < time.time() - _DAY:
        return True
    if found[1] != _node() or os.name != "posix":
        return False
    if int(found[2]) == os.getpid():
        return entry.name not in _mine
    try:
        os.kill(int(found[2]), 0)  # no signal: it asks whether there is such a process
    except (OverflowError, ProcessLookupError):
        return True
    except OSError:
        return False
    return False


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can."""
    if os.name != "posix":
        return
    with suppress(OSError):  # some file systems cannot
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
