"""What `compile` finds in its way: files that are not ours, full disks, an end by a signal."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnx
import pytest
from command_line import GOOD, WRITTEN, imported, names, said

from procdsl import seal
from procdsl.workspace import staging

ROOT = Path(__file__).parent.parent
STRAY = ".procdsl-{node}-{pid}-abc.tmp"


# What is not ours


def test_a_manifest_that_is_not_ours(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "small.manifest.json"
    for text in ('{"mine": 1}', "mine", '{"schema": 3}'):
        path.write_text(text)
        code, _, err = said(capsys, "compile", "good.proc")
        assert (code, "small.manifest.json was not written by procdsl" in err) == (2, True)
        assert path.read_text() == text
    assert said(capsys, "compile", "good.proc", "--force")[0] == 0
    changed = path.read_text().replace('"1/255"', '"1/254"')
    path.write_text(changed)
    code, _, err = said(capsys, "compile", "good.proc")
    assert (code, "small.manifest.json was changed since procdsl wrote it" in err) == (2, True)
    assert path.read_text() == changed


def test_a_module_that_was_changed_by_hand(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "compile", "good.proc")
    path = folder / "small_cv2.py"
    whole, mended = path.read_bytes(), path.read_bytes() + b"# a mend of mine\n"
    path.write_bytes(mended)
    code, _, err = said(capsys, "compile", "good.proc")
    assert (code, "small_cv2.py was changed since procdsl wrote it: --force" in err) == (2, True)
    assert path.read_bytes() == mended
    assert said(capsys, "compile", "good.proc", "--force")[0] == 0
    assert path.read_bytes() == whole


def test_a_graph_that_was_changed_by_hand(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One that another program has written anew, too, with other names of its tensors."""
    words = ("compile", "good.proc", "--target", "onnx")
    assert said(capsys, *words)[0] == said(capsys, *words)[0] == 0
    path = folder / "small_pre.onnx"
    whole = path.read_bytes()
    assert seal.whole_graph(whole)
    onnx.checker.check_model(onnx.load_from_string(whole), full_check=True)
    renamed = onnx.load_from_string(whole)
    renamed.graph.input[0].doc_string = "a mend of mine"
    bare = onnx.load_from_string(whole)
    del bare.metadata_props[-1]
    for mended in (renamed.SerializeToString(), bare.SerializeToString(), whole + whole[:2]):
        path.write_bytes(mended)
        code, _, err = said(capsys, *words)
        assert (code, "small_pre.onnx was changed since procdsl wrote it" in err) == (2, True)
        assert path.read_bytes() == mended
        code, _, err = said(capsys, *words, "--check")
        assert (code, "small_pre.onnx was changed since procdsl wrote it" in err) == (1, True)
    assert said(capsys, *words, "--force")[0] == 0
    assert path.read_bytes() == whole


def test_a_source_is_never_its_own_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = folder / "small.manifest.json"
    source.write_text(GOOD)
    for more in ((), ("--force",)):
        code, _, err = said(capsys, "compile", "small.manifest.json", *more)
        assert (code, "small.manifest.json, which is read" in err) == (2, True)
        assert source.read_text() == GOOD
    source.unlink()
    said(capsys, "compile", "good.proc")
    data = json.loads(source.read_text())
    source.write_text(json.dumps({**data, "provenance": {"epoch": 3}}))
    code, _, err = said(capsys, "compile", "small.manifest.json")
    assert (code, "which is read" in err) == (2, True)
    assert said(capsys, "compile", "small.manifest.json", "-o", "out")[0] == 0


def test_a_link_is_not_replaced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "compile", "good.proc", "-o", "real")
    (folder / "small_cv2.py").symlink_to("real/small_cv2.py")
    (folder / "small_torch.py").symlink_to("nowhere")
    code, _, err = said(capsys, "compile", "good.proc")
    assert (code, "small_torch.py is a link to nowhere" in err) == (2, True)
    assert names(folder) == ["bad.proc", "good.proc", "real", "small_cv2.py", "small_torch.py"]
    assert said(capsys, "compile", "good.proc", "--force")[0] == 0
    assert not (folder / "small_cv2.py").is_symlink()


