"""What `let`, `param` and `use` define."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from procdsl import limits
from procdsl.checker.constants import Constants, doubled, is_discard, text_of, too_long
from procdsl.checker.listed import NoList, names
from procdsl.checker.outline import Outline, constants_only
from procdsl.checker.sink import DiagnosticSink, whole_lines
from procdsl.checker.uses import CannotUse, Files
from procdsl.diagnostics.diagnostic import Edit, Fix, Label
from procdsl.ir.pipeline import Param
from procdsl.source import Source, Span
from procdsl.syntax import tree
from procdsl.syntax.parser import parse
from procdsl.types.constants import Constant, alike, is_number, shorten, show


def define(
    outlined: Outline, sink: DiagnosticSink, files: Files, settings: Mapping[str, str]
) -> Constants:
    """Evaluate a file's constants, with the params set from outside."""
    constants = Constants(unread=outlined.unread)
    _define(outlined, sink, files, settings, constants, [outlined.file.span.source])
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
    files: Files,
    settings: Mapping[str, str],
    constants: Constants,
    using: list[Source],
) -> None:
    for part in outlined.constants:
        if isinstance(part, tree.Use):
            _use(part, sink, files, constants, using)
            continue
        if is_discard(part.name, sink):
            continue
        name = part.name.text
        if name in constants.names and sink.full("E207"):
            sink.add("E207", part.name.span, f"`{name}` is defined twice", found="", wanted="")
            continue
        found = _read_value(part.value, sink, files, constants)
        if found is None:
            if not isinstance(part.value, tree.Listed):
                constants.names.setdefault(name, part.name)
                constants.unread.texts.append(part.span.text)
            continue
        value, extent = found
        if name in constants.names:
            _doubled_constant(part, value, constants, sink)
            continue
        constants.extents[name] = extent
        if isinstance(part, tree.Param):
            default = value
            if name in settings:
                value = _setting(name, settings[name], default, sink)
            constants.params.append(Param(name, value, default, text_of(part.docs)))
        constants.names[name] = part.name
        constants.values[name] = value


def _read_value(
    value: tree.Value | tree.Listed, sink: DiagnosticSink, files: Files, constants: Constants
) -> tuple[Constant, tuple[int, int]] | None:
    """A constant and its extent, or None where it cannot be read, which is then said."""
    if isinstance(value, tree.Listed):
        listed = _listed(value, sink, files, constants)
        return None if listed is None else (listed, (len(listed), 1))
    extent = constants.extent(value)
    return None if _too_large(value, extent, sink) else (constants.evaluate(value), extent)


def _too_large(value: tree.Value, extent: tuple[int, int], sink: DiagnosticSink) -> bool:
    """Whether a constant has more values, or nests deeper, than procdsl reads; if so, say it."""
    count, depth = extent
    if count > limits.VALUES:
        too_long(sink, value.span, f"{count:,} values", f"{limits.VALUES:,} in one constant")
    elif depth > limits.NESTING:
        sink.add(
            "E110",
            value.span,
            "constants in constants nest too deeply",
            found=f"{depth} levels",
            wanted=f"at most {limits.NESTING}",
            help="take a level of parentheses away, here or in a constant that this one names",
        )
    return count > limits.VALUES or depth > limits.NESTING


def _doubled_constant(
    part: tree.Let | tree.Param, value: Constant, constants: Constants, sink: DiagnosticSink
) -> None:
    """A second definition: it may go if it says the same, else one of the two is meant."""
    name = part.name.text
    if name not in constants.values:  # the first one could not be read
        doubled(sink, part.name, constants.names[name])
        return
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
    part: tree.Use, sink: DiagnosticSink, files: Files, constants: Constants, using: list[Source]
) -> None:
    try:
        source = files.load(part, using)
    except CannotUse as error:
        _cannot_use(part.path, error, "a `.proc` file", constants, sink)
        return
    line = constants.lines.setdefault(source.name, part.path)
    if line is not part.path:
        _used_twice(part, line, sink)
        return
    first = source.name not in files.read
    theirs = files.read[source.name] = files.read.get(source.name) or Constants()
    if first:
        parsed = parse(source, files.room)
        files.room -= parsed.tokens
        sink.diagnostics += parsed.diagnostics
        outlined = constants_only(parsed.file, sink)
        theirs.unread = outlined.unread
        theirs.own = [p.name.text for p in outlined.constants if isinstance(p, tree.Let)]
        _define(outlined, sink, files, {}, theirs, [*using, source])
        theirs.sources.insert(0, source)
    constants.unread.texts += theirs.unread.texts
    for name in theirs.own:
        if name in constants.names:
            doubled(sink, theirs.names[name], constants.names[name])
            continue
        constants.names[name] = theirs.names[name]
        if name in theirs.values:
            constants.values[name] = theirs.values[name]
            constants.extents[name] = theirs.extents[name]
        constants.foreign.add(name)
    known = {known.name for known in constants.sources}
    constants.sources += [other for other in theirs.sources if other.name not in known]


def _used_twice(part: tree.Use, line: tree.Literal, sink: DiagnosticSink) -> None:
    sink.add(
        "E207",
        part.path.span,
        f"{line.text} is used twice",
        found="a second `use` of the same file",
        wanted="one `use` of each file",
        fixes=(Fix.only("remove this one", Edit(whole_lines(tree.with_docs(part)), "")),),
        labels=(Label(line.span, "the first `use`"),),
    )


def _listed(
    file: tree.Listed, sink: DiagnosticSink, files: Files, constants: Constants
) -> tuple[str, ...] | None:
    """The names in a file, or None where it cannot be read, which is then said."""
    try:
        source = files.find(file.span.source, str(file.path.value))
    except CannotUse as error:
        _cannot_use(file.path, error, "a list of names", constants, sink)
        return None
    if source.name not in {known.name for known in constants.sources}:
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
