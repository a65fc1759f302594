"""How diagnostics are printed: places, marks and labels; as data; for GitHub."""

from __future__ import annotations

import json
import textwrap

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
    assert render([finding()], "text") == lines + textwrap.indent(textwrap.dedent(SAID), "  ").rstrip(" ")


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
