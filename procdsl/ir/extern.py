"""A step in your own Python: scipy, Pillow, anything.

`extern denoise from "shop.filters:denoise" (u8[h, w, c=3] rgb) -> u8[h, w, c=3] rgb` declares the
step `denoise()`; its values may have names, too: `clean = denoise(image)`. The generated modules
import `denoise` from `shop.filters`, whatever their backend, and the torch module then needs numpy.

The function runs on the host. It is given numpy arrays, C-contiguous copies that it may keep or
write to, and returns one (several results: a tuple of them), which is held against the declared
dtype, rank and sizes and copied. With `workers` above 1 it runs in several threads at once.

An open axis takes any size, so that the picture may change its own. `@` on both sides says that the
pixels stay where they are: `(u8[h, w, c=3] rgb @image) -> u8[h, w, c=3] rgb @image` keeps the size,
which is checked, and the frame of coordinates, so that `back_to` still finds the way.

The manifest holds the SHA-256 of the file of `shop.filters` (line ends as `\\n`; not of what that
file imports). `compile` looks for it beside the `.proc` file, in the project's folder and on
Python's path, and never runs it. `self_check` holds the file that a service really imports against
the manifest; it runs all other steps, with built-in numbers for what the function would return.

A declaration chooses which of your functions is called: read the externs of a manifest that comes
from elsewhere before you generate modules from it.

A torch module with an extern can be scripted, but not saved, traced or exported. `torch.compile`
leaves the function to Python; for that the module imports torch's compiler, which takes a moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.value import Type


@dataclass(frozen=True)
class Extern:
    """The declaration: where the function is, and the types it takes and gives.

    A frame of coordinates in `gives` is that of a type in `takes`, or None.
    """

    name: str
    module: str
    function: str
    takes: tuple[Array, ...]
    gives: tuple[Array, ...]
    doc: str = ""
    sha256: str = ""
    """Of the module's source; empty where nobody has looked for it."""

    @property
    def target(self) -> str:
        return f"{self.module}:{self.function}"

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(f"value {i + 1}" for i in range(len(self.takes)))

    def keeps(self, result: Array) -> int | None:
        """Which of the values taken has the frame of a result."""
        names = [array.space.name if array.space else None for array in self.takes]
        return names.index(result.space.name) if result.space else None

    def sides(self, result: Array) -> dict[str, tuple[int, int]]:
        """For each side of a result that stays as it was: of which value, and which axis of it."""
        kept = self.keeps(result)
        if kept is None:
            return {}
        names = self.takes[kept].names
        return {name: (kept, names.index(name)) for name in ("h", "w") if name in names}

    def bind(self) -> Op:
        """The op that a call of it makes."""
        return ExternCall(extern=self)


def signature(type_: Array) -> str:
    """A type as the declaration writes it."""
    return f"{type_} @{type_.space.name}" if type_.space else str(type_)


@dataclass(frozen=True, kw_only=True)
class ExternCall(Op):
    """A step that calls an extern. It has no reference: only the user's function knows it."""

    gain: ClassVar[float] = 0.0  # what it makes of an error is unknown; bounds start anew

    extern: Extern

    @property
    def name(self) -> str:
        return self.extern.name

    @property
    def template(self) -> str:
        return "python/extern_call"

    @property
    def inputs(self) -> tuple[str, ...]:  # type: ignore[override]  # as many as are declared
        return self.extern.inputs

    def attributes(self, *types: Type) -> Mapping[str, Attribute]:
        return {"extern": self.extern.name}

    @property
    def outputs(self) -> int:  # type: ignore[override]  # as many as are declared
        return len(self.extern.gives)

    def infer(self, *types: Type) -> tuple[Array, ...]:
        gives = tuple(self._given(result, types) for result in self.extern.gives)
        for given, wanted in zip(types, self.extern.takes, strict=True):
            if not _fits(given, wanted):
                raise Problem(
                    "E312",
                    f"`{self.name}` is not given what it declares",
                    found=given.described(),
                    wanted=str(wanted),
                    help="bring the value to what the function takes, or declare what it is given, "
                    "if the function takes that, too",
                    then=gives[0] if len(gives) == 1 else None,
                )
        return gives

    def _given(self, result: Array, types: tuple[Type, ...]) -> Array:
        """A result's type: with its frame it has the height and width of the value it is of."""
        kept = self.extern.keeps(result)
        source = None if kept is None else types[kept]
        if not isinstance(source, Array):
            return result.with_(space=None)
        sides = {axis.name: axis for axis in source.axes if axis.name in ("h", "w")}
        return result.resized(**sides).with_(space=source.space)


def _fits(given: Type, wanted: Array) -> bool:
    if not isinstance(given, Array) or given.names != wanted.names:
        return False
    sizes = zip(given.axes, wanted.axes, strict=True)
    return (given.dtype, given.tag) == (wanted.dtype, wanted.tag) and all(
        theirs.size in (None, ours.size) for ours, theirs in sizes
    )
