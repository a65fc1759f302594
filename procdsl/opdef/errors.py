"""What an op or an argument raises: what is wrong and what helps, but not where it stands.

The checker, which knows the place, makes a diagnostic of it.
"""

from __future__ import annotations

from enum import Enum

from procdsl.diagnostics.diagnostic import Applicability
from procdsl.records import dataclass
from procdsl.types.value import Type


class Place(Enum):
    """Where a proposed text goes, seen from the step that a problem is about."""

    BEFORE = "a line before the step"
    STEP = "the step, names and call"
    FIELD = "behind the first value that the step names"
    VALUE = "the value of the argument"
    ARGUMENT = "the argument, name and value"


@dataclass(frozen=True)
class Proposal:
    """A fix whose place is known only from its step: put `text` there.

    An op proposes what keeps the numbers, or what alone the call can mean; whatever has other
    numbers is said in words.
    """

    place: Place
    text: str
    applicability: Applicability

    @classmethod
    def before(cls, step: str) -> Proposal:
        """The only step that leads to this one."""
        return cls(Place.BEFORE, step, Applicability.ONLY)

    @classmethod
    def field(cls, name: str) -> Proposal:
        """The only field of the value that the step can take."""
        return cls(Place.FIELD, f".{name}", Applicability.ONLY)

    @classmethod
    def value(cls, text: str) -> Proposal:
        """What alone the value of the argument can mean."""
        return cls(Place.VALUE, text, Applicability.ONLY)

    @classmethod
    def without_step(cls) -> Proposal:
        """The file without this step, which changes nothing."""
        return cls(Place.STEP, "", Applicability.SAME)

    @classmethod
    def without_argument(cls) -> Proposal:
        """The call without this argument, which changes nothing."""
        return cls(Place.ARGUMENT, "", Applicability.SAME)

    @property
    def message(self) -> str:
        """What it does, in words."""
        match self.place:
            case Place.BEFORE:
                return f"add the step `{self.text}` before this one"
            case Place.FIELD:
                return f"take the field `{self.text}` of the value, by its name"
            case Place.STEP:
                return "remove this step"
            case Place.ARGUMENT:
                return "remove this argument"
            case Place.VALUE:
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

    def of(self, x: Type, seen: Type) -> Problem:
        """The same of a value that the op has seen in another form: what came is `x`."""
        self.found = self.found.replace(str(seen), str(x))
        return self
