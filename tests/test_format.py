"""Formatting changes how a file looks, and nothing else: one text for each tree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_trees import FILE, plain, tree_of, untidy

from procdsl.checker.check import check
from procdsl.manifest import canonical
from procdsl.source import Source
from procdsl.syntax import printer, tree
from procdsl.syntax.format import formatted
from procdsl.workspace import sources

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*ROOT.glob("tests/**/*.proc"), *ROOT.glob("examples/**/*.proc")])


def styled(text: str) -> str:
    found = formatted(Source("t.proc", text))
    assert found.text is not None, found.diagnostics
    return found.text


# What may not change


def same(before: str, after: str) -> None:
    """The same tree with the same comments at the same nodes."""
    assert plain(*tree_of(after)) == plain(*tree_of(before))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_files_stand_in_the_one_style(path: Path) -> None:
    text = path.read_text()
    assert styled(text) == text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(3))
def test_an_untidy_file(path: Path, seed: int) -> None:
    source = sources.read_source(str(path))
    messy = untidy(source.text, seed)
    text = styled(messy)
    same(messy, text)
    assert styled(text) == text
    before = check(source, sources.load).pipeline
    after = check(Source(source.name, text), sources.load).pipeline
    assert (before is None) == (after is None) == (path.stem == "common")
    if before and after:
        assert canonical.identity(after) == canonical.identity(before)


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(FILE, st.integers(0, 2**32))
def test_random_trees(file: tree.File, seed: int) -> None:
    text = printer.text(file)
    assert plain(tree_of(text)[0]) == plain(file)
    assert styled(text) == text
    messy = untidy(text, seed)
    again = styled(messy)
    same(messy, again)
    assert styled(again) == again
    bare = re.sub(r"(?m)^ *# .*\n|(?<=\S)    # .*$", "", again)
    assert plain(tree_of(bare)[0]) == plain(file)


# How a file looks

LONG = "a_name_that_is_long"
LAYOUTS = {
    "blanks and line breaks": (
        "  proc   1\n\n\n\npipeline\tp\nlet a=( 1 ,2 , )\n  let b = cv2 . linear\n",
        "proc 1\n\npipeline p\n\nlet a = (1, 2)\nlet b = cv2.linear\n",
    ),
    "parts of one kind may stand together or apart": (
        "let a = 1\nparam b = 2\n\nlet c = 3\ninput i: u8[ ]\ninput j : u8[h,w=a]rgb@j\n",
        "let a = 1\nparam b = 2\n\nlet c = 3\n\ninput i: u8[]\ninput j: u8[h, w=a] rgb @j\n",
    ),
    "a comment between two parts keeps its side": (
        "proc 1\n# of the edition\n\npipeline p\n# of the lets\nlet a = 1\n",
        "proc 1\n# of the edition\n\npipeline p\n\n# of the lets\nlet a = 1\n",
    ),
    "a block has no blank line at its ends, and at most one between its steps": (
        "post {\n\n\n  f()\n\n\n  # c\n\n  g()\n  h()\n\n}\n",
        "post {\n    f()\n\n    # c\n\n    g()\n    h()\n}\n",
    ),
    "documentation stands right above what it documents": (
        "post {\n  f()\n\n  ## one\n\n  ##two\n\n  g()\n}\n",
        "post {\n    f()\n\n    ## one\n    ## two\n    g()\n}\n",
    ),
    "a call that fits is put on one line": (
        "post {\n  f(\n    a,\n    b=(1,\n 2),\n  )\n}\n",
        "post {\n    f(a, b=(1, 2))\n}\n",
    ),
    "one value in parentheses has a comma": ("let a = (1)\n", "let a = (1,)\n"),
    "numbers, fractions and texts keep their spelling": (
        'let a = (0.50, 1e-3, 1 / 255, 2/4, 007, -0, "\\u00e9", "\u00e9", "\\/")\n',
        'let a = (0.50, 1e-3, 1/255, 2/4, 007, -0, "\\u00e9", "\u00e9", "\\/")\n',
    ),
    "arguments that fit on one line stand there": (
        f"post {{\n  {LONG}({LONG}=1, {LONG}=2, {LONG}=3, {LONG}=4)\n}}\n",
        f"post {{\n    {LONG}(\n        {LONG}=1, {LONG}=2, {LONG}=3, {LONG}=4\n    )\n}}\n",
    ),
    "or else one a line": (
        f"post {{\n  f({LONG}={LONG}, {LONG}={LONG}, {LONG}={LONG})\n}}\n",
        "post {\n    f(\n" + f"        {LONG}={LONG},\n" * 3 + "    )\n}\n",
    ),
    "values fill their lines": (
        f"let a = ({', '.join(str(n) for n in range(10_000, 10_018))})\n",
        "let a = (\n    10000, 10001, 10002, 10003, 10004, 10005, 10006, 10007, 10008, 10009, "
        "10010, 10011, 10012,\n    10013, 10014, 10015, 10016, 10017,\n)\n",
    ),
    "a comment ends its line": (
        "let a = ( # open\n1, # one\n\n# two\n2, 3\n# end\n)\n",
        "let a = (    # open\n    1,    # one\n    # two\n    2, 3,\n    # end\n)\n",
    ),
    "names that do not fit": (
        f"output {', '.join([LONG] * 6)}\n",
        f"output {', '.join([LONG] * 4)},\n    {LONG}, {LONG}\n",
    ),
    "results that do not fit": (
        f"post {{\n{', '.join([LONG] * 5)} = f()\n}}\n",
        f"post {{\n    {', '.join([LONG] * 4)},\n        {LONG} = f()\n}}\n",
    ),
    "a contract that does not fit": (
        f"model {LONG}: f32[c=3, h=8, w=8] rgb, {LONG}_2: f32[n=5] -> "
        f"{LONG}_3: f32[h=224, w=224]\n",
        f"model {LONG}: f32[c=3, h=8, w=8] rgb, {LONG}_2: f32[n=5]\n"
        f"    -> {LONG}_3: f32[h=224, w=224]\n",
    ),
    "only comments": ("\n\n#a\n\n\n#  b\n\n", "# a\n\n#  b\n"),
    "nothing": ("\n \n", ""),
}


@pytest.mark.parametrize(("untidy_text", "text"), LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(untidy_text: str, text: str) -> None:
    assert styled(untidy_text) == text
    assert styled(text) == text


def test_line_ends_of_windows_stay() -> None:
    assert styled("proc 1\r\nlet a=1 # c\r\n") == "proc 1\r\n\r\nlet a = 1    # c\r\n"


def test_a_file_that_does_not_parse_has_no_style() -> None:
    found = formatted(Source("t.proc", "proc 1\nlet a = = 1\n"))
    assert found.text is None
    assert [diagnostic.code for diagnostic in found.diagnostics] == ["E100"]


def test_a_file_that_parses_and_is_wrong_has_one() -> None:
    assert styled("output  nothing") == "output nothing\n"


def test_only_what_stands_in_a_file_is_printed() -> None:
    broken = tree_of("proc 1\n")[0].parts[0].span
    with pytest.raises(TypeError, match="a Broken does not stand on one line"):
        printer.text(tree.File(broken, (tree.Broken(broken),), ()))
