"""How diagnostics are printed: places, marks and labels; as data; for GitHub."""

from __future__ import annotations

import json
import textwrap

import pytest

from procdsl.diagnostics.diagnostic import (
    Applicability,
    Diagnostic,
    Edit,
    Fix,
    Label,
    Severity,
)
from procdsl.diagnostics.render import render
from procdsl.source import Source, Span

SOURCE = Source("p.proc", "proc 1\nlet a = 1\nlet b = 2\nlet c = 3\nlet a = 4\n")
OTHER = Source("common.proc", "\n" * 11 + "let a = 5\n")


def at(text: str, source: Source = SOURCE, last: bool = False) -> Span:
    find = source.text.rindex if last else source.text.index
    return Span(source, find(text), find(text) + len(text))


def finding(*labels: Label, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic(
        "E207",
        at("a", last=True),
        "`a` is defined twice",
        found="a second `a`",
        wanted="one",
        help="keep one of them",
        fixes=(Fix("remove it", (Edit(at("let a = 4\n"), ""),), Applicability.ONLY),),
        labels=labels,
        severity=severity,
    )


SAID = (
    "   = found: a second `a`\n"
    "   = wanted: one\n"
    "   = hint: remove it\n"
    "           keep one of them\n"
    "     more: procdsl explain E207\n"
    "\n"
)


def test_a_place_alone() -> None:
    lines = "error[E207]: `a` is defined twice\n --> p.proc:5:5\n  |\n5 | let a = 4\n  |     ^\n"
    assert render([finding()], "text") == lines + textwrap.indent(
        textwrap.dedent(SAID), "  "
    ).rstrip(" ")


def test_labels_stand_in_the_order_of_the_lines() -> None:
    found = finding(
        Label(at("a = 1"), "the first `a`"), Label(at("c = 3"), "nothing to do with it")
    )
    assert render([found], "text").startswith(
        "error[E207]: `a` is defined twice\n"
        " --> p.proc:5:5\n"
        "  |\n"
        "2 | let a = 1\n"
        "  |     ----- the first `a`\n"
        "...\n"
        "4 | let c = 3\n"
        "  |     ----- nothing to do with it\n"
        "5 | let a = 4\n"
        "  |     ^\n"
        "  = found"
    )


def test_two_marks_of_one_line_and_a_label_of_another_file() -> None:
    found = finding(Label(at("4"), "its value"), Label(at("a", OTHER), "the first `a`"))
    assert (
        render([found], "text")
        == (
            "error[E207]: `a` is defined twice\n"
            "  --> p.proc:5:5\n"
            "   |\n"
            " 5 | let a = 4\n"
            "   |     ^\n"
            "   |         - its value\n"
            "  ::: common.proc:12:5\n"
            "   |\n"
            "12 | let a = 5\n"
            "   |     - the first `a`\n"
        )
        + SAID
    )


NAMES = ", ".join(f'"class {n:03}"' for n in range(200))
LONG = Source("long.proc", f"proc 1\nlet names = ({NAMES})\n")


def shown(*places: tuple[int, int]) -> list[str]:
    """The lines of a diagnostic whose place and labels are these columns of the long line."""
    spans = [Span(LONG, 7 + start - 1, 7 + end - 1) for start, end in places]
    labels = tuple(Label(span, "here") for span in spans[1:])
    found = Diagnostic("E100", spans[0], "long", found="`x`", wanted="y", help="z", labels=labels)
    return render([found], "text").splitlines()


@pytest.mark.parametrize(
    ("start", "end", "left", "right"),
    [
        (1, 4, False, True),
        (1000, 1011, True, True),
        (2610, 2615, True, False),
        (30, 2500, False, True),
    ],
)
def test_a_long_line_is_cut_round_the_caret(start: int, end: int, left: bool, right: bool) -> None:
    line, marks = shown((start, end))[3:5]
    text = line.removeprefix("2 | ")
    assert len(text) == 100
    assert (text.startswith("..."), text.endswith("...")) == (left, right)
    first, last = marks.index("^") - 4, marks.rindex("^") - 4
    whole = LONG.text.splitlines()[1]
    assert text[first : last + 1] == whole[start - 1 : start + last - first]
    assert last + 1 - first == min(end - start, 100 - 3 * right - first)


def test_marks_of_a_long_line_that_lie_apart_have_each_their_part() -> None:
    lines = shown((2000, 2005), (100, 104))
    assert [line[:7] for line in lines if line.startswith("2 |")] == ["2 | ...", "2 | ..."]
    assert [line.count("-") for line in lines if line.endswith("here")] == [4]
    close = shown((1000, 1003), (1010, 1013))
    assert len([line for line in close if line.startswith("2 |")]) == 2, "round each of them"


def test_diagnostics_as_data() -> None:
    (found,) = json.loads(render([finding(Label(at("a = 1"), "the first `a`"))], "json"))
    assert (found["code"], found["severity"], found["help"]) == (
        "E207",
        "error",
        "keep one of them",
    )
    place = {"file": "p.proc", "start": {"line": 2, "column": 5}, "end": {"line": 2, "column": 10}}
    assert found["labels"] == [{**place, "text": "the first `a`"}]
    (fix,) = found["fixes"]
    assert (fix["message"], fix["applicability"]) == ("remove it", "only")
    (edit,) = fix["edits"]
    assert (edit["text"], edit["start"], edit["end"]) == (
        "",
        {"line": 5, "column": 1},
        {"line": 6, "column": 1},
    )


def test_warnings_are_called_so() -> None:
    warning = finding(severity=Severity.WARNING)
    assert render([warning], "text").startswith("warning[E207]: `a` is defined twice\n")
    assert render([warning], "github").startswith("::warning file=p.proc,line=5,col=5,")
    assert json.loads(render([warning], "json"))[0]["severity"] == "warning"


def test_github_is_told_of_labels() -> None:
    said = render([finding(Label(at("a = 1"), "the first `a`"))], "github")
    assert said == (
        "::error file=p.proc,line=5,col=5,endLine=5,endColumn=6,title=E207::`a` is defined twice: "
        "found a second `a`, wanted one. Hint: remove it%0Akeep one of them"
        "%0Ap.proc:2: the first `a`\n"
    )
