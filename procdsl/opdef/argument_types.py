"""What kinds of arguments there are.

An `ArgumentType` says in words what it wants, reads a constant of the file into the value that the
op keeps, and refuses what does not fit with a `Problem` that proposes something that does.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

from procdsl import limits
from procdsl.diagnostics.suggest import Meaning, nearest
from procdsl.lazy import known_names
from procdsl.opdef.errors import Problem, Proposal
from procdsl.records import dataclass, field
from procdsl.types.constants import Constant, Word, shorten, show
from procdsl.types.numerics import LARGEST, f32


@dataclass(frozen=True)
class ArgumentType:
    """A kind of argument; `wanted` completes "expected ..."."""

    wanted: str
    example: Constant

    @property
    def described(self) -> str:
        """What it is, on the page of an op."""
        return self.wanted

    def read(self, value: Constant) -> Any:
        """The value to keep, or a `Problem`."""
        raise self.unfit(value)

    def unfit(self, value: Constant, code: str = "E210", known: Meaning | None = None) -> Problem:
        """The problem with a value; `known` is what it means, or may mean."""
        known = known or self._unquoted(value)
        return Problem(
            code,
            "a value that does not fit its argument",
            found=f"`{shorten(show(value))}`",
            wanted=self.wanted,
            fix=Proposal.value(known.here) if known.here else None,
            help=known.said,
        )

    def _unquoted(self, value: Constant) -> Meaning:
        """What a text means that holds a number or a word."""
        plain = _plain(value) if isinstance(value, str) and not isinstance(value, Word) else None
        if plain is None:
            return Meaning()
        try:
            self.read(plain)
        except Problem as problem:
            return Meaning(problem.fix.text if problem.fix else "", problem.help)
        return Meaning(show(plain))

    def missing(self, name: str) -> tuple[str, str]:
        """What is wanted where it is left out, and what helps, in words."""
        return self.wanted, f"add `{name}` with what the model was trained with"


_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,20})?")
_WORD = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)


def _plain(text: str) -> Constant | None:
    """The number or the word that a text holds."""
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return Word(text) if _WORD.fullmatch(text) else None


@dataclass(frozen=True)
class Whole(ArgumentType):
    """A whole number within bounds."""

    low: int = 0
    high: int = limits.SIDE

    def read(self, value: Constant) -> int:
        if not isinstance(value, int):
            raise self.unfit(value)
        if not self.low <= value <= self.high:
            raise self.unfit(value, "E211")
        return value


@dataclass(frozen=True)
class Side(Whole):
    """A height or a width in pixels; two numbers are told how both are written."""

    def read(self, value: Constant) -> int:
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], int):
            h, w = map(show, value)
            said = f"one side stands here; a height and a width are written `h={h}, w={w}`"
            raise self.unfit(value, known=Meaning("", said))
        return super().read(value)


@dataclass(frozen=True)
class Real(ArgumentType):
    """A number within bounds; a fraction stays one, a whole number becomes a float."""

    low: float = -math.inf
    high: float = math.inf

    def read(self, value: Constant) -> float | Fraction:
        if not isinstance(value, int | float | Fraction):
            raise self.unfit(value)
        number = float(value)
        if not self.low <= number <= self.high or abs(number) > LARGEST:
            raise self.unfit(value, "E211")
        return value if isinstance(value, Fraction) else number


@dataclass(frozen=True)
class Scale(ArgumentType):
    """A fraction whose inverse float32 holds, so that it can divide; or a positive number."""

    def read(self, value: Constant) -> float | Fraction:
        if isinstance(value, Fraction) and value > 0:
            inverse = 1 / value
            if inverse < 1e30 and f32(float(inverse)) == inverse:
                return value
        if isinstance(value, Fraction):
            raise self.unfit(value, "E211")
        number = Real(self.wanted, self.example, 1e-30, 1e30).read(value)
        return float(number)


@dataclass(frozen=True)
class OneOf(ArgumentType):
    """One of a few words; `code` is that of the diagnostic for another one."""

    words: tuple[str, ...] = ()
    code: str = "E205"

    def read(self, value: Constant) -> Word:
        if not isinstance(value, Word):
            raise self.unfit(value)
        if value in self.words:
            return value
        by_case = {word.lower(): word for word in self.words}
        written = Meaning(by_case.get(value.lower(), ""))
        raise self.unfit(value, self.code, written if written.here else self.known(value))

    def known(self, word: str) -> Meaning:
        """What another word means, or may mean."""
        return known_names.word(word, self.words) or Meaning(nearest(word, self.words) or "")


@dataclass(frozen=True)
class ColourName(OneOf):
    """A colour. Those that are spelt alike are not taken for each other."""

    def known(self, word: str) -> Meaning:
        return known_names.colour(word) or Meaning()


@dataclass(frozen=True)
class DtypeName(OneOf):
    """A dtype. Those that are spelt alike are not taken for each other."""

    def known(self, word: str) -> Meaning:
        return known_names.dtype(word) or Meaning()


@dataclass(frozen=True)
class AnyWord(ArgumentType):
    """A name that the op's type rule looks up, such as that of an axis."""

    def read(self, value: Constant) -> Word:
        if not isinstance(value, Word):
            raise self.unfit(value)
        return value


@dataclass(frozen=True)
class InputName(AnyWord):
    """The name of an input; the op is given the size of its picture as its last value."""

    def missing(self, name: str) -> tuple[str, str]:
        return self.wanted, "add the name of the input whose pixels are meant"


INPUT = InputName("the name of an input", Word("image"))


@dataclass(frozen=True)
class Many(ArgumentType):
    """A tuple of values of one kind, of `count` (None: one or more)."""

    each: ArgumentType = field(default_factory=lambda: ArgumentType("a value", 0))
    count: int | None = None

    def read(self, value: Constant) -> tuple[Any, ...]:
        if not isinstance(value, tuple) or not value or self.count not in (None, len(value)):
            raise self.unfit(value)
        return _read_each(self.each, value)


@dataclass(frozen=True)
class OneOrMany(ArgumentType):
    """A number for all channels, or a tuple with one for each."""

    each: ArgumentType = field(default_factory=lambda: ArgumentType("a value", 0))

    def read(self, value: Constant) -> Any:
        if isinstance(value, tuple) and value:
            return _read_each(self.each, value)
        return self.each.read(value)


def _read_each(kind: ArgumentType, values: tuple[Constant, ...]) -> tuple[Any, ...]:
    """Each value read; a problem with one proposes the whole tuple with that one mended."""
    read = []
    for i, value in enumerate(values):
        try:
            read.append(kind.read(value))
        except Problem as problem:
            texts = [show(v) for v in values]
            texts[i] = problem.fix.text if problem.fix else texts[i]
            raise Problem(
                problem.code,
                problem.message,
                found=problem.found,
                wanted=problem.wanted,
                fix=Proposal.value(f"({', '.join(texts)})") if problem.fix else None,
                help=problem.help,
            ) from None
    return tuple(read)
