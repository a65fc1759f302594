"""What the compiler knows of a value.

An `Array` is written `u8[h, w, c=3] bgr @image`: dtype, named axes per sample, what its channels or
its numbers are, and the frame that its coordinates are in. Beside what is written the checker
follows the range of the values, and by how much a bounded step may have moved them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from procdsl.colour import colour
from procdsl.geometry import Places

INTEGERS = ("u8", "u16", "i32", "i64")
FLOATS = ("f32", "f16")
DTYPES = (*INTEGERS, *FLOATS, "bool")
LIMITS = {"u8": (0, 255), "u16": (0, 65_535), "i32": (-(2**31), 2**31 - 1), "bool": (0, 1)}

KINDS = ("logits", "probabilities", "scores", "boxes", "ids", "mask")


@dataclass(frozen=True)
class Axis:
    """A named axis; its size lies from `low` to `high`, or is not bounded above."""

    name: str
    low: int = 1
    high: int | None = None

    @property
    def size(self) -> int | None:
        """The size, where it is known."""
        return self.low if self.low == self.high else None

    @classmethod
    def of(cls, name: str, size: int) -> Axis:
        return cls(name, size, size)

    def __str__(self) -> str:
        return self.name if self.size is None else f"{self.name}={self.size}"


@dataclass(frozen=True)
class Range:
    """The values lie from `low` to `high`; `standardized` is set once a mean was subtracted."""

    low: float
    high: float
    standardized: bool = False

    def __str__(self) -> str:
        return f"{self.low:.6g}..{self.high:.6g}" + (", standardized" * self.standardized)


@dataclass(frozen=True)
class Frame:
    """A system of pixel coordinates: an input's own, or what a geometric step made of another."""

    name: str
    parent: Frame | None = None
    step: Places | None = None

    def steps_from(self, name: str) -> tuple[Places, ...] | None:
        """The geometric steps that lead from the frame of this name here, first one first."""
        steps: list[Places] = []
        frame: Frame | None = self
        while frame is not None and frame.name != name:
            if frame.step is not None:
                steps.append(frame.step)
            frame = frame.parent
        return tuple(reversed(steps)) if frame is not None else None

    @property
    def root(self) -> Frame:
        frame = self
        while frame.parent is not None:
            frame = frame.parent
        return frame


@dataclass(frozen=True)
class Array:
    """Numbers of one dtype; with dtype `text`, names (what `lookup` gives)."""

    dtype: str
    axes: tuple[Axis, ...]
    colour: str | None = None
    kind: str | None = None
    range: Range | None = None
    frame: Frame | None = field(default=None, compare=False)
    tolerance: float = field(default=0.0, compare=False)

    def with_(self, **changes: object) -> Array:
        return replace(self, **changes)  # type: ignore[arg-type]  # replace checks the names

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(axis.name for axis in self.axes)

    @property
    def shape(self) -> tuple[int | None, ...]:
        return tuple(axis.size for axis in self.axes)

    def axis(self, name: str) -> Axis | None:
        return next((axis for axis in self.axes if axis.name == name), None)

    def at(self, name: str) -> int:
        """The position of an axis."""
        return self.names.index(name)

    @property
    def channels(self) -> int | None:
        """How many channels an image has: the size of `c`, or 1 without it."""
        axis = self.axis("c")
        return axis.size if axis else 1

    @property
    def subsampled(self) -> bool:
        """Whether it is a 4:2:0 frame [rows, w]."""
        return self.colour is not None and colour(self.colour).subsampled

    @property
    def pictured(self) -> bool:
        """Whether it holds the pixels of a picture."""
        return {"h", "w"} <= set(self.names) or self.subsampled

    def picture(self, shape: Sequence[int]) -> tuple[int, int]:
        """The height and width of the picture in an array of this shape; 1 for a missing axis."""
        sizes = dict(zip(self.names, shape, strict=True))
        if self.subsampled:
            return picture_size(sizes["rows"], sizes["w"])
        return sizes.get("h", 1), sizes.get("w", 1)

    def resized(self, **axes: Axis) -> Array:
        """The same array with other sizes of the named axes."""
        return self.with_(axes=tuple(axes.get(axis.name, axis) for axis in self.axes))

    def without(self, name: str) -> Array:
        return self.with_(axes=tuple(axis for axis in self.axes if axis.name != name))

    @property
    def tag(self) -> str | None:
        """The word behind the axes: the colour of an image, or the kind of anything else."""
        return self.colour or self.kind

    def __str__(self) -> str:
        text = f"{self.dtype}[{', '.join(map(str, self.axes))}]"
        return f"{text} {self.tag}" if self.tag else text

    def described(self) -> str:
        """The type with the range of its values."""
        return f"{self}, {self.range}" if self.range else str(self)


@dataclass(frozen=True)
class Record:
    """Several arrays under one name, such as the boxes, scores and classes of a detection."""

    name: str
    fields: tuple[tuple[str, Array], ...]

    def field(self, name: str) -> Array | None:
        return dict(self.fields).get(name)

    def with_field(self, name: str, array: Array) -> Record:
        return Record(self.name, tuple((n, array if n == name else a) for n, a in self.fields))

    @property
    def tolerance(self) -> float:
        return max(array.tolerance for _, array in self.fields)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{name}: {array}' for name, array in self.fields)})"

    described = __str__


@dataclass(frozen=True)
class Size:
    """The height and width of an input, as the original picture has them."""

    input: str

    tolerance = 0.0

    def __str__(self) -> str:
        return f"the size of `{self.input}`"

    described = __str__


def picture_size(rows: int, w: int) -> tuple[int, int]:
    """The height and width of the picture in a 4:2:0 frame; ValueError where it holds none."""
    if rows % 3 or w % 2:
        raise ValueError(
            f"no 4:2:0 frame has {rows} rows and the width {w}: "
            "rows must be a multiple of 3 (3 for 2 of the picture), the width even"
        )
    return rows // 3 * 2, w


def frame_rows(h: int, w: int) -> int:
    """The rows of a 4:2:0 frame of an h x w picture; ValueError where a side is odd."""
    if h % 2 or w % 2:
        raise ValueError(f"a picture of {h} x {w} makes no 4:2:0 frame: both must be even")
    return h // 2 * 3


def picture_axis(rows: Axis) -> Axis:
    """The axis h of the picture in a 4:2:0 frame of so many rows."""
    return Axis.of("h", rows.size // 3 * 2) if rows.size else Axis("h", 2)


def rows_axis(h: Axis) -> Axis:
    """The axis of the rows of a 4:2:0 frame of a picture so high."""
    return Axis.of("rows", h.size // 2 * 3) if h.size else Axis("rows", 3)


Type: TypeAlias = Array | Record | Size


def same_shape(a: Type, b: Type) -> bool:
    """Whether two arrays have the same dtype, axes, colour and kind."""
    if isinstance(a, Array) and isinstance(b, Array):
        return (a.dtype, a.axes, a.colour, a.kind) == (b.dtype, b.axes, b.colour, b.kind)
    return a == b
