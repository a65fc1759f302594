"""Names that a file lists: `let classes from "classes.txt"`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from command_line import said

from procdsl import limits
from procdsl.cli.main import main
from procdsl.codegen.python.loading import load

NAMES = ["cat", "dög", 'a "bird"']
TEXT = """proc 1

pipeline named

let classes from "lists/{}"

model x: f32[c=3, h=4, w=4] rgb -> logits: f32[class=3]

post {{
    best = argmax(logits, over=class)
    name = lookup(best, table=classes)
}}

output name
"""
WRITTEN = {
    "c.txt": "\n".join(NAMES).encode(),
    "crlf.names": "\r\n".join([*NAMES, ""]).encode(),
    "bom.txt": b"\xef\xbb\xbf" + "\n".join([*NAMES, ""]).encode(),
    "c.json": json.dumps(NAMES).encode(),
    "ids.JSON": json.dumps({str(i): n for i, n in enumerate(NAMES)}, indent=1).encode(),
}


def laid(folder: Path, name: str, data: bytes, text: str = TEXT) -> Path:
    (folder / "lists").mkdir(exist_ok=True)
    (folder / "lists" / name).write_bytes(data)
    (folder / "named.proc").write_text(text.format(name))
    return folder / "named.proc"


@pytest.mark.parametrize("name", WRITTEN)
def test_modules_have_the_names_and_read_no_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = laid(tmp_path, name, WRITTEN[name])
    assert main(["fmt", "--check", source.name]) == 0
    assert main(["compile", source.name, "-o", "build"]) == 0
    assert main(["compile", source.name, "-o", "build", "--check"]) == 0
    manifest = json.loads((tmp_path / "build" / "named.manifest.json").read_text())
    (used,) = manifest["used"]
    text = WRITTEN[name].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    assert (used["name"], used["sha256"]) == (f"lists/{name}", hashlib.sha256(text).hexdigest())
    assert manifest["post"][1]["parameters"]["table"] == NAMES
    assert main(["extract", "build/named.manifest.json", "-o", "taken"]) == 0
    assert (tmp_path / "taken" / "lists" / name).read_bytes() == text
    (tmp_path / "lists" / name).unlink()
    logits = np.array([0.1, 0.3, 0.2], np.float32)
    for backend in ("numpy", "cv2", "torch"):
        module = load((tmp_path / "build" / f"named_{backend}.py").read_text(), f"n_{backend}")
        module.self_check()
        given = torch.from_numpy(logits) if backend == "torch" else logits
        assert module.postprocess(given).name == "dög"


def test_a_file_that_changes_makes_stale_and_is_a_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    laid(tmp_path, "c.txt", WRITTEN["c.txt"])
    assert main(["compile", "named.proc", "-o", "build"]) == 0
    laid(tmp_path, "c.txt", b"cat\ndog\nowl\n")
    code, _, err = said(capsys, "compile", "named.proc", "-o", "build", "--check")
    assert code == 1
    assert "is stale" in err
    code, out, _ = said(capsys, "diff", "build/named.manifest.json", "named.proc")
    assert code == 5
    assert "labels" in out or "label" in out
    laid(tmp_path, "c.txt", WRITTEN["crlf.names"])
    assert said(capsys, "diff", "build/named.manifest.json", "named.proc")[0] == 3


@pytest.mark.parametrize(
    ("name", "data", "code", "place", "found"),
    [
        ("c.txt", b"", "E220", "lists/c.txt:1:1", "no name"),
        ("c.txt", b"a\n\nb\n", "E220", "lists/c.txt:2:1", "line 2, which is empty"),
        (
            "c.txt",
            b"a\nb \nc",
            "E220",
            "lists/c.txt:2:1",
            '"b ", with a blank at an end, in line 2',
        ),
        ("c.txt", b"a\nb\0\nc", "E220", "lists/c.txt:2:1", "cannot be printed, 0x00, in line 2"),
        ("c.txt", b"a\rb\nc", "E220", "lists/c.txt:1:1", "cannot be printed, 0x0d, in line 1"),
        ("c.txt", b"a\n\xff\n", "E220", "named.proc:5:18", "is not UTF-8: byte 0xff in line 2"),
        ("c.txt", b"a\nb\n", "E322", "named.proc:11:31", "2 entries for the ids 0 to 2"),
        ("c.txt", b"a\nb\na\n", "E338", "named.proc:11:31", '"a" for the ids 0 and 2'),
        ("c.json", b'["a",\n"b" "c"]', "E220", "lists/c.json:2:5", "no JSON: Expecting ',' deli"),
        (
            "c.json",
            b'["a",\n"b",\n3]',
            "E220",
            "lists/c.json:2:1",
            "3 as entry 2, which is no text",
        ),
        ("c.json", b"[[[3]], 4]", "E220", "lists/c.json:1:1", "[[3]] as entry 0, which is no text"),
        ("c.json", b"3", "E220", "lists/c.json:1:1", "3, which is no list"),
        ("c.json", b"[" * 99_999, "E220", "lists/c.json:1:1", "no JSON: nested too deep"),
        ("c.json", b'{"cat": 0}', "E220", "lists/c.json:1:2", "0 as entry 0, which is no text"),
        ("c.json", b'{"0": "a",\n"2": "b"}', "E220", "lists/c.json:2:1", 'the key "2" as entry 1'),
        ("c.json", b'{"0": "a", "0": "b"}', "E220", "lists/c.json:1:12", 'the key "0" as entry 1'),
        ("c.json", b'["a", "\\ud800"]', "E220", "lists/c.json:1:7", "half of a surrogate pair"),
        ("c.txt", b"a\n" * (limits.NAMED + 1), "E220", "lists/c.txt:1:1", "100,001 names"),
        ("c.txt", b"a\n" + b"b" * 1001, "E220", "lists/c.txt:2:1", "1,001 characters in a name"),
        ("c.txt", b"abc\n" * 250_001, "E220", "lists/c.txt:1:1", "1,000,004 characters"),
    ],
)
def test_a_bad_file_is_told_with_its_place(
    name: str,
    data: bytes,
    code: str,
    place: str,
    found: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    laid(tmp_path, name, data)
    given, _, err = said(capsys, "check", "named.proc")
    assert given == 1
    assert err.count("error[") == 1, err
    assert f"error[{code}]" in err
    assert f"--> {place}\n" in err, err
    assert found in err


def test_it_lies_within_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "inner" / "folder").mkdir(parents=True)
    (tmp_path / "c.txt").write_bytes(WRITTEN["c.txt"])
    monkeypatch.chdir(tmp_path / "inner")
    for path, message in (
        ("../../c.txt", "lies outside the project's folder"),
        ("missing.txt", "does not exist"),
        ("folder", "is a folder, not a file"),
    ):
        Path("named.proc").write_text(TEXT.format("").replace("lists/", path))
        given, _, err = said(capsys, "check", "named.proc")
        assert (given, "error[E220]" in err, message in err) == (1, True, True), err


def test_a_file_that_is_used_takes_names_from_beside_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    laid(
        tmp_path,
        "c.txt",
        WRITTEN["c.txt"],
        TEXT.replace('let classes from "lists/{}"', 'use "lists/common.proc"'),
    )
    (tmp_path / "lists" / "common.proc").write_text('proc 1\n\nlet classes from "c.txt"\n')
    assert said(capsys, "compile", "named.proc", "-o", "build")[0] == 0
    manifest = json.loads((tmp_path / "build" / "named.manifest.json").read_text())
    assert [source["name"] for source in manifest["used"]] == ["lists/common.proc", "c.txt"]
    assert said(capsys, "extract", "build/named.manifest.json", "-o", "taken")[0] == 0
    assert (tmp_path / "taken" / "lists" / "c.txt").read_bytes() == WRITTEN["c.txt"]
