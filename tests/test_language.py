"""The grammar and its errors: every mistake of a file in one run, each at its place."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from checking import edits
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark

from procdsl import assets, limits
from procdsl.checker.check import check
from procdsl.diagnostics.diagnostic import Diagnostic, apply
from procdsl.source import Source
from procdsl.syntax import tree
from procdsl.syntax.parser import parse

GOLDEN = sorted((Path(__file__).parent / "golden").glob("**/*.proc"))

WHOLE = """proc 1

## A pipeline with everything in it.
pipeline everything

use "common.proc"
let sizes = (224, 3/4, -1e-3, "text \\" \\\\ \\u00e9", cv2.linear, word,
    (1,),
)
## A size.
param size = 224
extern denoise from "shop.filters:denoise" (u8[h, w, c=3] rgb) -> u8[h, w, c=3] rgb

## The picture.
input image: u8[h, w, c=3] bgr @image
input scalar: f32[]

pre {
    train {
        random_flip(horizontal, p=0.5)   # a comment
    }
    serve {
        ## Documented.
        resize(
            h=size, w=size,
            sampler=cv2.linear,
        )
    }
    a, b = max(image, over=c)
}

model x: f32[c=3, h=size, w=size] rgb, y: f32[] -> logits: f32[class=4], raw: f32[n] @x

post {
    p = softmax(logits, over=class)
}

output p,
    raw
"""


def codes(text: str) -> list[str]:
    return [d.code for d in parse(Source("t.proc", text)).diagnostics]


def pre(*steps: str) -> str:
    body = "\n".join(steps)
    head = "proc 1\npipeline p\ninput i: u8[h, w] gray\n"
    return f"{head}pre {{\n{body}\n}}\nmodel x: u8[h, w] gray -> y: f32[]\n"


def test_grammar_is_lalr_without_conflicts() -> None:
    """`strict` refuses conflicts of the parser and collisions of the tokens."""
    Lark(assets.grammar(), start="file", parser="lalr", lexer="basic", strict=True)


def test_whole_language_parses() -> None:
    parsed = parse(Source("t.proc", WHOLE))
    assert parsed.diagnostics == ()
    kinds = [type(part).__name__ for part in parsed.file.parts]
    assert kinds == [
        *("Edition", "Pipeline", "Use", "Let", "Param", "Extern"),
        *("Input", "Input", "Pre", "Model", "Post", "Output"),
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_endings_and_a_missing_last_one(ending: str) -> None:
    text = WHOLE.replace("\n", ending)
    assert codes(text) == []
    assert codes(text.rstrip()) == []


def test_literals() -> None:
    parsed = parse(Source("t.proc", WHOLE))
    let = next(part for part in parsed.file.parts if isinstance(part, tree.Let))
    assert isinstance(let.value, tree.Group)
    values = [item.value for item in let.value.items if isinstance(item, tree.Literal)]
    assert [str(v) for v in values] == ["224", "3/4", "-0.001", 'text " \\ é']
    names = [item.text for item in let.value.items if isinstance(item, tree.Name)]
    assert names == ["cv2.linear", "word"]


def test_all_errors_come_in_one_run() -> None:
    text = """proc 1
