"""The streams of the command line: nobody reads them, they are full, or show less than is said."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from command_line import GOOD, PROCDSL, said
from PIL import Image
from test_any_words import EXTERN


def unread(words: str, stream: str, folder: Path) -> int:
    """The exit code of a command whose output or error stream nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: writer}
    done = subprocess.run([*PROCDSL, *words.split()], cwd=folder, **streams)  # type: ignore[call-overload]
    os.close(writer)
    assert "Broken pipe" not in str(done.stderr)
    return int(done.returncode)


@pytest.mark.parametrize(
    ("words", "stream", "code"),
    [
        ("check bad.proc --error-format json", "stdout", 1),
        ("check bad.proc --error-format github", "stdout", 1),
        ("check bad.proc", "stderr", 1),
        ("compile bad.proc --error-format json", "stdout", 1),
        ("compile good.proc --check", "stdout", 0),
        ("compile other.proc --check", "stdout", 1),
        ("diff good.proc other.proc", "stdout", 4),
        ("inspect small.manifest.json other.proc", "stdout", 1),
        ("fmt --check other.proc", "stdout", 1),
        ("nothing", "stderr", 2),
        ("--help", "stdout", 0),
    ],
)
def test_a_reader_that_goes_away_changes_no_exit_code(
    words: str, stream: str, code: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "other.proc").write_text(GOOD.replace("scale=1/255", "scale = 1/127"))
    assert said(capsys, "compile", "good.proc")[0] == 0
    assert unread(words, stream, folder) == code


def test_a_reader_that_goes_away_keeps_no_file_from_its_place(folder: Path) -> None:
    images = [f"{n:03}.png" for n in range(200)]
    for name in images:
        Image.new("RGB", (4, 4)).save(folder / name)
    assert unread(f"run good.proc {' '.join(images)} -o out", "stdout", folder) == 0
    assert len(list(folder.glob("out/*.npy"))) == len(images)


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_is_full_is_named(unbuffered: str, folder: Path) -> None:
    for words in ("--help", "--version", "check --help", "explain", "schema"):
        done = subprocess.run(
            ["bash", "-c", f"{' '.join(PROCDSL)} {words} >/dev/full"],
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            cwd=folder,
            capture_output=True,
            text=True,
        )
        told = "procdsl: error: the output cannot be written: No space left on device\n"
        assert (done.returncode, done.stderr) == (2, told)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "ascii:strict"])
def test_a_terminal_that_cannot_show_a_character(encoding: str, folder: Path) -> None:
    """A Greek letter is in neither of them; what is written is all there, and told."""
    (folder / "\u03bc.proc").write_text(GOOD.replace("param size", "## \u03bc\nparam size"))
    for words in (
        "check",
        "compile -o \u03bc",
        "steps",
        "steps --format md -o \u03bc.md",
        "diff good.proc",
        "fmt",
        "compile --dump typed",
    ):
        command, *more = words.split()
        done = subprocess.run(
            [*PROCDSL, command, *more, "\u03bc.proc"],
            env={**os.environ, "PYTHONIOENCODING": encoding},
            cwd=folder,
            capture_output=True,
        )
        assert done.returncode in (0, 3), done.stderr
        assert "-o" not in more or b"\\u03bc" in done.stdout


def test_a_terminal_is_sent_no_controls(folder: Path) -> None:
    """Such as those in the name of the folder round all of it, which nobody was asked for."""
    place = folder / "a\x1b[31m\x9bb"
    place.mkdir()
    (place / "extern.proc").write_text(EXTERN)
    for style in ("text", "json", "github"):
        done = subprocess.run(
            [*PROCDSL, "check", "extern.proc", "--error-format", style],
            cwd=place,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert "E222" in done.stdout + done.stderr
        assert not {"\x1b", "\x9b"} & set(done.stdout + done.stderr)


@pytest.mark.parametrize("optimized", ["1", "2"])
def test_python_without_asserts_and_docstrings(optimized: str, folder: Path) -> None:
    """Pages and the documentation in graphs are docstrings, which `python -OO` leaves out."""
    targets = "--target onnx --target numpy --target cv2 --target torch"
    lines = ["explain", "explain flip", "explain cv2.linear", "explain rgb", "explain boxes"]
    lines += ["explain extern", "check bad.proc", f"compile good.proc {targets}", "steps good.proc"]
    lines += ["verify small.manifest.json good.proc", "diff good.proc small.manifest.json"]
    told: dict[str, list[bytes]] = {}
    for level in ("0", optimized):
        environment = {**os.environ, "PYTHONOPTIMIZE": level}
        run = [
            subprocess.run(
                [*PROCDSL, *line.split()], cwd=folder, env=environment, capture_output=True
            )
            for line in lines
        ]
        written = [path.read_bytes() for path in sorted(folder.glob("small*"))]
        told[level] = [done.stdout + done.stderr for done in run] + written
        for path in folder.glob("small*"):
            path.unlink()
    assert told[optimized] == told["0"]


def test_names_in_a_locale_that_has_none_of_their_characters(folder: Path) -> None:
    """A path that a command is given is refused, and so is one that a file uses."""
    use = GOOD.replace("pipeline small", 'pipeline small\nuse "\u00fc.proc"')
    (folder / "using.proc").write_text(use)
    (folder / "\u00fc.proc").write_text("proc 1\nlet n = 3\n")
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for words, code, wanted in (
        (["check", "using.proc"], 1, "E220"),
        (["compile", "using.proc", "-o", "out"], 1, "E220"),
        (["check", "\u00fc.proc"], 2, "is no text in ascii, the encoding of names of files here"),
        (["compile", "good.proc", "-o", "\u00fc"], 2, "is no text in ascii"),
    ):
        done = subprocess.run(
            [*PROCDSL, *words],
            cwd=folder,
            env={**os.environ, **locale},
            capture_output=True,
            text=True,
        )
        assert (done.returncode, wanted in done.stderr) == (code, True), done.stderr
    assert not (folder / "out").exists()
