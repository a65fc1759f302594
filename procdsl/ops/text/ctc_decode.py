"""Read a text off the steps of a model that was trained with CTC, greedily.

`found, confidence = ctc_decode(probabilities, over=class, blank=0, confidence=mean)` takes the
class of the largest probability of each step, merges equal ones that follow each other, and leaves
out the blank. `text = lookup(found.ids, table=alphabet, join="")` spells it.

- `found.ids` are ids of characters, counted without the blank, as alphabets are listed: of 97
  classes with `blank=0` class 1 is the first of 96 characters, and with `blank=96` class 0 is.
  `found.scores` is the probability of each, that of the first of merged steps.
- `confidence=mean` is the mean of `found.scores`, `confidence=product` their product; 0 where
  nothing is found.
- Of equal probabilities the lower class counts, and NaN never wins.
- The blank is class 0 in PaddleOCR (`CTCLabelDecode`, whose score is `mean`), EasyOCR and CRNN;
  the last one in Keras and NeMo; in Hugging Face's Wav2Vec2 it is `pad_token_id`.
- Both are computed in float64 in one order, halves on halves, and rounded to float32.

Not computed are EasyOCR's own confidence, a power of the product over all steps that are no blank,
and what a beam search or a language model finds beside the best class of each step.
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
class CtcDecode(Op):
    outputs: ClassVar[int] = 2
    finds: ClassVar[bool] = True

    over: Word = arg(axis())
    blank: int = arg(whole(0, AXIS, 0))
    confidence: Word = arg(words("mean", "product"))

    def infer(self, x: Type) -> tuple[Record, Array]:
        array, steps = expect_steps(x, self.over, self.blank, "blank", self.name)
        return characters(array, self.over, steps)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {
            "over": x.from_end(self.over),
            "sign": self.blank,
            "product": self.confidence == "product",
        }

    def reference(
        self, types: tuple[Array], x: np.ndarray
    ) -> tuple[dict[str, np.ndarray], np.ndarray]:
        scores, ids = best_of_steps(x, types[0].at(self.over))
        kept = ids != self.blank
        kept[1:] &= ids[1:] != ids[:-1]
        found = {"ids": without(ids[kept], self.blank), "scores": scores[kept]}
        return found, confidence(scores, kept, self.confidence == "product")

    @staticmethod
    def cases() -> tuple[Case, ...]:
        spelled = [0, 1, 1, 0, 1, 2, 2, 2, 3, 3, 0, 3, 0]
        return (
            *(
                Case(
                    post=f"found, c = ctc_decode(x, over=class, blank={blank}, confidence={how})\n"
                    'word = lookup(found.ids, table=("a", "b", "\\""), join="")',
                    outputs={"x": "f32[t=13, class=4] probabilities"},
                    values=read_as(spelled),
                )
                for blank, how in ((0, "mean"), (3, "product"))
            ),
            *(
                Case(
                    post="found, c = ctc_decode(x, over=class, blank=2, confidence=mean)\n"
                    "codes = lookup(found.ids, table=(7, 70, -7))",
                    outputs={"x": "f32[t, class=4]"},
                    values=read_as(steps, more),
                )
                for steps, more in (
                    ([2, 0, 3, 3, 3, 1], float("nan")),
                    ([2, 2], 0.25),
                    ([2, 2, 2], 0),
                    ([], 0),
                )
            ),
            Case(
                post="found, c = ctc_decode(x, over=class, blank=0, confidence=product)",
                outputs={"x": "f32[class=4, t=7]"},
                values=read_as([1, 1, 2, 0, 0, 2, 3], turned=True),
            ),
            Case(
                post="p = softmax(x, over=class)\n"
                "found, c = ctc_decode(p, over=class, blank=5, confidence=mean)",
                outputs={"x": "f32[t=9, class=6] logits"},
            ),
        )
