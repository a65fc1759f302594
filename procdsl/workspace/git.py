"""Where a source stands in its git repository."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from procdsl.workspace.errors import Misuse


def provenance(path: Path) -> dict[str, object]:
    """The commit that is checked out, and whether the source differs from it."""
    commit = _git(path, "rev-parse", "HEAD")
    dirty = _git(path, "status", "--porcelain", "--", path.name) != ""
    return {"commit": commit, "dirty": dirty}


def commit_if_any(path: Path) -> dict[str, object]:
    """The same of a source that may be in no git repository; then nothing is known."""
    try:
        return provenance(path)
    except Misuse:
        return {}


def _git(path: Path, *arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        raise Misuse("--provenance needs git, which is not on the PATH")
    done = subprocess.run(  # noqa: S603 - git itself, with our own arguments
        [git, "-C", str(path.parent), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()
        raise Misuse(f"--provenance: {path} is in no git commit ({reason[0] if reason else 'git'})")
    return done.stdout.strip()
