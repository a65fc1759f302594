"""`procdsl check` on real files: what it prints, of bad paths and of used files, too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import BAD, GOOD, names, piped, said

from procdsl.registry import sampler_names

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
        "6 |     resize(h=size, w=size, sampler=cv2.INTER_LINEAR)\n"
        "  |                                    ^^^^^^^^^^^^^^^^\n"
        "  = found: `cv2.INTER_LINEAR`\n"
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
        "  = hint: write the fraction that is meant: `1/255` divides by 255\n"
        "    more: procdsl explain E116\n"
        "\n"
    )


def test_check_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "check", "--error-format", "json", "bad.proc")
    found = json.loads(out)
    assert (code, err, [d["code"] for d in found]) == (1, "", ["E203", "E116"])
    assert found[0]["start"] == {"line": 6, "column": 36}
    assert found[0]["end"] == {"line": 6, "column": 52}
    (fix,) = found[0]["fixes"]
    assert fix["edits"][0]["text"] == "cv2.linear"
    assert said(capsys, "check", "--error-format", "json", "good.proc") == (0, "[]\n", "")


def test_check_for_github(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a,b:c.proc").write_text(BAD)
    code, out, err = said(capsys, "check", "--error-format", "github", "a,b:c.proc")
    assert (code, err) == (1, "")
    first = out.splitlines()[0]
    where = "::error file=a%2Cb%3Ac.proc,line=6,col=36,endLine=6,endColumn=52,title=E203::"
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


# The standard input


def test_check_of_the_standard_input(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, GOOD.encode())
    assert said(capsys, "check", "-") == (0, "", "")
    piped(monkeypatch, GOOD.encode())
    assert said(capsys, "check", "-", "-D", "siz=16")[0] == 1
    piped(monkeypatch, BAD.encode())
    code, out, err = said(capsys, "check", "-")
    assert (code, out, " --> <stdin>:6:36\n" in err) == (1, "", True)
    piped(monkeypatch, BAD.encode())
    found = json.loads(said(capsys, "check", "--error-format", "json", "-")[1])
    assert {d["file"] for d in found} == {"<stdin>"}
    piped(monkeypatch, b"\xff")
    code, _, err = said(capsys, "check", "-")
    assert (code, "<stdin> is not UTF-8: byte 0xff in line 1" in err) == (2, True)


def test_the_standard_input_uses_what_lies_in_the_working_directory(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "common.proc").write_text("proc 1\nlet size = 8\n")
    (folder / "filters.py").write_text("def denoise(image):\n    return image\n")
    extern = 'extern denoise from "filters:{}" (u8[h, w, c=3] rgb) -> u8[h, w, c=3] rgb'
    text = GOOD.replace("param size = 8", f'use "{{}}"\n{extern}')
    text = text.replace("pre {", "pre {\n    denoise()")
    for path, function, code in (
        ("common.proc", "denoise", None),
        ("missing.proc", "denoise", "E220"),
        ("../common.proc", "denoise", "E220"),
        ("common.proc", "sharpen", "E222"),
    ):
        piped(monkeypatch, text.replace("{}", path, 1).replace("{}", function).encode())
        given, _, err = said(capsys, "check", "-")
        assert (given, f"error[{code}]" in err) == ((1, True) if code else (0, False)), err


def test_the_standard_input_stands_alone_and_only_where_nothing_names_it(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, GOOD.encode())
    for words, message in (
        (["check", "-", "good.proc"], "`-` stands for the standard input and is given alone"),
        (["check", "-", "-"], "`-` stands for the standard input and is given alone"),
        (["compile", "-"], "`-`, the standard input, is for `check` and `fmt`: give a file here"),
        (["run", "-", "a.png"], "`-`, the standard input, is for `check` and `fmt`"),
    ):
        code, out, err = said(capsys, *words)
        assert (code, out, message in err) == (2, "", True), words
    assert names(folder) == ["bad.proc", "good.proc"]
    (folder / "-").write_text(GOOD)
    assert said(capsys, "check", "./-") == (0, "", "")


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
    def refused(path: str, flags: int) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("procdsl.workspace.reading.os.open", refused)
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
