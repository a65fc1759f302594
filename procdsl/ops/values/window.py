"""Map a window of values to 0..1, and cut off what lies outside: CT and X-ray windowing.

`window(center=40, width=400, form=clip)` shows the range -160..240 of Hounsfield units. `form`
names the convention:

- `clip`: from center - width/2 to center + width/2, as most training code writes it: the value
  clipped, less the lower end, divided by the width.
- `dicom_linear`: the LINEAR function of DICOM (PS3.3, C.11.2.1.2.1):
  ((x - (center - 0.5)) / (width - 1) + 0.5), 0 at or below and 1 above its ends; what viewers and
  pydicom's `apply_windowing` compute. A width of 1 is a threshold.
- `dicom_linear_exact`: DICOM's LINEAR_EXACT (C.11.2.1.3.2): ((x - center) / width + 0.5).

It takes whole numbers or f32 and gives f32, computed in float64 and rounded once. NaN stays NaN.
For u8 follow it by `scale(multiply=255)` and `cast(u8, rounding=...)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.opdef.arguments import arg, real, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Word, show
from procdsl.types.dtypes import INTEGERS
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Window(Op):
    pointwise: ClassVar[bool] = True
    roundings: ClassVar[int] = 1

    center: float | Fraction = arg(real(example=40))
    width: float | Fraction = arg(real(example=400))
    form: Word = arg(words("clip", "dicom_linear", "dicom_linear_exact"))

    @property
    def ends(self) -> tuple[float, float]:
        """At or below the first a value becomes 0, above the second 1."""
        center, width = float(self.center), float(self.width)
        if self.form == "dicom_linear":
            center, width = center - 0.5, width - 1
        return center - width / 2, center + width / 2

    @property
    def line(self) -> tuple[float, float, float]:
        """What is subtracted between the ends, divided by, and then added."""
        low, high = self.ends
        if self.form == "clip":
            return low, high - low, 0.0
        if self.form == "dicom_linear":  # with a width of 1 nothing lies between
            return float(self.center) - 0.5, float(self.width) - 1 or 1.0, 0.5
        return float(self.center), float(self.width), 0.5

    @property
    def gain(self) -> float:  # type: ignore[override]  # depends on the width
        return 1 / self.line[1]

    def infer(self, x: Type) -> Array:
        x = expect_dtype(x, self.name, *INTEGERS, "f32")
        after = x.with_(dtype="f32", range=Range(0, 1))
        least = 1 if self.form == "dicom_linear" else 1e-6
        if self.width < least or self.line[1] <= 0:
            raise Problem(
                "E211",
                "a window that nothing fits into",
                found=f"width={show(self.width)}",
                wanted="a width of at least 1" if least == 1 else "a width above 0",
                help="write the width that training used, in the units of the value: 400 shows "
                "soft tissue of a CT",
                at="width",
                then=after,
            )
        return after

    def doubts(self, x: Array) -> Iterator[Problem]:
        low, high = self.ends
        if x.range and (x.range.high <= low or x.range.low > high):
            yield Problem(
                "E304",
                "a window beside the values",
                found=f"{low:g}..{high:g} on {x.described()}",
                wanted="a window of the value's own range",
                help=choices(
                    "all values become the same; say which numbers the value holds",
                    "Hounsfield units: this step before they are scaled or cut to 0..255, on i32",
                    f"what it is here, {x.range}: a `center` and a `width` of that range",
                ),
            )

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"ends": self.ends, "line": self.line}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        (low, high), (start, width, offset) = self.ends, self.line
        real = x.astype(np.float64)
        inside = (real - start) / width + offset
        shown = np.where(real <= low, 0.0, np.where(real > high, 1.0, inside))
        return np.asarray(shown.astype(np.float32))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        forms = ("clip", "dicom_linear", "dicom_linear_exact")
        return (
            *(Case(f"window(center=40, width=400, form={f})", image="i32[h, w]") for f in forms),
            *(Case(f"window(center=99.5, width=80, form={f})\nlayout(c, h, w)") for f in forms),
            Case(
                "window(center=0.5, width=1/3, form=clip)\nlayout(c, h, w)", image="f32[h, w, c=1]"
            ),
            Case("window(center=100, width=1, form=dicom_linear)", image="u16[h, w] gray"),
            Case(
                "window(center=0, width=3, form=dicom_linear)",
                image="f32[n=9]",
                values=lambda: {
                    "image": np.array(
                        [-np.inf, -1.5, -1.4999999, -0.5, -0.0, 0.5, 0.50000006, np.inf, np.nan],
                        np.float32,
                    )
                },
            ),
        )
