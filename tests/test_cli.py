"""The command line on real files: what it prints, its exit codes, what it leaves on the disk."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from procdsl import pages
from procdsl.cli import files
from procdsl.cli.main import main
from procdsl.manifest import schema
from procdsl.registry import sampler_names

PHOTOGRAPH = Path(__file__).parent.parent / "examples" / "classifier" / "chelsea.png"
GOOD = """proc 1
pipeline small
param size = 8
input image: u8[h, w, c=3] rgb
pre {
    resize(h=size, w=size, sampler=cv2.linear)
    to_float(scale=1/255)
}
model x: f32[h=size, w=size, c=3] rgb -> y: f32[n=3]
"""
BAD = GOOD.replace("sampler=cv2.linear", "sampler=cv2.liner").replace("1/255", "1/0")
WRITTEN = ["small.manifest.json", "small_cv2.py", "small_numpy.py", "small_torch.py"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "good.proc").write_text(GOOD)
    (tmp_path / "bad.proc").write_text(BAD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as error:  # argparse's own
        code = int(error.code or 0)
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err + captured.out
    return code, captured.out, captured.err


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# check


def test_check_is_silent_on_good_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "check", "good.proc", "good.proc") == (0, "", "")


def test_check_as_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "check", "bad.proc", "good.proc")
    assert (code, out) == (1, "")
    assert err == (
        "error[E203]: a value that does not fit its argument: `sampler` of `resize`\n"
        " --> bad.proc:6:36\n"
        "  |\n"
        "6 |     resize(h=size, w=size, sampler=cv2.liner)\n"
        "  |                                    ^^^^^^^^^\n"
        "  = found: `cv2.liner`\n"
        f"  = wanted: a sampler: {', '.join(sampler_names())}\n"
        "  = hint: write `cv2.linear`\n"
        "    more: procdsl explain E203\n"
        "\n"
        "error[E116]: this is not a fraction\n"
        " --> bad.proc:7:20\n"
        "  |\n"
        "7 |     to_float(scale=1/0)\n"
        "  |                    ^^^\n"
        "  = found: `1/0`\n"
        "  = wanted: a whole number over a positive whole number, like `1/255`, or a decimal\n"
        "  = hint: write `1/255`\n"
        "    more: procdsl explain E116\n"
        "\n"
    )


def test_check_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "check", "--error-format", "json", "bad.proc")
    found = json.loads(out)
    assert (code, err, [d["code"] for d in found]) == (1, "", ["E203", "E116"])
    assert found[0]["start"] == {"line": 6, "column": 36}
    assert found[0]["end"] == {"line": 6, "column": 45}
    assert found[0]["edits"][0]["text"] == "cv2.linear"
    assert said(capsys, "check", "--error-format", "json", "good.proc") == (0, "[]\n", "")


def test_check_for_github(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a,b:c.proc").write_text(BAD)
    code, out, err = said(capsys, "check", "--error-format", "github", "a,b:c.proc")
    assert (code, err) == (1, "")
    first = out.splitlines()[0]
    where = "::error file=a%2Cb%3Ac.proc,line=6,col=36,endLine=6,endColumn=45,title=E203::"
    assert first.startswith(where)
    assert len(out.splitlines()) == 2


def test_params(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "check", "-D", "size=16", "good.proc")[0] == 0
    code, _, err = said(capsys, "check", "-D", "siz=16", "good.proc")
    assert code == 1
    assert "error[E219]: there is no param `siz`" in err
    assert "did you mean `size`?" in err
    for wrong in ("size", "=3", "size="):
        assert said(capsys, "check", "-D", wrong, "good.proc")[0] == 2
    code, _, err = said(capsys, "check", "-D", "size=1", "-D", "size=2", "good.proc")
    assert (code, "set twice" in err) == (2, True)


def test_long_and_odd_lines_are_shown_safely(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "odd.proc").write_text("proc 1\n\tlet a = \x1b[31m1\n")
    _, _, err = said(capsys, "check", "odd.proc")
    assert "\x1b" not in err
    assert "E108" in err


# Bad paths


@pytest.mark.parametrize("command", ["check", "compile"])
def test_paths_that_are_no_pipeline(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (folder / "latin.proc").write_bytes(b"proc 1\n# \xe9\n")
    (folder / "folder.proc").mkdir()
    (folder / "empty.proc").write_text("")
    for path, message in (
        ("missing.proc", "missing.proc does not exist"),
        ("folder.proc", "folder.proc is a folder, not a file"),
        ("latin.proc", "latin.proc is not UTF-8: byte 0xe9 in line 2"),
        ("", "is a folder"),
    ):
        code, _, err = said(capsys, command, path)
        assert code == 2
        assert err.startswith("procdsl: error:")
        assert message in err
    code, _, err = said(capsys, command, "empty.proc")
    assert code == 1
    assert "E101" in err


def test_a_byte_order_mark_is_no_character(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bom.proc").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert said(capsys, "check", "bom.proc")[0] == 0


def test_a_file_that_may_not_be_read(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    code, _, err = said(capsys, "check", "good.proc")
    assert (code, "good.proc cannot be read: Permission denied" in err) == (2, True)


# use


def test_use_beside_the_file_and_never_outside_the_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    (project / "deep").mkdir(parents=True)
    (project / "pyproject.toml").write_text("")
    (tmp_path / "secret.proc").write_text("proc 1\nlet size = 8\n")
    (project / "common.proc").write_text("proc 1\nlet size = 8\n")
    (project / "link.proc").symlink_to(tmp_path / "secret.proc")
    source = project / "deep" / "main.proc"
    text = GOOD.replace("param size = 8", 'use "{}"')
    for path, code in (
        ("../common.proc", 0),
        ("../../secret.proc", 1),
        (str(tmp_path / "secret.proc"), 1),
        ("../link.proc", 1),
        ("missing.proc", 1),
    ):
        source.write_text(text.replace("{}", path))
        assert said(capsys, "check", str(source))[0] == code, path


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
    assert (code, err) == (1, "small_cv2.py is stale: run procdsl compile good.proc\n")


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
        {"name": "size", "value": 16, "default": 8, "doc": ""}
    ]


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
    files.write_all(folder, {"a.py": f"# {files.MARK}", "b.txt": "old"})
    replace, count = os.replace, iter(range(10))

    def failing(source: Path, target: Path) -> None:
        if next(count) == 2:
            raise OSError(28, "No space left on device", str(source), None, str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(files.Misuse, match="cannot be written: No space left"):
        files.write_all(folder, {"a.py": "new", "c.txt": "new", "b.txt": "new"})
    assert (folder / "a.py").read_text() == f"# {files.MARK}"
    assert (folder / "b.txt").read_text() == "old"
    assert names(folder) == ["a.py", "b.txt", "bad.proc", "good.proc"]


def test_no_picture_passes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No multiple of 64 is left that could be padded to 50: the steps refuse every picture."""
    steps = "pad(multiple=64, fill=0)\n    pad(h=50, w=50, fill=0)"
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


