"""What stands for an extern's results, which only the user's function knows: built-in numbers."""

from __future__ import annotations

from collections.abc import Sequence

from procdsl.ir.extern import ExternCall
from procdsl.ir.pipeline import Step
from procdsl.lazy import np
from procdsl.reference import probe
from procdsl.types.axis import Axis


def stand_ins(step: Step, given: Sequence[np.ndarray], size: probe.Size) -> list[np.ndarray]:
    """A probe for each result of an extern; an axis is as long as the one that it is tied to."""
    assert isinstance(step.op, ExternCall), "only those are stood for"
    extern = step.op.extern
    results = []
    for type_ in extern.gives:
        tied = {n: given[i].shape[axis] for n, [(i, axis), *_] in extern.tied(type_).items()}
        sized = type_.resized(**{name: Axis.of(name, size) for name, size in tied.items()})
        results.append(probe.noise(probe.shape_of(sized, size), type_.dtype))
    return results
