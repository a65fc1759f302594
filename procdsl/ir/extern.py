"""A step in your own Python: scipy, Pillow, anything.

`extern denoise from "shop.filters:denoise" (u8[h, w, c=3] rgb) -> u8[h, w, c=3] rgb` declares the
step `denoise()`; its values may have names, too: `clean = denoise(image)`. The generated modules
import `denoise` from `shop.filters`, whatever their backend, and the torch module then needs numpy.

The function runs on the host. It is given numpy arrays, C-contiguous copies that it may keep or
write to, and returns one (several results: a tuple of them), which is held against the declared
dtype, rank and sizes and copied. With `workers` above 1 it runs in several threads at once.

An axis without a size takes any. One name stands for one size: the `n` of a result is as long as
the `n` of what is taken, and two values that are taken have one `n`; both are checked when it runs.
An axis that is only in the result may have any size.

`h` and `w` are those of the picture that `@` names. On both sides it says that the pixels stay
where they are: `(u8[h, w, c=3] rgb @image) -> u8[h, w, c=3] rgb @image` keeps the size and the
coordinate space, so that `back_to` still finds the way. On one side it says that there are two
pictures, each of its own size: `(u8[h, w, c=3] rgb @before) -> u8[h, w, c=3] rgb` may turn the
picture or enlarge it.

The manifest holds the SHA-256 of the file of `shop.filters` (line ends as `\\n`; not of what that
file imports). `compile` looks for it beside the `.proc` file, in the project's folder and on
Python's path, and never runs it. `self_check` holds the file that a service really imports against
the manifest; it runs all other steps, with built-in numbers for what the function would return.

Where `train` alone calls it, serving neither imports it nor holds its source against the manifest:
`preprocess_train` imports it when it is first called.

A declaration chooses which of your functions is called: read the externs of a manifest that comes
from elsewhere before you generate modules from it.

A torch module with an extern can be scripted, but not saved, traced or exported. `torch.compile`
leaves the function to Python; for that the module imports torch's compiler, which takes a moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, TypeAlias

from procdsl.diagnostics.suggest import choices
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.value import Type

Place: TypeAlias = tuple[int, int]
"""An axis of what an extern takes: of which value, and which axis of it."""

_SIDES = ("h", "w")


def _whose(array: Array, name: str) -> tuple[str, str]:
    """An axis, and for a side of a picture the picture that it is of."""
    return (array.space.name if array.space and name in _SIDES else "", name)


@dataclass(frozen=True)
class Extern:
    """The declaration: where the function is, and the types it takes and gives.

    A coordinate space in `gives` is that of a type in `takes`, or None.
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
        """Which of the values taken has the coordinate space of a result."""
        names = [array.space.name if array.space else None for array in self.takes]
        return names.index(result.space.name) if result.space else None

    def tied(self, result: Array) -> dict[str, list[Place]]:
        """For each axis of a result that is as long as one that is taken: where that one is."""
        found = {}
        for axis in result.axes:
            stays = result.space is not None and axis.name in _SIDES
            places = self._places(result, axis.name)
            if places and (stays or axis.size is None):
                found[axis.name] = places
        return found

    def shared(self) -> list[tuple[str, list[Place]]]:
        """The axes that several of the values taken have, of one open size, by name."""
        found = {}
        for taken in self.takes:
            for axis in taken.axes:
                places = self._places(taken, axis.name)
                if axis.size is None and len(places) > 1:
                    found[_whose(taken, axis.name)] = (axis.name, places)
        return list(found.values())

    def _places(self, array: Array, name: str) -> list[Place]:
        """Where the values taken have this axis: the open ones, or those of one size."""
        same = [
            (i, taken.axes[j])
            for i, taken in enumerate(self.takes)
            for j, other in enumerate(taken.names)
            if _whose(taken, other) == _whose(array, name)
        ]
        chosen = [(i, axis) for i, axis in same if axis.size is None] or same
        if len({axis.size for _, axis in chosen}) > 1:
            return []
        return [(i, self.takes[i].at(name)) for i, _ in chosen]

    def bind(self) -> Op:
        """The op that a call of it makes."""
        return ExternCall(extern=self)


def signature(type_: Array) -> str:
    """A type as the declaration writes it."""
    return f"{type_.declared} @{type_.space.name}" if type_.space else type_.declared


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
        for name, places in self.extern.shared():
            self._check_one_size(name, [(i, _axis(types[i], j)) for i, j in places], gives)
        return gives

    def _check_one_size(
        self, name: str, axes: Sequence[tuple[int, Axis]], gives: tuple[Array, ...]
    ) -> None:
        if _possible(_meet([axis for _, axis in axes])):
            return
        raise Problem(
            "E312",
            f"`{self.name}` is given two sizes for its axis `{name}`",
            found=" and ".join(f"{name}={_sizes(axis)} of value {i + 1}" for i, axis in axes),
            wanted=f"one size: the declaration calls both `{name}`",
            help=choices(
                "say what the function takes",
                f"values that are brought to one `{name}` before",
                f"`{name}=` with the size of each in the declaration: sizes of their own",
                *[
                    "`@a` and `@b` behind the types of the declaration: two pictures, each of its "
                    "own size"
                ]
                * (name in _SIDES),
            ),
            then=gives[0] if len(gives) == 1 else None,
        )

    def _given(self, result: Array, types: tuple[Type, ...]) -> Array:
        """A result's type: the sizes of the axes it has in common with what is given."""
        sizes = {}
        for name, places in self.extern.tied(result).items():
            fitting = [(i, j) for i, j in places if _fits(types[i], self.extern.takes[i])]
            size = _meet([_axis(types[i], j) for i, j in fitting]) if fitting else Axis(name)
            sizes[name] = size if _possible(size) else Axis(name)
        kept = self.extern.keeps(result)
        source = None if kept is None else types[kept]
        space = source.space if isinstance(source, Array) else None
        return result.resized(**sizes).with_(space=space)


def _axis(type_: Type, at: int) -> Axis:
    assert isinstance(type_, Array), "what fits a declared array is one"
    return type_.axes[at]


def _meet(axes: Sequence[Axis]) -> Axis:
    """The sizes that all of the axes may have."""
    highs = [axis.high for axis in axes if axis.high is not None]
    low = max(axis.low for axis in axes)
    return Axis(axes[0].name, low, min(highs) if highs else None)


def _possible(axis: Axis) -> bool:
    return axis.high is None or axis.low <= axis.high


def _sizes(axis: Axis) -> str:
    """The sizes of an axis, in words."""
    if axis.size is not None:
        return str(axis.size)
    return f"{axis.low}..{axis.high or ''}"


def _fits(given: Type, wanted: Array) -> bool:
    if not isinstance(given, Array) or given.names != wanted.names:
        return False
    sizes = zip(given.axes, wanted.axes, strict=True)
    same = (given.dtype, given.colour, given.kind) == (wanted.dtype, wanted.colour, wanted.kind)
    said = not wanted.says or given.says == wanted.says
    if given.range and wanted.range and not wanted.range.holds(given.range):
        return False
    return (same and said) and all(theirs.size in (None, ours.size) for ours, theirs in sizes)
