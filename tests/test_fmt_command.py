"""`procdsl fmt`: files in their places, a pipe, and what is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command_line import BAD, GOOD, names, piped, said

STYLED = """proc 1

pipeline small

param size = 8

input image: u8[h, w, c=3] rgb

pre {
    resize(h=size, w=size, sampler=cv2.linear)
    to_float(scale=1/255)
}

model x: f32[h=size, w=size, c=3] rgb -> y: f32[n=3]
"""
BROKEN = "proc 1\nlet a = (1, 2\n"


def test_files_are_formatted_in_their_places(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "styled.proc").write_text(STYLED)
    before = (folder / "styled.proc").stat()
    assert said(capsys, "fmt", "good.proc", "styled.proc") == (0, "good.proc\n", "")
    assert (folder / "good.proc").read_text() == STYLED
    assert (folder / "styled.proc").stat() == before
    assert said(capsys, "fmt", "good.proc") == (0, "", "")
    assert names(folder) == ["bad.proc", "good.proc", "styled.proc"]


def test_what_only_the_checker_refuses_is_formatted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.proc").write_text(BAD.replace("1/0", "1/255"))
    assert said(capsys, "check", "bad.proc")[0] == 1
    assert said(capsys, "fmt", "bad.proc") == (0, "bad.proc\n", "")
    assert (folder / "bad.proc").read_text() == STYLED.replace("cv2.linear", "cv2.INTER_LINEAR")


def test_check_writes_nothing_and_names_the_files(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "fmt", "--check", "good.proc")
    assert (code, out) == (1, "")
    assert err == "good.proc is not formatted: run procdsl fmt good.proc\n"
    assert (folder / "good.proc").read_text() == GOOD
    (folder / "good.proc").write_text(STYLED)
    assert said(capsys, "fmt", "--check", "good.proc") == (0, "", "")


@pytest.mark.parametrize("check", [[], ["--check"]])
def test_a_file_that_does_not_parse_is_left_and_the_others_are_not(
    folder: Path, capsys: pytest.CaptureFixture[str], check: list[str]
) -> None:
    (folder / "broken.proc").write_text(BROKEN)
    code, out, err = said(capsys, "fmt", *check, "broken.proc", "good.proc")
    assert (code, out) == (1, "" if check else "good.proc\n")
    assert "error[E102]: this parenthesis is not closed" in err
    assert ("good.proc is not formatted" in err) == bool(check)
    assert (folder / "broken.proc").read_text() == BROKEN
    assert (folder / "good.proc").read_text() == (GOOD if check else STYLED)


def test_nothing_is_written_where_a_file_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = said(capsys, "fmt", "good.proc", "missing.proc")
    assert (code, "missing.proc does not exist" in err) == (2, True)
    assert (folder / "good.proc").read_text() == GOOD


def test_the_mode_of_a_file_and_a_link_to_it_stay(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "good.proc").chmod(0o640)
    (folder / "link.proc").symlink_to("good.proc")
    assert said(capsys, "fmt", "link.proc") == (0, "link.proc\n", "")
    assert (folder / "link.proc").is_symlink()
    assert (folder / "good.proc").read_text() == STYLED
    assert (folder / "good.proc").stat().st_mode & 0o777 == 0o640


def test_a_file_is_replaced_whole_or_not_at_all(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    code, _, err = said(capsys, "fmt", "good.proc")
    assert (code, "good.proc cannot be written: No space left on device" in err) == (2, True)
    assert (folder / "good.proc").read_text() == GOOD
    assert names(folder) == ["bad.proc", "good.proc"]


# A pipe


def test_standard_input_to_standard_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in (GOOD, STYLED):
        piped(monkeypatch, text.encode())
        assert said(capsys, "fmt", "-") == (0, STYLED, "")
    piped(monkeypatch, "proc 1 # é 猫".encode())
    assert said(capsys, "fmt", "-") == (0, "proc 1    # é 猫\n", "")


def test_checking_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, GOOD.encode())
    wanted = "<stdin> is not formatted: run procdsl fmt -\n"
    assert said(capsys, "fmt", "--check", "-") == (1, "", wanted)
    piped(monkeypatch, STYLED.encode())
    assert said(capsys, "fmt", "--check", "-") == (0, "", "")


def test_a_broken_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, BROKEN.encode())
    code, out, err = said(capsys, "fmt", "-")
    assert (code, out, "<stdin>:2:9" in err) == (1, "", True)
    piped(monkeypatch, b"proc 1\n# \xff\n")
    code, out, err = said(capsys, "fmt", "-")
    assert (code, out, "<stdin> is not UTF-8: byte 0xff in line 2" in err) == (2, "", True)


def test_misuse(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, what in (
        (["-", "good.proc"], "`-` stands for the standard input and is given alone"),
        (["."], ". is a folder"),
        ([], "required: file.proc"),
    ):
        code, _, err = said(capsys, "fmt", *words)
        assert (code, what in err) == (2, True), words
    assert (folder / "good.proc").read_text() == GOOD
