"""The values that say how steps have moved pixels: an op that leads through such a step is given
them, though no call names them."""

from __future__ import annotations

from procdsl import limits
from procdsl.checker.scope import Known, Scope
from procdsl.checker.sink import DiagnosticSink
from procdsl.ir.pipeline import Value
from procdsl.opdef.errors import Problem
from procdsl.opdef.geometric import AffineOp
from procdsl.opdef.op import Op
from procdsl.records import replace
from procdsl.syntax import tree
from procdsl.types.array import Array
from procdsl.types.value import Type


class Ways:
    def __init__(self, sink: DiagnosticSink) -> None:
        self._sink = sink
        self._movers: dict[int, Value] = {}
        self._undone = 0

    def moved(
        self, op: Op, values: tuple[Value, ...], types: tuple[Type, ...] | None
    ) -> tuple[Type, ...] | None:
        """The types of what a step gives; a space that a value has made is by that value."""
        if not isinstance(op, AffineOp) or types is None:
            return types
        (moved,), by = types, values[1]
        if not isinstance(moved, Array) or moved.space is None:
            return types
        self._movers[by.number] = by
        return (moved.with_(space=replace(moved.space, by=by.number)),)

    def movers(
        self, node: tree.Step, op: Op, values: tuple[Value, ...], scope: Scope
    ) -> tuple[Value, ...] | None:
        """What an op is given beside the values of the call; None where one has lost its name, or
        where all ways so far have too many steps."""
        if not op.leads or self._undone > limits.UNDONE:
            return None if op.leads else ()
        spaces = op.way(*(value.type for value in values))
        self._undone += len(spaces)
        if self._undone > limits.UNDONE:
            self._sink.problem(_too_many(op, self._undone), node)
            return None
        found = []
        for by in (self._movers[space.by] for space in spaces if space.by is not None):
            now: Known = scope.values.get(by.name, scope.past_model.get(by.name))
            if scope.has(by.name):
                scope.take(by.name)
            if now is None or now.number != by.number:
                self._sink.problem(_renamed(op, by), node)
                return None
            found.append(by)
        return tuple(found)


def _too_many(op: Op, undone: int) -> Problem:
    return Problem(
        "E111",
        "this is longer than procdsl reads",
        found=f"`{op.name}` through {undone:,} steps, with those that others lead through before",
        wanted=f"at most {limits.UNDONE:,} steps of `pre`, each counted as often as it is undone",
        help="leave out what is not needed, or lead what belongs together in one step: boxes of "
        "several heads, once `concat` has made one value of them",
    )


def _renamed(op: Op, by: Value) -> Problem:
    return Problem(
        "E318",
        f"`{op.name}` needs a value whose name another one has now",
        found=f"`{by.name}`, by which a step of `pre` has moved the picture",
        wanted="the value under its name: the way is known at run time alone",
        help=f"give what is called `{by.name}` behind that step another name",
    )
