"""What a kind is: what the numbers of an array that is no image mean.

A kind is a room in `procdsl/kinds/`, found by its name: its docstring is its page, with a pipeline
that has such a value; `KIND` is what the checker knows of it.
"""

from __future__ import annotations

from functools import cache

from procdsl import discovery
from procdsl.records import dataclass
from procdsl.types.axis import Range
from procdsl.types.dtypes import FLOATS, INTEGERS

NUMBERS = (*INTEGERS, *FLOATS)


@dataclass(frozen=True)
class Kind:
    dtypes: tuple[str, ...] = NUMBERS
    """The dtypes with which a type may name it."""
    range: Range | None = None
    """Where its values lie, unless the dtype says so."""
    decided: bool = False
    """Whether its numbers are decisions: right or wrong, and never a little off."""
    says: tuple[tuple[str, ...], ...] = ()
    """What a type may say of it in parentheses: for each place the words."""
    back: str = ""
    """The op that brings its numbers back to the pixels of an input; empty where they are no
    coordinates."""
    brought_as: str = ""
    """The op that makes of its numbers others which can be brought back, where they cannot."""


def kind_names() -> tuple[str, ...]:
    """Every kind, in the order of the alphabet."""
    return tuple(discovery.modules("kinds"))


@cache
def kind(name: str) -> Kind:
    """The kind of this name, which must be one of `kind_names`."""
    found: Kind = discovery.module("kinds", name).KIND
    return found


def kind_page(name: str) -> str:
    """The documentation of a kind."""
    return discovery.page("kinds", name)
