"""What a macro of a graph sees of the call whose nodes it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from procdsl.codegen.onnx import axes, rooms
from procdsl.codegen.onnx.graph import Tensor, current
from procdsl.lower.program import Call
from procdsl.records import dataclass
from procdsl.types.array import Array


class Refused(Exception):
    """A step that no graph holds with its declared numerics: why, and what would work."""

    def __init__(
        self, reason: str, instead: str = "another step, or one of the other targets"
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.instead = instead


@dataclass(frozen=True, eq=False)
class Site:
    """The values taken, the attributes of the op, its constants, and the kernels.

    In a macro: `return s.k.softmax(s.x, s.attr["over"])`.
    """

    call: Call
    ins: Sequence[Tensor]
    named: Mapping[str, Any]
    """Sizes as numbers, and placements, by the name that the op gave them."""

    @property
    def attr(self) -> Mapping[str, Any]:
        return self.call.attributes

    @property
    def x(self) -> Tensor:
        """The first value taken."""
        return self.ins[0]

    @property
    def type(self) -> Array:
        """The type of the first value taken, with the names of its axes."""
        return self.call.operands[0].array

    def constant(self, name: str, more: int = 0) -> Tensor:
        """A constant of the op, with so many axes of 1 behind its own."""
        held = self.call.constants[name]
        shape = (*held.shape, *[1] * more)
        return axes.as_constant(held.values, held.dtype, name, shape)

    def on_planes(self, compute: Callable[..., Tensor], *names: str) -> Tensor:
        """What is computed of the first value and of constants, plane by plane.

        Numbers that change from one to the next in memory are many times slower.
        """
        rank = len(self.type.names)
        by_channel = any(self.call.constants[name].shape for name in names)
        if not by_channel or self.type.names[-1] != "c":
            return compute(self.x, *map(self.constant, names))
        held = [self.constant(n, rank - 1 if self.call.constants[n].shape else 0) for n in names]
        return axes.moved(compute(axes.moved(self.x, -1, -rank), *held), -rank, -1)

    @property
    def k(self) -> Kernels:
        """The kernels; a call of one is a node that calls a function."""
        return Kernels()

    @property
    def image(self) -> Tensor:
        """The first value as an image, with an axis of channels."""
        return self.x if self._channels_last else axes.unsqueeze(self.x, -1)

    def plain(self, image: Tensor) -> Tensor:
        """The image without the axis that `image` has added."""
        return image if self._channels_last else axes.squeeze(image, -1)

    @property
    def _channels_last(self) -> bool:
        return self.type.names[-1:] == ("c",)


class Kernels:
    """Calls a kernel as a function of the graph."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        found = rooms.kernel(name)
        functions = current().functions
        return lambda *given, **named: functions.call(found, *given, **named)
