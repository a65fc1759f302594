"""`procdsl steps`: what the table holds, and what each form of it does with hostile texts."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import model_files as made
import openpyxl
import pytest
from command_line import GOOD, names, said
from manifests import RICH, TRAINED, manifest

from procdsl.manifest import write
from procdsl.manifest.read import read
from procdsl.tables import texts
from procdsl.tables.steps import COLUMNS, Row, rows
from procdsl.tables.workbook import workbook

SMALL = """\
block  step  operation  arguments                                 input                             output                              numerics  place
pre    1     resize     h=8, w=8, sampler=cv2.linear              image: u8[h, w, c=3] rgb, 0..255  image: u8[h=8, w=8, c=3] rgb, 0..255  exact     host
pre    2     to_float   scale=1/255                               image: u8[h=8, w=8, c=3] rgb, 0..255  image: f32[h=8, w=8, c=3] rgb, 0..1  exact     host
"""  # noqa: E501
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)"]


def rows_of(text: str) -> list[Row]:
    return rows(read(write.text(manifest(text))))


def cells(text: str) -> list[list[str]]:
    """The cells of a table for a reader."""
    return [re.split(r" {2,}", line) for line in text.splitlines()]


def row(**given: Any) -> Row:
    return Row(**{**dict.fromkeys(COLUMNS, ""), "step": 1, **given})


def test_the_table_of_a_source(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "steps", "good.proc")
    assert (code, err) == (0, "")
    assert cells(out) == cells(SMALL)
    starts = [[m.start() for m in re.finditer(r"(?<=  )\S", line)] for line in out.splitlines()]
    assert starts[0] == starts[1] == starts[2]
    _, out, _ = said(capsys, "steps", "good.proc", "-D", "size=9")
    assert "h=9, w=9, sampler=cv2.linear" in out


def test_what_is_in_training_or_serving_alone_says_so() -> None:
    found = [(r.block, r.step, r.operation, r.numerics) for r in rows_of(TRAINED)]
    assert found[:4] == [
        ("pre train", 1, "convert", "exact"),
        ("pre train", 2, "jitter", "as its function computes"),
        ("pre train", 3, "random_flip", "not generated"),
        ("pre", 4, "resize", "exact"),
    ]
    assert [r.block for r in rows_of(SERVED)] == ["pre train", "pre serve", "pre"]
    assert [(r.block, r.step) for r in rows_of(TRAINED)[-3:]] == [
        ("post", 1),
        ("post", 2),
        ("post", 3),
    ]


SERVED = GOOD.replace(
    "    resize(h=size, w=size, sampler=cv2.linear)\n",
    "    train {\n        resize(h=size, w=size, sampler=cv2.area)\n    }\n"
    "    serve {\n        resize(h=size, w=size, sampler=cv2.linear)\n    }\n",
)


def test_several_values_bounds_and_defaults() -> None:
    found = {r.operation: r for r in rows_of(RICH)}
    assert found["softmax"].numerics == "within 6e-08"
    assert found["max"].output == "best: f32[] probabilities, 0..1; i: i64[] ids, 0..2"
    assert found["lookup"].arguments == 'table=("cat", "dog", "1/2")'
    assert found["back_to"].input == (
        "found: f32[n, box=4] boxes(xyxy, pixels); the size of `image`"
    )
    nms = next(r for r in rows_of(TRAINED) if r.operation == "nms")
    assert nms.arguments == "score=0.25, iou=0.45, per=class, limit=4, labels=best, indices=false"


def test_the_numbers_are_those_of_the_manifest() -> None:
    for text in (RICH, TRAINED):
        data = manifest(text)
        steps = [entry for block in ("pre", "post") for entry in data[block]]
        assert [(r.step, r.operation) for r in rows_of(text)] == [
            (entry["step"], entry["operation"]) for entry in steps
        ]


@pytest.mark.parametrize("kind", [*made.MADE, "a.manifest.json"])
def test_of_a_manifest_and_of_a_model(
    kind: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.proc").write_text(made.PIPELINE)
    if kind in made.MADE:
        (folder / kind).write_bytes(made.MADE[kind]())
        assert said(capsys, "embed", "a.proc", kind)[0] == 0
    else:
        (folder / kind).write_text(made.manifest())
    assert said(capsys, "steps", kind) == said(capsys, "steps", "a.proc")


def test_the_same_cells_in_every_form(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.proc").write_text(made.PIPELINE)
    wanted = [list(map(str, r)) for r in rows_of(made.PIPELINE)]
    _, out, _ = said(capsys, "steps", "a.proc", "--format", "json")
    assert [list(map(str, entry.values())) for entry in json.loads(out)] == wanted
    assert [tuple(entry) for entry in json.loads(out)] == [COLUMNS] * len(wanted)
    _, out, _ = said(capsys, "steps", "a.proc", "--format", "csv")
    assert list(csv.reader(io.StringIO(out))) == [list(COLUMNS), *wanted]
    _, out, _ = said(capsys, "steps", "a.proc", "--format", "md")
    found = [line.strip("| ").split(" | ") for line in out.splitlines()]
    assert found[:2] == [list(COLUMNS), ["---"] * len(COLUMNS)]
    assert [[cell.strip("`") for cell in line] for line in found[2:]] == wanted
    assert said(capsys, "steps", "a.proc", "--format", "xlsx", "-o", "a.xlsx") == (
        0,
        "a.xlsx\n",
        "",
    )
    sheet = openpyxl.load_workbook(folder / "a.xlsx").active
    assert sheet is not None
    assert list(sheet.values) == [COLUMNS, *rows_of(made.PIPELINE)]


def test_a_long_cell_is_cut_for_a_reader_alone() -> None:
    given = [row(arguments="x" * 1000)]
    assert max(map(len, texts.table(given).splitlines())) < 200
    assert "x" * 57 + "..." in texts.table(given)
    for form in (texts.csv, texts.json, texts.markdown):
        assert "x" * 1000 in form(given)


# Hostile texts


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text: str) -> None:
    given = [row(arguments=text, input=f"a{text}")]
    _, line = csv.reader(io.StringIO(texts.csv(given), newline=""))
    assert line[COLUMNS.index("arguments")] == f"'{text}"
    assert line[COLUMNS.index("input")] == f"a{text}"
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(given))).active
    assert sheet is not None
    cell = sheet.cell(2, 1 + COLUMNS.index("arguments"))
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.value == text


def test_no_text_becomes_a_link() -> None:
    data = workbook([row(arguments="http://example.org", input="mailto:a@b.c")])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert [cell.hyperlink for cell in sheet[2]] == [None] * len(COLUMNS)


def test_a_workbook_says_what_a_cell_cannot_hold() -> None:
    data = workbook([row(arguments="x" * 40_000, input="y" * 32_767)])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    cut, whole = (str(sheet.cell(2, column).value) for column in (4, 5))
    assert whole == "y" * 32_767
    assert (len(cut), cut[:100]) == (32_767, "x" * 100)
    assert cut.endswith("x... (40,000 characters, and a cell holds 32,767)")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a|b", r"`a\|b`"),
        ("a`b", "``a`b``"),
        ("`a``b`", "``` `a``b` ```"),
        ("<b>*x*</b> [y](z)", "`<b>*x*</b> [y](z)`"),
        ("", ""),
    ],
)
def test_markdown_reads_nothing_in_a_cell(text: str, wanted: str) -> None:
    line = texts.markdown([row(arguments=text)]).splitlines()[2]
    assert line == f"|  | 1 |  | {wanted} |  |  |  |  |"


def test_texts_of_a_file_reach_a_table_escaped() -> None:
    """A label may hold anything; a file writes it as JSON does, on one line and in ASCII."""
    labels = '"=cmd", "a\\nb", "\\u0000\\u001b[2J", "\\u732b"'
    text = RICH.replace('("cat", "dog", "1/2")', f"({labels.rpartition(',')[0]})")
    (found,) = (r for r in rows_of(text) if r.operation == "lookup")
    assert found.arguments == r'table=("=cmd", "a\nb", "\u0000\u001b[2J")'
    for form in texts.TEXTS.values():
        assert form([found]).isascii()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", form([found]))


def test_the_same_table_gives_the_same_bytes() -> None:
    assert workbook(rows_of(RICH)) == workbook(rows_of(RICH))


# What is refused


def test_bad_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "steps", "bad.proc")
    assert (code, out, "error[E" in err) == (1, "", True)
    code, _, err = said(capsys, "steps", "none.proc")
    assert (code, err) == (2, "procdsl: error: none.proc does not exist\n")
    code, _, err = said(capsys, "steps", "good.proc", "--format", "ods")
    assert (code, "invalid choice: 'ods'" in err) == (2, True)


def test_what_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "good.proc").read_bytes()
    code, _, err = said(capsys, "steps", "good.proc", "--format", "xlsx")
    assert (code, "--format xlsx is no text: -o names the file" in err) == (2, True)
    code, _, err = said(capsys, "steps", "good.proc", "-o", "./good.proc")
    assert (code, "good.proc is the file that the steps are read from" in err) == (2, True)
    assert (folder / "good.proc").read_bytes() == before
    code, _, err = said(capsys, "steps", "good.proc", "-o", "none/x.md")
    assert (code, "none/x.md cannot be written: No such file" in err) == (2, True)
    assert names(folder) == ["bad.proc", "good.proc"]
    for _ in range(2):
        assert said(capsys, "steps", "good.proc", "--format", "md", "-o", "x.md")[:2] == (
            0,
            "x.md\n",
        )
    assert (folder / "x.md").read_text() == said(capsys, "steps", "good.proc", "--format", "md")[1]


def test_without_the_library(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    code, _, err = said(capsys, "steps", "good.proc", "--format", "xlsx", "-o", "a.xlsx")
    assert (code, err) == (
        2,
        "procdsl: error: xlsx needs XlsxWriter: pip install 'procdsl[xlsx]'\n",
    )
    assert names(folder) == ["bad.proc", "good.proc"]
