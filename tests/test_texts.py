"""What reads texts and names: what is refused, where, and in the same words on every backend."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from support import BACKENDS, build, compiled, run_post

from procdsl.checker.check import check
from procdsl.source import Source

DECODED = "found, c = ctc_decode(x, over=class, blank=0, confidence=mean)"
SPELLED = 'text = lookup(found.ids, table={}, join="")'


def text(x: str, *post: str, given: str = "found, c") -> str:
    steps = "\n".join(f"    {step}" for step in post)
    head = f"proc 1\n\npipeline p\n\nmodel m: f32[n=2] -> x: {x}\n\n"
    return f"{head}post {{\n{steps}\n}}\n\noutput {given}\n"


@pytest.mark.parametrize(
    ("x", "post", "code", "found"),
    [
        ("f32[t, class=4]", DECODED.replace("=0", "=4"), "E211", "blank=4 over class=4"),
        ("f32[t, class]", DECODED, "E211", "blank=0 over class"),
        ("f32[t, class=1]", DECODED, "E211", "blank=0 over class=1"),
        ("f32[t, class=4]", DECODED.replace("=0", "=-1"), "E211", "`-1`"),
        ("f32[t, letter=4]", DECODED, "E307", "`class`, on f32[t, letter=4]"),
        ("f32[line, t, class=4]", DECODED, "E319", "f32[line, t, class=4]"),
        ("f32[class=4]", DECODED, "E319", "f32[class=4]"),
        ("i64[t, class=4]", DECODED, "E301", "i64[t, class=4]"),
        ("f32[t, class=4] logits", DECODED, "E301", "f32[t, class=4] logits"),
        ("f32[t, class=4]", DECODED.replace("mean", "median"), "E205", "`median`"),
        (
            "f32[t, class=4]",
            DECODED.replace("ctc_decode", "eos_decode").replace("blank=0", "eos=9"),
            "E211",
            "eos=9 over class=4",
        ),
        ("f32[tag]", "found = tags(x, above=0.5)", "E319", "f32[tag]"),
        ("f32[n, tag=4]", "found = tags(x, above=0.5)", "E319", "f32[n, tag=4]"),
        ("f32[tag=4]", "found = tags(x, above=0.5, limit=5)", "E211", "limit=5 over tag=4"),
        ("f32[tag=4]", "found = tags(x)", "E209", "above"),
    ],
)
def test_what_is_no_text_is_refused(x: str, post: str, code: str, found: str) -> None:
    given = "found" if "tags" in post else "found, c"
    (diagnostic,) = check(Source("p.proc", text(x, post, given=given))).diagnostics
    assert (diagnostic.code, found in diagnostic.found) == (code, True), diagnostic


@pytest.mark.parametrize(
    ("spelled", "code", "found"),
    [
        (SPELLED.format('("a", "b")'), "E322", "2 entries for the ids 0 to 2"),
        (SPELLED.format('("a", "b", "c", "d")'), "E322", "4 entries for the ids 0 to 2"),
        (SPELLED.format('("a", "b", "a")'), "E338", '"a" for the ids 0 and 2'),
        (SPELLED.format("(1, 2, 3)"), "E301", "a table of whole numbers, (1, 2, 3)"),
        (SPELLED.format('("a", "b", "c")').replace('""', "1"), "E210", "`1`"),
        (SPELLED.format('("a", "b", "c")').replace('""', "none"), "E206", "`none`"),
        (SPELLED.format('("a", "b", "c")').replace(".ids", ".scores"), "E301", "f32[found]"),
    ],
)
def test_a_text_of_another_alphabet_is_refused(spelled: str, code: str, found: str) -> None:
    source = text("f32[t, class=4]", DECODED, spelled, given="text, c")
    (diagnostic,) = check(Source("p.proc", source)).diagnostics
    assert (diagnostic.code, found in diagnostic.found) == (code, True), diagnostic


def test_the_hint_of_logits_computes_probabilities() -> None:
    source = text("f32[t, class=4] logits", DECODED)
    (diagnostic,) = check(Source("p.proc", source)).diagnostics
    assert "`p = softmax(x, over=class)`" in diagnostic.hint
    step = DECODED.replace("(x", "(p")
    compiled(source.replace(DECODED, f"p = softmax(x, over=class)\n    {step}"))
    compiled(source.replace("logits", "probabilities"))


def test_join_of_one_id_is_refused() -> None:
    source = text(
        "f32[class=3]",
        "i = argmax(x, over=class)",
        'name = lookup(i, table=("a", "b", "c"), join="")',
        given="name",
    )
    (diagnostic,) = check(Source("p.proc", source)).diagnostics
    assert (diagnostic.code, diagnostic.found) == ("E301", "i64[] ids, 0..2")


def test_ids_outside_of_the_alphabet_are_refused_alike() -> None:
    """Where the model gives the ids itself."""
    source = text("i64[k]", 'word = lookup(x, table=("a", "b"), join="-")', given="word")
    modules = build(source).modules
    for ids, wanted in (([0, 1, 1], "a-b-b"), ([], ""), ([1], "b")):
        for backend, module in modules.items():
            found = run_post(module, {"x": np.array(ids, np.int64)}, [])
            assert found == {"word": wanted}, backend
    for ids, bad in (([0, 2, 5], 2), ([1, -1], -1)):
        for backend in BACKENDS:
            with pytest.raises(ValueError, match=f"outside the table of 2 entries: {bad}$"):
                run_post(modules[backend], {"x": np.array(ids, np.int64)}, [])


def test_a_batch_has_a_text_for_each_sample() -> None:
    source = text("f32[t=3, class=3]", DECODED, SPELLED.format('("a", "b")'), given="text, c")
    module = build(source, ["torch"]).modules["torch"]
    x = torch.eye(3)[torch.tensor([[0, 0, 0], [1, 0, 1], [2, 2, 1]])]
    found = module.Postprocess()(x)
    assert found.text == ["", "aa", "ba"]
    assert found.c.tolist() == [0, 1, 1]
    room = module.Postprocess().in_graph(x)
    assert room.text.tolist() == [[0, 0, 0], [0, 0, 0], [1, 0, 0]]
    assert room.text_counts.tolist() == [0, 2, 2]
    assert module.Postprocess()(x[:0]).text == []
    assert [one.text for one in module.postprocess_batch(x)] == ["", "aa", "ba"]


def test_what_joins_is_a_text_whatever_it_holds() -> None:
    """Nothing of it is code in a module."""
    between = '\\"); raise SystemExit(\\"\\\\n{}'
    source = text("i64[k]", f'word = lookup(x, table=("a", "b"), join="{between}")', given="word")
    for backend, module in build(source).modules.items():
        found = run_post(module, {"x": np.array([0, 1])}, [])
        assert found == {"word": 'a"); raise SystemExit("\\n{}b'}, backend
