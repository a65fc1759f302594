"""Compiled templates are kept in the user's cache folder, and nothing depends on it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from command_line import GOOD

COMPILE = [sys.executable, "-m", "procdsl", "compile", "small.proc", "--target", "numpy"]


def written(folder: Path, cache: Path) -> str:
    """The module that a process of its own writes with this cache."""
    folder.mkdir()
    (folder / "small.proc").write_text(GOOD)
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    done = subprocess.run(COMPILE, cwd=folder, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return (folder / "small_numpy.py").read_text()


def test_the_same_module_with_and_without(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = written(tmp_path / "first", cache)
    kept = sorted((cache / "procdsl").glob("templates-*"))
    assert len(kept) > 5
    assert written(tmp_path / "again", cache) == first
    for path in kept:
        path.write_bytes(path.read_bytes()[:-20])
    assert written(tmp_path / "damaged", cache) == first
    (tmp_path / "file").write_text("no folder")
    assert written(tmp_path / "none", tmp_path / "file") == first