def special(kind: str, path: Path) -> None:
    if kind == "a FIFO":
        os.mkfifo(path)
    elif kind == "a device":
        path.symlink_to("/dev/null")
    elif kind == "a folder":
        path.mkdir()
    else:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)


@pytest.mark.parametrize("kind", ["a FIFO", "a device", "a socket", "a folder"])
def test_what_is_no_file_is_no_output(
    kind: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = str(ROOT / "examples" / "classifier" / "chelsea.png")
    said(capsys, "compile", "good.proc", "-o", "out")
    for name, words in {
        "small_numpy.py": ("compile", "good.proc", "--force"),
        "steps.csv": ("steps", "good.proc", "--format", "csv", "-o", "steps.csv"),
        "chelsea.png.npy": ("run", "good.proc", picture, "-o", "."),
    }.items():
        special(kind, folder / name)
        code, _, err = said(capsys, *words)
        assert (code, f"{name} is {kind}, and a file" in err) == (2, True), err
        assert (folder / name).lstat()
    assert not [name for name in names(folder) if name.startswith(".")]


# Disks and interruptions


@pytest.mark.parametrize("function", ["fsync", "chmod", "replace"])
def test_a_full_disk_leaves_nothing_behind(
    function: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At each file in turn: each place has what it had, and there is nothing beside."""
    said(capsys, "compile", "good.proc")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "good.proc").write_text(GOOD.replace("1/255", "1/256"))
    before["good.proc"] = (folder / "good.proc").read_bytes()
    real = getattr(os, function)
    for fails in range(4):
        count = iter(range(100))

        def full(
            *words: Any, fails: int = fails, count: Iterator[int] = count, **more: Any
        ) -> object:
            if next(count) == fails:
                raise OSError(28, "No space left on device")
            return real(*words, **more)

        with monkeypatch.context() as patch:
            patch.setattr(os, function, full)
            code, _, err = said(capsys, "compile", "good.proc")
        assert (code, "No space left on device" in err) == (2, True), (function, fails)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    code, _, _ = said(capsys, "compile", "good.proc", "-o", "new/deep")
    assert code == 0


KILLED = """
import os, signal, sys
from procdsl.cli.main import main
real, count = os.replace, iter(range(9))
def replace(*words):
    if next(count) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    real(*words)
os.replace = replace
main(["compile", "good.proc"])
"""


def test_a_kill_between_the_moves_is_found_and_cleaned(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "compile", "good.proc")
    (folder / "good.proc").write_text(GOOD.replace("1/255", "1/256"))
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True)
    assert done.returncode == -signal.SIGKILL
    assert [name for name in names(folder) if name.startswith(".procdsl-")]
    assert said(capsys, "compile", "good.proc", "--check")[0] == 1
    with pytest.raises(RuntimeError, match="was not written together with"):
        imported(folder / "small_torch.py").self_check()
    assert said(capsys, "compile", "good.proc")[0] == 0
    assert names(folder) == ["bad.proc", "good.proc", *WRITTEN]
    assert said(capsys, "compile", "good.proc", "--check") == (0, "", "")


def test_only_strays_of_ours_are_taken_away(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of a process that runs stay, and those of another machine, for a day."""
    node = staging._node()
    program = [sys.executable, "-c", "import os; print(os.getpid())"]
    gone = subprocess.run(program, capture_output=True, text=True)
    stay = [
        STRAY.format(node=node, pid=os.getppid()),
        STRAY.format(node="0" * 8, pid=gone.stdout.strip()),
        ".procdsl-mine",
    ]
    go = [STRAY.format(node=node, pid=gone.stdout.strip()), STRAY.format(node="1" * 8, pid=1)]
    go.append(STRAY.format(node=node, pid=os.getpid()))
    for name in (*stay, *go):
        (folder / name).write_text("")
    os.utime(folder / go[1], (0, 0))
    said(capsys, "compile", "good.proc")
    assert names(folder) == sorted([*stay, "bad.proc", "good.proc", *WRITTEN])


def test_a_name_as_long_as_a_file_may_have(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"{'s' * 250}.csv"
    assert said(capsys, "steps", "good.proc", "--format", "csv", "-o", name)[0] == 0
    assert names(folder) == ["bad.proc", "good.proc", name]
