"""Every diagnostic's page: its bad block fails with just its code, and what is offered mends it.

Where there is one way, it is a fix, which is applied. Where there are several, the page lists them
under "Choices", each with what it computes: "`new` for `old`", "`step` before `step`", and so on.
Each is tried on the bad block.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from checking import edits

import procdsl
from procdsl import limits, registry
from procdsl.checker.check import check
from procdsl.checker.checked import Checked
from procdsl.cli.checking import settings
from procdsl.diagnostics import pages
from procdsl.diagnostics.diagnostic import Diagnostic, Edit, apply
from procdsl.diagnostics.guards import GUARDS, way_out
from procdsl.opdef.arguments import arguments_of
from procdsl.source import Source
from procdsl.syntax.tokens import WORDS
from procdsl.types.constants import show
from procdsl.types.dtypes import BYTES, DTYPES

PACKAGE = Path(procdsl.__file__).parent


def blocks(code: str) -> tuple[str, str, str]:
    """The words after ```proc of the bad block, the bad block and the good one."""
    found = re.findall(r"```proc ?([^\n]*)\n(.*?)```", pages.page(code), re.S)
    assert len(found) == 2, f"{code}.md wants a bad and a good block"
    (words, bad), (_, good) = found
    if words == "escapes":
        bad = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), bad)
    return words, bad, good


CHECKED = [code for code in pages.codes() if not blocks(code)[0].startswith("--target")]
"""The codes of what `check` finds; the others are of what a target cannot hold (test_targets)."""


def choices(code: str) -> list[tuple[str, str]]:
    """What the page has to choose from: each with what it computes."""
    section = pages.page(code).partition("## Choices\n")[2].partition("\n## ")[0]
    items = [" ".join(item.split()) for item in section.split("\n- ")[1:]]
    found = [re.fullmatch(r"((?:[^:`]|`[^`]+`)+): (.+)", item) for item in items]
    assert all(found), f"{code}.md: a choice is `new` for `old`: what it computes"
    return [(match[1], match[2]) for match in found if match]


def chosen(text: str, choice: str) -> str:
    """A text with the edits of a choice: "`new` for `old` and without `other`"."""
    quoted = re.findall(r"`([^`]+)`", choice)
    for edit in re.sub(r"`[^`]+`", "{}", choice).split(" and "):
        new = quoted.pop(0) if edit != "without {}" else ""
        old = quoted.pop(0)
        assert text.count(old) == 1, f"`{old}` stands {text.count(old)} times in\n{text}"
        line = next(line for line in text.splitlines(keepends=True) if old in line)
        indent = line[: len(line) - len(line.lstrip())]
        match edit:
            case "{} for {}":
                text = text.replace(old, new)
            case "{} before {}":
                text = text.replace(line, f"{indent}{new}\n{line}")
            case "{} after {}":
                text = text.replace(line, f"{line}{indent}{new}\n")
            case "{} behind {}":
                text = text.replace(old, f"{old} {new}")
            case "{} with {}":
                text = text.replace(old, f"{old}, {new}")
            case "without {}":
                text = text.replace(line if line.strip() == old else old, "")
            case _:
                raise AssertionError(f"{edit!r} is no edit of a choice")
    return text


def checked(text: str, words: str = "") -> Checked:
    given = settings([words.removeprefix("-D ")]) if words.startswith("-D") else {}
    return check(Source("page.proc", text), settings=given)


@pytest.mark.parametrize("code", CHECKED)
def test_bad_block_fails_with_its_code_only(code: str) -> None:
    words, bad, _ = blocks(code)
    assert {d.code for d in checked(bad, words).diagnostics} == {code}


@pytest.mark.parametrize("code", pages.codes())
def test_good_block_is_clean(code: str) -> None:
    assert checked(blocks(code)[2]).diagnostics == ()


@pytest.mark.parametrize("code", CHECKED)
def test_what_mends_the_bad_block(code: str) -> None:
    """One fix for each diagnostic, or choices of which each is clean."""
    words, bad, _ = blocks(code)
    diagnostics = checked(bad, words).diagnostics
    offered = choices(code)
    assert all(d.fixes for d in diagnostics) != bool(offered), "a fix or choices, not both"
    if not offered:
        text = apply(unique(edits(*diagnostics), bad), bad)
        after = checked(text, words)
        assert after.diagnostics == (), f"{text}\n{said(after.diagnostics)}"
        assert after.pipeline is not None
    for choice, computes in offered:
        assert len(computes.split()) > 1, f"{choice}: what does it compute?"
        given, text = chosen(f"{words}\n{bad}", choice).split("\n", 1)
        after = checked(text, given)
        assert after.diagnostics == (), f"{text}\n{said(after.diagnostics)}"


@pytest.mark.parametrize("code", CHECKED)
def test_the_page_of_a_guard_shows_its_way_out(code: str) -> None:
    ways = [choice for choice, _ in choices(code) if choice.startswith(f"`allow {code} ")]
    assert len(ways) == (code in GUARDS)
    words, bad, _ = blocks(code)
    for diagnostic in checked(bad, words).diagnostics:
        assert (way_out(code) in diagnostic.hint) == (code in GUARDS)


def test_the_page_of_allowances_names_the_guards() -> None:
    text = pages.page("E223").partition("## Bad")[0]
    assert set(re.findall(r"E\d{3}", text)) == GUARDS | {"E223"}


def unique(made: list[Edit], text: str) -> list[Edit]:
    """The edits of the page's own text, each once."""
    by_place = {(e.span.start, e.span.end): e for e in made if e.span.source.text == text}
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


@pytest.mark.parametrize("name", registry.op_names())
def test_the_page_of_an_op_begins_with_its_signature(name: str) -> None:
    """Every value and argument that its class declares, with what it may be and its default."""
    op = registry.op(name)
    head, signature, _ = pages.page(name).split("```\n", 2)
    assert head == f"# {name}\n\n"
    first, *lines = signature.splitlines()
    assert first.startswith(f"{name}({', '.join(op.inputs)}")
    said = [
        " ".join(text.split()) for text in re.split(r"^ {4}(?! )", "\n".join(lines), flags=re.M)
    ]
    for text, argument in zip(said[1:], arguments_of(op), strict=True):
        named, _, rest = text.partition(" ")
        assert named == (argument.name if argument.positional else f"{argument.name}=")
        assert argument.kind.described in rest
        need = "optional" if argument.default is None else f"default {show(argument.default)}"
        assert f"; {'required' if argument.required else need}" in rest


def test_the_signature_of_an_op() -> None:
    assert pages.signature("nms") == (
        "nms(boxes, scores, ...)\n"
        "    score=            a number from 0 to 1; optional\n"
        "    iou=              a number from 0 to 1; required\n"
        "    per=              one of class, all; required\n"
        "    limit=            a whole number from 1 to 100000; required\n"
        "    labels=           one of best, every; default best\n"
        "    candidates=       a whole number from 1 to 100000000; optional\n"
        "    limit_per_class=  a whole number from 1 to 100000; optional\n"
        "    indices=          one of false, true; default false"
    )
    assert pages.signature("flip") == (
        "flip(x, ...)\n    direction  one of horizontal, vertical; required, without its name"
    )
    assert pages.signature("stack") == "stack(x, y, ...)"
    assert pages.signature("max").startswith("max(x, ...) gives 2 values\n")


def test_what_pages_must_not_leave_out() -> None:
    assert f"at most {limits.TILES:,} tiles" in pages.page("tile")
    assert f"more than {limits.TILES:,}" in " ".join(pages.page("E211").split())
    assert "`offset=half_even`, the default" in pages.page("crop")
    for name in registry.sampler_names():
        if name.startswith("pil.") and "f32" in registry.sampler(name).numerics:
            assert "of mode F" in " ".join(pages.page(name).split()), name


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("E211", "a number that cannot be meant"),
        ("E310", "a size that the image does not fit"),
        ("E315", "not every axis named once"),
        ("E316", "not an image as this op takes it"),
    ],
)
def test_titles_as_wide_as_their_use(code: str, title: str) -> None:
    assert pages.title(code) == title


