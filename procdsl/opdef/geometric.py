"""What an op is that moves the pixels of a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from procdsl.opdef.op import Op
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.coordinates import CoordinateSpace, Placement


@dataclass(frozen=True)
class KernelCall:
    """A call of a kernel in `templates/kernels/geometry/`, given h and w first."""

    name: str
    arguments: tuple[int | float, ...]
    flags: Mapping[str, bool | str | int] = field(default_factory=dict)

    def on(self, h: str, w: str) -> str:
        """The call as code, on expressions for h and w."""
        flags = (f"{name}={value!r}" for name, value in self.flags.items())
        return f"{self.name}({', '.join((h, w, *map(repr, self.arguments), *flags))})"


@dataclass(frozen=True, kw_only=True)
class GeometricOp(Op):
    """An op that moves pixels: it makes a new frame of coordinates and knows the way back."""

    framewise: ClassVar[bool] = True

    @property
    def kernel(self) -> KernelCall:
        """What computes `geometry` in a generated module."""
        raise NotImplementedError  # every geometric op has one

    def geometry(self, h: int, w: int) -> Placement:
        """Where the pixels of an h x w picture go; a ValueError where the picture does not fit."""
        raise NotImplementedError  # every geometric op has one

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        """The result's axes where a size of the input is not known."""
        raise NotImplementedError  # every geometric op has one

    def placed(self, x: Array) -> Array:
        """The type of the result: other sizes, another frame."""
        h, w = x.axis("h"), x.axis("w")
        assert h is not None, "the type rule has asked for an image"
        assert w is not None, "the type rule has asked for an image"
        if h.size is not None and w.size is not None:
            geometry = self.geometry(h.size, w.size)
            h, w = Axis.of("h", geometry.h), Axis.of("w", geometry.w)
        else:
            h, w = self.extent(h, w)
        space = CoordinateSpace(self.name, x.space, self) if x.space else None
        return x.resized(h=h, w=w).with_(space=space)
