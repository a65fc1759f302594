"""Constants of the language: what a `let` holds and an argument takes.

A number is an int, a float, or a Fraction where the file wrote one (1/255 stays exact). A text is a
`str`; a name that stands for itself, such as `rgb` or `cv2.linear`, is a `Word`. Values in
parentheses are a tuple.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TypeAlias


class Word(str):
    """A name that stands for itself."""

    __slots__ = ()


Number: TypeAlias = int | float | Fraction
Constant: TypeAlias = "int | float | Fraction | str | tuple[Constant, ...]"


def is_number(value: object) -> bool:
    return isinstance(value, int | float | Fraction) and not isinstance(value, bool)


def alike(a: Constant, b: Constant) -> bool:
    """Whether two constants are one: 1/2 and 0.5 are not, since a fraction divides."""
    return a is b or (a == b and show(a) == show(b) and repr(a) == repr(b))


def show(value: Constant) -> str:
    """The constant as a `.proc` file writes it; always ASCII."""
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, tuple):
        return f"({', '.join(map(show, value))}{',' * (len(value) == 1)})"
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return repr(int(value)) if whole and repr(value) != "-0.0" else repr(value)


def shorten(text: str, width: int = 72) -> str:
    """The text, with `...` for what does not fit."""
    return text if len(text) <= width else text[: width - 3] + "..."
