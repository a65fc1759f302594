"""The pages on adding an op and a target: their files alone are enough.

The files of a page are put into a copy of the project in which nothing else is changed; its
commands run there and must print what the page shows, where `...` stands for anything.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
PAGES = sorted((PROJECT / "docs").glob("adding-*.md"))
COPIED = ("procdsl", "templates", "grammar", "tests")
LEFT = shutil.ignore_patterns("__pycache__", "golden", "configurations", "libraries")
PYTEST = ["pytest", "-o", "addopts=", "-q", "-p", "no:cacheprovider"]


def files(page: str) -> dict[str, str]:
    """The files of a page: a path, then a block with its text."""
    return dict(re.findall(r"^`([\w./]+)`:\n\n```\w*\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))


def commands(page: str) -> list[tuple[str, str]]:
    """The commands of a page, each with what it prints."""
    blocks = re.findall(r"^```console\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    found = [part.partition("\n") for block in blocks for part in f"\n{block}".split("\n$ ")[1:]]
    return [(command, printed.rstrip("\n")) for command, _, printed in found]


def run(command: str, folder: Path) -> tuple[int, str]:
    """The exit code of a command, run with the procdsl of a folder, and what it prints."""
    name, *arguments = shlex.split(command)
    if name == "cat":
        return 0, (folder / arguments[0]).read_text().strip("\n")
    words = PYTEST if name == "pytest" else [name]
    start = [] if name == "python" else ["-m", *words]
    done = subprocess.run(
        [sys.executable, *start, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    return done.returncode, (done.stdout + done.stderr).strip("\n")


def prints(found: str, shown: str) -> bool:
    """Whether a text is what is shown."""
    parts = map(re.escape, shown.split("..."))
    return re.fullmatch(".*".join(parts), found, re.DOTALL) is not None


@pytest.mark.integrations
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_files_of_a_page_are_enough(path: Path, tmp_path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    for folder in COPIED:
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=LEFT)
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    for name, text in files(page).items():
        assert not (PROJECT / name).exists(), f"{name} is no addition"
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for command, shown in commands(page):
        code, found = run(command, tmp_path)
        assert prints(found, shown), f"$ {command}\n{found}"
        assert code == ("error[" in shown), f"$ {command}\n{found}"


def test_every_page_is_found_and_has_files_and_commands() -> None:
    assert [path.stem for path in PAGES] == ["adding-a-target", "adding-an-op"]
    for path in PAGES:
        page = path.read_text(encoding="utf-8")
        assert len(files(page)) >= 4
        assert len(commands(page)) >= 3


def test_what_is_shown_must_be_printed() -> None:
    assert prints("[a] b\nc\nd", "[a] b\n...")
    assert prints("a\nb in 3s", "...\nb in ...s")
    assert not prints("a\nb", "...\nc")
    assert not prints("a b", "a")
