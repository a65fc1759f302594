"""Every rule's page: its pipeline before and after differ by that rule, and by none as grave."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import procdsl
from procdsl.checker.check import check
from procdsl.compare.change import Side, verdict_of
from procdsl.compare.compare import Comparison, compare
from procdsl.diagnostics import pages
from procdsl.diagnostics.diagnostic import Severity
from procdsl.source import Source
from procdsl.syntax.format import formatted

PACKAGE = Path(procdsl.__file__).parent


def blocks(code: str) -> tuple[str, str]:
    """The pipeline before and the one after."""
    found = re.findall(r"^## (\w+)\n\n```proc\n(.*?)```", pages.page(code), re.M | re.S)
    assert [title for title, _ in found] == ["Before", "After"]
    return found[0][1], found[1][1]


def side(name: str, text: str, digest: str = "0") -> Side:
    """A pipeline; the source of its externs has a hash of this digit."""
    checked = check(Source(name, text), find=lambda *_: digest * 64)
    errors = [d for d in checked.diagnostics if d.severity is Severity.ERROR]
    assert checked.pipeline is not None, errors
    return Side(name, checked.pipeline)


def compared(old: str, new: str, digest: str = "0") -> Comparison:
    return compare(side("old.proc", old), side("new.proc", new, digest))


@pytest.mark.parametrize("code", pages.rules())
def test_before_and_after_differ_by_the_rule(code: str) -> None:
    """The page of D205 shows one file: what differs is the Python that it names."""
    before, after = blocks(code)
    assert (before == after) == (code == "D205")
    found = compared(before, after, "1" if code == "D205" else "0")
    codes = {change.code for change in found.changes}
    assert {c for c in codes if verdict_of(c) >= verdict_of(code)} == {code}, codes
    assert found.verdict is verdict_of(code)


@pytest.mark.parametrize("code", pages.rules())
def test_a_pipeline_is_identical_to_itself(code: str) -> None:
    for text in blocks(code):
        found = compared(text, text)
        assert (found.changes, int(found.verdict), found.said) == ((), 0, "identical")


@pytest.mark.parametrize("code", pages.rules())
def test_the_other_way_round_is_as_grave(code: str) -> None:
    before, after = blocks(code)
    found = compared(after, before, "1" if code == "D205" else "0")
    assert found.verdict is verdict_of(code)


@pytest.mark.parametrize("code", pages.rules())
def test_the_pipelines_of_a_page_stand_in_the_one_style(code: str) -> None:
    for text in blocks(code):
        assert formatted(Source("t.proc", text)).text == text


def test_every_rule_has_a_page_and_the_other_way_round() -> None:
    texts = (path.read_text() for path in (PACKAGE / "compare").glob("*.py"))
    used = {code for text in texts for code in re.findall(r'"(D\d{3})"', text)}
    assert used == set(pages.rules())
