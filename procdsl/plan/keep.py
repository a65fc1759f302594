"""Which steps `--keep` names: by number or by name, as `procdsl steps` prints them."""

from __future__ import annotations

from collections.abc import Sequence

from procdsl.diagnostics.suggest import nearest
from procdsl.ir.pipeline import Pipeline
from procdsl.plan.places import serving


def kept(pipeline: Pipeline, written: Sequence[str]) -> frozenset[tuple[str, int]]:
    """The steps by block and number; a ValueError where a name means none, or several."""
    return frozenset(_step(pipeline, name) for name in written)


def _step(pipeline: Pipeline, written: str) -> tuple[str, int]:
    """`resize`, `2`, or with the block before it `pre.resize`, `post.2`."""
    block, dot, name = written.rpartition(".")
    steps = {
        (of, number): step.op.name
        for of in ("pre", "post")
        for number, step in serving(pipeline, of).items()
    }
    found = [
        (of, number)
        for (of, number), op in steps.items()
        if (not dot or of == block) and name in (str(number), op)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        said = " and ".join(f"{of}.{number}" for of, number in found)
        raise ValueError(f"{written} is more than one step: {said}")
    near = nearest(name, steps.values())
    guess = f"; did you mean {near}?" if near else ""
    raise ValueError(
        f"there is no step {written}{guess}: expected a number or name that `procdsl steps` prints"
    )
