"""The classes whose score is above a bound, best first: what a model of many labels finds.

`found = tags(probabilities, above=0.35)` gives as many as there are, `found.scores` and
`found.classes`, and `lookup(found.classes, table=names)` their names. `limit=50` keeps the best 50.

- A score must be strictly above the bound, compared in float32; NaN never is. Equal scores keep the
  order of the classes.
- Groups of classes with bounds of their own, as the ratings, general tags and characters of WD
  tagger, are parts of the axis: `general = select(probabilities, tag, start=4, stop=6951)`.
- `threshold` gives the same as a mask, true or false for each class.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import ClassVar

from procdsl.lazy import np
from procdsl.limits import AXIS
from procdsl.opdef.arguments import arg, real, whole
from procdsl.opdef.bounds import doubts_of_bound
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.scores._scores import descending, ids
from procdsl.ops.scores.argmax import ENDS, TIES
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.value import Record, Type


@dataclass(frozen=True, kw_only=True)
class Tags(Op):
    finds: ClassVar[bool] = True

    above: float | Fraction = arg(real(example=0.35))
    limit: int | None = arg(whole(1, AXIS, 50), default=None)

    def infer(self, x: Type) -> Record:
        x = expect_dtype(x, self.name, "f32")
        if len(x.axes) != 1 or x.axes[0].size is None:
            raise Problem(
                "E319",
                "`tags` does not get one score for each class of one picture",
                found=x.described(),
                wanted="scores with one axis, whose size is known",
                help="write the number of classes where the model's outputs are declared, such as "
                "`f32[tag=9083]`, and take one list of scores",
            )
        axis = x.axes[0]
        if self.limit is not None and self.limit > (axis.size or 0):
            raise Problem(
                "E211",
                "`tags` of more classes than there are",
                found=f"limit={self.limit} over {axis}",
                wanted=f"a limit of at most {axis.size}",
                help="leave `limit` out where all may be found",
                at="limit",
            )
        found = (Axis("found", 0, self.limit or axis.size),)
        fields = ("scores", x.with_(axes=found)), ("classes", ids(x, axis.name, found))
        return Record("Tags", fields, "What was found: scores, best first, and ids of classes.")

    def doubts(self, x: Array) -> Iterable[Problem]:
        return doubts_of_bound(self.above, x, "above")

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"above": float(np.float32(self.above)), "room": self.limit or x.shape[0]}

    def reference(self, types: tuple[Array], x: np.ndarray) -> dict[str, np.ndarray]:
        order = descending(x, 0)
        found = order[x[order] > np.float32(self.above)][: self.limit]
        return {"scores": x[found], "classes": found}

    @staticmethod
    def cases() -> tuple[Case, ...]:
        values = np.array([*TIES, *ENDS], np.float32).ravel()
        return (
            Case(
                post="found = tags(x, above=0.5)\n"
                'names = lookup(found.classes, table=("a", "b", "c", "d", "e"))',
                outputs={"x": "f32[tag=5] probabilities"},
                values=lambda: {"x": np.array([0.5, 0.9, 0.50001, np.nan, 0.9], np.float32)},
            ),
            *(
                Case(
                    post=f"found = tags(x, {rule})",
                    outputs={"x": "f32[class=20]"},
                    values=lambda: {"x": values},
                )
                for rule in (
                    "above=-1/3",
                    "above=1, limit=2",
                    "above=-1000000, limit=20",
                    "above=9",
                )
            ),
            Case(
                post="p = sigmoid(x)\nfound = tags(p, above=0.5, limit=3)",
                outputs={"x": "f32[tag=12] logits"},
            ),
        )
