"""What an op or an argument raises: what is wrong and how to mend it, but not where it stands.

The checker, which knows the place, makes a diagnostic of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from procdsl.types import Type


@dataclass(frozen=True)
class Mend:
    """How to mend a step. `how` is one of:

    - `before`, `after`: add the line `text` before or after the step,
    - `instead`: write the call `text` in the step's place,
    - `value`: write `text` as the value of the argument that the problem is about,
    - `argument`: write `text` in the place of that argument, name and all,
    - `add`: add the argument `text` to the call,
    - `remove`: drop the step,
    - `drop`: drop the argument that the problem is about.
    """

    how: str
    text: str = ""

    def sentence(self) -> str:
        return {
            "before": f"add the step `{self.text}` before this one",
            "after": f"add the step `{self.text}` after this one",
            "instead": f"write `{self.text}`",
            "value": f"write `{self.text}`",
            "argument": f"write `{self.text}`",
            "add": f"add `{self.text}`",
            "remove": "remove this step",
            "drop": "remove this argument",
        }[self.how]


class Problem(Exception):
    """Raised by an op's type rule or an argument's reader.

    `at` is the name of the argument that is wrong (None: the step as a whole). `then` is the type
    that the step's result would have had, so that the steps after it can still be checked; without
    it the result is unknown and nothing more is said of it.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        found: str,
        wanted: str,
        mend: Mend,
        at: str | None = None,
        then: Type | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.found = found
        self.wanted = wanted
        self.mend = mend
        self.at = at
        self.then = then
