"""The values that a block's steps may name, and the ones that a step takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procdsl.checker import unnamed
from procdsl.checker.outline import Unread
from procdsl.checker.sink import DiagnosticSink
from procdsl.diagnostics.diagnostic import Edit, Fix
from procdsl.diagnostics.suggest import choices, nearest
from procdsl.ir.pipeline import Value
from procdsl.lazy import known_names
from procdsl.opdef.arguments import Argument
from procdsl.records import dataclass, field, replace
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.types.array import Array
from procdsl.types.constants import Word, shorten
from procdsl.types.value import Record

Known = Value | None
"""A value in scope; None where a mistake, reported already, left its type unknown."""


@dataclass(frozen=True)
class Stays:
    """Why `post` cannot take something of `pre`, and what helps."""

    why: str
    help: str


@dataclass
class Scope:
    """The values that a block's steps may name, and the one in flow."""

    values: dict[str, Known]
    flow: str | None
    sizes: Mapping[str, Known]
    """The size of each input, for the ops that go back to it."""
    unread: Unread
    """What may define a name that is missing here."""
    used: set[int]
    past_model: Mapping[str, Known] = field(default_factory=dict)
    """In `post` the inputs and what `pre` has named, which no value of its own hides."""
    stays: Mapping[str, Stays] = field(default_factory=dict)
    """The names of `pre` that `post` cannot take."""

    def take(self, path: str) -> Known:
        """A value by its name, or a field of one; it is used from now on."""
        name, _, field = path.partition(".")
        value = self.values[name] if name in self.values else self.past_model[name]
        if value is not None:
            self.used.add(value.number)
        if value is None or not field:
            return value
        array = _fields(value).get(field)
        return replace(value, type=array, field=field) if array else None

    def defines(self, path: str) -> bool:
        """Whether a value has this name, or one has this field."""
        name, _, field = path.partition(".")
        value = self.values.get(name, self.past_model.get(name))
        return self.has(name) and (not field or value is None or field in _fields(value))

    def has(self, name: str) -> bool:
        """Whether a value has this name."""
        return name in self.values or name in self.past_model

    @property
    def names(self) -> list[str]:
        """Every name of a value, the block's own first."""
        return [*self.values, *(name for name in self.past_model if name not in self.values)]


def _fields(value: Value) -> dict[str, Array]:
    return dict(value.type.fields) if isinstance(value.type, Record) else {}


def no_such_value(
    name: tree.Name, scope: Scope, sink: DiagnosticSink, others: Sequence[str] = ()
) -> None:
    """Report a name that no value has, or none that `post` can take, and name none of `others`.

    The value that may be meant by it counts as used: one mistake is one error.
    """
    whole = name.text.partition(".")[0]
    if whole != name.text and scope.has(whole):
        _no_such_field(name, scope, sink)
        return
    if whole in scope.stays:
        stays = scope.stays[whole]
        sink.add(
            "E206",
            name.span,
            f"`post` cannot take `{whole}`",
            found=stays.why,
            wanted="outputs of the model, arrays that `pre` is given or has named, and what "
            "earlier steps of `post` give",
            help=stays.help,
        )
        return
    idle = [
        n
        for n, value in scope.values.items()
        if value is not None and value.number not in scope.used and n not in others
    ]
    help = f"`{idle[-1]}` is a value that nothing takes yet" if idle else ""
    field = name.text.removeprefix(whole)
    paths = [n + field for n in scope.names if field and scope.defines(n + field)]
    near = sink.undefined("E206", "value", name, paths or scope.names, help)
    if near is not None:
        scope.take(near)
    elif idle:
        scope.take(idle[-1])


def _no_such_field(name: tree.Name, scope: Scope, sink: DiagnosticSink) -> None:
    whole = name.text.partition(".")[0]
    value = scope.take(whole)
    assert value is not None, "of what is not known any field is taken to be there"
    fields = [f"{whole}.{field}" for field in _fields(value)]
    near = nearest(name.text, fields)
    listed = ", ".join(f"`{field}`" for field in fields)
    help = "take a value that has fields, such as what `nms` gives; this one is an array"
    sink.add(
        "E206",
        name.span,
        f"no field `{name.text}`",
        found=f"`{whole}`: {value.type.described()}",
        wanted=listed or f"`{whole}`, which has no fields",
        help="" if near else "take one of its fields" if fields else help,
        fixes=(Fix.only(f"write `{near}`", Edit(name.span, near)),) if near else (),
    )


