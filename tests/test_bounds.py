"""What a command may cost at most, whatever it is given: docs/bounds.md."""

from __future__ import annotations

import ast
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import black
import pytest
from command_line import said
from oversized import CHECKED, COMPILED, HEAD, MODEL, back, many

from procdsl import limits
from procdsl.checker import definitions
from procdsl.checker.check import check
from procdsl.codegen.python import laid_out
from procdsl.ir.pipeline import Pipeline, Step
from procdsl.ops.scores.softmax import Softmax
from procdsl.plan.halves import halves
from procdsl.plan.places import plan
from procdsl.reference import probe
from procdsl.reference.probe import axis_sizes
from procdsl.source import Source
from procdsl.syntax import parser
from procdsl.syntax.parser import Parsed
from procdsl.types.array import Array
from procdsl.workspace import externs, written
from procdsl.workspace.errors import Misuse

BUSY = 2
"""How many times as long a busy machine may take."""

PAGE = 30_000
"""How many characters are a page of output: twenty findings of a kind, with their lines."""

DONE = (0, 1, 2)
"""Exit codes of what was done, or refused."""


def costs(folder: Path, sources: Mapping[str, str], *words: str) -> dict[str, Any]:
    """What a command costs on each source, in one process."""
    commands = []
    for name, text in sources.items():
        path = folder / f"{name.replace(' ', '_')}.proc"
        path.write_text(text)
        commands.append([*words, str(path), *(["-o", str(folder / name)] * (words[0] != "check"))])
    run = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "bounded.py")],
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(run.stdout)
    return {**found, "commands": dict(zip(sources, found["commands"], strict=True))}


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_check_is_bounded(tmp_path: Path, every: int) -> None:
    sources = {name: CHECKED[name] for name in list(CHECKED)[::every]}
    found = costs(tmp_path, sources, "check")
    for name, one in found["commands"].items():
        assert one["code"] in DONE, name
        assert one["seconds"] < 2 * BUSY, name
        assert one["said"] < PAGE, name
    assert found["megabytes"] < 512


@pytest.mark.slow
def test_compile_is_bounded(tmp_path: Path) -> None:
    found = costs(tmp_path, COMPILED, "compile", "--target", "numpy", "--target", "torch")
    for name, one in found["commands"].items():
        assert one["code"] == 0, name
        assert one["seconds"] < 10 * BUSY, name
    assert found["megabytes"] < 1024


def use(folder: Path, files: Mapping[str, str], first: str) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text)
    path = folder / "p.proc"
    path.write_text(f'{HEAD}use "{first}"\n{MODEL}')
    return path


def test_a_file_that_many_use_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        f"d{k}{s}.proc": "proc 1\n" + f'use "d{k + 1}a.proc"\nuse "d{k + 1}b.proc"\n' * (k < 13)
        for k in range(14)
        for s in "ab"
    }
    path = use(tmp_path, files, "d0a.proc")
    parsed: list[str] = []

    def parse(source: Source, room: int) -> Parsed:
        parsed.append(source.name)
        return parser.parse(source, room)

    monkeypatch.setattr(definitions, "parse", parse)
    assert said(capsys, "check", str(path)) == (0, "", "")
    assert len(parsed) == len(set(parsed)) == 27


def test_a_manifest_holds_such_a_file_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "a.proc": 'proc 1\nuse "c.proc"\nlet a = (c, c, c, 1)\n',
        "b.proc": 'proc 1\nuse "c.proc"\nlet b = (1, c, c, c)\n',
        "c.proc": "proc 1\nlet c = 2\n",
    }
    path = use(tmp_path, files, "a.proc")
    steps = "i = argmax(y, over=n)\nk = lookup(i, table=a)\nl = lookup(i, table=b)\n"
    model = MODEL.replace("output y\n", f"post {{\n{steps}}}\noutput k, l\n")
    path.write_text(f'{HEAD}use "a.proc"\nuse "b.proc"\n{model}')
    assert said(capsys, "compile", str(path), "--target", "numpy")[0] == 0
    manifest = json.loads((tmp_path / "p.manifest.json").read_text())
    assert [one["name"] for one in manifest["used"]] == ["a.proc", "c.proc", "b.proc"]
    code, out, _ = said(capsys, "verify", str(tmp_path / "p.manifest.json"))
    assert (code, "its sources say" in out) == (0, True)


