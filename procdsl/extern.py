"""A step in the user's own Python, declared with `extern`."""

from __future__ import annotations

from dataclasses import dataclass

from procdsl.op import Op
from procdsl.problem import Mend, Problem
from procdsl.types import Array, Type


@dataclass(frozen=True)
class Extern:
    """The declaration: where the function is, and the types it takes and gives."""

    name: str
    target: str
    takes: tuple[Array, ...]
    gives: tuple[Array, ...]

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(f"value {i + 1}" for i in range(len(self.takes)))

    def bind(self) -> Op:
        """The op that a call of it makes."""
        return _ExternCall(extern=self)


@dataclass(frozen=True, kw_only=True)
class _ExternCall(Op):
    extern: Extern

    @property
    def name(self) -> str:
        return self.extern.name

    @property
    def outputs(self) -> int:  # type: ignore[override]  # as many as are declared
        return len(self.extern.gives)

    def infer(self, *types: Type) -> tuple[Array, ...]:
        for given, wanted in zip(types, self.extern.takes, strict=True):
            if not _fits(given, wanted):
                raise Problem(
                    "E312",
                    f"`{self.name}` is not given what it declares",
                    found=given.described(),
                    wanted=str(wanted),
                    mend=Mend("remove"),
                    then=self.extern.gives[0] if len(self.extern.gives) == 1 else None,
                )
        return self.extern.gives

    def missing(self) -> str:
        return "steps in the user's own Python are checked, but not run yet"


def _fits(given: Type, wanted: Array) -> bool:
    if not isinstance(given, Array) or given.names != wanted.names:
        return False
    sizes = zip(given.axes, wanted.axes, strict=True)
    return (given.dtype, given.colour) == (wanted.dtype, wanted.colour) and all(
        theirs.size in (None, ours.size) for ours, theirs in sizes
    )
