"""What `let`, `param` and `use` define."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from procdsl.checker.listed import NoList, names
from procdsl.checker.outline import Outline, Unread, constants_only
from procdsl.checker.sink import DiagnosticSink, whole_lines
from procdsl.diagnostics.diagnostic import Edit, Fix, Label
from procdsl.ir.pipeline import Param
from procdsl.records import dataclass, field
from procdsl.source import Source, Span
from procdsl.syntax import tree
from procdsl.syntax.parser import parse
from procdsl.types.constants import Constant, Word, alike, is_number, shorten, show

Loader = Callable[[Source, str], Source]
"""Finds the file that a `use` line of a source names; raises `CannotUse`."""


class CannotUse(Exception):
    """Why a file cannot be used, in words."""


def no_files(source: Source, path: str) -> Source:
    """The loader where there are no files to use."""
    raise CannotUse("a text that is not a file can use no other")


@dataclass
class Constants:
    """The constants in scope."""

    values: dict[str, Constant] = field(default_factory=dict)
    names: dict[str, tree.Name] = field(default_factory=dict)
    params: list[Param] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    sources: list[Source] = field(default_factory=list)
    unread: Unread = field(default_factory=lambda: Unread([]))
    """What may define a name that is missing here."""

    missing: bool = False
    """Whether one was named that is not defined and is a slip of none: any may have been meant."""

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


def define(
    outlined: Outline, sink: DiagnosticSink, load: Loader, settings: Mapping[str, str]
) -> Constants:
    """Evaluate a file's constants, with the params set from outside."""
    constants = Constants(unread=outlined.unread)
    _define(outlined, sink, load, settings, constants, [outlined.file.span.source])
    names = [param.name for param in constants.params]
    for name in settings:
        if name not in names:
            span = Span(Source("-D", f"{name}={settings[name]}"), 0, len(name))
            help = (
                "" if names else "the file has no `param`: define one, such as `param size = 224`"
            )
            sink.undefined("E219", "param", tree.Name(span, name), names, help)
    return constants


def _define(
    outlined: Outline,
    sink: DiagnosticSink,
    load: Loader,
    settings: Mapping[str, str],
    constants: Constants,
    using: list[Source],
) -> None:
    for part in outlined.constants:
        if isinstance(part, tree.Use):
            _use(part, sink, load, constants, using)
            continue
        if is_discard(part.name, sink):
            continue
        name = part.name.text
        if isinstance(part.value, tree.Listed):
            names = _listed(part.value, sink, load, constants)
            if names is None:
                continue
            value: Constant = names
        else:
            value = constants.evaluate(part.value)
        if name in constants.names:
            _doubled_constant(part, value, constants, sink)
            continue
        if isinstance(part, tree.Param):
            default = value
            if name in settings:
                value = _setting(name, settings[name], default, sink)
            constants.params.append(Param(name, value, default, text_of(part.docs)))
        constants.names[name] = part.name
        constants.values[name] = value


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


def _doubled_constant(
    part: tree.Let | tree.Param, value: Constant, constants: Constants, sink: DiagnosticSink
) -> None:
    """A second definition: it may go if it says the same, else one of the two is meant."""
    name = part.name.text
    same = alike(value, constants.values[name]) and isinstance(part, tree.Let)
    removal = Edit(whole_lines(tree.with_docs(part)), "")
    first, second = (shorten(show(v)) for v in (constants.values[name], value))
    doubled(
        sink,
        part.name,
        constants.names[name],
        Fix.only("remove this one", removal) if same else None,
        f"keep the one that is meant, `{first}` or `{second}`",
    )


def _use(
    part: tree.Use, sink: DiagnosticSink, load: Loader, constants: Constants, using: list[Source]
) -> None:
    try:
        source = load(part.span.source, str(part.path.value))
        if any(source.name == other.name for other in using):
            raise CannotUse("the files use each other in a circle")
    except CannotUse as error:
        _cannot_use(part.path, error, "a `.proc` file", constants, sink)
        return
    parsed = parse(source)
    sink.diagnostics += parsed.diagnostics
    outlined = constants_only(parsed.file, sink)
    theirs = Constants(unread=outlined.unread)
    _define(outlined, sink, load, {}, theirs, [*using, source])
    constants.unread.texts += theirs.unread.texts
    lets = [part.name.text for part in outlined.constants if isinstance(part, tree.Let)]
    for name in lets:
        if name in constants.names:
            doubled(sink, theirs.names[name], constants.names[name])
            continue
        constants.names[name] = theirs.names[name]
        constants.values[name] = theirs.values[name]
        constants.foreign.add(name)
    constants.sources += [source, *theirs.sources]


def _listed(
    file: tree.Listed, sink: DiagnosticSink, load: Loader, constants: Constants
) -> tuple[str, ...] | None:
    """The names in a file, or None where it cannot be read, which is then said."""
    try:
        source = load(file.span.source, str(file.path.value))
    except CannotUse as error:
        _cannot_use(file.path, error, "a list of names", constants, sink)
        return None
    constants.sources.append(source)
    try:
        return names(source)
    except NoList as error:
        constants.unread.texts.append("")
        sink.add(
            "E220",
            error.span,
            "this file is no list of names",
            found=error.found,
            wanted=error.wanted,
            help=error.help,
            labels=(Label(file.span, "it is used here"),),
        )
        return None


def _cannot_use(
    path: tree.Literal, error: CannotUse, wanted: str, constants: Constants, sink: DiagnosticSink
) -> None:
    sink.add(
        "E220",
        path.span,
        "this file cannot be used",
        found=str(error),
        wanted=f"{wanted} beside this one or below the project's folder",
        help="write the path of such a file, or define what it has here, with `let`",
    )
    constants.unread.texts.append("")


def _setting(name: str, text: str, default: Constant, sink: DiagnosticSink) -> Constant:
    """The value that the command line gives a param, or its default and a diagnostic."""
    value = _read_setting(text)
    if value is not None and _alike(value, default):
        return value
    source = Source("-D", f"{name}={text}")
    place = Span(source, len(name) + 1, len(source.text))
    sink.add(
        "E219",
        place,
        f"a value that does not fit the param `{name}`",
        found=f"`{shorten(text)}`",
        wanted=f"a value like its default, `{shorten(show(default))}`",
        help="write a number for a number, a word for a word, a text in quotes for a text",
    )
    return default


def _read_setting(text: str) -> Constant | None:
    parsed = parse(Source("-D", f"let value = {text}"))
    if parsed.diagnostics or len(parsed.file.parts) != 1:
        return None
    part = parsed.file.parts[0]
    if not isinstance(part, tree.Let) or isinstance(part.value, tree.Listed):
        return None
    return Constants().evaluate(part.value)


def _alike(value: Constant, default: Constant) -> bool:
    if isinstance(default, int):
        return isinstance(value, int)
    if isinstance(default, float | Fraction):
        return is_number(value)
    return type(value) is type(default)


def text_of(docs: tree.Docs) -> str:
    """The documentation as text."""
    return "\n".join(doc.text for doc in docs)
