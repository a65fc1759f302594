"""Runs of steps on single numbers of u8 or u16, by what they make of each number that there is.

Such a step gives a number that depends on one number of its input and on its channel. So two runs
that give the same for all 256 or 65,536 numbers, in each channel, give the same for every picture,
however they are written.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from procdsl.compare.normal_form import Line, chains, key
from procdsl.ir.pipeline import Step
from procdsl.lazy import np
from procdsl.opdef import pictures
from procdsl.passes.block import Block
from procdsl.reference.golden_record import digest
from procdsl.types.array import Array

_COUNTS = {"u8": 256, "u16": 65_536}
_MOST = 1_000_000
"""How many numbers are tried, those of all channels together."""


def run_by_run(block: Block) -> Iterator[Line]:
    """Each run of such steps by the digest of its results, each other step by its arguments."""
    for chain in chains(block):
        for pointwise, group in itertools.groupby(chain, lambda step: step.op.pointwise):
            steps = list(group)
            table = _table(steps) if pointwise else None
            if table is None:
                yield from ((key(step), step.inputs, step.outputs) for step in steps)
            else:
                yield table, steps[0].inputs, steps[-1].outputs


def _table(steps: Sequence[Step]) -> str | None:
    """The digest of what a run makes of all numbers; None where they are too many to try."""
    x = steps[0].types[0]
    if not isinstance(x, Array) or x.dtype not in _COUNTS or x.channels is None:
        return None
    along = next((name for name in x.names if name != "c"), None)
    if along is None:
        return None
    count = _COUNTS[x.dtype]
    if count * x.channels > _MOST:
        return None
    sizes = {"c": x.channels, along: count}
    numbers = np.arange(count).reshape([count if name == along else 1 for name in x.names])
    shape = [sizes.get(name, 1) for name in x.names]
    values = np.ascontiguousarray(np.broadcast_to(numbers, shape)).astype(f"uint{x.dtype[1:]}")
    for step in steps:
        with np.errstate(over="ignore", invalid="ignore"):  # IEEE says what it gives
            values = pictures.reference(step.op, step.types, (values,))
    return digest(values)
