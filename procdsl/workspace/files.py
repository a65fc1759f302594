"""Writes what was made: all of it or none, and never over what is not ours."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from procdsl.workspace import written
from procdsl.workspace.errors import Misuse
from procdsl.workspace.staging import Staged


def write_output(text: str) -> None:
    """A text on the standard output, in UTF-8 and with its own line ends."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def put(path: Path, data: bytes) -> None:
    """Write a file at once; in the place of an old one its mode stays, and a link to it a link."""
    written.refuse_special(path)
    target = Path(os.path.realpath(path))
    with Staged() as staged:
        staged.add(target, [data])
        staged.move()


def write_all(
    files: Mapping[Path, str | bytes], force: bool = False, given: Collection[str] = ()
) -> None:
    """Write all files or none: each is staged beside its place, then all are moved there.

    With `force` also over what procdsl did not write, but never over a file that was `given`.
    """
    for path, content in files.items():
        refuse_given(path, content, given)
        check_target(path, content, force)
    with Staged() as staged:
        for path, content in files.items():
            staged.make(path.parent)
            staged.add(path, [_data(content)])
        staged.move()


def refuse_given(path: Path, content: str | bytes, given: Collection[str]) -> None:
    """Refuse to write over a file that something is made of, unless that changes nothing."""
    for other in given:
        if same(path, other) and path.read_bytes() != _data(content):
            raise Misuse(f"{path} is {other}, which is read: choose another folder with -o")


def same(path: Path, other: str) -> bool:
    """Whether two paths are of one file that exists."""
    try:
        return path.samefile(other)
    except OSError:
        return False


def _data(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def check_target(target: Path, content: str | bytes, force: bool = False) -> None:
    """Refuse to replace what procdsl did not write, wrote from another source, or what was changed
    since."""
    data = _data(content)
    if not _is_there(target, force) or target.read_bytes() == data or force:
        return
    found, new = written.written(target), written.of_data(data)
    if found is None:
        raise Misuse(
            f"{target} was not written by procdsl: move it away first, or --force replaces it"
        )
    before, now = found.made_from, new.made_from if new else ""
    if before != now:
        raise Misuse(
            f"{target} was made from {before}, and now from {now}: rename one of the pipelines, or "
            f"choose another folder with -o; where {before} was renamed, --force replaces it"
        )
    if written.changed(target):
        raise Misuse(f"{target} was changed since procdsl wrote it: --force replaces it")


def check_result(path: Path, ours: Callable[[bytes], bool], force: bool = False) -> None:
    """Refuse to replace a file that does not hold what is to be written there: such as `ours`."""
    if not _is_there(path, force) or force:
        return
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Misuse(f"{path} cannot be read: {error.strerror}") from None
    if not ours(data):
        raise Misuse(
            f"{path} was not written by procdsl: move it away first, or --force replaces it"
        )


def _is_there(path: Path, force: bool) -> bool:
    """Whether there is a file, which must be one of its own."""
    written.refuse_special(path)
    if path.is_symlink() and not force:
        raise Misuse(
            f"{path} is a link to {os.readlink(path)}: give that file, or --force replaces the link"
        )
    return path.exists()


def stale(files: Mapping[Path, str | bytes]) -> list[Path]:
    """The files that are missing or hold something else."""
    data = {path: _data(content) for path, content in files.items()}
    return [path for path in data if not path.is_file() or path.read_bytes() != data[path]]
