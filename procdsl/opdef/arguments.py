"""The arguments of ops, as an op's class declares them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from procdsl import limits
from procdsl.opdef.argument_types import (
    AnyWord,
    ArgumentType,
    ColourName,
    DtypeName,
    OneOf,
    OneOrMany,
    Real,
    Scale,
    Side,
    Whole,
)
from procdsl.records import MISSING, dataclass, field, fields
from procdsl.types.colour import colour_names
from procdsl.types.constants import Word
from procdsl.types.dtypes import DTYPES

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def side(what: str = "size") -> Side:
    """A height or width in pixels."""
    return Side(f"a {what} in pixels, a whole number from 1 to {limits.SIDE}", 224, 1, limits.SIDE)


def whole(low: int, high: int, example: int) -> Whole:
    return Whole(f"a whole number from {low} to {high}", example, low, high)


def real(low: float = -math.inf, high: float = math.inf, example: float = 0.5) -> Real:
    bounds = f" from {low:g} to {high:g}" if math.isfinite(low) and math.isfinite(high) else ""
    return Real(f"a number{bounds}", example, low, high)


def scale() -> Scale:
    return Scale("a fraction like 1/255 (divides), or a number (multiplies)", Fraction(1, 255))


def per_channel(each: ArgumentType) -> OneOrMany:
    return OneOrMany(f"{each.wanted}, or one for each channel in parentheses", each.example, each)


def words(*choices: str, code: str = "E205") -> OneOf:
    return OneOf("one of " + ", ".join(choices), Word(choices[0]), tuple(choices), code)


def colour() -> ColourName:
    names = colour_names()
    return ColourName(f"a colour: {_list(names)}", Word("rgb"), names, "E204")


def dtype() -> DtypeName:
    return DtypeName(f"a dtype: {_list(DTYPES)}", Word(DTYPES[0]), DTYPES, "E218")


ROUNDINGS: dict[str, Callable[[float], int]] = {
    "half_even": round,
    "half_up": lambda x: int(x + 0.5),
    "floor": int,
    "ceil": math.ceil,
}
"""How a size that is not negative becomes a whole number, by the word for it."""


def axis() -> AnyWord:
    return AnyWord("the name of an axis", Word("c"))


def _list(items: Sequence[str]) -> str:
    return ", ".join(items)


@dataclass(frozen=True)
class Argument:
    """An argument as an op declares it. `positional` ones are written without their name."""

    name: str
    kind: ArgumentType
    required: bool
    default: Any
    positional: bool
    rest: bool


def arg(
    kind: ArgumentType,
    *,
    default: Any = MISSING,
    positional: bool = False,
    rest: bool = False,
) -> Any:
    """A dataclass field that is an op's argument; `rest` takes all positional values left."""
    return field(
        default=default,
        metadata={"kind": kind, "positional": positional or rest, "rest": rest},
    )


def arguments_of(op: type[DataclassInstance]) -> tuple[Argument, ...]:
    """The arguments that an op's class declares, in order."""
    if op not in _DECLARED:
        _DECLARED[op] = _declared(op)
    return _DECLARED[op]


_DECLARED: dict[object, tuple[Argument, ...]] = {}
"""What was found of each class."""


def _declared(op: type[DataclassInstance]) -> tuple[Argument, ...]:
    return tuple(
        Argument(
            name=f.name,
            kind=f.metadata["kind"],
            required=f.default is MISSING,
            default=f.default,
            positional=f.metadata["positional"],
            rest=f.metadata["rest"],
        )
        for f in fields(op)
        if "kind" in f.metadata
    )
