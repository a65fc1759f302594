"""The tree keeps every comment of a file, each at the node it stands at, and the blank lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procdsl.source import Source
from procdsl.syntax import tree
from procdsl.syntax.comments import Trivia, trivia
from procdsl.syntax.parser import parse

FILE = """# above the edition

proc 1 # behind the edition

## The pipeline.
# between documentation and its line
pipeline p
let sizes = ( # behind the bracket
    1, 2, # behind a value
    # above a value
    (3, 4), # behind a tuple
    # before the bracket
)

# far from the input

input image: u8[h, w] gray
pre { # behind the brace
    # above a documentation
    ## Documented.
    flip(
        # above an argument
        vertical
    ) # behind a step

    train {
        # in an empty block
    }
    # before the brace
} # behind the block
model x: u8[h, w] gray # behind the model's input
    # before the arrow
    -> # behind the arrow
    y: f32[n=2], # behind an output
    z: f32[]
post {
    a, # behind a target
    b = max(y, over=n)
}
output a, # behind a name
    # above a name
    b
# at the end
"""


def of(text: str) -> tuple[tree.File, Trivia]:
    parsed = parse(Source("t.proc", text))
    assert parsed.diagnostics == ()
    return parsed.file, trivia(parsed.file)


def said(node: tree.Node) -> str:
    """A node by its class and its first line."""
    return f"{type(node).__name__} {node.span.text.splitlines()[0]}"


ABOVE_OR_CLOSING: dict[str, dict[str, list[str]]] = {
    "above": {
        "Edition proc 1": ["above the edition"],
        "Pipeline pipeline p": ["between documentation and its line"],
        "Group (3, 4)": ["above a value"],
        "Input input image: u8[h, w] gray": ["far from the input"],
        "Doc ## Documented.": ["above a documentation"],
        "Argument vertical": ["above an argument"],
        "Typed y: f32[n=2]": ["before the arrow", "behind the arrow"],
        "Name b": ["above a name"],
    },
    "closing": {
        "Group ( # behind the bracket": ["before the bracket"],
        "Branch train {": ["in an empty block"],
        "Pre pre { # behind the brace": ["before the brace"],
        "File # above the edition": ["at the end"],
    },
}
BEHIND_OR_OPENING: dict[str, list[tuple[str, str]]] = {
    "behind": [
        ("Edition proc 1", "behind the edition"),
        ("Literal 2", "behind a value"),
        ("Group (3, 4)", "behind a tuple"),
        ("Step flip(", "behind a step"),
        ("Pre pre { # behind the brace", "behind the block"),
        ("Typed x: u8[h, w] gray", "behind the model's input"),
        ("Typed y: f32[n=2]", "behind an output"),
        ("Name a", "behind a target"),
        ("Name a", "behind a name"),
    ],
    "opening": [
        ("Group ( # behind the bracket", "behind the bracket"),
        ("Pre pre { # behind the brace", "behind the brace"),
    ],
}


def test_each_comment_is_at_its_node() -> None:
    file, found = of(FILE)
    for place, wanted in ABOVE_OR_CLOSING.items():
        listed = getattr(found, place).items()
        assert {said(n): [c.text for c in comments] for n, comments in listed} == wanted, place
    for place, pairs in BEHIND_OR_OPENING.items():
        assert [(said(n), c.text) for n, c in getattr(found, place).items()] == pairs, place
    assert len(file.comments) == FILE.count("#") - 2 * FILE.count("##")


def test_what_stands_apart() -> None:
    _, found = of(FILE)
    assert {said(node) for node in found.apart} == {
        "Edition proc 1",
        "Doc ## The pipeline.",
        "Comment # far from the input",
        "Input input image: u8[h, w] gray",
        "Branch train {",
    }


def test_what_cannot_stand_on_one_line() -> None:
    _, found = of(FILE)
    spread = sorted(said(n) for n in found.spread if not isinstance(n, tree.File | tree.Pre))
    assert spread == [
        "Branch train {",
        "Call flip(",
        "Group ( # behind the bracket",
        "Let let sizes = ( # behind the bracket",
        "Model model x: u8[h, w] gray # behind the model's input",
        "Output output a, # behind a name",
        "Post post {",
        "Step a, # behind a target",
        "Step flip(",
    ]


def test_places_of_comments() -> None:
    file, _ = of(FILE)
    for comment in file.comments:
        assert comment.span.text == f"# {comment.text}"


@pytest.mark.parametrize("text", ["#", "# ", "#\t", "#a", "#  two blanks", "# #", "#!x", "# é 猫"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_texts_of_comments(text: str, ending: str) -> None:
    file, _ = of(f"proc 1\n{text}{ending}")
    assert [comment.text for comment in file.comments] == [
        text[1:].removeprefix(" ").rstrip(),
    ]


def test_a_number_sign_in_a_string_or_in_documentation_begins_no_comment() -> None:
    file, _ = of('## a # b\nproc 1\nlet a = ("# no", "\\"# no") # yes\n')
    assert [comment.text for comment in file.comments] == ["yes"]


def test_comments_of_statements_that_do_not_parse_are_kept() -> None:
    parsed = parse(Source("t.proc", "proc 1\nlet a = = (1, # one\n 2) # two\n# three\n"))
    assert parsed.diagnostics
    assert [comment.text for comment in parsed.file.comments] == ["one", "two", "three"]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 40), max_size=12), st.sampled_from(["# c", "\n# c"]))
def test_no_comment_is_lost_or_taken_twice(lines: list[int], comment: str) -> None:
    """A comment more behind any line, or below it, is at one node."""
    texts = FILE.splitlines()
    for number, line in enumerate(lines):
        at = line % len(texts)
        if not texts[at].strip().startswith("#"):
            texts[at] += f"{comment}{number}"
    file, found = of("\n".join(texts))
    placed = [c for cs in (*found.above.values(), *found.closing.values()) for c in cs]
    placed += [*found.behind.values(), *found.opening.values()]
    assert sorted(c.span.start for c in placed) == [c.span.start for c in file.comments]
