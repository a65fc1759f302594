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
from command_line import BAD, GOOD, PHOTOGRAPH, PROCDSL, said
from PIL import Image

from procdsl.cli.main import COMMANDS

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


@pytest.mark.parametrize("more", ["", "--model small.pt --draw deep/drawn"])
def test_a_folder_into_which_nothing_comes_goes_again(more: str, folder: Path) -> None:
    Image.new("RGB", (4, 4)).save(folder / "a.png")
    line = f"ulimit -f 0; trap '' XFSZ; $P run good.proc a.png good.proc {more or '-o deep/out'}"
    assert shell(line, folder) == 2
    assert not (folder / "deep").exists()


def test_a_folder_that_does_not_exist_any_more(folder: Path) -> None:
    """Where a command wants to know which one it is, that is what it says."""
    assert shell("$P compile good.proc", folder) == 0
    gone = "mkdir gone; cd gone; rmdir ../gone; $P"
    for words in ("verify ../small.manifest.json", f"steps {folder}/good.proc -o x.csv"):
        words = words.replace("..", str(folder))
        told = f"{gone} {words} 2>&1 | grep -x 'procdsl: error: the current folder does not .*'"
        assert shell(told, folder) == 0
    assert shell(f"{gone} check {folder}/good.proc", folder) == 0


@pytest.mark.parametrize("words", ["compile --check", "fmt --check"])
def test_a_file_whose_name_begins_as_an_option(
    words: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a command says to run works as it is said."""
    (folder / "-d.proc").write_text(GOOD)
    for given in (["--", "-d.proc"], ["./-d.proc"]):
        code, _, err = said(capsys, *words.split(), *given)
        assert code == 1
        told = err.splitlines()[0].partition("run procdsl ")[2]
        assert told == f"{words.split()[0]} ./-d.proc"
    assert said(capsys, *told.split())[0] == 0
    assert said(capsys, *words.split(), "./-d.proc")[0] == 0


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
