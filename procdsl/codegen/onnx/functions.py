"""Kernels as ONNX functions: one for equal calls, so that a step stays one node for its reader."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from onnx import FunctionProto, helper

from procdsl.codegen.onnx.graph import Block, Tensor, current, node
from procdsl.codegen.onnx.simplify import needed, taken
from procdsl.records import dataclass, field

DOMAIN = "procdsl"
"""The domain of the functions."""


@dataclass(frozen=True)
class Function:
    """What was made of a kernel for arguments of one kind."""

    name: str
    taken: tuple[int, ...]
    """Which of the tensors that the kernel is given it takes."""
    result: Any
    """What the kernel gives, with numbers that are known."""
    given: Mapping[Tensor, int]
    """Of the tensors in it those that were given, by which one each is."""


@dataclass
class Functions:
    """The functions of a model, each behind those that it calls."""

    protos: list[FunctionProto] = field(default_factory=list)
    _made: dict[tuple[object, ...], Function] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=dict)

    def call(self, kernel: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """A node that calls the function of a kernel and of the numbers of Python it is given."""
        bound = _signature(kernel).bind(*given, **named)
        bound.apply_defaults()
        key = kernel, _kind(bound.arguments)
        if key not in self._made:
            self._made[key] = self._make(kernel, bound.arguments)
        function = self._made[key]
        tensors = [x for _, x in _tensors(bound.arguments)]
        results = {x: name for name, x in _tensors({"": function.result})}
        known = {x: tensors[i] for x, i in function.given.items()}
        made = [x for x in results if x not in known]
        if made:
            found = current().add(
                function.name,
                [tensors[i] for i in function.taken],
                [(x.dtype, x.shape) for x in made],
                DOMAIN,
                [results[x] for x in made],
            )
            known |= dict(zip(made, found, strict=True))
        return _with_tensors(
            function.result, (known[x] for _, x in _tensors({"": function.result}))
        )

    def _make(self, kernel: Callable[..., Any], arguments: Mapping[str, Any]) -> Function:
        block = Block(current().opset, self)
        formal = [block.given(path, x.dtype, x.shape) for path, x in _tensors(arguments)]
        given = iter(formal)
        with block.writing():
            found = kernel(**{name: _with_tensors(x, given) for name, x in arguments.items()})
            found = _with_tensors(found, _written(found, block, formal))
        results = dict.fromkeys(x for _, x in _tensors({"": found}))
        nodes = needed(block.nodes, [x.name for x in results])
        used = set(taken(nodes))
        takes = tuple(i for i, x in enumerate(formal) if x.name in used)
        passed = {x: formal.index(x) for x in results if x in formal}
        name = self._name(kernel.__name__)
        if len(passed) < len(results):
            proto = helper.make_function(
                DOMAIN,
                name,
                [formal[i].name for i in takes],
                [x.name for x in results if x not in passed],
                [*(one for one in block.constant_nodes() if one.output[0] in used), *nodes],
                [helper.make_opsetid("", block.opset)],
            )
            proto.doc_string = _documentation(kernel)
            self.protos.append(proto)
        return Function(name, takes, found, passed)

    def _name(self, wish: str) -> str:
        self._names[wish] = self._names.get(wish, 0) + 1
        return wish if self._names[wish] == 1 else f"{wish}_{self._names[wish]}"


_signature = cache(inspect.signature)


@cache
def _documentation(kernel: Callable[..., Any]) -> str:
    """As it stands in its file: with `python -OO` the function has none, and graphs are the same
    bytes."""
    (function,) = ast.parse(textwrap.dedent(inspect.getsource(kernel))).body
    assert isinstance(function, ast.FunctionDef), "a kernel is a function"
    return ast.get_docstring(function) or ""


def _written(found: Any, block: Block, formal: list[Tensor]) -> Iterator[Tensor]:
    """The results; a node gives a constant, for a function gives what its nodes give."""
    for _, x in _tensors({"": found}):
        constant = x.name in block.values and x not in formal
        yield node("Identity", [x], x.dtype, x.shape) if constant else x


def _tensors(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Tensor]]:
    """The tensors among arguments, each with a name for it."""
    for name, value in arguments.items():
        if isinstance(value, Tensor):
            yield name, value
        elif isinstance(value, tuple):
            fields = getattr(value, "_fields", [str(i) for i in range(len(value))])
            ahead = f"{name}_" if name else ""
            yield from _tensors({f"{ahead}{f}": v for f, v in zip(fields, value, strict=True)})


def _kind(value: Any) -> Any:
    """What calls must have in common to be of one function."""
    if isinstance(value, Tensor):
        return value.dtype, value.shape
    if isinstance(value, dict):
        return tuple((name, _kind(one)) for name, one in value.items())
    if isinstance(value, tuple):
        return type(value), tuple(map(_kind, value))
    return type(value), value


def _with_tensors(value: Any, tensors: Iterator[Tensor]) -> Any:
    """The value with other tensors in the place of its own."""
    if isinstance(value, Tensor):
        return next(tensors)
    if isinstance(value, tuple):
        items = [_with_tensors(one, tensors) for one in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    return value
