"""`procdsl compile` on real files: what it writes, and what it leaves on the disk."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from command_line import BAD, GOOD, WRITTEN, names, said

from procdsl.workspace import files
from procdsl.workspace.errors import Misuse

# compile


def test_compile_writes_beside_the_source(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "compile", "good.proc")
    assert (code, err) == (0, "")
    assert sorted(out.split()) == WRITTEN
    assert names(folder) == ["bad.proc", "good.proc", *WRITTEN]


def test_compile_into_a_new_folder_and_for_some_targets(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = said(
        capsys, "compile", "good.proc", "-o", "a/b", "--target", "cv2", "--target", "numpy"
    )
    assert code == 0
    assert names(folder / "a" / "b") == ["small.manifest.json", "small_cv2.py", "small_numpy.py"]
    assert out.splitlines()[0] == str(Path("a/b/small_numpy.py"))


def test_compile_twice_gives_the_same_bytes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "compile", "good.proc", "-o", "one")
    said(capsys, "compile", str(folder / "good.proc"), "-o", "two")
    for name in WRITTEN:
        assert (folder / "one" / name).read_bytes() == (folder / "two" / name).read_bytes()


def test_compile_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "compile", "--check", "good.proc")
    assert (code, err.count("is missing: run procdsl compile good.proc")) == (1, 4)
    assert names(folder) == ["bad.proc", "good.proc"]
    said(capsys, "compile", "good.proc")
    assert said(capsys, "compile", "--check", "good.proc") == (0, "", "")
    module = folder / "small_cv2.py"
    module.write_text(module.read_text() + "\n")
    code, _, err = said(capsys, "compile", "--check", "good.proc")
    assert (code, err) == (
        1,
        "small_cv2.py was changed since procdsl wrote it: run procdsl compile good.proc --force\n",
    )
    (folder / "good.proc").write_text(GOOD.replace("1/255", "1/256"))
    assert (
        "small_torch.py is stale: run procdsl" in said(capsys, "compile", "--check", "good.proc")[2]
    )


def test_a_stale_file_is_told_the_whole_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["compile", "good.proc", "-o", "a b", "--target", "cv2", "-D", "size=9"]
    _, _, err = said(capsys, *line, "--check")
    said_line = err.splitlines()[0].partition(": run procdsl ")[2]
    assert shlex.split(said_line) == line
    assert said(capsys, *shlex.split(said_line))[0] == 0
    assert said(capsys, *line, "--check") == (0, "", "")


def test_another_source_does_not_replace_a_pipeline_of_the_same_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "compile", "good.proc", "-D", "size=9")[0] == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "other.proc").write_text(GOOD)
    code, _, err = said(capsys, "compile", "other.proc")
    assert code == 2
    assert "small_torch.py was made from good.proc, and now from other.proc" in err
    (folder / "other.proc").unlink()
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}
    assert said(capsys, "compile", "good.proc")[0] == 0


def test_params_stand_in_the_line_that_generates_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "compile", "-D", "size=16", "good.proc")
    head = (folder / "small_numpy.py").read_text()[:400]
    command = re.search(r"^    procdsl (compile .*)$", head, re.M)
    assert command is not None
    assert said(capsys, *command[1].split(), "--check")[0] == 0
    assert json.loads((folder / "small.manifest.json").read_text())["params"] == [
        {"name": "size", "value": "16", "default": "8", "doc": ""}
    ]


def test_a_warning_is_told_and_the_files_are_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = "pre {\n    train {\n        random_flip(horizontal, p=0.5)\n    }\n"
    (folder / "good.proc").write_text(GOOD.replace("pre {\n", train))
    code, out, err = said(capsys, "compile", "good.proc")
    assert (code, len(out.splitlines())) == (0, len(WRITTEN))
    assert "warning[E401]: `random_flip` is not generated yet, and so there is no `prepro" in err
    assert "good.proc:7:9" in err
    code, out, err = said(capsys, "compile", "good.proc", "--check")
    assert (code, out, err.count("warning[E401]")) == (0, "", 1)


def test_a_bad_source_leaves_every_file_as_it_was(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "compile", "good.proc")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "good.proc").write_text(BAD)
    assert said(capsys, "compile", "good.proc")[0] == 1
    (folder / "good.proc").write_text(GOOD)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_file_that_procdsl_did_not_write_is_never_replaced(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = folder / "small_cv2.py"
    mine.write_text("print('mine')\n")
    code, _, err = said(capsys, "compile", "good.proc")
    assert (code, "small_cv2.py was not written by procdsl: move it away first" in err) == (2, True)
    assert mine.read_text() == "print('mine')\n"
    assert names(folder) == ["bad.proc", "good.proc", "small_cv2.py"]


def test_a_folder_in_the_way(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "small.manifest.json").mkdir()
    assert said(capsys, "compile", "good.proc")[0] == 2
    assert names(folder) == ["bad.proc", "good.proc", "small.manifest.json"]
    (folder / "file").write_text("")
    code, _, err = said(capsys, "compile", "good.proc", "-o", "file/below")
    assert (code, "cannot be written" in err) == (2, True)


def test_all_files_or_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The third move fails: the two files that were moved are put back."""
    files.write_all({folder / "a.py": "old a", folder / "b.txt": "old"})
    replace, count = os.replace, iter(range(10))

    def failing(source: Path, target: Path) -> None:
        if next(count) == 2:
            raise OSError(28, "No space left on device", str(source), None, str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    new = {folder / name: "new" for name in ("a.py", "c.txt", "b.txt")}
    with pytest.raises(Misuse, match="b.txt cannot be written: No space left"):
        files.write_all(new, force=True)
    assert (folder / "a.py").read_text() == "old a"
    assert (folder / "b.txt").read_text() == "old"
    assert names(folder) == ["a.py", "b.txt", "bad.proc", "good.proc"]


def test_no_picture_passes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No multiple of 64 is left that could be padded to 50: the steps refuse every picture."""
    steps = "pad(multiple=64, anchor=center, fill=0)\n    pad(h=50, w=50, anchor=center, fill=0)"
    text = GOOD.replace("resize(h=size, w=size, sampler=cv2.linear)", steps)
    (folder / "none.proc").write_text(text.replace("param size = 8\n", "").replace("size", "50"))
    code, _, err = said(capsys, "compile", "none.proc")
    assert (code, "no size of picture passes the steps of `pre`: a" in err) == (2, True)
    assert names(folder) == ["bad.proc", "good.proc", "none.proc"]


# provenance


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_provenance(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "compile", "--provenance", "good.proc")
    assert (code, "is in no git commit" in err) == (2, True)
    git(folder, "init", "-q")
    git(folder, "add", "good.proc")
    git(folder, "commit", "-q", "-m", "first")
    assert said(capsys, "compile", "--provenance", "good.proc")[0] == 0
    manifest = json.loads((folder / "small.manifest.json").read_text())
    assert re.fullmatch(r"[0-9a-f]{40}", manifest["provenance"]["commit"])
    assert manifest["provenance"]["dirty"] is False
    (folder / "good.proc").write_text(GOOD + "# changed\n")
    said(capsys, "compile", "--provenance", "good.proc")
    manifest = json.loads((folder / "small.manifest.json").read_text())
    assert manifest["provenance"]["dirty"] is True
    code, _, err = said(capsys, "compile", "--provenance", "--check", "good.proc")
    assert (code, "--check compares without provenance" in err) == (2, True)
