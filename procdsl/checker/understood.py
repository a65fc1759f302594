"""What the checker understood of a file, for those who ask what its names stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from procdsl.checker.outline import Outline
from procdsl.checker.scope import Known
from procdsl.ir.extern import Extern
from procdsl.ir.pipeline import Value
from procdsl.records import dataclass
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.types.value import Type

Types: TypeAlias = Type | tuple[Type, ...]
"""A type, or those of a call that gives several values."""


@dataclass(frozen=True)
class Understood:
    """What the checker knows of a file when it has gone through it."""

    parts: Outline
    constants: Mapping[str, tree.Name]
    externs: Mapping[str, Extern | None]
    inputs: Mapping[str, Known]
    contract: Mapping[str, Known]
    """The inputs and outputs of the model."""
    results: Mapping[tree.Step, Sequence[Value]]


@dataclass(frozen=True)
class Names:
    """The names and calls of a file, by their places."""

    types: tuple[tuple[Span, Types], ...]
    definitions: tuple[tuple[Span, Span], ...]
