"""What a rewrite makes of steps in a row: an op that is no op of the language."""

from __future__ import annotations

import itertools
from typing import Any

from procdsl.ir.pipeline import Step
from procdsl.opdef import pictures
from procdsl.opdef.op import Op
from procdsl.records import dataclass


@dataclass(frozen=True)
class Chain(Op):
    """Steps in a row as one: its type rule and its meaning are those of its parts, one by one.

    What a step takes beside the value in the row comes behind that, step by step.
    """

    @property
    def parts(self) -> tuple[Step, ...]:
        raise NotImplementedError  # every chain is made of some

    def infer(self, *types: Any) -> Any:
        x, others = types[0], iter(types[1:])
        for part in self.parts:
            x = pictures.infer(part.op, (x, *itertools.islice(others, len(part.inputs) - 1)))
        return x

    def reference(self, types: Any, *values: Any) -> Any:
        x, others = values[0], iter(values[1:])
        for part in self.parts:
            taken = itertools.islice(others, len(part.inputs) - 1)
            x = pictures.reference(part.op, part.types, (x, *taken))
        return x
