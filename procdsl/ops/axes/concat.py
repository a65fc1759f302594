"""Values behind each other along an axis.

`scores = concat(large, middle, small, along=anchor)`: the levels of a detector as one list, in the
order in which they are named. All have one dtype and the same axes in the same order; along the
others they are equally long. A new axis is made by `stack`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, axis
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_axis
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis, Range
from procdsl.types.constants import Word
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Concat(Op):
    inputs: ClassVar[tuple[str, ...]] = ("x", "y")
    variadic: ClassVar[bool] = True

    along: Word = arg(axis())

    def infer(self, *types: Type) -> Array:
        values = [expect_axis(x, self.along, self.name, "along") for x in types]
        first = values[0]
        other = next((x for x in values if self._alike(x) != self._alike(first)), None)
        if other is not None:
            raise Problem(
                "E327",
                "`concat` of values that are not alike",
                found=f"{first} and {other}",
                wanted=f"one dtype, and the same axes but for the length of `{self.along}`",
                help="make them alike before: `layout` gives one order of axes, `cast` one dtype",
            )
        axes = [x.axes[x.at(self.along)] for x in values]
        found = next((a for a in axes if a.size is None and a.low == 0 and a.high), None)
        if found is not None:
            raise Problem(
                "E327",
                "`concat` along rows that are found",
                found=f"`{found.name}`, of which there are up to {found.high}",
                wanted="an axis whose size does not depend on what is found",
                help="put the candidates behind each other before the step that finds, as "
                "`boxes = concat(a, b, along=anchor)` does before `nms`",
                at="along",
            )
        highs = [a.high for a in axes]
        high = None if None in highs else sum(h or 0 for h in highs)
        spans = [x.range for x in values if x.range is not None]
        span = None
        if len(spans) == len(values):
            standardized = any(s.standardized for s in spans)
            span = Range(min(s.low for s in spans), max(s.high for s in spans), standardized)
        after = first.resized(**{self.along: Axis(self.along, sum(a.low for a in axes), high)})
        kinds = {(x.kind, x.says) for x in values}
        if len(kinds) > 1 or (first.kind == "boxes" and self.along == first.names[-1]):
            after = after.with_(kind=None)
        if self.along == "c" or len({x.colour for x in values}) > 1:
            after = after.with_(colour=None)
        alike = all(x.space == first.space for x in values) and self.along not in ("h", "w")
        return after.with_(range=span, space=first.space if alike else None)

    def _alike(self, x: Array) -> tuple[object, ...]:
        """What must be the same of all values."""
        return x.dtype, *(a.name if a.name == self.along else a for a in x.axes)

    def attributes(self, x: Array, *others: Array) -> Mapping[str, Attribute]:
        return {"axis": x.from_end(self.along)}

    def reference(self, types: tuple[Array, ...], *values: np.ndarray) -> np.ndarray:
        return np.concatenate(values, types[0].at(self.along))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(
                post="y = concat(a, b, c, along=anchor)",
                outputs={
                    name: f"f32[anchor={n}, d=3]" for name, n in (("a", 5), ("b", 1), ("c", 7))
                },
            ),
            Case(
                post="y = concat(a, a, b, along=h)",
                outputs={"a": "i64[c=2, h=3, w=4]", "b": "i64[c=2, h=1, w=4]"},
            ),
            Case(
                post="a = flatten(a, h, w, to=anchor)\nb = flatten(b, h, w, to=anchor)\n"
                "y = concat(a, b, along=anchor)",
                outputs={"a": "f32[c=2, h=3, w=4]", "b": "f32[c=2, h=2, w=2]"},
            ),
            Case("a = flip(image, horizontal)\nconcat(a, along=c)"),
        )
