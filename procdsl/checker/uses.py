"""The files that a pipeline `use`s: each is read once, and only so many are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from procdsl import limits
from procdsl.records import dataclass, field
from procdsl.source import Source
from procdsl.syntax import tree

if TYPE_CHECKING:
    from procdsl.checker.constants import Constants

Loader: TypeAlias = Callable[[Source, str], Source]
"""Finds the file that a `use` line of a source names; raises `CannotUse`."""


class CannotUse(Exception):
    """Why a file cannot be used, in words."""


def no_files(source: Source, path: str) -> Source:
    """The loader where there are no files to use."""
    raise CannotUse("a text that is not a file can use no other")


@dataclass
class Files:
    """The files that a file `use`s, and those that they do."""

    find: Loader
    room: int
    """How many tokens they may have, all together."""
    lines: int = 0
    """How many `use` lines were followed."""
    read: dict[str, Constants] = field(default_factory=dict)
    """What each file defines, by its name."""

    def load(self, part: tree.Use, using: Sequence[Source]) -> Source:
        """The file that a line names, in the last of the files that use each other; `CannotUse`
        where it leads in a circle, or too far."""
        self.lines += 1
        if self.lines > limits.USES:
            raise CannotUse(f"more than {limits.USES} `use` lines are followed, in all files")
        if self.room <= 0:
            raise CannotUse("the files before it are as long, all together, as procdsl reads")
        if len(using) > limits.USE_DEPTH:
            most = limits.USE_DEPTH
            raise CannotUse(f"more than {most} files use each other, one below the other")
        source = self.find(part.span.source, str(part.path.value))
        names = [other.name for other in using]
        if source.name in names:
            chain = " -> ".join([*names[names.index(source.name) :], source.name])
            raise CannotUse(f"the files use each other in a circle: {chain}")
        return source