pipeline p
let a = (1, 2
let b = .5
input i: u8[h, w, c=3] bgr
pre {
    convert(rgb
    resize(h=1 w=2, sampler=cv2.linear)
    flip(horizontal) flip(vertical)
    to_float(scale=)
    no_such_op(x=1)
}
model x: f32[c=3, h=224, w=224] rgb -> y: f32[class=4]
post {
    p = softmax(y, over=klass)
    q = argmax(y, over=class);
}
output p, q, r
"""
    found = [(d.code, d.span.source.position(d.span.start)[0]) for d in check_all(text)]
    assert found == [
        ("E102", 3),
        ("E116", 4),
        ("E102", 7),
        ("E103", 8),
        ("E117", 9),
        ("E104", 10),
        ("E201", 11),
        ("E307", 15),
        ("E100", 16),
        ("E206", 18),
    ]


def check_all(text: str) -> tuple[Diagnostic, ...]:
    return check(Source("t.proc", text)).diagnostics


def test_a_broken_step_causes_no_other_errors() -> None:
    assert [
        d.code for d in check_all(pre("resize(h=1, w=1 sampler=cv2.linear)", "flip(vertical)"))
    ] == ["E103"]


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("flip(horizontal", "E102"),
        ("flip(horizontal,", "E102"),
        ("pad(fill=(1, 2, top=3)", "E100"),
        ("pad(fill=0, top=)", "E104"),
        ("pad(fill=0 top=1)", "E103"),
        ('pad(fill="0)', "E107"),
        ("pad(fill=1.2.3, top=1)", "E116"),
        ("pad(fill=1_000, top=1)", "E116"),
        ("pad(fill=1/0, top=1)", "E116"),
        ("pad(fill=1/-3, top=1)", "E116"),
        ("pad(fill=0.5/3, top=1)", "E116"),
        ("pad(fill=+1, top=1)", "E100"),
        ("pad(fill=0, top=1);", "E100"),
        ("pad(fill='0', top=1)", "E100"),
        ("pad(fill=0, top=1))", "E100"),
        ("pad fill=0", "E100"),
        ("model = flip(horizontal)", "E113"),
        ("x = = flip(horizontal)", "E100"),
        ("flip(horizontal)}", "E117"),
        ("pre {", "E105"),
        ('pad(fill="\\x", top=1)', "E118"),
        ('pad(fill="\\ud800", top=1)', "E118"),
    ],
)
def test_syntax_errors(step: str, code: str) -> None:
    assert code in codes(pre(step))


def test_a_word_of_the_language_where_no_name_can_stand_has_no_new_name() -> None:
    """Each fix changes the file: this one had no place, and could be followed for ever."""
    source = (
        "proc 1\npipeline p\npre\n}\nmodel x: f32[n=2] -> # y: f32[n=2]\n\npost u8\n    y = x\n}\n"
    )
    found = parse(Source("t.proc", source)).diagnostics
    assert "E113" in [one.code for one in found]
    assert all(fix.edits for one in found for fix in one.fixes)


@pytest.mark.parametrize(
    "character",
    ["а", "ｅ", "“", "\u00a0", "−", "⁄", "（", "１", "é", "日"],
)
def test_characters_outside_ascii(character: str) -> None:
    found = parse(Source("t.proc", pre(f"flip(horizont{character}al)"))).diagnostics
    assert found[0].code == "E109"
    assert f"U+{ord(character):04X}" in found[0].found


def test_text_in_strings_and_comments_may_be_anything() -> None:
    assert codes('proc 1\n# ünïcödé 日本\n## 日本\nlet a = "猫 🐈"\n') == []


@pytest.mark.parametrize(
    "number", [0x00, 0x07, 0x0B, 0x1B, 0x7F, 0x85, 0x200B, 0x202E, 0x2066, 0xFEFF]
)
@pytest.mark.parametrize("place", ["# {}", 'let a = "{}"', "## {}", "flip{}"])
def test_hidden_characters_are_refused_everywhere(number: int, place: str) -> None:
    found = codes("proc 1\n" + place.format(f"a{chr(number)}b") + "\n")
    assert "E108" in found


def test_a_lone_carriage_return() -> None:
    assert "E108" in codes("proc 1\rpipeline p\n")


def test_limits() -> None:
    assert codes("#" + "a" * limits.FILE_CHARACTERS) == ["E111"]
    assert codes("proc 1\n# " + "a" * limits.LINE_CHARACTERS) == ["E111"]
    assert codes("proc 1\nlet a = " + "1" * 41 + "\n") == ["E111"]
    assert codes("proc 1\nlet a = 1e61\n") == ["E111"]
    assert codes("proc 1\nlet a = 1e60\n") == []
    assert codes(f"proc 1\nlet {'a' * 65} = 1\n") == ["E111"]
    assert codes(f"proc 1\nlet {'a' * 64} = 1\n") == []
    assert codes("proc 1\nlet a = " + "(" * 9 + "1" + ")" * 9 + "\n") == ["E110"]
    assert codes("proc 1\nlet a = " + "(" * 8 + "1" + ")" * 8 + "\n") == []
    assert "E110" in codes("proc 1\nlet a = " + "(" * 4000 + "\n")


def test_the_number_of_syntax_errors_is_bounded() -> None:
    found = codes(pre(*["flip(horizontal"] * 200))
    assert len(found) == limits.SYNTAX_ERRORS


def test_a_long_table_may_be_broken_after_commas() -> None:
    entries = ",\n".join(f'"class {n}"' for n in range(2000))
    assert codes(f"proc 1\nlet names = (\n{entries},\n)\n") == []


TOKENS = re.compile(r'"[^"\n]*"|\w+|\n|[^\w\s]')


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(GOLDEN), st.integers(0, 2**32), st.integers(1, 4))
def test_mangled_files_never_raise_and_always_report(path: Path, seed: int, cuts: int) -> None:
    """Tokens are dropped, doubled or swapped; whatever is left is parsed or reported."""
    rng = random.Random(seed)
    words = TOKENS.findall(path.read_text())
    for _ in range(cuts):
        i, j = rng.randrange(len(words)), rng.randrange(len(words))
        match rng.randrange(3):
            case 0:
                del words[i]
            case 1:
                words.insert(i, words[i])
            case _:
                words[i], words[j] = words[j], words[i]
    text = " ".join(words)
    checked = check(Source("t.proc", text))
    assert (checked.pipeline is None) == bool(checked.diagnostics)
    for diagnostic in checked.diagnostics:
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(diagnostic.span.source.text)
        apply([e for e in edits(diagnostic) if e.span.source.text == text], text)
    assert all(place.text == span.text for span, place in checked.definitions)
    assert all(0 <= span.start < span.end <= len(text) for span, _ in checked.types)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_parsed_or_reported(text: str) -> None:
    checked = check(Source("t.proc", text))
    assert checked.pipeline is None
    assert checked.diagnostics
