"""What the names and calls in a file stand for: their types, and where the names are defined.

Much of that is known of a file with errors, too: whatever the checker understood of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from procdsl import registry
from procdsl.checker.constants import DISCARD
from procdsl.checker.scope import Known
from procdsl.checker.understood import Names, Types, Understood
from procdsl.opdef.argument_types import InputName
from procdsl.opdef.arguments import arguments_of
from procdsl.records import dataclass
from procdsl.source import Span
from procdsl.syntax import tree
from procdsl.types.value import Type


def resolve(known: Understood) -> Names:
    """Look the names of a file up as the checker does."""
    resolver = _Resolver(known)
    resolver.file()
    return Names(tuple(resolver.types), tuple(resolver.definitions))


@dataclass(frozen=True)
class _Definition:
    """Where a name is defined, and the type of the value that it has now, as far as known."""

    place: Span
    type: Type | None = None


_Scope: TypeAlias = dict[str, _Definition]


class _Resolver:
    def __init__(self, known: Understood) -> None:
        self.known = known
        self.types: list[tuple[Span, Types]] = []
        self.definitions: list[tuple[Span, Span]] = []
        self.constants: _Scope = {}
        self.externs: _Scope = {}
        self.inputs: _Scope = {}

    def file(self) -> None:
        parts = self.known.parts
        self._constants()
        for extern in parts.externs:
            self._extern(extern)
        for part in parts.inputs:
            _define(self.inputs, part.typed.name, self.known.inputs)
            self._typed(part.typed, self.inputs, self.inputs)
        fed = self._block(parts.pre, self.inputs)
        given = self._model(parts.model, fed) if parts.model else {}
        given = self._block(parts.post, given, {**fed, **self.inputs})
        for name in parts.output.names if parts.output else ():
            self._mention(name, given)

    def _mention(self, name: tree.Name, scope: _Scope) -> None:
        """A name that a scope may define; one that it does not stands for itself."""
        definition = scope.get(name.text)
        if definition is not None:
            self.definitions.append((name.span, definition.place))
            if definition.type is not None:
                self.types.append((name.span, definition.type))

    # Parts

    def _constants(self) -> None:
        parts = self.known.parts.constants
        own = {part.name for part in parts if not isinstance(part, tree.Use)}
        used = {n: _Definition(at.span) for n, at in self.known.constants.items() if at not in own}
        for part in parts:
            if isinstance(part, tree.Use):
                self.constants.update(used)
            else:
                if not isinstance(part.value, tree.Listed):
                    self._value(part.value)
                _define(self.constants, part.name, {})
                self._mention(part.name, self.constants)

    def _extern(self, extern: tree.Extern) -> None:
        _define(self.externs, extern.name, {})
        self._mention(extern.name, self.externs)
        spaces: _Scope = {}
        for type_ in extern.inputs:
            if type_.space is not None:
                _define(spaces, type_.space, {})
        for type_ in (*extern.inputs, *extern.outputs):
            self._type(type_, spaces)

    def _model(self, model: tree.Model, fed: _Scope) -> _Scope:
        """What `post` starts from; an input of the model is what `pre` gave its name to, if any."""
        inputs: _Scope = {}
        for typed in model.inputs:
            name = typed.name
            _define(inputs, name, self.known.contract)
            if name.text in fed and (name.text not in self.inputs or len(self.inputs) > 1):
                inputs[name.text] = _Definition(fed[name.text].place, inputs[name.text].type)
            self._typed(typed, inputs, inputs)
        outputs: _Scope = {}
        for typed in model.outputs:
            _define(outputs, typed.name, self.known.contract)
            self._typed(typed, outputs, {**self.inputs, **inputs})
        return outputs

    def _typed(self, typed: tree.Typed, scope: _Scope, spaces: _Scope) -> None:
        self._mention(typed.name, scope)
        self._type(typed.type, spaces)

    def _type(self, type_: tree.Type, spaces: _Scope) -> None:
        for axis in type_.axes:
            if isinstance(axis.size, tree.Name):
                self._mention(axis.size, self.constants)
        if type_.space is not None:
            self._mention(type_.space, spaces)

    # Steps

    def _block(
        self, block: tree.Pre | tree.Post | None, values: _Scope, past_model: _Scope | None = None
    ) -> _Scope:
        """The values in scope behind a block that starts from these, and may name others."""
        scope = {**(past_model or {}), **values}
        flow = next(iter(values)) if len(values) == 1 else None
        self._steps(block.steps if block else (), scope, flow)
        return scope

    def _steps(self, nodes: Sequence[tree.Node], scope: _Scope, flow: str | None) -> None:
        start: _Scope = {}
        before: tree.Node | None = None
        for node in nodes:
            if isinstance(node, tree.Step):
                self._step(node, scope, flow)
            elif isinstance(node, tree.Branch):
                if not isinstance(before, tree.Branch) or before.mode == node.mode:
                    start = dict(scope)
                inner = dict(start)
                self._steps(node.steps, inner, flow)
                if node.mode == "serve" and flow is not None:
                    scope[flow] = inner[flow]
            elif flow is not None:
                scope[flow] = _Definition(scope[flow].place)
            before = node

    def _step(self, step: tree.Step, scope: _Scope, flow: str | None) -> None:
        call = step.call
        self._mention(call.op, self.externs)
        unnamed = [argument for argument in call.arguments if argument.name is None]
        count = self._takes(call, len(unnamed)) - (not step.targets)
        extern = call.op.text in self.known.externs
        frames = [] if extern else _frames(call.op.text)
        for place, argument in enumerate(unnamed):
            if place < count and isinstance(argument.value, tree.Name):
                self._mention(argument.value, scope)
            elif place - count in frames and isinstance(argument.value, tree.Name):
                self._mention(argument.value, self.inputs)
            else:
                self._value(argument.value)
        for argument in call.arguments:
            if argument.name is not None:
                self._value(argument.value)
        self._results(step, scope, flow)

    def _takes(self, call: tree.Call, unnamed: int) -> int:
        """How many values a call takes; of an op that does not exist, all it might."""
        extern = self.known.externs.get(call.op.text)
        if extern is not None:
            return len(extern.inputs)
        if call.op.text not in registry.op_names():
            return unnamed + 1
        op = registry.op(call.op.text)
        return unnamed + 1 if op.variadic else len(op.inputs)

    def _results(self, step: tree.Step, scope: _Scope, flow: str | None) -> None:
        types = [value.type for value in self.known.results.get(step, ())]
        if types:
            self.types.append((step.call.span, types[0] if len(types) == 1 else tuple(types)))
        for i, target in enumerate(step.targets):
            if target.text != DISCARD:
                scope[target.text] = _Definition(target.span, types[i] if types else None)
                self._mention(target, scope)
        if not step.targets and flow is not None:
            scope[flow] = _Definition(scope[flow].place, types[0] if types else None)

    def _value(self, value: tree.Value) -> None:
        """A value that is no step's: the names in it may be constants."""
        if isinstance(value, tree.Group):
            for item in value.items:
                self._value(item)
        elif isinstance(value, tree.Name):
            self._mention(value, self.constants)


def _define(scope: _Scope, name: tree.Name, known: Mapping[str, Known]) -> None:
    """The first of several definitions counts."""
    value = known.get(name.text)
    if name.text != DISCARD:
        scope.setdefault(name.text, _Definition(name.span, value.type if value else None))


def _frames(op: str) -> list[int]:
    """Which of the op's arguments without names are names of inputs."""
    declared = arguments_of(registry.op(op)) if op in registry.op_names() else ()
    positional = [argument.kind for argument in declared if argument.positional]
    return [i for i, kind in enumerate(positional) if isinstance(kind, InputName)]
