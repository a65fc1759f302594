"""What is held of every fix: it keeps the numbers, or is the only way and leads on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from support import height_width, random_array, same

from procdsl.checker.check import check
from procdsl.checker.checked import Checked
from procdsl.diagnostics.diagnostic import Applicability, Diagnostic, Fix, apply
from procdsl.ir.pipeline import Pipeline, Step
from procdsl.reference.interpreter import postprocess, preprocess
from procdsl.reference.probe import shape_of
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.workspace import sources

ONLY = {
    "E100": "the sign or word of another language, or a slip in a word of the grammar",
    "E101": "there is one edition",
    "E102": "one parenthesis is open, and the line ends",
    "E103": "two values stand side by side, which cannot be one",
    "E105": "one block is open, and the next part begins",
    "E106": "a brace more than was opened",
    "E108": "nobody sees the character, and it is in no text",
    "E109": "the character looks like this one in ASCII",
    "E111": "a line may break after a comma",
    "E113": "a value may have any name",
    "E114": "each part has one place",
    "E115": "what documents nothing is a comment",
    "E116": "the same number, as it is written elsewhere",
    "E117": "two statements stand on one line",
    "E201": "a slip, another case, or a name that means exactly this op elsewhere",
    "E202": "a slip, another case, or a name that means exactly this argument elsewhere",
    "E203": "another case, or a constant that means exactly this sampler elsewhere",
    "E204": "another case, or a name that means exactly this colour elsewhere",
    "E205": "a slip, another case, or a word that means exactly this elsewhere",
    "E206": "a slip in a name of the file",
    "E207": "the two definitions are one",
    "E210": "the same number or word, in quotes",
    "E212": "the two values are one",
    "E215": "one argument takes such a value",
    "E216": "one value is there to take, or the name of the result is that of the value",
    "E218": "another case, or a name that means exactly this dtype elsewhere",
    "E219": "a slip in a name of the file",
    "E221": "a slip in a name of the file",
    "E222": "the function is there, or the name says which part of it is the function",
    "E302": "the statistics are of the numbers as they are",
    "E307": "the value has one such axis, or one that is a slip away",
    "E312": "one step leads to the contract and changes no number, or types are of one sample",
    "E324": "one way leads from colour to colour",
}
"""Why there is only one way, by the code."""


def checked(text: str, settings: Mapping[str, str] | None = None, name: str = "p.proc") -> Checked:
    return check(Source(name, text), sources.load, settings)


def held(
    text: str, settings: Mapping[str, str] | None = None, name: str = "p.proc"
) -> Counter[str]:
    """How many fixes of a file were held, by their applicability and code."""
    before = checked(text, settings, name)
    counts: Counter[str] = Counter()
    for diagnostic in before.diagnostics:
        for fix in diagnostic.fixes:
            if fix.edits[0].span.source.name == "-D":
                setting = apply(fix.edits, fix.edits[0].span.source.text)
                after = checked(text, dict([setting.split("=")]), name)
            else:
                after = checked(apply(fix.edits, text), settings, name)
            if fix.applicability is Applicability.SAME:
                if before.as_written is None:
                    continue  # another error leaves it open what the file computes
                _keeps_the_numbers(before.as_written, after, fix)
            else:
                _is_the_only_way(before.diagnostics, diagnostic, after)
            counts[f"{fix.applicability.value} {diagnostic.code}"] += 1
    return counts


def _keeps_the_numbers(written: Pipeline, after: Checked, fix: Fix) -> None:
    assert after.as_written is not None, f"{fix.message}: {after.diagnostics}"
    for seed in (0, 1):
        first, second = (computed(pipeline, seed) for pipeline in (written, after.as_written))
        assert len(first) == len(second), fix.message
        for one, other in zip(first, second, strict=True):
            same(one, other, 0.0, fix.message)


def _is_the_only_way(
    diagnostics: Sequence[Diagnostic], diagnostic: Diagnostic, after: Checked
) -> None:
    assert diagnostic.code in ONLY, f"{diagnostic.code}: why is there only one way?"
    """The diagnostic is gone, and none of another kind has come."""
    left = [(d.code, d.message, d.found) for d in after.diagnostics]
    gone = (diagnostic.code, diagnostic.message, diagnostic.found) not in left
    assert gone, f"{diagnostic}\nleads to\n{after.diagnostics}"
    new = {code for code, _, _ in left} - {d.code for d in diagnostics}
    assert not new, f"{diagnostic}\nleads to\n{after.diagnostics}"


def computed(pipeline: Pipeline, seed: int) -> list[Any]:
    """What the reference gives for random arrays, before and behind the model."""
    rng = np.random.default_rng(seed)
    size = (64, 96)
    inputs = {v.name: _random(rng, v.type, size) for v in pipeline.inputs}
    outputs = {v.name: _random(rng, v.type, (7, 9)) for v in pipeline.model.outputs}
    sizes = {v.name: height_width(v.type, inputs[v.name]) for v in pipeline.inputs}
    found: list[Any] = list(preprocess(pipeline, inputs, call=_stands_in))
    if pipeline.has_train:
        found += preprocess(pipeline, inputs, train=True, call=_stands_in)
    return [*found, *postprocess(pipeline, outputs, sizes, call=_stands_in)]


def _random(rng: np.random.Generator, type_: Any, size: tuple[int, int]) -> np.ndarray:
    assert isinstance(type_, Array), "inputs and outputs of a model are arrays"
    return random_array(rng, type_, size)


def _stands_in(step: Step, given: Sequence[np.ndarray]) -> list[np.ndarray]:
    """What an extern gives: numbers of its types, the same for the same step."""
    del given
    rng = np.random.default_rng(len(step.op.name))
    types = [value.type for value in step.outputs if isinstance(value.type, Array)]
    return [np.asarray(rng.random(shape_of(type_, (8, 8)))) for type_ in types]
