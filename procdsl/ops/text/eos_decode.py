"""Read a text off the steps of a model that gives one character a step and then an end sign.

`found, confidence = eos_decode(probabilities, over=class, eos=0, confidence=product)` takes the
class of the largest probability of each step, up to the first that is the end sign, or all where
none is. `text = lookup(found.ids, table=alphabet, join="")` spells it.

- `found.ids` are ids of characters, counted without the end sign, as alphabets are listed: with
  `eos=0` class 1 is the first character. `found.scores` is the probability of each.
- `confidence=mean` is the mean of `found.scores` (PaddleOCR's `SEEDLabelDecode`),
  `confidence=product` their product; 0 where nothing is found. `confidence=product_with_eos`
  multiplies by that of the first end sign, too, as PARSeq does: then a text of no character has a
  confidence.
- The end sign is class 0 in PARSeq, and stands behind the characters in PaddleOCR. What else is no
  character, such as a sign for the beginning, has an entry in the alphabet.
- Of equal probabilities the lower class counts, and NaN never wins. Both are computed in float64
  in one order, halves on halves, and rounded to float32.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.limits import AXIS
from procdsl.opdef.arguments import arg, axis, whole, words
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.text._sequences import (
    best_of_steps,
    characters,
    confidence,
    expect_steps,
    read_as,
    without,
)
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.value import Record, Type


@dataclass(frozen=True, kw_only=True)
class EosDecode(Op):
    outputs: ClassVar[int] = 2
    finds: ClassVar[bool] = True

    over: Word = arg(axis())
    eos: int = arg(whole(0, AXIS, 0))
    confidence: Word = arg(words("mean", "product", "product_with_eos"))

    def infer(self, x: Type) -> tuple[Record, Array]:
        array, steps = expect_steps(x, self.over, self.eos, "eos", self.name)
        return characters(array, self.over, steps)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {
            "over": x.from_end(self.over),
            "sign": self.eos,
            "product": self.confidence != "mean",
            "with_sign": self.confidence == "product_with_eos",
        }

    def reference(
        self, types: tuple[Array], x: np.ndarray
    ) -> tuple[dict[str, np.ndarray], np.ndarray]:
        scores, ids = best_of_steps(x, types[0].at(self.over))
        ends = np.cumsum(ids == self.eos)
        kept = ends == 0
        found = {"ids": without(ids[kept], self.eos), "scores": scores[kept]}
        counted = ends - (ids == self.eos) == 0 if self.confidence == "product_with_eos" else kept
        return found, confidence(scores, counted, self.confidence != "mean")

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(
                Case(
                    post=f"found, c = eos_decode(x, over=class, eos={eos}, confidence={how})\n"
                    'word = lookup(found.ids, table=("a", "b", "\\\\"), join="-")',
                    outputs={"x": "f32[t=9, class=4] probabilities"},
                    values=read_as([1, 1, 2, 3, 2, 0, 3, 0, 1]),
                )
                for eos, how in ((0, "mean"), (3, "product"), (0, "product_with_eos"))
            ),
            *(
                Case(
                    post=f"found, c = eos_decode(x, over=class, eos=0, confidence={how})\n"
                    "codes = lookup(found.ids, table=(7, 70, -7))",
                    outputs={"x": "f32[t, class=4]"},
                    values=read_as(steps, more),
                )
                for how, steps, more in (
                    ("mean", [2, 1], float("nan")),
                    ("product_with_eos", [0, 1], 0),
                    ("product", [0, 1], 0),
                    ("product_with_eos", [3, 1, 2], 0),
                    ("mean", [], 0),
                )
            ),
            Case(
                post="found, c = eos_decode(x, over=class, eos=3, confidence=product)",
                outputs={"x": "f32[class=4, t=7]"},
                values=read_as([1, 1, 2, 0, 3, 2, 3], turned=True),
            ),
        )
