"""Replace ids by the entries of a table.

`label = lookup(prediction, table=("cat", "dog"))` gives a text, or a list of them for a list of
ids. A table of whole numbers gives whole numbers of the ids' shape (another numbering of the
classes). The table must have an entry for every id; an id outside it is an error.

`text = lookup(found.ids, table=alphabet, join="")` gives one text of a list of ids: their entries,
with what `join` says between them. `ctc_decode` and `eos_decode` give such ids.

Many names stand in a file beside the pipeline: `let classes from "classes.txt"`, and
`table=classes` (`procdsl explain let`). A name that stands twice is asked about, since two classes
then have one answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdsl.lazy import np
from procdsl.limits import AXIS
from procdsl.opdef.argument_types import ArgumentType
from procdsl.opdef.arguments import arg, whole
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, ConstantArray, Op
from procdsl.ops.scores._scores import doubts_of_names
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Range
from procdsl.types.constants import Constant as Value
from procdsl.types.constants import Word, show
from procdsl.types.value import Record, Type

_IDS = "ids come from `argmax`, `max`, `top` or `nms`: put one of them before this step"


@dataclass(frozen=True)
class Table(ArgumentType):
    """Texts or whole numbers, not both."""

    def read(self, value: Value) -> tuple[Any, ...]:
        if not isinstance(value, tuple) or not value:
            raise self.unfit(value)
        texts = all(isinstance(item, str) and not isinstance(item, Word) for item in value)
        if not texts:
            number = whole(-(2**53), 2**53, 0)
            if not all(isinstance(item, int) for item in value):
                raise self.unfit(value)
            return tuple(number.read(item) for item in value)
        return value


@dataclass(frozen=True)
class Text(ArgumentType):
    """A text in quotes."""

    def read(self, value: Value) -> str:
        if not isinstance(value, str) or isinstance(value, Word):
            raise self.unfit(value)
        return value


@dataclass(frozen=True, kw_only=True)
class Lookup(Op):
    table: tuple[str, ...] | tuple[int, ...] = arg(
        Table('texts or whole numbers in parentheses: `("cat", "dog")`', ("cat", "dog"))
    )

    join: str | None = arg(Text('a text in quotes, such as `""`', ""), default=None)

    @property
    def texts(self) -> bool:
        return isinstance(self.table[0], str)

    def infer(self, x: Type) -> Array:
        ids = [n for n, field in x.fields if field.kind == "ids"] if isinstance(x, Record) else []
        if len(ids) == 1:
            raise Problem(
                "E301",
                "`lookup` of a value with fields",
                found=x.described(),
                wanted=f"ids: its field `{ids[0]}`",
                fix=Proposal.field(ids[0]),
            )
        x = expect_dtype(x, self.name, "i64", "i32", help=_IDS)
        numbers = [entry for entry in self.table if isinstance(entry, int)]
        span = Range(min(numbers), max(numbers)) if numbers else None
        after = Array("text" if self.texts else "i64", x.axes, range=span, space=x.space)
        if x.range is not None and int(x.range.high) + 1 != len(self.table):
            count = int(x.range.high) + 1
            if count == AXIS:
                raise Problem(
                    "E322",
                    "how many entries the table needs is not known",
                    found="ids of an axis of any size",
                    wanted=f"ids 0 to {len(self.table) - 1}, one for each entry",
                    help="write the number of classes where the model's outputs are declared: "
                    f"`class={len(self.table)}`",
                    then=after,
                )
            raise Problem(
                "E322",
                "the table does not have one entry for each id",
                found=f"{len(self.table)} entries for the ids 0 to {count - 1}",
                wanted=f"{count} entries",
                help=f"write the {count} entries in the order in which the model was trained: "
                f"entry 0 is now {show(self.table[0])}, and one too many or too few at the front "
                "moves every name by one; or change the number of classes where it is declared",
                at="table",
                then=after,
            )
        if self.join is not None:
            return self._joined(x)
        if self.texts and len(x.axes) > 1:
            raise Problem(
                "E301",
                "`lookup` of texts does not take this many axes",
                found=x.described(),
                wanted="one id or a list of them",
                help="take one id of each list: `argmax` and `top` along an axis less; or give the "
                "ids to whoever draws the map: a table of whole numbers takes any axes",
                then=after,
            )
        return after

    def _joined(self, x: Array) -> Array:
        if self.texts and len(x.axes) == 1:
            return Array("text", (), space=x.space)
        raise Problem(
            "E301",
            "`join` of what is no list of texts",
            found=x.described() if self.texts else f"a table of whole numbers, {show(self.table)}",
            wanted="a list of ids, and a table of texts",
            help="leave `join` out, or give it the ids of one text: `found.ids` of `ctc_decode`",
            at="join",
            then=Array("text", (), space=x.space),
        )

    def doubts(self, x: Type) -> Iterator[Problem]:
        if self.texts:
            yield from doubts_of_names([str(entry) for entry in self.table], "table")

    def constants(self, x: Array) -> dict[str, ConstantArray]:
        dtype = "text" if self.texts else "i64"
        return {"table": ConstantArray(dtype, self.table, (len(self.table),))}

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"texts": self.texts, "scalar": not x.axes, "join": self.join}

    def reference(self, types: tuple[Array], x: np.ndarray) -> Any:
        if np.any(x < 0) or np.any(x >= len(self.table)):
            raise ValueError(f"an id outside the table of {len(self.table)} entries")
        if not self.texts:
            return np.array(self.table, np.int64)[x]
        if x.ndim == 0:
            return self.table[int(x)]
        found = [str(self.table[int(i)]) for i in x]
        return found if self.join is None else self.join.join(found)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            Case(
                post="found = nms(b, s, score=0.5, iou=0.5, per=class, limit=5)\n"
                'names = lookup(found.classes, table=("a", "b"))\n'
                "codes = lookup(found.classes, table=(70, 7))",
                outputs={
                    "b": "f32[anchor=9, box=4] boxes(xyxy, pixels)",
                    "s": "f32[anchor=9, class=2] scores",
                },
            ),
            Case(
                post="i = argmax(x, over=class)\n"
                'name = lookup(i, table=("a", "b \\"q\\"", "c\\u00e9"))',
                outputs={"x": "f32[class=3]"},
            ),
            Case(
                post='v, i = top(x, over=class, k=2)\nname = lookup(i, table=("a", "b", "c"))',
                outputs={"x": "f32[class=3]"},
            ),
            Case(
                post="i = argmax(x, over=class)\nj = lookup(i, table=(7, -1, 90))",
                outputs={"x": "f32[class=3, h=4, w=5]"},
            ),
        )
