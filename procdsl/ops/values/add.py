"""The sum of two values, number by number.

`y = add(x, offset)` is `x + offset` in float32, rounded once. The second value has the axes of the
first, or some of them, in any order: along those that it lacks it is repeated. A number of the file
is added by `scale(add=...)`.
"""

from __future__ import annotations

from typing import ClassVar

from procdsl.opdef.op import Case
from procdsl.ops.values._arithmetic import Arithmetic
from procdsl.records import dataclass


@dataclass(frozen=True, kw_only=True)
class Add(Arithmetic):
    sign: ClassVar[str] = "+"

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return Arithmetic.cases_of("add")
