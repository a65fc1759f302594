"""The constants in scope, and what is told of names."""

from __future__ import annotations

from procdsl.checker.outline import Unread
from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Fix, Label
from procdsl.ir.pipeline import Param
from procdsl.records import dataclass, field
from procdsl.source import Source, Span
from procdsl.syntax import tree
from procdsl.types.constants import Constant, Word


@dataclass
class Constants:
    """The constants in scope."""

    values: dict[str, Constant] = field(default_factory=dict)
    names: dict[str, tree.Name] = field(default_factory=dict)
    params: list[Param] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    sources: list[Source] = field(default_factory=list)
    """The files in use, each once."""
    lines: dict[str, tree.Literal] = field(default_factory=dict)
    """Where each file that is used is named first."""
    own: list[str] = field(default_factory=list)
    """Those that the file itself defines, for the files that use it."""
    unread: Unread = field(default_factory=lambda: Unread([]))
    """What may define a name that is missing here."""

    missing: bool = False
    """Whether one was named that is not defined and is a slip of none: any may have been meant."""

    extents: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of how many values each constant consists, and how deep they nest."""
    given: int = 0
    """How many values the arguments of steps have, so far."""

    def extent(self, value: tree.Value) -> tuple[int, int]:
        """Of how many numbers and texts a value consists, and how deep its parentheses nest."""
        if isinstance(value, tree.Group):
            counts, depths = zip(*map(self.extent, value.items), strict=True)
            return sum(counts), 1 + max(depths)
        return self.extents.get(value.text, (1, 0)) if isinstance(value, tree.Name) else (1, 0)

    def undefined(
        self, name: tree.Name, sink: DiagnosticSink, help: str = "", wanted: str = ""
    ) -> None:
        """Report a constant that is not defined. The one that may be meant counts as used."""
        near = sink.undefined("E206", "constant", name, list(self.values), help, wanted)
        if near is None:
            self.missing = True
        else:
            self.used.add(near)

    def evaluate(self, value: tree.Value) -> Constant:
        """The constant that a value stands for; a name that is not defined stands for itself."""
        if isinstance(value, tree.Literal):
            return value.value
        if isinstance(value, tree.Group):
            return tuple(self.evaluate(item) for item in value.items)
        if value.text in self.values:
            self.used.add(value.text)
            return self.values[value.text]
        return Word(value.text)


def too_long(sink: DiagnosticSink, place: Span, found: str, most: str) -> None:
    """Values that are more than procdsl reads."""
    sink.add(
        "E111",
        place,
        "this is longer than procdsl reads",
        found=found,
        wanted=f"at most {most}",
        help="leave out what is not needed",
    )


DISCARD = "_"
"""The name of a result that is not wanted."""


def is_discard(name: tree.Name, sink: DiagnosticSink) -> bool:
    """Whether the name is the one that names nothing; if so, say it."""
    if name.text != DISCARD:
        return False
    sink.add(
        "E113",
        name.span,
        "`_` names nothing",
        found="`_` as the name of a part",
        wanted="a name; `_` stands for a result that is not wanted",
        help="give it a name; what nothing takes is left out",
    )
    return True


def doubled(
    sink: DiagnosticSink,
    name: tree.Name,
    first: tree.Name,
    fix: Fix | None = None,
    help: str = "give one of the two another name, where it is taken, too",
) -> None:
    """A name that is defined twice."""
    sink.add(
        "E207",
        name.span,
        f"`{name.text}` is defined twice",
        found=f"a second `{name.text}`",
        wanted="one definition of each name",
        help="" if fix else help,
        fixes=(fix,) if fix else (),
        labels=(Label(first.span, f"the first `{name.text}`"),),
    )


def text_of(docs: tree.Docs) -> str:
    """The documentation as text."""
    return "\n".join(doc.text for doc in docs)
