"""Part of an axis, or one place of it.

`select(scores, class, stop=-1)` leaves out the last class, `select(scores, class, start=0,
stop=90)` gives the first 90: from `start` up to `stop`, which is not in it, as a slice of Python.
What is left out is the first place, or the end. Numbers below 0 count from the end.

`select(tokens, token, index=0)` gives one place, and the axis is gone: the class token of a
transformer. What is asked for must be there; of an axis whose size is open this is held at run
time. The parts of an axis that is to be split are one `select` each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.limits import AXIS
from procdsl.opdef.arguments import arg, axis, whole
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_axis
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.value import Type

_PLACE = whole(-AXIS, AXIS, 0)


@dataclass(frozen=True, kw_only=True)
class Select(Op):
    may_alias: ClassVar[bool] = True

    axis: Word = arg(axis(), positional=True)
    start: int | None = arg(_PLACE, default=None)
    stop: int | None = arg(_PLACE, default=None)
    index: int | None = arg(_PLACE, default=None)

    def infer(self, x: Type) -> Array:
        x = expect_axis(x, self.axis, self.name, "axis")
        self._check_arguments(x)
        of = x.axes[x.at(self.axis)]
        if self._least() is None and of.size is None:
            raise Problem(
                "E211",
                "`select` from the end up to a place from the front",
                found=f"start={self.start}, stop={self.stop} of `{of}`, whose size is open",
                wanted="both counted from one end",
                help="count both from the front, or both from the end",
                at="start",
            )
        longest = of.high if of.high is not None else AXIS
        if not self._length(longest) or (self._least() or 0) > longest:
            raise Problem(
                "E211",
                "`select` of what is not there",
                found=f"{self._written} of `{of}`",
                wanted="places within the axis, `start` before `stop`",
                help=f"`{self.axis}` goes from 0 to {longest - 1}, or from -1, its last place, to "
                f"{-longest}; `stop` is not in the part",
                at="axis",
            )
        kept = self._kept(x)
        if self.index is not None:
            return kept.without(self.axis)
        low = self._length(max(of.low, self._least() or 1))
        high = self._length(of.high) if of.high is not None else None
        if high is None and self.start is not None and self.start < 0:
            high = low  # so many from the end
        if high is None and self.stop is not None and self.stop > 0:
            high = low
        return kept.resized(**{self.axis: Axis(self.axis, low, high)})

    def _check_arguments(self, x: Array) -> None:
        if self.index is not None and (self.start is not None or self.stop is not None):
            raise Problem(
                "E214",
                "`select` of one place and of a part",
                found=self._written,
                wanted="`index`, or `start` and `stop`",
                help="leave `index` out for a part, whose axis stays; leave the others out for one "
                "place",
                at="index",
            )
        if self.index is self.start is self.stop is None:
            raise Problem(
                "E209",
                "`select` does not say which part",
                found="none of start, stop, index",
                wanted="at least one of them",
                help=choices(
                    "say what is taken",
                    "`stop=-1`: all without the last",
                    "`start=1`: all without the first",
                    "`index=0`: the first alone, without the axis",
                ),
                then=x,
            )

    @property
    def _written(self) -> str:
        names = ("start", "stop", "index")
        return ", ".join(f"{n}={getattr(self, n)}" for n in names if getattr(self, n) is not None)

    def _least(self) -> int | None:
        """How long the axis must be for all that is asked for; None where that has an end, too."""
        if self.index is not None:
            return self.index + 1 if self.index >= 0 else -self.index
        start, stop = self.start or 0, self.stop
        if start < 0:
            return None if stop is not None and stop >= 0 else -start
        if stop is None:
            return start + 1
        return stop if stop >= 0 else start - stop + 1

    def _length(self, size: int) -> int:
        """How many places of an axis of this size are taken."""
        if self.index is not None:
            return int(-size <= self.index < size)
        return len(range(*slice(self.start, self.stop).indices(size)))

    def _kept(self, x: Array) -> Array:
        """What is known of the value that is known of its part."""
        if self.axis == "c":
            x = x.with_(colour=None)
        if x.kind == "boxes" and self.axis == x.names[-1]:
            x = x.with_(kind=None)
        return x.with_(space=None) if self.axis in ("h", "w") else x

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {
            "axis": x.from_end(self.axis),
            "start": self.start,
            "stop": self.stop,
            "index": self.index,
        }

    def least_sizes(self, x: Array) -> Mapping[str, int]:
        return {self.axis: self._least() or 1}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        over = types[0].at(self.axis)
        if self.index is not None:
            return x.take(self.index, over)
        return x.take(range(*slice(self.start, self.stop).indices(x.shape[over])), over)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(
                Case(post=f"y = select(x, {axis}, {part})", outputs={"x": of})
                for of, axis, part in (
                    ("f32[class=10]", "class", "stop=-1"),
                    ("f32[class=10]", "class", "index=-10"),
                    ("f32[query=5, class=10]", "class", "start=2, stop=9"),
                    ("f32[h=3, token=1, d=5]", "token", "index=0"),
                    ("i64[token=6, d=5]", "token", "start=-3, stop=-1"),
                    ("bool[token=6]", "token", "start=-5, stop=2"),
                )
            ),
            Case("select(c, start=1)"),
            Case("select(c, index=2)\nto_float(scale=1/255)"),
        )
