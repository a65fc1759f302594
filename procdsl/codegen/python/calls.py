"""The functions of a text of Python, and what each call gives their parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from procdsl.codegen.python.parsed import parsed, walk
from procdsl.records import dataclass

Constant: TypeAlias = bool | int | float | str | None


class Varies:
    """No constant."""


@dataclass(frozen=True)
class Own:
    """The value of a name of the caller."""

    name: str


Given: TypeAlias = Constant | Own | type[Varies]


@dataclass(frozen=True)
class Call:
    """What a call gives: by position, and by name."""

    function: str
    positional: tuple[Given, ...]
    named: tuple[tuple[str, Given], ...]


@dataclass(frozen=True)
class Function:
    parameters: tuple[str, ...]
    defaults: Mapping[str, Given]
    applies: bool
    """Whether it calls its first argument with those that follow it."""
    assigned: frozenset[str]
    """Names that are given a value inside."""
    calls: tuple[Call, ...]
    passed_on: frozenset[str]
    """Names that are used and not called: a function among them may be called with anything."""
    uses: Mapping[str, int]
    """How often each name is read."""


@lru_cache(maxsize=4096)
def functions(text: str) -> Mapping[str, Function]:
    """The functions that a text defines; under "" whatever else stands in it."""
    found = {}
    rest = ast.Module([], [])
    for node in parsed(text).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = _function(node, node.args)
        else:
            rest.body.append(node)
    return {**found, "": _function(rest, None)}


def names_read(text: str) -> set[str]:
    """Every name that is read in a text."""
    return {name for function in functions(text).values() for name in function.uses}


@lru_cache(maxsize=4096)
def forwarders(text: str) -> Mapping[str, str]:
    """The functions that hand all that they are given to another one, and that one."""
    found = {}
    for node in parsed(text).body:
        if not isinstance(node, ast.FunctionDef) or node.decorator_list or node.args.defaults:
            continue
        last = node.body[-1]
        only = len(node.body) == 1 + isinstance(node.body[0], ast.Expr)
        if only and isinstance(last, ast.Return) and isinstance(last.value, ast.Call):
            given = [ast.unparse(argument) for argument in last.value.args]
            plain = isinstance(last.value.func, ast.Name) and not last.value.keywords
            if plain and given == [argument.arg for argument in node.args.args]:
                found[node.name] = ast.unparse(last.value.func)
    return found


def bound(call: Call, known: Mapping[str, Function]) -> tuple[str, dict[str, Given]] | None:
    """The function that is called in the end, and what each of its parameters is given."""
    function = known.get(call.function)
    if function is None:
        return None
    if function.applies:
        first = call.positional[0] if call.positional else None
        inner = first.name if isinstance(first, Own) else ""
        return bound(Call(inner, call.positional[1:], ()), known) if inner else None
    given = dict(zip(function.parameters, call.positional, strict=False))
    return call.function, {**function.defaults, **given, **dict(call.named)}


def _function(node: ast.AST, arguments: ast.arguments | None) -> Function:
    calls, called, names = [], set(), []
    for inner in walk(node):
        if isinstance(inner, ast.Name):
            names.append(inner)
        elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            if any(isinstance(a, ast.Starred) for a in inner.args):
                continue  # its name stays among those that are passed on
            called.add(id(inner.func))
            positional = tuple(_given(a) for a in inner.args)
            named = tuple((str(k.arg), _given(k.value)) for k in inner.keywords)
            calls.append(Call(inner.func.id, positional, named))
    read = [n for n in names if isinstance(n.ctx, ast.Load)]
    uses: dict[str, int] = {}
    for name in read:
        uses[name.id] = uses.get(name.id, 0) + 1
    return Function(
        parameters=tuple(a.arg for a in (*arguments.args, *arguments.kwonlyargs))
        if arguments
        else (),
        defaults=dict(_defaults(arguments)) if arguments else {},
        applies=arguments is not None and arguments.vararg is not None,
        assigned=frozenset(n.id for n in names if not isinstance(n.ctx, ast.Load)),
        calls=tuple(calls),
        passed_on=frozenset(n.id for n in read if id(n) not in called),
        uses=uses,
    )


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, Given]]:
    last = arguments.args[len(arguments.args) - len(arguments.defaults) :]
    for argument, default in zip(last, arguments.defaults, strict=True):
        yield argument.arg, _given(default)
    for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if value is not None:
            yield argument.arg, _given(value)


def _given(node: ast.expr) -> Given:
    if isinstance(node, ast.Name):
        return Own(node.id)
    try:
        value = ast.literal_eval(node) if isinstance(node, ast.Constant | ast.UnaryOp) else Varies
    except ValueError:
        return Varies
    return value if isinstance(value, bool | int | float | str | None) else Varies
