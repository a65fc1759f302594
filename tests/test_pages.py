"""Every diagnostic's page: its bad block fails with just its code, its hint mends it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from procdsl import pages, registry
from procdsl.checker.check import Checked, check
from procdsl.cli.checking import settings
from procdsl.diagnostics import Diagnostic, Edit, apply
from procdsl.source import Source

PACKAGE = Path(pages.__file__).parent


def blocks(code: str) -> tuple[str, str, str]:
    """The words after ```proc of the bad block, the bad block and the good one."""
    found = re.findall(r"```proc ?([^\n]*)\n(.*?)```", pages.page(code), re.S)
    assert len(found) == 2, f"{code}.md wants a bad and a good block"
    (words, bad), (_, good) = found
    if words == "escapes":
        bad = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), bad)
    return words, bad, good


def checked(text: str, words: str = "") -> Checked:
    given = settings([words.removeprefix("-D ")]) if words.startswith("-D") else {}
    return check(Source("page.proc", text), settings=given)


@pytest.mark.parametrize("code", pages.codes())
def test_bad_block_fails_with_its_code_only(code: str) -> None:
    words, bad, _ = blocks(code)
    assert {d.code for d in checked(bad, words).diagnostics} == {code}


@pytest.mark.parametrize("code", pages.codes())
def test_good_block_is_clean(code: str) -> None:
    assert checked(blocks(code)[2]).diagnostics == ()


@pytest.mark.parametrize("code", pages.codes())
def test_hint_compiles(code: str) -> None:
    words, bad, _ = blocks(code)
    diagnostics = checked(bad, words).diagnostics
    assert all(d.edits for d in diagnostics)
    edits = [edit for d in diagnostics for edit in d.edits]
    setting = next((e for e in edits if e.span.source.name == "-D"), None)
    if setting is not None:
        words = f"-D {apply([setting], setting.span.source.text)}"
    mended = apply(unique(edits, bad), bad)
    after = checked(mended, words)
    assert after.diagnostics == (), f"{mended}\n{said(after.diagnostics)}"
    assert after.pipeline is not None


def unique(edits: list[Edit], text: str) -> list[Edit]:
    """The edits of the page's own text, each once."""
    by_place = {(e.span.start, e.span.end): e for e in edits if e.span.source.text == text}
    return list(by_place.values())


def said(diagnostics: tuple[Diagnostic, ...]) -> str:
    return "\n".join(f"{d.code} {d.message}: {d.found}; {d.wanted}" for d in diagnostics)


def test_every_code_that_is_used_has_a_page_and_the_other_way_round() -> None:
    texts = (path.read_text() for path in PACKAGE.rglob("*.py"))
    used = {code for text in texts for code in re.findall(r'"(E\d{3})"', text)}
    assert used == set(pages.codes())


@pytest.mark.parametrize("name", pages.names())
def test_every_page_has_a_title_and_a_text(name: str) -> None:
    title, _, text = pages.page(name).partition("\n\n")
    assert title.startswith(f"# {name}")
    assert len(text.split()) >= 5, f"the page of {name} says nothing"


def test_ops_and_samplers_have_pages() -> None:
    assert set(registry.op_names()) | set(registry.sampler_names()) <= set(pages.names())


def test_the_readme_shows_the_table_of_samplers() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("<!-- procdsl explain samplers -->\n")[2].partition("<!-- end -->")[0]
    assert shown == pages.sampler_table()
