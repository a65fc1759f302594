"""What the compiler knows of a value.

An `Array` is written `u8[h, w, c=3] bgr @image`: dtype, named axes per sample, what its channels
are (a colour) or its numbers mean (a kind), and the space that its coordinates are in. Beside what
is written the checker follows the range of the values, and by how much a bounded step may have
moved them.
"""

from __future__ import annotations

from collections.abc import Sequence

from procdsl.records import dataclass, field, replace
from procdsl.types.axis import Axis, Range
from procdsl.types.colour import colour
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.dtypes import BYTES, LIMITS
from procdsl.types.kind import kind as kind_of
from procdsl.types.subsampled import picture_size


def implied_range(dtype: str, kind: str | None) -> Range | None:
    """Where the values lie of which no more is said than their dtype and kind."""
    if dtype in ("u8", "u16", "bool"):
        return Range(*LIMITS[dtype])
    return kind_of(kind).range if kind else None


@dataclass(frozen=True)
class Array:
    """Numbers of one dtype; with dtype `text`, names (what `lookup` gives), with `bytes` a file."""

    dtype: str
    axes: tuple[Axis, ...]
    colour: str | None = None
    kind: str | None = None
    says: tuple[str, ...] = ()
    """What is known of the kind, such as the form of boxes and their unit."""
    range: Range | None = None
    space: CoordinateSpace | None = field(default=None, compare=False)
    tolerance: float = field(default=0.0, compare=False)

    def with_(self, **changes: object) -> Array:
        """The same array but for these; another kind is one of which nothing more is known."""
        if "kind" in changes:
            changes = {"says": (), **changes}
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

    def from_end(self, name: str) -> int:
        """The position of an axis counted from the last one, which is -1."""
        return self.names.index(name) - len(self.names)

    @property
    def open_axis(self) -> int:
        """The position of the first axis whose size is open, but for the sides of a picture."""
        open_ = [a.size is None and a.name not in ("h", "w") for a in self.axes]
        return open_.index(True)

    @property
    def channels(self) -> int | None:
        """How many channels an image has: the size of `c`, or 1 without it."""
        axis = self.axis("c")
        return axis.size if axis else 1

    @property
    def is_file(self) -> bool:
        """Whether it is the content of a file, of which only `decode` makes numbers."""
        return self.dtype == BYTES

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

    @property
    def may_be_empty(self) -> Array:
        """The type with open axes that may hold nothing; a picture has pixels."""
        return self.with_(
            axes=tuple(
                a if a.size is not None or a.name in ("h", "w") else Axis(a.name, 0, a.high)
                for a in self.axes
            )
        )

    def ordered(self, names: Sequence[str]) -> Array:
        """The same array with its axes in this order."""
        return self.with_(axes=tuple(self.axes[self.at(name)] for name in names))

    def without(self, name: str) -> Array:
        return self.with_(axes=tuple(axis for axis in self.axes if axis.name != name))

    @property
    def tag(self) -> str | None:
        """What stands behind the axes: the colour of an image, or the kind of anything else."""
        return f"{self.kind}({', '.join(self.says)})" if self.says else self.colour or self.kind

    @property
    def declared_range(self) -> Range | None:
        """The range of the values, where the dtype and the kind do not say it."""
        return None if self.range == implied_range(self.dtype, self.kind) else self.range

    @property
    def declared(self) -> str:
        """The type as a file declares it, with the range of its values."""
        return f"{self} {self.declared_range}" if self.declared_range else str(self)

    def __str__(self) -> str:
        if self.is_file:
            return self.dtype
        text = f"{self.dtype}[{', '.join(map(str, self.axes))}]"
        return f"{text} {self.tag}" if self.tag else text

    def described(self) -> str:
        """The type with the range of its values."""
        return f"{self}, {self.range}" if self.range else str(self)
