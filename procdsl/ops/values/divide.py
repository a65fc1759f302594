"""The quotient of two values, number by number.

`y = divide(x, total)` is `x / total` in float32, rounded once, with the infinities and NaN of IEEE
754 where it divides by 0. The second value has the axes of the first, or some of them, in any
order: along those that it lacks it is repeated. A number of the file is divided by with
`scale(divide=...)`, a length with `l2_normalize`.
"""

from __future__ import annotations

from typing import ClassVar

from procdsl.opdef.op import Case
from procdsl.ops.values._arithmetic import Arithmetic
from procdsl.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Divide(Arithmetic):
    sign: ClassVar[str] = "/"

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return Arithmetic.cases_of("divide")
