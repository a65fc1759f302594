"""What is kept in the user's cache folder, and that nothing depends on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from command_line import GOOD

from procdsl import kept
from procdsl.codegen.python import laid_out

COMPILE = [sys.executable, "-X", "importtime", "-m", "procdsl", "compile", "small.proc"]


def written(folder: Path, cache: Path) -> tuple[str, bool]:
    """The module that a process of its own writes with this cache, and whether it asks black."""
    folder.mkdir()
    (folder / "small.proc").write_text(GOOD)
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    words = [*COMPILE, "--target", "numpy"]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)
    told = [line for line in done.stderr.splitlines() if not line.startswith("import time:")]
    assert (done.returncode, told) == (0, [])
    asked = any(line.split()[-1] == "black" for line in done.stderr.splitlines())
    return (folder / "small_numpy.py").read_text(), asked


def test_the_same_module_with_and_without(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first, asked = written(tmp_path / "first", cache)
    assert asked
    templates = sorted((cache / "procdsl").glob("templates-*"))
    texts = sorted((cache / "procdsl" / "kept").iterdir())
    assert min(len(templates), len(texts)) > 5
    assert written(tmp_path / "again", cache) == (first, False)
    for path in (*templates, *texts):
        path.write_bytes(path.read_bytes()[:-20])
    assert written(tmp_path / "damaged", cache) == (first, True)
    (tmp_path / "file").write_text("no folder")
    assert written(tmp_path / "none", tmp_path / "file") == (first, True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where texts are kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "procdsl" / "kept"


class Made:
    """Makes a text, and counts how often."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        return self.text


TEXT = 'a = "é\\r"\n\r\n\0\n'


def test_a_text_is_made_once(folder: Path) -> None:
    made = Made(TEXT)
    assert {kept.kept("key", made) for _ in range(3)} == {TEXT}
    assert made.times == 1
    other = Made("other")
    assert kept.kept("another key", other) == kept.kept("another key", other) == "other"
    assert [path.stat().st_mode & 0o77 for path in (folder, folder.parent)] == [0, 0]
    assert len(list(folder.iterdir())) == 2


def swapped(path: Path) -> None:
    kept.kept("another key", Made("other"))
    (other,) = (p for p in path.parent.iterdir() if p != path)
    other.replace(path)


def in_the_way(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "empty": lambda path: path.write_bytes(b""),
    "changed": lambda path: path.write_bytes(path.read_bytes().replace(b"a", b"b")),
    "no text": lambda path: path.write_bytes(b"\xff" * 90),
    "another's": swapped,
    "a folder": in_the_way,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=list(DAMAGE))
def test_what_is_damaged_is_made_again(damage: Callable[[Path], object], folder: Path) -> None:
    assert kept.kept("key", Made(TEXT)) == TEXT
    (path,) = folder.iterdir()
    damage(path)
    made = Made(TEXT)
    assert kept.kept("key", made) == kept.kept("key", made) == TEXT
    assert made.times == 1 + path.is_dir()
    assert list(folder.iterdir()) == [path]


def test_where_nothing_can_be_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept.kept("first", Made("1")) == "1"

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    made = Made(TEXT)
    assert kept.kept("key", made) == kept.kept("key", made) == TEXT
    assert made.times == 2
    assert len(list(folder.iterdir())) == 1
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert kept.kept("first", Made("2")) == "2"


def test_the_older_half_is_dropped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for k in range(9):
        kept.kept(f"{k}", Made(f"text {k}"))
        for path in folder.iterdir():
            if path.read_text().endswith(f"text {k}"):
                os.utime(path, (k, k))
    monkeypatch.setattr(kept, "MOST", 8)
    kept._with_room.cache_clear()
    again = [Made(f"text {k}") for k in range(9)]
    for k in reversed(range(9)):
        kept.kept(f"{k}", again[k])
    assert [made.times for made in again] == [1] * 4 + [0] * 5


def test_many_at_once(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda k: kept.kept(f"{k % 5}", Made(f"{k % 5}")), range(200)))
    assert found == [f"{k % 5}" for k in range(200)]
    assert len(list(folder.iterdir())) == 5


def test_black_is_asked_by_its_version(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    for version in ("26.1.0", "26.1.0", "26.2.0"):
        monkeypatch.setattr(laid_out, "_version", lambda version=version: version)
        assert laid_out.laid_out("a = {'b':1}") == 'a = {"b": 1}'
        asked.append(len(list(folder.iterdir())))
    assert asked == [1, 1, 2]