@pytest.mark.parametrize(
    ("files", "said_of_it"),
    [
        ({"a.proc": 'use "b.proc"\n', "b.proc": 'use "a.proc"\n'}, "a.proc -> "),
        ({f"{'a' * (k + 1)}.proc": f'use "{"a" * (k + 2)}.proc"\n' for k in range(20)}, "16 files"),
        ({"a.proc": 'use "\\u0000.proc"\n'}, "is no path"),
        ({"a.proc": 'use "folder"\n'}, "is a folder, not a file"),
        ({"a.proc": 'use "fifo"\n'}, "is a FIFO, not a file"),
        ({"a.proc": 'use "socket"\n'}, "is a socket, not a file"),
        ({"a.proc": 'use "loop"\n'}, "cannot be read"),
        ({"a.proc": 'use "b.proc"\n' * 2, "b.proc": ""}, "a second `use`"),
    ],
)
def test_what_cannot_be_used(
    files: Mapping[str, str],
    said_of_it: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    os.mkfifo("fifo")
    os.symlink("loop", "loop")
    os.mkdir("folder")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        path = use(tmp_path, {name: f"proc 1\n{text}" for name, text in files.items()}, "a.proc")
        code, _, err = said(capsys, "check", str(path))
    assert code == 1
    assert said_of_it in err


@pytest.mark.parametrize(
    "words",
    [
        ["check", "#"],
        ["check", "#.proc"],
        ["compile", "#"],
        ["fmt", "#"],
        ["inspect", "#"],
        ["diff", "#", "good.proc"],
        ["embed", "good.proc", "#"],
        ["run", "good.proc", "#"],
        ["extract", "#", "-o", "out"],
    ],
    ids=" ".join,
)
def test_what_is_no_file_is_refused_by_name(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    image = "input image: u8[h, w, c=3] rgb\n"
    model = "model x: u8[h, w, c=3] rgb -> y: f32[n=4]\n"
    Path("good.proc").write_text(f"{HEAD}{image}{model}")
    for name in ("fifo", "fifo.proc"):
        os.mkfifo(name)
    for name in ("fifo", "/dev/zero"):
        if name == "fifo" or not words[1].endswith(".proc") or "#" not in words[1]:
            code, _, err = said(capsys, *(word.replace("#", name) for word in words))
            assert code == 2
            assert f"{name} is a FIFO" in err or "fifo.proc is a FIFO" in err or "device" in err


def test_nothing_is_written_over_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(Misuse, match="fifo is a FIFO, and a file of that name is to be written"):
        written.refuse_special(tmp_path / "fifo")
    written.refuse_special(tmp_path / "none")


def test_a_kind_is_told_so_many_times(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.proc"
    path.write_text(CHECKED["unknown ops"])
    _, _, err = said(capsys, "check", str(path))
    assert err.count("error[E201]") == 20
    assert "= and 4,880 more of E201" in err
    _, out, _ = said(capsys, "check", "--error-format", "json", str(path))
    assert [one["more"] for one in json.loads(out) if one["code"] == "E201"] == [0] * 19 + [4880]
    _, out, _ = said(capsys, "check", "--error-format", "github", str(path))
    assert "and 4,880 more of E201" in out


def test_of_a_picture_that_is_too_large_nothing_is_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.proc"
    path.write_text(COMPILED["a picture of 67 million pixels"])
    code, _, err = said(capsys, "compile", str(path), "--target", "numpy")
    assert code == 0
    assert "self_check compares nothing of `preprocess`" in err
    manifest = json.loads((tmp_path / "p.manifest.json").read_text())
    assert list(manifest["self_check"]) == ["size", "postprocess"]
    assert said(capsys, "inspect", str(tmp_path / "p.manifest.json"))[0] == 0
    monkeypatch.syspath_prepend(tmp_path)
    module = __import__("p_numpy")
    module.self_check()
    assert "Of `preprocess` nothing is compared" in module.self_check.__doc__
    manifest["self_check"]["preprocess"] = {"x": {"sha256": "0" * 64}}
    (tmp_path / "p.manifest.json").write_text(json.dumps(manifest))
    code, _, err = said(capsys, "inspect", str(tmp_path / "p.manifest.json"))
    assert (code, "where size, postprocess stand" in err) == (2, True)


def test_of_few_numbers_that_make_much_work_nothing_is_recorded(tmp_path: Path) -> None:
    """Each in seconds and less than 1 GB; half as much is recorded."""
    names = ("a product of large matrices", "nms of a hundred thousand boxes")
    sources = {name: COMPILED[name] for name in names}
    less = {"less of it": sources[names[0]].replace("2800", "280")}
    found = costs(tmp_path, sources | less, "compile", "--target", "numpy")
    for name, one in found["commands"].items():
        assert one["code"] == 0, name
        assert one["seconds"] < 10 * BUSY, name
        manifest = json.loads((tmp_path / name / "p.manifest.json").read_text())
        assert ("postprocess" in manifest["self_check"]) == (name in less), name
    assert found["megabytes"] < 1024


@pytest.mark.parametrize(
    ("steps", "recorded"),
    [
        ("found = nms(b, s, score=0.25, iou=0.45, per=class, limit=300)", True),
        ("found = nms(b, s, iou=0.45, per=class, limit=300, labels=every)", True),
        ("found = nms(b, s, iou=0.45, per=class, limit=1000, labels=every)", False),
        ("found = soft_nms(b, s, score=0.1, by=linear, iou=0.3, per=all, limit=8000)", True),
        ("found = soft_nms(b, s, by=linear, iou=0.3, per=all, limit=800, labels=every)", False),
        ("found = weighted_boxes_fusion(b, s, candidates=1000, limit=9, {rule})", True),
        ("found = weighted_boxes_fusion(b, s, candidates=9000, limit=9, {rule})", False),
        ("found = peaks(m, window=3)", True),
        ("found = peaks(m, window=31)", False),
    ],
)
def test_work_of_ops(steps: str, recorded: bool) -> None:
    steps = steps.replace("{rule}", "score=0.1, iou=0.5, models=2")
    text = f"{HEAD}model x: f32[n=1] -> b: f32[anchor=8400, box=4] boxes(xyxy, pixels), "
    text += "s: f32[anchor=8400, class=80] scores, m: f32[class=80, h=300, w=300] scores\n"
    text += f"post {{\n{steps}\n}}\noutput found\n"
    pipeline = check(Source("p.proc", text)).pipeline
    assert pipeline is not None
    assert (probe.recorded(pipeline, (64, 64)) == {"postprocess"}) == recorded


WORDS = ["a", "it's", 'say "x"', "a\\b", "\n", "'", '"', "é", "", 'x"\\']


@pytest.mark.parametrize(
    "text",
    [
        f"_X = ({', '.join(map(ascii, WORDS * 9))})",
        f"_X = np.array([{', '.join(map(repr, [1.5, -2.0, 1e-05, 3, -7] * 20))}], np.float32)",
        f"_X = [{', '.join(map(repr, range(99)))}]\n_Y = np.array([{', '.join(['1'] * 40)}])",
        f"_X = ({', '.join(map(ascii, [*WORDS, 'both: ' + chr(39) + chr(34)] * 9))})",
    ],
)
def test_long_tables_are_laid_out_as_black_does(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laid_out, "_LONG", 0)
    monkeypatch.setattr(laid_out, "_TABLE", 20)
    mode = black.Mode(line_length=laid_out.LINE)
    assert laid_out.laid_out(text) == black.format_str(text, mode=mode).strip("\n")


@pytest.mark.parametrize(("steps", "boxes", "wanted"), [(500, 4, []), (500, 5, ["E111"])])
def test_ways_are_counted(steps: int, boxes: int, wanted: list[str]) -> None:
    found = check(Source("p.proc", back(steps, boxes))).diagnostics
    assert [d.code for d in found] == wanted


def thousand() -> Pipeline:
    """One step for each of a thousand outputs of any length."""
    outputs = many("y#: f32[n]", 1_000, ",\n")
    steps = many("p# = softmax(y#, over=n)\n", 1_000)
    source = f"{HEAD}model x: f32[n=1] -> {outputs}\npost {{\n{steps}}}\n"
    found = check(Source("p.proc", f"{source}output {many('p#', 1_000, ', ' + chr(10))}\n"))
    assert found.pipeline is not None, found.diagnostics
    return found.pipeline


def test_what_steps_need_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Array] = []

    def least_sizes(op: Softmax, x: Array) -> dict[str, int]:
        asked.append(x)
        return {op.over: 1}

    pipeline = thousand()
    monkeypatch.setattr(Softmax, "least_sizes", least_sizes)
    assert axis_sizes(pipeline, (8, 8)) == {"n": probe.ANY}
    assert len(asked) == 1_000


def test_a_plan_compares_no_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    def compared(step: Step, other: object) -> bool:
        raise AssertionError(f"{step} compared with another")

    pipeline = thousand()
    monkeypatch.setattr(Step, "__eq__", compared)
    planned = plan(pipeline, "onnx", "", lambda step, given: "", set())
    assert len(halves(pipeline, planned).baked.post) == 1_000


def test_a_module_is_looked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def look(name: str, places: Sequence[Path]) -> tuple[None, list[Path]]:
        looked.append(name)
        return None, []

    monkeypatch.setattr(externs, "_look", look)
    source = Source(str(tmp_path / "p.proc"), CHECKED["functions of no module"])
    found = check(source, find=externs.find).diagnostics
    assert {d.code for d in found} == {"E208", "E222"}
    assert looked == ["m"]


def test_a_module_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m.py").write_text(many("def f#(y): return y\n", 100))
    text = HEAD + many('extern e# from "m:f#" (f32[n=4]) -> f32[n=4]\n', 100) + MODEL
    parsed: list[bytes] = []
    parse = ast.parse

    def counted(data: bytes) -> ast.Module:
        parsed.append(data)
        return parse(data)

    monkeypatch.setattr(ast, "parse", counted)
    source = Source(str(tmp_path / "p.proc"), text)
    assert {d.code for d in check(source, find=externs.find).diagnostics} == {"E208"}
    assert len(parsed) == 1


def test_the_table_is_true() -> None:
    """Each number of docs/bounds.md is that of the code, and each of these stands there."""
    page = (Path(__file__).parent.parent / "docs" / "bounds.md").read_text(encoding="utf-8")
    rows = page.partition("<!-- bounds -->\n")[2].partition("<!-- end -->")[0].splitlines()
    told = {int(row.split("|")[2].replace(",", "")) for row in rows}
    names = "FILE_CHARACTERS LINES LINE_CHARACTERS TOKENS STATEMENTS LISTED VALUES GIVEN UNDONE"
    names += " NAME_CHARACTERS NESTING USES USE_DEPTH SYNTAX_ERRORS FINDINGS SHOWN SIDE PIXELS"
    names += " AXIS RECORDED RECORDED_IN_ALL RECORDED_WORK MANIFEST_CHARACTERS MANIFEST_NESTING"
    assert told == {getattr(limits, name) for name in names.split()}
