"""A baked file as a model: what it is told beside its inputs, and the rows that it counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from procdsl.ir.pipeline import Model
from procdsl.lazy import np
from procdsl.limits import SIDE
from procdsl.plan.halves import Halves, told
from procdsl.types.value import PictureSize


class BakedModel:
    def __init__(self, halves: Halves) -> None:
        self._results = halves.results
        self._places = {value.name: i for i, value in enumerate(halves.file.outputs)}
        self._told = told(halves.baked)
        self.contract: Model = halves.file
        """What the file takes and gives."""

    @property
    def pictures(self) -> list[str]:
        """The inputs of the pipeline whose sizes the file is told."""
        types = (size.type for size in self._told)
        return [type_.input for type_ in types if isinstance(type_, PictureSize)]

    def sizes(self, given: Sequence[Any]) -> list[np.ndarray]:
        """The sizes as the file takes them, each given as a height and a width for each sample."""
        if len(given) != len(self._told):
            said = ", ".join(f"`{size.name}`" for size in self._told) or "no sizes"
            raise TypeError(f"expected {said} of pictures beside the inputs, got {len(given)}")
        return [_pairs(size.name, one) for size, one in zip(self._told, given, strict=True)]

    def counted(self, outputs: Sequence[Any]) -> list[Any]:
        """What the host takes of the file's outputs: of those that are counted, for each sample the
        rows that there are."""
        found = []
        for result in self._results:
            x = outputs[self._places[result.name]]
            if result.count:
                counts = outputs[self._places[result.count]]
                x = [result.cut(rows, int(n))[0] for rows, n in zip(x, counts, strict=True)]
            found.append(x)
        return found


def _pairs(name: str, given: Any) -> np.ndarray:
    try:
        pairs = np.asarray([[int(h), int(w)] for h, w in given])
    except (TypeError, ValueError):
        pairs = np.zeros(0)
    if pairs.ndim != 2 or not ((pairs > 0) & (pairs <= SIDE)).all():
        raise ValueError(
            f"{name}: expected the (height, width) of each picture, of 1 to {SIDE} pixels, got "
            f"{given!r:.80}"
        )
    return pairs
