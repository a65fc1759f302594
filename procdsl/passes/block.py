"""A run of steps that passes rewrite: `pre` as it serves or as it trains, or what is in a loop."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property

from procdsl.ir.pipeline import Step, Value
from procdsl.opdef.op import Op
from procdsl.records import dataclass, replace

Holds = Callable[[Op, str], bool]
"""Whether a target has an op in the form `part` (a part of what its sampler gives), `plane` (in
place on one plane) or `clip` (on all frames of a clip at once)."""


@dataclass(frozen=True)
class Block:
    """Steps with the values that they begin with and those that are wanted of them."""

    inputs: tuple[Value, ...]
    steps: tuple[Step, ...]
    wanted: tuple[Value, ...]

    def with_steps(self, steps: Sequence[Step]) -> Block:
        return replace(self, steps=tuple(steps))

    @cached_property
    def _alone(self) -> set[int]:
        """The values that one thing takes."""
        uses = Counter(value.number for step in self.steps for value in step.inputs)
        uses.update(value.number for value in self.wanted)
        return {number for number, count in uses.items() if count == 1}

    def follows(self, first: Step, second: Step) -> bool:
        """Whether the second step takes what the first gives, and nothing else does."""
        given = first.outputs[0].number
        return bool(second.inputs) and second.inputs[0].number == given and given in self._alone

    def new_numbers(self) -> itertools.count[int]:
        """Numbers for values that no value of the block has; a pipeline's own are 0 and above."""
        numbers = (value.number for step in self.steps for value in step.outputs)
        return itertools.count(min(0, *numbers) - 1 if self.steps else -1, -1)
