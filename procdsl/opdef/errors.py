"""What an op or an argument raises: what is wrong and what helps, but not where it stands.

The checker, which knows the place, makes a diagnostic of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from procdsl.diagnostics.diagnostic import Applicability
from procdsl.types.value import Type


class Place(Enum):
    """Where a proposed text goes, seen from the step that a problem is about."""

    BEFORE = "a line before the step"
    STEP = "the step, names and call"
    CALL = "the call"
    VALUE = "the value of the argument"
    ARGUMENT = "the argument, name and value"
    NEW_ARGUMENT = "behind the arguments of the call"


@dataclass(frozen=True)
class Proposal:
    """A fix whose place is known only from its step: put `text` there.

    `said` is its message, where the words for the place are not enough.
    """

    place: Place
    text: str
    said: str = ""
    names: bool = False
    """Whether `{0}`, `{1}`, ... in the text stand for the values that the step takes."""
    applicability: Applicability = Applicability.GUESS

    @classmethod
    def before(cls, step: str, said: str = "", *, names: bool = False) -> Proposal:
        """A step before this one."""
        return cls(Place.BEFORE, step, said, names)

    @classmethod
    def without_step(cls, said: str = "") -> Proposal:
        """The file without this step."""
        return cls(Place.STEP, "", said)

    @classmethod
    def call(cls, call: str) -> Proposal:
        """Another call in the place of this one."""
        return cls(Place.CALL, call)

    @classmethod
    def value(cls, text: str, said: str = "") -> Proposal:
        """Another value of the argument."""
        return cls(Place.VALUE, text, said)

    @classmethod
    def without_argument(cls) -> Proposal:
        """The call without this argument."""
        return cls(Place.ARGUMENT, "")

    @classmethod
    def new_argument(cls, text: str) -> Proposal:
        """An argument more."""
        return cls(Place.NEW_ARGUMENT, text)

    def on(self, values: Sequence[str]) -> Proposal:
        """The same for a step that takes these values."""
        return replace(self, text=self.text.format(*values)) if self.names else self

    @property
    def message(self) -> str:
        """What it does, in words."""
        if self.said:
            return self.said
        match self.place:
            case Place.BEFORE:
                return f"add the step `{self.text}` before this one"
            case Place.STEP:
                return "remove this step"
            case Place.ARGUMENT:
                return "remove this argument"
            case Place.NEW_ARGUMENT:
                return f"add `{self.text}`"
        return f"write `{self.text}`"


class Problem(Exception):
    """Raised by an op's type rule or an argument's reader.

    `fix` is what mends it as an edit, `help` what does in words. `at` is the name of the argument
    that is wrong (None: the step as a whole). `then` is the type that the step's result would have
    had, so that the steps after it can still be checked; without it the result is unknown and
    nothing more is said of it.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        found: str,
        wanted: str,
        fix: Proposal | None = None,
        help: str = "",
        at: str | None = None,
        then: Type | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.found = found
        self.wanted = wanted
        self.fix = fix
        self.help = help
        self.at = at
        self.then = then
