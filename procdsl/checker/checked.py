"""What came of checking a file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeVar

from procdsl.checker.understood import Names, Types, Understood
from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.ir.pipeline import Pipeline
from procdsl.records import dataclass, field
from procdsl.source import Span

T = TypeVar("T")


@dataclass(frozen=True)
class Checked:
    """The pipeline, or None where there are errors."""

    pipeline: Pipeline | None
    diagnostics: tuple[Diagnostic, ...]
    understood: Understood = field(repr=False, compare=False)
    as_written: Pipeline | None = None
    """What the file computes, also where its errors leave that untouched (`COMPUTABLE`)."""

    @cached_property
    def _names(self) -> Names:
        from procdsl.checker.names import resolve  # only editors ask

        return resolve(self.understood)

    @property
    def types(self) -> tuple[tuple[Span, Types], ...]:
        """The type of each name and call, by its place; with errors, those that are known."""
        return self._names.types

    @property
    def definitions(self) -> tuple[tuple[Span, Span], ...]:
        """Where each name is defined: in this file or one that it uses, or at that very place."""
        return self._names.definitions

    def type_at(self, offset: int) -> Types | None:
        """The type of the innermost name or call round the character at an offset."""
        return _innermost(self.types, offset)

    def definition_at(self, offset: int) -> Span | None:
        """The place that defines the name to which the character at an offset belongs."""
        return _innermost(self.definitions, offset)


def _innermost(found: Sequence[tuple[Span, T]], offset: int) -> T | None:
    """What belongs to the shortest of the places that hold the character at an offset."""
    holding = [(span, what) for span, what in found if span.start <= offset < span.end]
    return min(holding, key=lambda pair: pair[0].end - pair[0].start)[1] if holding else None