def use_all(step: tree.Step, scope: Scope) -> None:
    """Whatever is wrong with the call, the values that it names are not unused."""
    names = [a.value.text for a in step.call.arguments if isinstance(a.value, tree.Name)]
    for name in (*names, *([scope.flow] if scope.flow and not step.targets else [])):
        if scope.has(name.partition(".")[0]):
            scope.take(name)


def taken(
    step: tree.Step,
    inputs: tuple[str, ...],
    positional: list[tree.Argument],
    words: Sequence[Argument],
    scope: Scope,
    sink: DiagnosticSink,
) -> tuple[list[Known] | None, list[tree.Argument]]:
    """The values that the call takes, and the positional arguments that are left.

    `words` are the arguments of the op that are written without a name.
    """
    values: list[Known] = []
    wanted = list(inputs)
    if not step.targets:
        if scope.flow is None:
            _no_flow(step, scope, sink)
            return None, []
        values.append(scope.take(scope.flow))
        wanted.pop(0)
        repeated = positional[: len(wanted) + 1]
        names = [a.value.text for a in repeated if isinstance(a.value, tree.Name)]
        twice = names[:1] == [scope.flow] and len(names) > len(wanted)
        if twice and not _is_word(scope.flow, len(positional), words, values[0]):
            _unnamed(step, scope.flow, sink)
            return None, []
    for name in wanted:
        argument = positional[0] if positional else None
        text = argument.value.text if argument and isinstance(argument.value, tree.Name) else None
        if text is not None and scope.defines(text):
            values.append(scope.take(text))
        elif text is not None and argument is not None and scope.unread.may_define(text):
            values.append(None)
        else:
            _no_value(step, name, argument, scope, sink)
            return None, []
        positional = positional[1:]
    return values, positional


def _is_word(text: str, count: int, words: Sequence[Argument], value: Known) -> bool:
    """Whether the first of `count` arguments is a word, and only spelt as the value in flow is."""
    if not words or (count > len(words) and not words[-1].rest):
        return False
    type_ = value.type if value is not None else None
    axes = set(type_.names) if isinstance(type_, Array) else set()
    return unnamed.takes(words[0], Word(text), axes)


def _no_flow(step: tree.Step, scope: Scope, sink: DiagnosticSink) -> None:
    op = step.call.op
    for name in scope.values:  # which of them it changes is not known
        scope.take(name)
        scope.values[name] = None
    sink.add(
        "E217",
        op.span,
        "this step does not say what it works on",
        found="a block with several incoming values, so that none is in flow",
        wanted=f"`name = {op.text}(value, ...)`",
        help=choices(
            "name the value that it takes, and what it gives",
            *(f"`{name} = {op.text}({name}, ...)`: of `{name}`" for name in scope.values),
        ),
    )


def _unnamed(step: tree.Step, flow: str, sink: DiagnosticSink) -> None:
    start = Span(step.span.source, step.span.start, step.span.start)
    sink.add(
        "E216",
        step.span,
        "a step that names its value must name its result",
        found=f"`{shorten(step.call.span.text)}` on its own line",
        wanted=f"`name = {step.call.op.text}({flow}, ...)`, or the step without `{flow}`",
        fixes=(Fix.only(f"write `{flow} = ` before it", Edit(start, f"{flow} = ")),),
    )


def _no_value(
    step: tree.Step, what: str, argument: tree.Argument | None, scope: Scope, sink: DiagnosticSink
) -> None:
    call = step.call
    names = list(scope.values)
    if argument is not None and isinstance(argument.value, tree.Name):
        no_such_value(argument.value, scope, sink)
        return
    place = Span(call.span.source, call.op.span.end + 1, call.op.span.end + 1)
    comma = ", " if call.arguments else ""
    fix = None
    numbers = known_names.with_number(call.op.text) if argument and _number(argument.value) else ""
    if argument is not None and (quoted := _quoted(argument.value)) in names:
        fix = Fix.only(f"write `{quoted}`", Edit(argument.value.span, quoted))
    elif argument is None and len(names) == 1:
        fix = Fix.only(f"write `{names[0]}` first", Edit(place, f"{names[0]}{comma}"))
    sink.add(
        "E216",
        argument.span if argument else call.span,
        f"`{call.op.text}` is not given its value `{what}`",
        found=f"`{shorten(argument.span.text)}`" if argument else "no value",
        wanted="the name of a value: " + ", ".join(names),
        help="" if fix else (numbers or "write the name of the value that it takes first"),
        fixes=(fix,) if fix else (),
    )


def _number(value: tree.Value) -> bool:
    return isinstance(value, tree.Literal) and not isinstance(value.value, str)


def _quoted(value: tree.Value) -> str:
    """The text in quotes."""
    return str(value.value) if isinstance(value, tree.Literal) else ""
