"""The command line, given anything: whatever a user or a system does is no bug of procdsl."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import model_files as made
import pytest
from command_line import BAD, GOOD, PHOTOGRAPH, said
from PIL import Image

from procdsl.cli.main import COMMANDS

PROCDSL = [sys.executable, "-m", "procdsl"]
EXTERN = GOOD.replace(
    "input image: u8[h, w, c=3] rgb\n",
    'extern f from "odd:f" (u8[h, w, c=3] rgb) -> u8[h, w, c=3] rgb\n'
    "input image: u8[h, w, c=3] rgb\n",
).replace("pre {\n", "pre {\n    f()\n")
ODD: dict[str, bytes] = {
    "nul": b"def f(x):\n    return x\n\0",
    "latin": b"# caf\xe9\ndef f(x):\n    return x\n",
    "coded": b"# coding: nonsense\ndef f(x):\n    return x\n",
    "deep": b"def f(x):\n    return " + b"(" * 5000 + b"x" + b")" * 5000,
    "unary": b"def f(x):\n    return " + b"-" * 50_000 + b"x",
    "exits": b"import sys\nsys.exit(3)\ndef f(x):\n    return x\n",
    "raises": b"raise RecursionError('no')\ndef f(x):\n    return x\n",
    "gives": b"def f(x):\n    return 'nothing'\n",
    "ends": b"def f(x):\n    raise SystemExit(5)\n",
    "imports": b"import nothing_of_this_name\ndef f(x):\n    return x\n",
    "empty": b"",
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_extern_file(kind: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "odd.py").write_bytes(ODD[kind])
    (folder / "extern.proc").write_text(EXTERN)
    for words in (
        ("check", "extern.proc"),
        ("compile", "extern.proc", "--check"),
        ("run", "extern.proc", str(PHOTOGRAPH)),
    ):
        sys.modules.pop("odd", None)
        code, _, err = said(capsys, *words)
        assert code in (0, 1, 2), (words, err)
        assert "bug" not in err


def shell(line: str, folder: Path) -> int:
    """The exit code of a line of sh, in which $P is procdsl."""
    environment = {**os.environ, "P": " ".join(PROCDSL)}
    environment.pop("PYTHONUNBUFFERED", None)
    done = subprocess.run(
        ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert "bug" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("$P explain >/dev/full", 2),
        ("$P explain nothing 2>/dev/full", 2),
        ("$P explain >&-", 0),
        ("$P check bad.proc 2>&-", 1),
        ("$P check bad.proc >&- 2>&- <&-", 1),
        ("$P check - <&-", 1),
        ("$P compile good.proc >&- && test -s small_numpy.py", 0),
        ("set -o pipefail; $P explain | true", 0),
        ("mkfifo f; $P schema >f & head -c 1 <f >/dev/null; wait $!", 0),
        ("$P compile good.proc -o /dev/full", 2),
        ("$P run good.proc good.proc --force -o /dev/null", 2),
        ("ulimit -v 8000000; $P run good.proc /dev/zero", 2),
    ],
)
def test_streams_that_are_closed_or_full(line: str, code: int, folder: Path) -> None:
    assert shell(line, folder) == code


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


def test_an_interrupt_at_any_moment(folder: Path) -> None:
    """From the first imports to the last file: nothing of it is a bug, and nothing is left."""
    for wait in (0.1, 0.2, 0.3, 0.5, 0.8):
        line = f"exec timeout -s INT {wait} $P compile good.proc -o out"
        code = shell_interrupted(line, folder)
        assert code in (0, 1, 124, 130, -2), code
        assert not list(folder.glob("out/.procdsl*"))


def shell_interrupted(line: str, folder: Path) -> int:
    environment = {**os.environ, "P": " ".join(PROCDSL)}
    done = subprocess.run(
        ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert "bug" not in done.stderr
    return done.returncode


def test_files_that_may_not_grow(folder: Path) -> None:
    """A limit stands for the end of a quota."""
    limited = "ulimit -f 4; trap '' XFSZ; $P compile good.proc"
    assert shell(limited, folder) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["bad.proc", "good.proc"]


LONG = "n" * 300


@pytest.mark.parametrize("command", [c for c in COMMANDS if c not in ("schema", "explain")])
def test_a_name_that_is_too_long(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "m.pt").write_bytes(made.checkpoint())
    tried: list[Sequence[str]] = [(command, name) for name in (LONG, f"{LONG}.proc", "a\0b")]
    more: dict[str, list[Sequence[str]]] = {
        "run": [("good.proc", LONG), ("good.proc", str(PHOTOGRAPH), "-o", LONG)],
        "compile": [("good.proc", "-o", LONG), ("good.proc", "-o", f"{LONG}/x/y")],
        "steps": [("good.proc", "-o", LONG)],
        "embed": [("good.proc", LONG), ("good.proc", "m.pt", "-o", LONG)],
        "extract": [(LONG, "-o", "x"), ("m.pt", "-o", LONG)],
        "bake": [("good.proc", "--to", "torchscript", "--model", LONG, "-o", LONG)],
        "diff": [("good.proc", LONG), ("good.proc", f"git:{LONG}:x"), (LONG, "--against", "git:x")],
        "plan": [(LONG, "--to", "onnx")],
        "log": [(LONG, "--to", "mlflow")],
    }
    tried += [(command, *words) for words in more.get(command, ())]
    for words in tried:
        code, _, err = said(capsys, *words)
        assert (code, "bug" in err) == (2, False), (words, err)


PATHS = {
    "check": ["PATH"],
    "compile": ["PATH", "good.proc -o PATH"],
    "fmt": ["PATH"],
    "diff": ["PATH good.proc", "good.proc PATH", "good.proc good.proc --pictures PATH"],
    "run": ["PATH a.png", "good.proc PATH", "good.proc a.png -o PATH"]
    + ["good.proc a.png --model PATH", "good.proc a.png --model m.pt --draw PATH"],
    "embed": ["PATH m.pt", "good.proc PATH", "good.proc m.pt -o PATH"],
    "inspect": ["PATH", "m.pt PATH"],
    "extract": ["PATH -o x", "m.pt -o PATH"],
    "verify": ["PATH", "m.pt PATH"],
    "plan": ["PATH --to onnx"],
    "bake": ["PATH --to onnx --model m.onnx -o x", "good.proc --to onnx --model PATH -o x"]
    + ["good.proc --to onnx --model m.onnx -o PATH"]
    + ["good.proc --to onnx --model m.onnx -o x --pictures PATH"],
    "steps": ["PATH", "good.proc -o PATH"],
    "log": ["PATH --to mlflow"],
}


@pytest.mark.parametrize("command", [c for c in COMMANDS if c not in ("schema", "explain")])
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "an empty path"),
        ("a\nb.proc", r"'a\nb.proc' holds a control character"),
        ("a\x1b[31m.proc", r"'a\x1b[31m.proc' holds a control character"),
        ("a\udcff.proc", r"'a\udcff.proc' is no text in utf-8"),
    ],
)
def test_a_path_that_is_no_line_of_text(
    command: str, path: str, why: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever a path is given; nothing is read or written then."""
    for words in PATHS[command]:
        given = [path if word == "PATH" else word for word in words.split()]
        code, out, err = said(capsys, command, *given)
        assert (code, out, why in err) == (2, "", True), (given, err)
    assert sorted(path.name for path in folder.iterdir()) == ["bad.proc", "good.proc"]


