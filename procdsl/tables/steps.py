"""The steps of a pipeline as the rows of a table, for those who keep a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from procdsl.ir.pipeline import Pipeline, Step, Value, modes
from procdsl.ir.plan import HOST
from procdsl.ir.unparse import arguments_text
from procdsl.manifest import canonical
from procdsl.types.value import PictureSize


class Row(NamedTuple):
    """A step; the fields are the columns of the table."""

    block: str
    """`pre` or `post`; `pre train` and `pre serve` for what is in training or serving alone."""
    step: int
    """Its number in the manifest, which counts `pre` and `post` each from 1."""
    operation: str
    arguments: str
    """Those of the op, defaults included, as a file writes them."""
    input: str
    output: str
    numerics: str
    place: str
    """Where it runs: on the `host`, or in the `model` file that it is baked into."""


COLUMNS = Row._fields


def rows(pipeline: Pipeline) -> list[Row]:
    """Every step, in the order of the file."""
    return list(_rows(pipeline))


def _rows(pipeline: Pipeline) -> Iterator[Row]:
    places = pipeline.plan.places if pipeline.plan else {}
    for block, entries in (("pre", pipeline.pre), ("post", pipeline.post)):
        for number, (mode, step) in enumerate(modes(entries), start=1):
            yield Row(
                f"{block} {mode}".rstrip(),
                number,
                step.op.name,
                arguments_text(step.op),
                "; ".join(map(_typed, step.inputs)),
                "; ".join(map(_typed, step.outputs)),
                numerics_text(step),
                places.get((block, number), HOST),
            )


def _typed(value: Value) -> str:
    described = value.type.described()
    return described if isinstance(value.type, PictureSize) else f"{value.path}: {described}"


def numerics_text(step: Step) -> str:
    """How far a result may be off from the step's meaning, in words."""
    found = canonical.numerics(step)
    if isinstance(found, dict):
        return f"within {found['bound']:g}"
    return "as its function computes" if found == "extern" else str(found)
