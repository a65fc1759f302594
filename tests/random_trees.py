"""Random syntax trees, and their texts as badly laid out as the language allows."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from random import Random
from typing import Any

from hypothesis import strategies as st

from procdsl import records
from procdsl.source import Source
from procdsl.syntax import make, tree
from procdsl.syntax.comments import Trivia, trivia
from procdsl.syntax.literals import number
from procdsl.syntax.make import NOWHERE
from procdsl.syntax.parser import parse
from procdsl.syntax.tokens import WORDS

# Trees


def several(nodes: st.SearchStrategy[Any], most: int, least: int = 1) -> st.SearchStrategy[Any]:
    return st.lists(nodes, min_size=least, max_size=most).map(tuple)


VISIBLE = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp", "Cs"))
WORD = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True).filter(
    lambda word: word not in WORDS.values()
)
NAME = WORD.map(make.name)
DOTTED = st.one_of(WORD, st.tuples(WORD, WORD).map(".".join)).map(make.name)
NUMBER = st.sampled_from(["0", "224", "-3", "007", "0.50", "-1.0", "1e-3", "2E+5"]).map(
    lambda text: tree.Literal(NOWHERE, number(text), text)
)
WHOLE = st.integers(0, 1000)
FRACTION = st.builds(lambda a, b: records.replace(make.literal(a), text=f"{a}/{b}"), WHOLE, WHOLE)
STRING = st.builds(
    lambda text, ascii_: tree.Literal(NOWHERE, text, json.dumps(text, ensure_ascii=ascii_)),
    st.text(VISIBLE, max_size=60),
    st.booleans(),
)
VALUE: st.SearchStrategy[tree.Value] = st.recursive(
    st.one_of(NUMBER, STRING, DOTTED),
    lambda inner: several(inner, 8).map(lambda items: tree.Group(NOWHERE, items)),
    max_leaves=20,
)
DOCS = several(st.text(VISIBLE, max_size=40), 2, 0).map(
    lambda lines: tuple(tree.Doc(NOWHERE, line.strip()) for line in lines)
)
ARGUMENT = st.builds(tree.Argument, st.just(NOWHERE), st.none() | NAME, VALUE)
CALL = st.builds(tree.Call, st.just(NOWHERE), NAME, several(ARGUMENT, 6, 0))
ALLOWANCE = st.builds(tree.Allowance, st.just(NOWHERE), st.just(make.name("E308")), STRING)
STEP = st.builds(
    tree.Step, st.just(NOWHERE), DOCS, several(NAME, 3, 0), CALL, several(ALLOWANCE, 2, 0)
)
STEPS = several(STEP, 4, 0)
BRANCH = st.builds(tree.Branch, st.just(NOWHERE), DOCS, st.sampled_from(["train", "serve"]), STEPS)
AXIS = st.builds(tree.Axis, st.just(NOWHERE), NAME, st.none() | NUMBER | NAME)
RANGE = st.builds(tree.Range, st.just(NOWHERE), NUMBER, NUMBER)
COLOUR = st.builds(
    tree.Type,
    st.just(NOWHERE),
    NAME,
    several(AXIS, 4, 0),
    st.none() | DOTTED,
    st.none(),
    st.just(()),
    st.none() | RANGE,
    st.none() | NAME,
)
EITHER = st.builds(
    tree.Type,
    st.just(NOWHERE),
    NAME,
    several(AXIS, 4, 0),
    NAME,
    NAME,
    st.just(()),
    st.none() | RANGE,
    st.none() | NAME,
)
KIND = st.builds(
    tree.Type,
    st.just(NOWHERE),
    NAME,
    several(AXIS, 4, 0),
    NAME,
    st.none(),
    several(NAME, 3, 0),
    st.none() | RANGE,
    st.none() | NAME,
)
TYPE = COLOUR | EITHER | KIND
TYPED = st.builds(tree.Typed, st.just(NOWHERE), NAME, TYPE)
PART: st.SearchStrategy[Any] = st.one_of(
    *(
        st.builds(kind, st.just(NOWHERE), DOCS, *fields)
        for kind, fields in (
            (tree.Edition, (NUMBER,)),
            (tree.Pipeline, (NAME,)),
            (tree.Use, (STRING,)),
            (tree.Let, (NAME, VALUE)),
            (tree.Let, (NAME, STRING.map(lambda path: tree.Listed(NOWHERE, path)))),
            (tree.Param, (NAME, VALUE)),
            (tree.Input, (TYPED,)),
            (tree.Extern, (NAME, STRING, several(TYPE, 2), several(TYPE, 2))),
            (tree.Pre, (several(STEP | BRANCH, 4, 0),)),
            (tree.Model, (several(TYPED, 3), several(TYPED, 3))),
            (tree.Post, (STEPS,)),
            (tree.Output, (several(NAME, 12),)),
        )
    )
)
FILE = several(PART, 6, 0).map(lambda parts: tree.File(NOWHERE, parts, ()))


# Texts

_TOKEN = re.compile(
    r'##[^\n]*|"(?:[^"\\\n]|\\[^\n])*"|->|\.\.|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\w+|\n|\S'
)


def untidy(text: str, seed: int) -> str:
    """The same file with other blanks, and line breaks and comments wherever they may stand."""
    rng = Random(seed)
    out: list[str] = []
    word, brackets = "", 0
    tokens: Sequence[str] = _TOKEN.findall(text)
    for before, token, after in zip(("", *tokens), tokens, (*tokens[1:], ""), strict=False):
        word = token if token in WORDS.values() else word
        in_type = word in ("input", "model") and token in ("(", ")")  # behind a kind
        brackets += {"[": 1, "]": -1, "(": in_type, ")": -in_type}.get(token, 0)
        breakable = word not in ("extern", "from") and not brackets and not in_type
        if breakable and ((token == ")" and before != "(") or (token, word) == ("->", "model")):
            out.append(_line_end(rng) if rng.randrange(5) == 0 else "")
        if token == "\n":
            out.append(_line_end(rng, beside=not before.startswith("##")))
            continue
        glued = re.match(r"\w", token) and re.search(r"\w$", out[-1] if out else "")
        out.append(" " * (rng.randrange(3) or bool(glued)) + token)
        opens = token == "(" and after != ")"
        if breakable and (opens or token == "," or (token, word) == ("->", "model")):
            out.append(_line_end(rng) if rng.randrange(5) == 0 else "")
    return "".join(out)


def _line_end(rng: Random, beside: bool = True) -> str:
    """A line break, perhaps with a comment before it, blank lines and comments after it."""
    first = f" #{rng.choice(['', ' '])}beside {rng.random()}" if beside and rng.randrange(2) else ""
    more = [rng.choice(["", "  ", f"  # alone {rng.random()}"]) for _ in range(rng.randrange(3))]
    return "\n".join([first, *more, " " * rng.randrange(5)])


# Comparing


def tree_of(text: str) -> tuple[tree.File, Trivia]:
    """The tree of a text that parses, and the comments at its nodes."""
    parsed = parse(Source("t.proc", text))
    assert parsed.diagnostics == (), f"{parsed.diagnostics[0].message} in\n{text}"
    return parsed.file, trivia(parsed.file)


def plain(node: Any, found: Trivia | None = None) -> Any:
    """A node without its place, with the comments that stand at it."""
    if isinstance(node, tuple):
        return [plain(item, found) for item in node]
    if not isinstance(node, tree.Node):
        return node
    names = [f.name for f in records.fields(node) if f.name not in ("span", "comments")]
    fields = {name: plain(getattr(node, name), found) for name in names}
    if found is not None:
        many = (found.above.get(node, ()), found.closing.get(node, ()))
        one = (found.behind.get(node), found.opening.get(node))
        fields["comments"] = [
            *([comment.text for comment in comments] for comments in many),
            *(comment and comment.text for comment in one),
        ]
    return type(node).__name__, fields