@pytest.mark.parametrize("word", pages.words())
def test_the_example_of_a_word_is_clean_and_shows_it(word: str) -> None:
    """A second block is the file that the first one uses."""
    found = re.findall(r"```proc\n(.*?)```", pages.page(word), re.S)
    example, *used = found
    loaded = [Source("common.proc", text) for text in used]
    result = check(Source("page.proc", example), lambda user, path: loaded[0])
    assert result.diagnostics == (), said(result.diagnostics)
    assert result.pipeline is not None
    assert word == "type" or re.search(rf"\b{word}\b", example)


def test_every_word_and_dtype_has_a_page() -> None:
    languages = set(WORDS.values()) - {"extern", "from"}  # `extern` has a page of its own
    assert set(pages.words()) == languages | set(DTYPES) | {"type", BYTES}


def test_ops_and_samplers_have_pages() -> None:
    assert set(registry.op_names()) | set(registry.sampler_names()) <= set(pages.names())


def test_the_page_of_numerics_shows_the_table_of_samplers() -> None:
    page = Path(__file__).parent.parent / "docs" / "numerics.md"
    shown = page.read_text(encoding="utf-8").partition("<!-- procdsl explain samplers -->\n")[2]
    shown = shown.partition("<!-- end -->")[0]
    assert shown == pages.sampler_table()
