"""Crop a random part of an image and resize it. Train only.

`area` is the part of the picture's area to keep and `ratio` its width over its height, each drawn
between two bounds. Checked, and in the manifest; not generated yet, so that a file with it has no
`preprocess_train`: random steps come with the keyed generator that gives every backend the same
picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import ClassVar

from procdsl.opdef.argument_types import Many
from procdsl.opdef.arguments import arg, real, side
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_image, rows_first
from procdsl.opdef.op import Op
from procdsl.opdef.sampling import SAMPLER, doubts_of_sampling, expect_sampled
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class RandomResizedCrop(Op):
    random: ClassVar[bool] = True

    h: int = arg(side("height"))
    w: int = arg(side("width"))
    area: tuple[float | Fraction, ...] = arg(
        Many("two parts of 1 in parentheses", (0.08, 1.0), real(0, 1, 0.08), 2)
    )
    ratio: tuple[float | Fraction, ...] = arg(
        Many("two ratios in parentheses", (Fraction(3, 4), Fraction(4, 3)), real(0.01, 100, 1), 2)
    )
    sampler: Word = arg(SAMPLER)

    def axes_order(self, x: Array) -> tuple[str, ...]:
        return rows_first(x)

    def infer(self, x: Type) -> Array:
        x = expect_image(x, self.name)
        after = x.resized(h=Axis.of("h", self.h), w=Axis.of("w", self.w)).with_(space=None)
        return expect_sampled(x, self.name, self.sampler, after)

    def doubts(self, x: Array) -> Iterable[Problem]:
        return doubts_of_sampling(x, self.name, self.sampler)