# run


def run_lines(out: str) -> list[list[str]]:
    return [line.split() for line in out.splitlines()]


def test_run_gives_one_digest_on_every_backend(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", "good.proc", str(PHOTOGRAPH), "--backend", "all", "-o", "out"]
    code, out, err = said(capsys, *arguments)
    assert (code, err) == (0, "")
    lines = run_lines(out)
    assert [line[1] for line in lines] == ["numpy", "cv2", "torch"]
    assert len({line[0] for line in lines}) == 1
    x = np.load(folder / "out" / "chelsea.png.npy")
    assert (x.shape, x.dtype) == ((8, 8, 3), np.float32)


def test_run_reads_pictures_as_the_input_declares_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    Image.fromarray(pixels).save("rgb.png")
    Image.fromarray(pixels[..., 0]).save("gray.png")
    Image.fromarray(np.dstack([pixels, pixels[..., :1]])).save("rgba.png")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    Image.fromarray(pixels).save("turned.png", exif=exif)
    for colour, axes, file, wanted in (
        ("rgb", "h, w, c=3", "rgb.png", pixels),
        ("bgr", "h, w, c=3", "rgb.png", pixels[..., ::-1]),
        ("rgb", "c=3, h, w", "rgb.png", pixels.transpose(2, 0, 1)),
        ("gray", "h, w", "gray.png", pixels[..., 0]),
        ("gray", "h, w, c=1", "gray.png", pixels[..., :1]),
        ("bgra", "h, w, c=4", "rgba.png", np.dstack([pixels[..., ::-1], pixels[..., :1]])),
        ("rgb", "h, w, c=3", "turned.png", np.rot90(pixels, -1)),
    ):
        type_ = f"u8[{axes}] {colour}"
        text = f"proc 1\npipeline p\ninput image: {type_}\nmodel x: {type_} -> y: f32[n=3]\n"
        (folder / "p.proc").write_text(text)
        assert said(capsys, "run", "p.proc", file, "-o", "out")[0] == 0
        assert np.array_equal(np.load(folder / "out" / f"{file}.npy"), wanted), (type_, file)


def test_run_on_what_is_no_picture(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("L", (4, 4)).save("gray.png")
    (folder / "text.png").write_text("no picture")
    shutil.copy(PHOTOGRAPH, folder / "cut.png")
    cut = (folder / "cut.png").read_bytes()
    (folder / "cut.png").write_bytes(cut[: len(cut) // 2])
    for file, message in (
        ("missing.png", "missing.png does not exist"),
        ("text.png", "text.png is not an image that Pillow can read"),
        ("cut.png", "cut.png cannot be read"),
        ("gray.png", "gray.png is L, the pipeline's input is u8[h, w, c=3] rgb"),
        (".", "cannot be read"),
    ):
        code, _, err = said(capsys, "run", "good.proc", file)
        assert code == 2, file
        assert message in err


def test_run_on_what_does_not_fit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("RGB", (4, 4)).save("tiny.png")
    text = GOOD.replace("resize(h=size, w=size, sampler=cv2.linear)", "crop(center, h=8, w=8)")
    (folder / "crop.proc").write_text(text.replace("size", "8").replace("param 8 = 8\n", ""))
    code, _, err = said(capsys, "run", "crop.proc", "tiny.png")
    assert (code, "tiny.png: a 4 x 4 image is too small to crop 8 x 8 of it" in err) == (2, True)
    two = "proc 1\npipeline p\ninput a: u8[h, w] gray\ninput b: u8[h, w] gray\n"
    two += "model a: u8[h, w] gray, b: u8[h, w] gray -> y: f32[n=1]\n"
    (folder / "two.proc").write_text(two)
    assert said(capsys, "run", "two.proc", "tiny.png")[0] == 2
    (folder / "a").mkdir()
    shutil.copy("tiny.png", "a/tiny.png")
    code, _, err = said(capsys, "run", "good.proc", "tiny.png", "a/tiny.png", "-o", "out")
    assert (code, "two images are called tiny.png" in err) == (2, True)


@pytest.mark.parametrize("image", ["u8[h, w, c=3] cv2.hsv", "u8[rows, w] cv2.nv12"])
def test_run_on_colours_that_no_file_holds(
    image: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"proc 1\npipeline p\ninput a: {image}\nmodel x: {image} -> y: f32[n=1]\n"
    (folder / "p.proc").write_text(text)
    code, _, err = said(capsys, "run", "p.proc", str(PHOTOGRAPH))
    assert (code, f"it has a: {image}" in err) == (2, True)


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

    monkeypatch.setattr(files, "read_source", broken)
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
