"""Change the dtype.

From f32 to whole numbers the rounding is named: `half_even` (to the nearest, ties to the even one),
`half_up` (ties upwards: the floor of x + 0.5), `floor`, or `trunc` (towards 0). What the dtype
cannot hold becomes its nearest bound, and NaN becomes 0. Whole numbers become f32 or f16 rounded to
the nearest, ties to the even one, as f32 becomes f16; from 65520 on f16 is infinite.

Where a float carries a bound (`torch.bicubic` on f32 does), its whole number may be the next one,
and says so in the manifest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.arguments import arg, dtype, words
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Word
from procdsl.types.dtypes import DTYPES, FLOATS, INTEGERS, LIMITS
from procdsl.types.value import Type

_LARGE = (2**63 - 1, -(2**63), 2**53 + 1, -(2**53) - 1, 2**31, -(2**31) - 1, 2**24 + 1, 2**31 - 1)
"""Numbers of i64 at the ends of other dtypes, and beyond what float64 holds exactly."""


@dataclass(frozen=True, kw_only=True)
class Cast(Op):
    roundings: ClassVar[int] = 1

    to: Word = arg(dtype(), positional=True)
    rounding: Word | None = arg(words("half_even", "half_up", "floor", "trunc"), default=None)

    def infer(self, x: Type) -> Array:
        if not isinstance(x, Array) or x.dtype not in DTYPES:
            raise Problem(
                "E301",
                "`cast` does not take this value",
                found=x.described(),
                wanted="an array of numbers",
                help="take one of its arrays, or a value before it was looked up",
            )
        after = x.with_(dtype=str(self.to), range=self._range(x))
        rounds = x.dtype in FLOATS and self.to in INTEGERS
        if rounds and self.rounding is None:
            raise Problem(
                "E209",
                "`cast` does not say how to round",
                found=f"{x.dtype} to {self.to}",
                wanted="rounding=half_even, half_up, floor or trunc",
                help=choices(
                    "say how training rounded",
                    "`rounding=half_even`: to the nearest, ties to the even one (np.rint, "
                    "torch.round)",
                    "`rounding=half_up`: to the nearest, ties upwards (floor of x + 0.5)",
                    "`rounding=floor`: down",
                    "`rounding=trunc`: towards 0 (astype in numpy, .to() in torch)",
                ),
                then=after,
            )
        if x.dtype in FLOATS and not rounds and self.rounding is not None:
            raise Problem(
                "E214",
                "`cast` has nothing to round",
                found=f"{x.dtype} to {self.to}",
                wanted="`rounding` only from f32 or f16 to whole numbers",
                help="leave it out: f32 becomes f16 by rounding to the nearest, ties to the even "
                "one, and nothing rounds otherwise",
                at="rounding",
                then=after,
            )
        return after

    def doubts(self, x: Array) -> Iterator[Problem]:
        if x.dtype == self.to:
            yield Problem(
                "E320",
                "this step changes nothing",
                found=f"a value that is {x.dtype} already",
                wanted="another dtype",
                fix=Proposal.without_step(),
            )
        elif x.dtype not in FLOATS and self.rounding is not None:
            yield Problem(
                "E320",
                "this argument changes nothing",
                found=f"{x.dtype} to {self.to}",
                wanted="`rounding` only from f32 or f16 to whole numbers",
                fix=Proposal.without_argument(),
                at="rounding",
            )
        elif self._leaves_little(x):
            yield Problem(
                "E304",
                f"`cast` leaves 0 and 1 of values in {x.range}",
                found=f"{x.described()} to {self.to}",
                wanted="values that differ by more than 1 once they are rounded",
                help=choices(
                    "say what the whole numbers are",
                    "`scale(multiply=255)` before this step: levels from 0 to 255",
                    "this step where the value still holds whole numbers, before it is scaled",
                    "`threshold(above=0.5)` before this step, and no `rounding`: 0 and 1 of a mask",
                ),
            )

    def _leaves_little(self, x: Array) -> bool:
        """Whether floats between -1 and 1 are rounded, of which a mask alone is whole by now."""
        span = x.range
        rounds = x.dtype in FLOATS and self.to in INTEGERS and x.kind != "mask"
        return rounds and span is not None and -1 <= span.low < span.high <= 1

    def _range(self, x: Array) -> Range | None:
        if self.to == "bool":
            return Range(0, 1)
        if self.to in FLOATS or x.range is None:
            return x.range
        low, high = LIMITS.get(self.to, (-(2.0**63), 2.0**63))
        return Range(max(x.range.low, low), min(x.range.high, high))

    @property
    def limits(self) -> tuple[int, int]:
        """The bounds of the integer dtype."""
        return LIMITS.get(self.to, (-(2**63), 2**63 - 1))

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {
            "to": str(self.to),
            "rounding": None if self.rounding is None else str(self.rounding),
            "limits": self.limits,
            "saturates": x.dtype not in FLOATS and self.to in INTEGERS,
        }

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        names = {"u8": "uint8", "u16": "uint16", "i32": "int32", "i64": "int64"}
        names |= {"f32": "float32", "f16": "float16", "bool": "bool"}
        target = np.dtype(names[self.to])
        if x.dtype.kind in "iub" and target.kind in "iu":  # exact, whatever `rounding` says
            return np.clip(x.astype(np.int64), *self.limits).astype(target)
        if self.rounding is None:
            with np.errstate(over="ignore"):  # f16 has an infinity for it
                return x.astype(target)
        real = x.astype(np.float64)
        rounded = {
            "half_even": np.rint(real),
            "half_up": np.floor(real + 0.5),
            "floor": np.floor(real),
            "trunc": np.trunc(real),
        }[self.rounding]
        low, high = self.limits
        kept = np.where(np.isnan(rounded), 0, np.clip(rounded, low, float(high)))
        if self.to == "i64":
            safe = np.where(kept >= 2.0**63, 0, kept).astype(np.int64)
            return np.where(kept >= 2.0**63, np.int64(high), safe)
        return kept.astype(target)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case("cast(f32)"),
            Case("cast(i32)"),
            Case("to_float(scale=1/255)\ncast(f16)"),
            Case("cast(f16)", image="u16[h, w, c=3] rgb"),
            Case(
                "cast(f16)",
                image="f32[n=10]",
                values=lambda: {
                    "image": np.array(
                        [-np.inf, -65520, -1.0002, -0.0, 3e-8, 6e-8, 65519.9, 65520, 3e38, np.nan],
                        np.float32,
                    )
                },
            ),
            *(
                Case(
                    f"cast({to}, rounding={rounding})",
                    image="f32[n=14]",
                    values=lambda: {
                        "image": np.array(
                            [-np.inf, -3e9, -1.5, -0.5, 0, 0.49999997, 0.5, 1.5, 2.5, 254.5, 255.5]
                            + [7e4, 3e19, np.nan],
                            np.float32,
                        )
                    },
                )
                for to in ("u8", "u16", "i32", "i64")
                for rounding in ("half_even", "half_up", "floor", "trunc")
            ),
            Case("cast(u8)", image="i64[n=9]"),
            *(
                Case(f"cast({to})", image="i64[n=8]", values=lambda: {"image": np.array(_LARGE)})
                for to in ("u8", "u16", "i32", "f32", "f16")
            ),
        )
