"""The product of two values, number by number.

`scores = multiply(classes, objectness)` is `classes * objectness` in float32, rounded once. The
second value has the axes of the first, or some of them, in any order: along those that it lacks it
is repeated. A product of probabilities is one, and one of scores with either is a score. A number
of the file is multiplied by with `scale(multiply=...)`.
"""

from __future__ import annotations

from typing import ClassVar

from procdsl.opdef.op import Case
from procdsl.ops.values._arithmetic import Arithmetic
from procdsl.records import dataclass
from procdsl.types.array import Array


@dataclass(frozen=True, kw_only=True)
class Multiply(Arithmetic):
    sign: ClassVar[str] = "*"

    def _kind(self, x: Array, y: Array) -> str | None:
        kinds = {x.kind, y.kind}
        if kinds <= {"scores", "probabilities"}:
            return "scores" if "scores" in kinds else "probabilities"
        return None

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return Arithmetic.cases_of("multiply")
