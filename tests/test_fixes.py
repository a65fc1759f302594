"""Every fix keeps the numbers or is the only way: over all pages, hints, and files made wrong."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest
import test_hints
import test_known_names
import test_op_hints
from fixing import ONLY, held
from test_pages import blocks

from procdsl.cli.checking import settings
from procdsl.diagnostics import pages
from procdsl.diagnostics.suggest import Meaning
from procdsl.importers import known_names
from procdsl.opdef.errors import Problem, Proposal
from procdsl.ops.geometry.flip import Flip

HERE = Path(__file__).parent
WHOLE = [
    *sorted(HERE.glob("golden/*/*.proc")),
    *sorted(HERE.glob("configurations/*/*.proc"))[::7],
]
NAMED = "proc 1\npipeline p\ninput image: u8[h, w, c=3] bgr\n"
MODEL = "model x: {} -> y: f32[class=4], b: f32[anchor=5, box=4] boxes(xyxy, pixels)\n"


@pytest.mark.parametrize("code", pages.codes())
def test_the_fixes_of_a_page(code: str) -> None:
    words, bad, _ = blocks(code)
    given = settings([words.removeprefix("-D ")]) if words.startswith("-D") else {}
    held(bad, given)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        row[:2]
        for rows in (
            test_hints.MEANT,
            test_hints.SAYS,
            test_op_hints.SAYS,
            test_op_hints.ONLY,
            test_known_names.FIXED,
            test_known_names.SAID,
        )
        for row in rows
    ],
)
def test_the_fixes_of_what_the_hints_are_tried_on(right: str, wrong: str) -> None:
    held(test_hints.GOOD.replace(right, wrong, 1))


def pre(*steps: str, model: str = "u8[h, w, c=3] bgr", post: str = "", head: str = "") -> str:
    body = "".join(f"    {step}\n" for step in steps)
    after = f"post {{\n{post}}}\noutput best\n" if post else ""
    return (
        NAMED.replace("input", head + "input") + f"pre {{\n{body}}}\n" + MODEL.format(model) + after
    )


BEST = "    best = argmax(y, over=class)\n"
SAME = {
    "E320 a colour": pre("convert(bgr)"),
    "E320 a colour with a comment": pre("flip(vertical)", "convert(bgr)  # as it is"),
    "E320 two colours": pre("convert(bgr)", "convert(bgr)"),
    "E320 a dtype": pre("cast(u8)", "flip(horizontal)"),
    "E320 a documented step": pre("## As it is.\n    cast(u8)", "flip(horizontal)"),
    "E320 a named step": pre("image = cast(image, u8)", "flip(horizontal)").replace(
        "    flip(horizontal)", "    image = flip(image, horizontal)"
    ),
    "E320 a rounding": pre("cast(i32, rounding=floor)", model="i32[h, w, c=3] bgr"),
    "E320 an anchor": pre("pad(top=3, left=1, anchor=top_left, fill=7)"),
    "E320 an offset": pre(
        "crop(offset=floor, top=3, left=1, h=9, w=9)", model="u8[h=9, w=9, c=3] bgr"
    ),
    "E320 boxes that are there": pre(
        "flip(vertical)",
        post="    b = back_to(b, image)\n    b = back_to(b, image)\n" + BEST,
    ).replace("output best", "output best, b"),
    "E320 a step in a branch": pre("train {\n        convert(bgr)\n    }", "serve {\n    }"),
    "E208 a constant": pre("flip(vertical)", head="let unused = (\n    1, 2,\n)\n"),
    "E208 a param": pre("flip(vertical)", head="## Of no use.\nparam unused = 1\n"),
    "E208 a value": pre(
        "flip(vertical)", post=BEST + "    p = softmax(\n        y, over=class\n    )\n"
    ),
    "E208 one of two": pre("flip(vertical)", post="    value, best = max(y, over=class)\n"),
    "E208 an extern": pre("flip(vertical)", head='extern f from "a:f" (u8[n]) -> u8[n]\n'),
    "E223 a stale allowance": pre('flip(vertical) allow E321 "so"'),
}


@pytest.mark.parametrize("name", SAME)
def test_what_changes_nothing_can_go(name: str) -> None:
    assert held(SAME[name])[f"same {name[:4]}"] > 0


LONG = [f'"{letter * 3000}"' for letter in "abcd"]
ONLY_WAY = {
    "E101": pre("flip(vertical)").removeprefix("proc 1\n"),
    "E111": pre(
        "flip(vertical)",
        post=f"    i = argmax(y, over=class)\n    best = lookup(i, table=({', '.join(LONG)}))\n",
    ),
    "E207": pre("pad(square, anchor=center, fill=n)", head="let n = 1\nlet n = 1\n"),
    "E207 of outputs": pre("flip(vertical)", post=BEST).replace("output best", "output best, best"),
    "E221": pre("imagine = flip(image, vertical)", model="u8[h, w, c=3] bgr")
    .replace("input image", "input other: u8[h, w] gray\ninput image")
    .replace("model x", "model imagin")
    .replace("    imagine", "    _ = flip(other, vertical)\n    imagine"),
    "E302": pre("normalize(mean=123, std=58)", model="f32[h, w, c=3] bgr"),
    "E324": pre("convert(cv2.hsv)", model="u8[h, w, c=3] cv2.hsv").replace(
        "u8[h, w, c=3] bgr\npre", "u8[h, w, c=3] cv2.ycrcb\npre"
    ),
}


@pytest.mark.parametrize("name", ONLY_WAY)
def test_what_leaves_no_choice(name: str) -> None:
    assert held(ONLY_WAY[name])[f"only {name[:4]}"] > 0


def test_a_slip_in_the_name_of_a_param() -> None:
    text = pre("pad(square, anchor=center, fill=border)", head="param border = 1\n")
    assert held(text, {"boder": "2"})["only E219"] == 1


# Files made wrong

TOKENS = re.compile(r'"[^"\n]*"|\w+|[ \t]+|\n|[^\w\s]')


def made_wrong(text: str, rng: random.Random) -> str:
    """One token left out, written twice, in another case, with a slip, or in quotes."""
    words = TOKENS.findall(text)
    i = rng.choice([i for i, word in enumerate(words) if word.strip()])
    word = words[i]
    match rng.randrange(6):
        case 0:
            del words[i]
        case 1:
            words.insert(i, word)
        case 2:
            words[i] = word.upper() if word.islower() else word.title()
        case 3 if len(word) > 3:
            at = rng.randrange(len(word))
            words[i] = word[:at] + word[at + 1 :]
        case 4 if len(word) > 3:
            at = rng.randrange(len(word) - 1)
            words[i] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            words[i] = f'"{word}"' if word[0] != '"' else word.strip('"')
    return "".join(words)


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_the_fixes_of_a_file_made_wrong(path: Path) -> None:
    """One slip somewhere: whatever is offered is held."""
    rng = random.Random(path.stem)
    text = path.read_text()
    counts: Counter[str] = Counter()
    for _ in range(60):
        counts += held(made_wrong(text, rng), name=str(path))
    assert counts.total() > 0, "nothing is offered"


def test_every_way_is_tried() -> None:
    """The reasons are those of codes that have such fixes, and no others."""
    texts = [*ONLY_WAY.values()]
    counts: Counter[str] = Counter()
    for code in pages.codes():
        words, bad, _ = blocks(code)
        counts += held(bad, settings([words[3:]]) if words.startswith("-D") else {})
    for rows in (test_hints.MEANT, test_op_hints.ONLY, test_known_names.FIXED):
        for right, wrong, *_ in rows:
            counts += held(test_hints.GOOD.replace(right, wrong, 1))
    for path in WHOLE:
        rng = random.Random(path.stem)
        for _ in range(10):
            counts += held(made_wrong(path.read_text(), rng), name=str(path))
    for text in texts:
        counts += held(text)
    tried = {name.removeprefix("only ") for name in counts if name.startswith("only ")}
    assert tried | {"E219"} == set(ONLY)


# Fixes made wrong


def test_a_fix_that_changes_the_numbers_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def doubts(self: Flip, x: object) -> list[Problem]:
        del self, x
        fix = Proposal.without_step()
        return [Problem("E320", "as if it did nothing", found="", wanted="", fix=fix)]

    monkeypatch.setattr(Flip, "doubts", doubts)
    with pytest.raises(AssertionError, match="values differ"):
        held(pre("flip(vertical)"))


def test_a_fix_that_leads_to_another_error_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(known_names._DTYPES, "uint8", Meaning("f16"))
    with pytest.raises(AssertionError, match="leads to"):
        held(pre("flip(vertical)").replace("u8[h, w, c=3] bgr\npre", "uint8[h, w, c=3] bgr\npre"))


def test_a_fix_without_a_reason_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ONLY, "E218")
    with pytest.raises(AssertionError, match="why is there only one way"):
        held(pre("flip(vertical)").replace("u8[h, w, c=3] bgr\npre", "uint8[h, w, c=3] bgr\npre"))
