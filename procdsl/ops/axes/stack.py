"""Several images of one size as a clip.

`clip = stack(first, second, third)` gives `[t=3, h, w, c]`, in the order in which they are named;
the steps after it work on each frame. Images that differ in size when they come are an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_image
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis, Range
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Stack(Op):
    inputs: ClassVar[tuple[str, ...]] = ("x", "y")
    variadic: ClassVar[bool] = True

    def infer(self, *types: Type) -> Array:
        images = [expect_image(x, self.name) for x in types]
        first = images[0]
        other = next((x for x in images if str(x) != str(first)), None)
        if other is not None:
            raise Problem(
                "E327",
                "`stack` of images that are not alike",
                found=f"{first} and {other}",
                wanted="one dtype, size and colour",
                help="make them alike before: `convert` gives one colour, `resize` one size, "
                "`cast` or `to_float` one dtype",
            )
        spans = [x.range for x in images if x.range is not None]
        span = None
        if len(spans) == len(images):
            standardized = any(s.standardized for s in spans)
            span = Range(min(s.low for s in spans), max(s.high for s in spans), standardized)
        alike = all(x.space == first.space for x in images)
        axes = (Axis.of("t", len(images)), *first.axes)
        return first.with_(axes=axes, range=span, space=first.space if alike else None)

    def attributes(self, x: Array, *others: Array) -> Mapping[str, Attribute]:
        return {"axis": -1 - len(x.axes)}

    def reference(self, types: tuple[Array, ...], *images: np.ndarray) -> np.ndarray:
        sizes = sorted({types[0].picture(image.shape) for image in images})
        if len(sizes) > 1:
            raise ValueError(f"images of one size make a clip, not of {sizes}")
        return np.stack(images)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(
                "a = flip(image, horizontal)\nb = flip(image, vertical)\nstack(a, b, a)\n"
                "resize(h=20, w=30, sampler=cv2.linear)"
            ),
            Case("a = flip(image, vertical)\nstack(a)", image="f32[h, w] gray"),
        )
