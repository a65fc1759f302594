"""Mirror an image with a probability. Train only.

Checked, and in the manifest; not generated yet, so that a file with it has no `preprocess_train`:
random steps come with the keyed generator that gives every backend the same picture.
"""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from procdsl.opdef.arguments import arg, real, words
from procdsl.opdef.expect import expect_image, rows_first
from procdsl.opdef.op import Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Word
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class RandomFlip(Op):
    random: ClassVar[bool] = True

    direction: Word = arg(words("horizontal", "vertical"), positional=True)
    p: float | Fraction = arg(real(0, 1, 0.5))

    def axes_order(self, x: Array) -> tuple[str, ...]:
        return rows_first(x)

    def infer(self, x: Type) -> Array:
        return expect_image(x, self.name).with_(space=None)
