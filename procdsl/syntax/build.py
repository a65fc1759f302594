"""From lark's tree to ours."""

from __future__ import annotations

import builtins
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lark import Token, Transformer, Tree, v_args

from procdsl.source import Source, Span
from procdsl.syntax import tree
from procdsl.syntax.literals import number, string


def build(
    source: Source, parsed: Tree[Token], comments: builtins.tuple[tree.Comment, ...]
) -> tree.File:
    """The tree of a whole file; its literals have been found readable."""
    file: tree.File = _Builder(source, comments).transform(parsed)
    return file


Tag = builtins.tuple[tree.Name, tree.Name | None, builtins.tuple[tree.Name, ...]]
"""The word behind the axes, and what stands in parentheses behind it."""

_BLANK = re.compile(r"(?:\s|#(?!#)[^\n]*)*")


@v_args(meta=True)
class _Builder(Transformer[Token, Any]):
    """One method a grammar rule, named after it."""

    def __init__(self, source: Source, comments: builtins.tuple[tree.Comment, ...]) -> None:
        super().__init__()
        self._source = source
        self._comments = comments

    def _span(self, place: Any) -> Span:
        start = getattr(place, "start_pos", 0)
        return Span(self._source, start, getattr(place, "end_pos", start))

    def _part(self, meta: Any, docs: tree.Docs) -> Span:
        """The place of a part or step without the documentation above it."""
        span = self._span(meta)
        if not docs:
            return span
        gap = _BLANK.match(self._source.text, docs[-1].span.end)
        return Span(self._source, gap.end() if gap else span.start, span.end)

    def _name(self, token: Token) -> tree.Name:
        return tree.Name(self._span(token), str(token))

    def _names(self, tokens: Sequence[Token]) -> builtins.tuple[tree.Name, ...]:
        return tuple(self._name(token) for token in tokens)

    # Values

    def _number(self, token: Token) -> tree.Literal:
        return tree.Literal(self._span(token), number(token), str(token))

    def _string(self, token: Token) -> tree.Literal:
        return tree.Literal(self._span(token), string(token), str(token))

    def number(self, meta: Any, children: list[Token]) -> tree.Literal:
        return self._number(children[0])

    def fraction(self, meta: Any, children: list[Token]) -> tree.Literal:
        above, below = children
        return tree.Literal(self._span(meta), Fraction(int(above), int(below)), f"{above}/{below}")

    def string(self, meta: Any, children: list[Token]) -> tree.Literal:
        return self._string(children[0])

    def name(self, meta: Any, children: list[Token]) -> tree.Name:
        return self._name(children[0])

    def dotted(self, meta: Any, children: list[Token]) -> tree.Name:
        return tree.Name(self._span(meta), f"{children[0]}.{children[1]}")

    def tuple(self, meta: Any, children: list[tree.Value]) -> tree.Group:
        return tree.Group(self._span(meta), tuple(children))

    # Types

    def axis(self, meta: Any, children: list[Token]) -> tree.Axis:
        size: tree.Literal | tree.Name | None = None
        if len(children) == 2:
            token = children[1]
            size = self._number(token) if token.type == "NUMBER" else self._name(token)
        return tree.Axis(self._span(meta), self._name(children[0]), size)

    def axes(self, meta: Any, children: list[tree.Axis | None]) -> list[tree.Axis]:
        return [axis for axis in children if axis is not None]

    def type(self, meta: Any, children: list[Any]) -> tree.Type:
        dtype, axes, tag, span, space = children
        word, other, says = tag or (None, None, ())
        return tree.Type(
            self._span(meta),
            self._name(dtype),
            tuple(axes),
            word,
            other,
            says,
            span,
            self._name(space) if space else None,
        )

    def content(self, meta: Any, children: list[Token]) -> tree.Type:
        return tree.Type(self._span(meta), self._name(children[0]), (), None, None, (), None, None)

    def range(self, meta: Any, children: list[Token]) -> tree.Range:
        low, high = map(self._number, children)
        return tree.Range(self._span(meta), low, high)

    def word(self, meta: Any, children: list[Token]) -> Tag:
        return tree.Name(self._span(meta), ".".join(children)), None, ()

    def either(self, meta: Any, children: list[Token]) -> Tag:
        first, other = map(self._name, children)
        return first, other, ()

    def kind(self, meta: Any, children: list[Token]) -> Tag:
        return self._name(children[0]), None, self._names(children[1:])

    def types(self, meta: Any, children: list[tree.Type]) -> builtins.tuple[tree.Type, ...]:
        return tuple(children)

    def typed(self, meta: Any, children: list[Any]) -> tree.Typed:
        return tree.Typed(self._span(meta), self._name(children[0]), children[1])

    def typeds(self, meta: Any, children: list[tree.Typed]) -> builtins.tuple[tree.Typed, ...]:
        return tuple(children)

    # Steps

    def positional(self, meta: Any, children: list[tree.Value]) -> tree.Argument:
        return tree.Argument(self._span(meta), None, children[0])

    def named(self, meta: Any, children: list[Any]) -> tree.Argument:
        return tree.Argument(self._span(meta), self._name(children[0]), children[1])

    def call(self, meta: Any, children: list[Any]) -> tree.Call:
        return tree.Call(self._span(meta), children[0], tuple(children[1:]))

    def called(self, meta: Any, children: list[Token]) -> tree.Name:
        return tree.Name(self._span(meta), ".".join(children))

    def names(self, meta: Any, children: list[Token]) -> builtins.tuple[tree.Name, ...]:
        return self._names(children)

    def allowance(self, meta: Any, children: list[Token]) -> tree.Allowance:
        code, reason = children
        text = tree.Literal(self._span(reason), string(reason), str(reason))
        return tree.Allowance(self._span(meta), self._name(code), text)

    def allowances(
        self, meta: Any, children: list[tree.Allowance]
    ) -> builtins.tuple[tree.Allowance, ...]:
        return tuple(children)

    def step(self, meta: Any, children: list[Any]) -> tree.Step:
        docs, *named, call, allowed = children
        targets = named[0] if named else ()
        start = targets[0].span if targets else call.span
        end = allowed[-1].span if allowed else call.span
        return tree.Step(start.to(end), docs, targets, call, allowed)

    def steps(self, meta: Any, children: list[Any]) -> builtins.tuple[Any, ...]:
        return tuple(children)

    pre_steps = steps

    def train(self, meta: Any, children: list[Any]) -> tree.Branch:
        return tree.Branch(self._part(meta, children[0]), children[0], "train", children[1])

    def serve(self, meta: Any, children: list[Any]) -> tree.Branch:
        return tree.Branch(self._part(meta, children[0]), children[0], "serve", children[1])

    def broken(self, meta: Any, children: list[Token]) -> tree.Broken:
        return tree.Broken(self._span(children[0]))

    # Parts

    def docs(self, meta: Any, children: list[Token]) -> builtins.tuple[tree.Doc, ...]:
        return tuple(tree.Doc(self._span(token), token[2:].strip()) for token in children)

    def edition(self, meta: Any, children: list[Any]) -> tree.Edition:
        return tree.Edition(self._part(meta, children[0]), children[0], self._number(children[1]))

    def pipeline(self, meta: Any, children: list[Any]) -> tree.Pipeline:
        return tree.Pipeline(self._part(meta, children[0]), children[0], self._name(children[1]))

    def use(self, meta: Any, children: list[Any]) -> tree.Use:
        return tree.Use(self._part(meta, children[0]), children[0], self._string(children[1]))

    def let(self, meta: Any, children: list[Any]) -> tree.Let:
        return tree.Let(
            self._part(meta, children[0]), children[0], self._name(children[1]), children[2]
        )

    def let_from(self, meta: Any, children: list[Any]) -> tree.Let:
        docs, name, path = children[0], self._name(children[1]), self._string(children[2])
        return tree.Let(self._part(meta, docs), docs, name, tree.Listed(path.span, path))

    def param(self, meta: Any, children: list[Any]) -> tree.Param:
        return tree.Param(
            self._part(meta, children[0]), children[0], self._name(children[1]), children[2]
        )

    def input(self, meta: Any, children: list[Any]) -> tree.Input:
        return tree.Input(self._part(meta, children[0]), children[0], children[1])

    def extern(self, meta: Any, children: list[Any]) -> tree.Extern:
        docs, name, target, inputs, outputs = children
        return tree.Extern(
            self._part(meta, docs),
            docs,
            self._name(name),
            self._string(target),
            inputs,
            outputs,
        )

    def pre(self, meta: Any, children: list[Any]) -> tree.Pre:
        return tree.Pre(self._part(meta, children[0]), children[0], children[1])

    def model(self, meta: Any, children: list[Any]) -> tree.Model:
        return tree.Model(self._part(meta, children[0]), children[0], children[1], children[2])

    def post(self, meta: Any, children: list[Any]) -> tree.Post:
        return tree.Post(self._part(meta, children[0]), children[0], children[1])

    def output(self, meta: Any, children: list[Any]) -> tree.Output:
        return tree.Output(self._part(meta, children[0]), children[0], children[1])

    def file(self, meta: Any, children: list[Any]) -> tree.File:
        span = Span(self._source, 0, len(self._source.text))
        return tree.File(span, tuple(children), self._comments)
