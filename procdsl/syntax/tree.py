"""The syntax tree: what stands in the file, with its place, before anything is known of it.

Nodes are compared by identity; that also keeps their classes quick to make.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from procdsl.records import dataclass
from procdsl.source import Span


@dataclass(frozen=True, eq=False, repr=False)
class Node:
    span: Span


@dataclass(frozen=True, eq=False, repr=False)
class Name(Node):
    """A name; `cv2.linear` is one name with a dot."""

    text: str


@dataclass(frozen=True, eq=False, repr=False)
class Literal(Node):
    """A number (1/255 is a Fraction and stays one) or a text; `text` is how it is written."""

    value: int | float | Fraction | str
    text: str


@dataclass(frozen=True, eq=False, repr=False)
class Group(Node):
    """Values in parentheses."""

    items: tuple[Value, ...]


Value: TypeAlias = Name | Literal | Group


@dataclass(frozen=True, eq=False, repr=False)
class Argument(Node):
    """`value` or `name=value`."""

    name: Name | None
    value: Value


@dataclass(frozen=True, eq=False, repr=False)
class Call(Node):
    op: Name
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Axis(Node):
    """`h`, `c=3` or `h=size`; without a size the axis may have any."""

    name: Name
    size: Literal | Name | None


@dataclass(frozen=True, eq=False, repr=False)
class Range(Node):
    """`0..1`: where the values lie."""

    low: Literal
    high: Literal


@dataclass(frozen=True, eq=False, repr=False)
class Type(Node):
    """`u8[h, w, c=3] bgr @image`, `f32[h, w] 0..1`, `f32[anchor, box=4] boxes(xyxy, pixels)`."""

    dtype: Name
    axes: tuple[Axis, ...]
    tag: Name | None
    other: Name | None
    """Behind `|` the colour that the caller may give, too."""
    says: tuple[Name, ...]
    """What stands in parentheses behind a kind."""
    range: Range | None
    space: Name | None


@dataclass(frozen=True, eq=False, repr=False)
class Typed(Node):
    """`name: type`."""

    name: Name
    type: Type


@dataclass(frozen=True, eq=False, repr=False)
class Doc(Node):
    """One `##` line, without the sign."""

    text: str


Docs: TypeAlias = tuple[Doc, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Comment(Node):
    """What stands behind a `#`, without the blank that follows it."""

    text: str


# Steps


@dataclass(frozen=True, eq=False, repr=False)
class Allowance(Node):
    """`allow E321 "reason"` behind a call."""

    code: Name
    reason: Literal


@dataclass(frozen=True, eq=False, repr=False)
class Step(Node):
    """`call`, or `target, target = call`; a step without targets changes the value in flow."""

    docs: Docs
    targets: tuple[Name, ...]
    call: Call
    allowed: tuple[Allowance, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Branch(Node):
    """`train { }` or `serve { }`."""

    docs: Docs
    mode: str
    steps: tuple[Step | Broken, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Broken(Node):
    """A statement that did not parse; it has been reported."""


# The parts of a file


@dataclass(frozen=True, eq=False, repr=False)
class Edition(Node):
    docs: Docs
    number: Literal


@dataclass(frozen=True, eq=False, repr=False)
class Pipeline(Node):
    docs: Docs
    name: Name


@dataclass(frozen=True, eq=False, repr=False)
class Use(Node):
    docs: Docs
    path: Literal


@dataclass(frozen=True, eq=False, repr=False)
class Listed(Node):
    """`"classes.txt"` behind `from`: a file that lists names."""

    path: Literal


@dataclass(frozen=True, eq=False, repr=False)
class Let(Node):
    docs: Docs
    name: Name
    value: Value | Listed


@dataclass(frozen=True, eq=False, repr=False)
class Param(Node):
    docs: Docs
    name: Name
    value: Value


@dataclass(frozen=True, eq=False, repr=False)
class Input(Node):
    docs: Docs
    typed: Typed


@dataclass(frozen=True, eq=False, repr=False)
class Extern(Node):
    docs: Docs
    name: Name
    target: Literal
    inputs: tuple[Type, ...]
    outputs: tuple[Type, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Pre(Node):
    docs: Docs
    steps: tuple[Step | Branch | Broken, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Model(Node):
    docs: Docs
    inputs: tuple[Typed, ...]
    outputs: tuple[Typed, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Post(Node):
    docs: Docs
    steps: tuple[Step | Broken, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Output(Node):
    docs: Docs
    names: tuple[Name, ...]


Documented: TypeAlias = (
    Edition | Pipeline | Use | Let | Param | Input | Extern | Pre | Model | Post | Output
)
Part: TypeAlias = Documented | Broken


def steps_of(block: Pre | Post | None) -> list[Step]:
    """All steps of a block, those of its branches too."""
    steps: list[Step] = []
    for node in block.steps if block else ():
        inner = node.steps if isinstance(node, Branch) else (node,)
        steps += [step for step in inner if isinstance(step, Step)]
    return steps


def with_docs(part: Documented | Step) -> Span:
    """The place of a part or step and of the documentation above it."""
    return part.docs[0].span.to(part.span) if part.docs else part.span


@dataclass(frozen=True, eq=False, repr=False)
class File(Node):
    parts: tuple[Part, ...]
    comments: tuple[Comment, ...]
    """All of them in their order, those of statements that did not parse, too."""
