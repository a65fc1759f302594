"""What an op or an argument raises: what is wrong and how to mend it, but not where it stands.

The checker, which knows the place, makes a diagnostic of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from procdsl.types.value import Type


@dataclass(frozen=True)
class Mend:
    """How to mend a step. `how` is one of:

    - `before`, `after`: add the line `text` before or after the step,
    - `naming`: as `before`, with the values that the step takes for `{0}`, `{1}`, ... in `text`,
    - `instead`: write the call `text` in the step's place,
    - `value`: write `text` as the value of the argument that the problem is about,
    - `argument`: write `text` in the place of that argument, name and all,
    - `add`: add the argument `text` to the call,
    - `remove`: drop the step,
    - `drop`: drop the argument that the problem is about,
    - `say`: no edit: what is to be done stands elsewhere in the file.

    `said` is the hint, where the words for `how` are not enough.
    """

    how: str
    text: str = ""
    said: str = ""

    def on(self, values: Sequence[str]) -> Mend:
        """The same for a step that takes these values."""
        return replace(self, text=self.text.format(*values)) if self.how == "naming" else self

    def sentence(self) -> str:
        return (
            self.said
            or {
                "before": f"add the step `{self.text}` before this one",
                "naming": f"add the step `{self.text}` before this one",
                "after": f"add the step `{self.text}` after this one",
                "instead": f"write `{self.text}`",
                "value": f"write `{self.text}`",
                "argument": f"write `{self.text}`",
                "add": f"add `{self.text}`",
                "remove": "remove this step",
                "drop": "remove this argument",
            }[self.how]
        )


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
