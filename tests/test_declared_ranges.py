"""Ranges that a type declares: what the checker makes of them, and `check_ranges` of a module."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from support import BACKENDS, Built, build, compiled, given_to, manifest_of

from procdsl.checker.check import check
from procdsl.ir.unparse import unparse
from procdsl.manifest import read
from procdsl.manifest.canonical import identity
from procdsl.source import Source
from procdsl.syntax.format import formatted
from procdsl.types.array import Array
from procdsl.types.axis import Range

TEXT = """proc 1

pipeline p

input image: f32[h, w, c=3] rgb 0..1
input depth: f32[h, w] -1.5..0.25
input ids: i64[n]

pre {
    a = normalize(image, mean=0.5, std=0.5)
    b = flip(depth, vertical)
}

model a: f32[h, w, c=3] rgb -1..1, b: f32[h, w], ids: i64[n] -> logits: f32[class=4] logits -8..8

post {
    p = softmax(logits, over=class)
}

output p
"""


def codes(text: str) -> list[str]:
    return [d.code for d in check(Source("p.proc", text)).diagnostics]


def ranges(text: str) -> list[Range | None]:
    pipeline = compiled(text)
    values = [*pipeline.inputs, *pipeline.model.inputs, *pipeline.model.outputs]
    return [value.type.range for value in values if isinstance(value.type, Array)]


# What a file says


def test_a_declared_range_is_known() -> None:
    spans = [Range(0, 1), Range(-1.5, 0.25), None, Range(-1, 1), None, None, Range(-8, 8)]
    assert ranges(TEXT) == spans
    assert formatted(Source("p.proc", TEXT)).text == TEXT
    assert unparse(compiled(TEXT)) == TEXT


def test_it_stands_in_the_manifest_and_in_the_id() -> None:
    built = build(TEXT, ["numpy"])
    manifest = manifest_of(built)
    assert manifest["inputs"][1]["value"] == "depth: f32[h, w] -1.5..0.25"
    assert manifest["model"]["outputs"] == ["logits: f32[class=4] logits -8..8"]
    assert read.read(built.files["p.manifest.json"]) == built.pipeline
    plain = compiled(TEXT.replace(" 0..1", ""))
    assert len({identity(p) for p in (built.pipeline, plain)}) == 2
    spelt = compiled(TEXT.replace(" 0..1", " 0.0..1.0"))
    assert identity(spelt) == identity(built.pipeline)


def test_what_dtype_and_kind_say_is_not_written() -> None:
    text = TEXT.replace("logits -8..8", "probabilities 0..1").replace("softmax", "max")
    text = text.replace("    p = max", "    p, _ = max")
    assert identity(compiled(text)) == identity(compiled(text.replace(" 0..1\n\npost", "\n\npost")))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (" 0..1", " 1..0", "E335"),
        (" 0..1", " 1..1", "E335"),
        ("i64[n]\n", "i64[n] 0..1\n", "E335"),
        ("logits -8..8", "probabilities 0..2", "E335"),
        (" -1..1", " 0..1", "E312"),
        (" 0..1", " 0..255", "E304"),
        (" 0..1", " 0...1", "E116"),
        (" 0..1", " 0..", "E100"),
    ],
)
def test_what_is_wrong_with_a_range(old: str, new: str, code: str) -> None:
    assert codes(TEXT) == []
    assert code in codes(TEXT.replace(old, new, 1))


EXTERN = """proc 1
pipeline p
extern f from "shop.filters:f" (f32[n] 0..1) -> f32[n] 0..2
input x: f32[n] {}
pre {{
    f()
}}
model y: f32[n] 0..2 -> z: f32[n]
"""


@pytest.mark.parametrize(("span", "found"), [("0..0.5", []), ("", []), ("0..1.5", ["E312"])])
def test_an_extern_declares_ranges(span: str, found: list[str]) -> None:
    text = EXTERN.format(span)
    checked = check(Source("p.proc", text), find=lambda *_: "0" * 64)
    assert [d.code for d in checked.diagnostics] == found


# What a module checks


@pytest.fixture(scope="module")
def ranged() -> Built:
    return build(TEXT)


def given(backend: str, **changes: np.ndarray) -> list[Any]:
    arrays: dict[str, np.ndarray] = {
        "image": np.linspace(0, 1, 60, dtype=np.float32).reshape(5, 4, 3),
        "depth": np.full((2, 3), -1.5, np.float32),
        "ids": np.arange(4),
    }
    return [given_to(backend, x) for x in {**arrays, **changes}.values()]


def filled(*values: float) -> np.ndarray:
    image = np.full((5, 4, 3), 0.5, np.float32)
    image.ravel()[: len(values)] = values
    return image


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("image", "came"),
    [
        (filled(0, 255), "0..255"),
        (filled(-0.001), "-0.001..0.5"),
        (filled(np.nan, 1), "0.5..1 and NaN"),
        (filled(np.inf, 0), "0..inf"),
        (np.full((5, 4, 3), np.nan, np.float32), "NaN"),
    ],
)
def test_values_outside_are_told(ranged: Built, backend: str, image: np.ndarray, came: str) -> None:
    module = ranged.modules[backend]
    module.check_ranges(*given(backend))
    arguments = given(backend, image=image)
    assert module.preprocess(*arguments).a.shape == (5, 4, 3)  # which looks at no value
    with pytest.raises(ValueError, match=f"^image: expected values in 0..1, got {came}$"):
        module.check_ranges(*arguments)
    bad = given(backend, depth=np.ones((2, 3), np.float32))
    with pytest.raises(ValueError, match=r"^depth: expected values in -1.5..0.25, got 1..1$"):
        module.check_ranges(*bad)


@pytest.mark.parametrize("backend", BACKENDS)
def test_it_takes_what_preprocess_takes(ranged: Built, backend: str) -> None:
    module = ranged.modules[backend]
    with pytest.raises(TypeError, match="^image: expected dtype .*float32, got .*float64$"):
        module.check_ranges(*given(backend, image=filled(1).astype(np.float64)))
    with pytest.raises(TypeError, match="^ids: expected dtype .*int64, got .*float32$"):
        module.check_ranges(*given(backend, ids=np.zeros(4, np.float32)))
    assert "check_ranges" in module.__all__


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_module_without_a_range_has_no_such_function(u8: Built, backend: str) -> None:
    assert "check_ranges" not in u8.modules[backend].__all__
    assert not hasattr(u8.modules[backend], "check_ranges")


def test_halves_are_checked_as_they_are() -> None:
    module = build(TEXT.replace("ids: i64[n]", "ids: f16[n] 0..0.1")).modules["torch"]
    image, depth, _ = given("torch")
    module.check_ranges(image, depth, torch.tensor([0, 0.0999], dtype=torch.float16))
    with pytest.raises(ValueError, match=r"^ids: expected values in 0..0.1, got 0.25..0.25$"):
        module.check_ranges(image, depth, torch.tensor([0.25], dtype=torch.float16))