def test_pictures_whose_names_are_no_line_of_text(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pictures").mkdir()
    Image.new("RGB", (4, 4)).save(folder / "pictures" / "a\nb.png")
    (folder / "other.proc").write_text(GOOD.replace("1/255", "1/127"))
    code, _, err = said(capsys, "diff", "good.proc", "other.proc", "--pictures", "pictures")
    assert (code, r"'pictures/a\nb.png' holds a control character" in err) == (2, True)


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


# Anything

FLAGS = (
    "-o --target --kernels --opset --inline --order --check --provenance --dump --force -D "
    "--error-format --format --json --fail-on --against --pictures --backend --model --draw --set "
    "--to --keep --runtime --factory -- --help"
)
VALUES = (
    "numpy cv2 torch all onnx torchscript pt2 shared 17 99 -1 bgr rgb typed lowered json text "
    "github csv xlsx size=9 size= a=1 a={} =x meaning git:HEAD git: git:HEAD:good.proc . out "
    "out/deep /dev/null /dev/full  - networks:f x:y pre.1 99 openvino mlflow E321 resize é"
)


def odd_files(folder: Path) -> list[str]:
    """Files of every kind, whole and cut."""
    files: dict[str, bytes] = {
        "extern.proc": EXTERN.encode(),
        "latin.proc": b"proc 1\n# \xe9\n",
        "crlf.proc": GOOD.replace("\n", "\r\n").encode(),
        "empty": b"",
        "zeros": bytes(5000),
        "odd.py": ODD["gives"],
        "picture.png": PHOTOGRAPH.read_bytes(),
        "cut.png": PHOTOGRAPH.read_bytes()[:5000],
        "small.manifest.json": b"{}",
        "json": b'{"schema": 3, "procdsl": "0.1.0"}',
    }
    for kind, make in made.MADE.items():
        files[kind] = make()
        files[f"cut.{kind}"] = files[kind][: len(files[kind]) // 2]
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "link").symlink_to("good.proc")
    (folder / "loop").symlink_to("loop")
    (folder / "there").mkdir()
    return [*files, "good.proc", "bad.proc", "link", "loop", "there", "missing", LONG, "a" * 250]


@pytest.mark.slow
def test_any_words_of_any_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No line of words that mean something ends as a bug."""
    seed = int(os.environ.get("SEED", "0"))
    count = int(os.environ.get("RUNS", "300"))
    draw = random.Random(seed)
    commands: list[str] = [name for name in COMMANDS if name != "log"]
    found: list[tuple[Sequence[str], str]] = []
    files = odd_files(folder)
    pick: list[Callable[[], str]] = [
        lambda: draw.choice(files),
        lambda: draw.choice(FLAGS.split(" ")),
        lambda: draw.choice(VALUES.split(" ")),
    ]
    for _ in range(count):
        words = [draw.choice(commands), draw.choice(files)]
        words += [draw.choices(pick, (5, 3, 3))[0]() for _ in range(draw.randrange(5))]
        code, _, err = said(capsys, *words)
        if code not in (0, 1, 2, 3, 4, 5):
            found.append((words, err))
        if not (folder / "good.proc").is_file() or draw.random() < 0.05:
            for path in folder.iterdir():
                if path.is_file() or path.is_symlink():
                    path.unlink()
            (folder / "good.proc").write_text(GOOD)
            (folder / "bad.proc").write_text(BAD)
            if (folder / "there").is_dir():
                (folder / "there").rename(folder / f"there{draw.random()}")
            odd_files(folder)
    assert found == []
