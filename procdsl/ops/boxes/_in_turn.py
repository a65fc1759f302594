"""What the ops share that pick the best box again and again, and look at all others each time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from procdsl.lazy import np
from procdsl.limits import AXIS
from procdsl.opdef.arguments import arg, real, whole, words
from procdsl.opdef.bounds import doubts_of_score
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Attribute, Op
from procdsl.ops.boxes._found import by_class, pairs_met, record
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.constants import Number, Word
from procdsl.types.numerics import bound_in_f32


@dataclass(frozen=True, kw_only=True)
class InTurn(Op):
    """A loop of at most `limit` rounds, each of which goes once over the candidates."""

    inputs: ClassVar[tuple[str, ...]] = ("boxes", "scores")
    variadic: ClassVar[bool] = True
    finds: ClassVar[bool] = True

    of_a_pair: ClassVar[int] = 20
    """How many numbers the reference makes of two boxes that meet."""

    score: Number | None = arg(real(0, 1, 0.25), default=None)
    per: Word = arg(words("class", "all"))
    limit: int = arg(whole(1, 100_000, 300))
    labels: Word = arg(words("best", "every"), default=Word("best"))
    candidates: int | None = arg(whole(1, AXIS, 1000), default=None)
    indices: Word = arg(words("false", "true"), default=Word("false"))

    @property
    def template(self) -> str:
        """One for all of them."""
        return "ops/boxes/_in_turn"

    @property
    def rule(self) -> Mapping[str, Attribute]:
        """How the others are looked at: `measure`, its `bound`, and the `sigma` of a Gaussian."""
        raise NotImplementedError  # each op has its own

    def shares_left(self, box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        """What the others keep of their scores, float32; NaN of those that are dropped."""
        raise NotImplementedError  # each op has its own

    @property
    def _bound(self) -> float:
        return float("-inf") if self.score is None else float(self.score)

    def attributes(self, boxes: Array, scores: Array, *ids: Array) -> Mapping[str, Attribute]:
        return {
            "score": None if self.score is None else bound_in_f32(float(self.score)),
            "per_class": self.per == "class",
            "limit": self.limit,
            "every_label": self.labels == "every",
            "candidates": self.candidates,
            "one_class": len(scores.axes) == 1,
            "given_ids": bool(ids),
            "indices": self.indices == "true",
            **self.rule,
        }

    def doubts(self, boxes: Array, scores: Array, *ids: Array) -> Iterable[Problem]:
        return doubts_of_score(self.score, scores)

    def least_sizes(self, boxes: Array, scores: Array, *ids: Array) -> Mapping[str, int]:
        return {axis.name: 1 for axis in scores.axes[1:]}

    def work(self, types: tuple[Array, ...], *shapes: tuple[int, ...]) -> int:
        every = self.labels == "every"
        return self.of_a_pair * pairs_met(shapes[1], every, self.candidates, self.limit)

    def reference(
        self, types: tuple[Array, ...], boxes: np.ndarray, scores: np.ndarray, *ids: np.ndarray
    ) -> dict[str, np.ndarray]:
        scores = by_class(scores, boxes)
        rows, columns, values = self._taking_part(scores)
        classes = ids[0][rows] if ids else columns
        kept: list[int] = []
        decayed: list[np.float32] = []
        while len(kept) < self.limit and np.any(values > -np.inf):
            best = int(values.argmax())
            kept.append(best)
            decayed.append(values[best])
            with np.errstate(over="ignore", invalid="ignore"):
                left = values * self.shares_left(boxes[rows[best]], boxes[rows])
            if self.per == "class":
                left = np.where(classes == classes[best], left, values)
            alive = (values > -np.inf) & (left.astype(np.float64) > self._bound)
            values = np.where(alive, left, np.float32("-inf"))
            values[best] = -np.inf
        found = record(boxes, scores, ids, rows[kept], columns[kept], self.indices == "true")
        return {**found, "scores": np.array(decayed, np.float32)}

    def _taking_part(self, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The rows, columns and scores of the candidates, in the order of the boxes."""
        usable = np.where(np.isnan(scores), np.float32("-inf"), scores)
        allowed = usable.astype(np.float64) > self._bound
        if self.labels == "best":
            allowed &= np.arange(scores.shape[1]) == usable.argmax(axis=1)[:, None]
        rows, columns = np.nonzero(allowed)
        values = usable[rows, columns]
        some = np.sort(np.argsort(-values, kind="stable")[: self.candidates])
        return rows[some], columns[some], values[some]
