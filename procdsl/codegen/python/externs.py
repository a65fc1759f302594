"""How a module imports and runs the user's own functions."""

from __future__ import annotations

from collections.abc import Set

from procdsl.codegen.python import docs
from procdsl.codegen.python.macros import DTYPES
from procdsl.codegen.python.names import free, reserved
from procdsl.ir.extern import Extern, Place
from procdsl.ir.pipeline import Pipeline
from procdsl.records import dataclass
from procdsl.types.array import Array


@dataclass(frozen=True)
class Runner:
    """An extern in a module: `function` is what the module imports, `name` runs it."""

    extern: Extern
    function: str
    name: str
    names: str
    """The argument that tells what the `.proc` file calls its values."""
    arguments: tuple[str, ...]
    found: str
    """What its results are called."""
    doc: str
    late: bool
    """Whether training alone calls it, which then imports it: a service may not have it."""
    leading: bool
    """Whether axes may stand before those of a sample."""

    @property
    def rank(self) -> int:
        """How many axes the first value has of one sample."""
        return len(self.extern.takes[0].axes)

    @property
    def imported(self) -> str:
        """The line that imports it; its names were checked to be names of Python."""
        renamed = f" as {self.function}" if self.function != self.extern.function else ""
        return f"from {self.extern.module} import {self.extern.function}{renamed}"

    @property
    def wanted(self) -> str:
        """The dtype and shape of each result, as an expression."""
        return f"({', '.join(map(self._wanted, self.extern.gives))},)"

    @property
    def alike(self) -> str:
        """The name and the sizes of each axis that several values share, as an expression."""
        shared = [
            f"({name!r}, [{', '.join(map(self._size, places))}])"
            for name, places in self.extern.shared()
        ]
        return f"({', '.join(shared)},)" if shared else ""

    def _size(self, place: Place) -> str:
        number, axis = place
        axis -= len(self.extern.takes[number].axes) if self.leading else 0
        return f"{self.arguments[number]}.shape[{axis}]"

    def _wanted(self, result: Array) -> str:
        tied = self.extern.tied(result)
        sides = {name: self._size(places[0]) for name, places in tied.items()}
        shape = [sides.get(axis.name, repr(axis.size or axis.name)) for axis in result.axes]
        return f"({DTYPES[result.dtype]!r}, [{', '.join(shape)}])"


def runners(pipeline: Pipeline, user: Set[str], array: str) -> list[Runner]:
    """The externs that the module calls, with names that it has free."""
    taken = reserved() | user
    serving = pipeline.serving_externs
    training = pipeline.training_externs if pipeline.generates_train else ()
    found: list[Runner] = []
    for extern in pipeline.externs:
        if extern not in (*serving, *training):
            continue
        function = free(extern.name, taken)
        name = free(f"_run_{extern.name}", taken | {function})
        taken |= {function, name}
        count = len(extern.takes)
        words = ["found", "names", *("x" if count == 1 else f"x_{i + 1}" for i in range(count))]
        results, names, *arguments = (free(word, taken - user) for word in words)
        doc, late = docs.runner(extern, array), extern not in serving
        given = (function, name, names, tuple(arguments), results, doc, late)
        found.append(Runner(extern, *given, leading=array == "tensor"))
    return found
