"""Asks git, which reads and never writes, fetches or asks back."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from procdsl.workspace.errors import Misuse

_SECONDS = 60
_QUIET = {
    "GIT_LITERAL_PATHSPECS": "1",  # a path is a path, whatever is in it
    "GIT_NO_LAZY_FETCH": "1",  # what is not here is not fetched
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git sets for its hooks: another repository than the one round a file, or another place."""


class GitRefuses(Exception):
    """Why git does not do what it was asked for: the first line that it says."""


def provenance(path: Path) -> dict[str, object]:
    """The commit that is checked out, and whether the source differs from it."""
    try:
        commit = said(path.parent, "rev-parse", "HEAD")
        dirty = said(path.parent, "status", "--porcelain", "--", path.name) != ""
    except GitRefuses as error:
        raise Misuse(f"--provenance: {path} is in no git commit ({error})") from None
    return {"commit": commit, "dirty": dirty}


def commit_if_any(path: Path) -> dict[str, object]:
    """The same of a source that may be in no git repository; then nothing is known."""
    try:
        return provenance(path)
    except Misuse:
        return {}


def said(folder: Path, *arguments: str) -> str:
    """What a command of git prints in a folder."""
    return os.fsdecode(data(folder, *arguments)).strip()


def data(folder: Path, *arguments: str) -> bytes:
    """The same as bytes."""
    git = shutil.which("git")
    if git is None:
        raise Misuse("git is needed, and is not on the PATH")
    try:
        done = subprocess.run(  # noqa: S603 - git itself, with a list of arguments
            [git, "-C", str(folder), *arguments],
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        raise GitRefuses(f"no answer in {_SECONDS} seconds") from None
    if done.returncode:
        lines = os.fsdecode(done.stderr).strip().splitlines()
        raise GitRefuses(lines[0] if lines else "git")
    return done.stdout


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    return {**kept, **_QUIET}
