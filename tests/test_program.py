"""The program as a whole: misuse, help, what it imports, its exit codes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from command_line import said

from procdsl.cli.main import main
from procdsl.diagnostics import pages
from procdsl.manifest import schema
from procdsl.workspace import sources

# explain and schema


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "explain", "E213") == (0, pages.page("E213"), "")
    assert said(capsys, "explain", "e213")[1] == pages.page("E213")
    assert "shorter side" in said(capsys, "explain", "resize")[1]
    assert "INTER_LINEAR" in said(capsys, "explain", "cv2.linear")[1]
    code, _, err = said(capsys, "explain", "cv2.liner")
    assert (code, "did you mean cv2.linear?" in err) == (2, True)
    listed = said(capsys, "explain")[1].splitlines()
    assert [line.split()[0] for line in listed] == pages.names()


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "schema") == (0, schema.text(), "")


def test_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        [],
        ["frobnicate"],
        ["check"],
        ["compile"],
        ["compile", "a", "--target", "c"],
    ):
        assert said(capsys, *arguments)[0] == 2
    assert said(capsys, "--version")[1].startswith("procdsl ")
    assert "compile" in said(capsys, "--help")[1]


# As a program


def program(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "procdsl", *arguments], cwd=cwd, capture_output=True, text=True
    )


def imported_by(*arguments: str, cwd: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "procdsl", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return set(re.findall(r"\| +([\w.]+)$", done.stderr, re.M))


def test_check_imports_nothing_heavy(folder: Path) -> None:
    imported = imported_by("check", "good.proc", cwd=folder)
    assert "lark" in imported
    heavy = {"numpy", "jinja2", "black", "jsonschema", "cv2", "torch", "PIL"}
    assert imported & heavy == set()


def test_a_reader_that_goes_away(folder: Path) -> None:
    command: Sequence[str] = [sys.executable, "-m", "procdsl", "explain"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as p:
        assert p.stdout is not None
        assert p.stderr is not None
        p.stdout.close()
        assert b"Traceback" not in p.stderr.read()


def test_a_bug_is_one_line_and_asks_to_be_reported(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(sources, "read_source", broken)
    code, _, err = said(capsys, "check", "good.proc")
    assert code == 70
    assert "this is a bug in procdsl: ZeroDivisionError: a bug" in err
    monkeypatch.setenv("PROCDSL_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main(["check", "good.proc"])


def test_the_program_exits_with_the_code(folder: Path) -> None:
    assert program("check", "good.proc", cwd=folder).returncode == 0
    assert program("check", "bad.proc", cwd=folder).returncode == 1
    assert program("check", "missing.proc", cwd=folder).returncode == 2
