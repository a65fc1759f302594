"""What a value may be: an array, several under one name, the size of a picture."""

from __future__ import annotations

from typing import TypeAlias

from procdsl.records import dataclass, field, replace
from procdsl.types.array import Array


@dataclass(frozen=True)
class Record:
    """Several arrays under one name, such as the boxes, scores and classes of a detection."""

    name: str
    fields: tuple[tuple[str, Array], ...]
    doc: str = field(default="", compare=False)

    def field(self, name: str) -> Array | None:
        return dict(self.fields).get(name)

    def with_field(self, name: str, array: Array) -> Record:
        fields = tuple((n, array if n == name else a) for n, a in self.fields)
        return replace(self, fields=fields)

    @property
    def tolerance(self) -> float:
        return max(array.tolerance for _, array in self.fields)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{name}: {array}' for name, array in self.fields)})"

    described = __str__


@dataclass(frozen=True)
class PictureSize:
    """The height and width of an input, as the original picture has them."""

    input: str

    tolerance = 0.0

    def __str__(self) -> str:
        return f"the size of `{self.input}`"

    described = __str__


Type: TypeAlias = Array | Record | PictureSize


def same_shape(a: Type, b: Type) -> bool:
    """Whether two arrays have the same dtype, axes, colour and kind."""
    if isinstance(a, Array) and isinstance(b, Array):
        return (a.dtype, a.axes, a.tag) == (b.dtype, b.axes, b.tag)
    return a == b
