"""A graph that is being built: blocks of nodes, and handles of the tensors that these give.

A `Block` is a run of nodes: the graph itself, a function, or a branch inside one of them. While it
is written it is the `current()` one, which operators add their nodes to. A size or another single
number is a tensor of shape [1], or where it is known one of Python, with which Python computes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from onnx import AttributeProto, NodeProto, helper, numpy_helper

from procdsl.codegen.onnx.dtypes import DTYPES, Shape, broadcast, element_type
from procdsl.records import dataclass, field

if TYPE_CHECKING:
    from procdsl.codegen.onnx.functions import Functions

_WHOLE = ("u32", "i32", "i64")
_REAL = ("f32", "f64")


@dataclass(frozen=True, eq=False)
class Tensor:
    """What a node gives, or what a graph or a function is given."""

    name: str
    dtype: str
    shape: Shape

    @property
    def rank(self) -> int:
        return len(self.shape)

    def size(self, axis: int) -> Size:
        """How long an axis is: a number where that is known."""
        known = self.shape[axis]
        if known is not None:
            return known
        at = axis % self.rank
        if current().opset >= 15:
            return node("Shape", [self], "i64", (1,), start=at, end=at + 1)
        shape = node("Shape", [self], "i64", (self.rank,))
        return node("Gather", [shape, constant([at], "i64")], "i64", (1,))

    def cast(self, dtype: str) -> Tensor:
        """The same numbers in another dtype; floats are cut towards 0 to whole numbers."""
        if dtype == self.dtype:
            return self
        return node("Cast", [self], dtype, self.shape, to=element_type(dtype))

    # Arithmetic, with a number of the same dtype or one of Python

    def __add__(self, other: Number) -> Tensor:
        if is_zero(other) and self.dtype in _REAL:  # ONNX Runtime leaves it out, with what it does
            return node(
                "Where", [self.equals(0), constant(0, self.dtype), self], self.dtype, self.shape
            )
        return self._with("Add", other)

    def __radd__(self, other: Number) -> Tensor:
        return self + other

    def __sub__(self, other: Number) -> Tensor:
        return self._with("Sub", other)

    def __rsub__(self, other: float) -> Tensor:
        return constant(other, self.dtype) - self

    def __mul__(self, other: Number) -> Tensor:
        return self._with("Mul", other)

    def __rmul__(self, other: Number) -> Tensor:
        return self * other

    def __truediv__(self, other: Number) -> Tensor:
        if self.dtype not in _REAL:
            raise TypeError(f"`/` is of floats, not of {self.dtype}; `//` is of whole numbers")
        return self._with("Div", other)

    def __rtruediv__(self, other: float) -> Tensor:
        if other == 1:
            # of a Div with 1 and a Mul behind it ONNX Runtime makes one Div, which rounds otherwise
            return node("Reciprocal", [self.cast("f64")], "f64", self.shape).cast(self.dtype)
        return constant(other, self.dtype) / self

    def __floordiv__(self, other: Number) -> Tensor:
        if self.dtype not in _WHOLE:
            raise TypeError(f"`//` is of whole numbers, not of {self.dtype}")
        return (self - self % other)._with("Div", other)  # Div cuts towards 0

    def __rfloordiv__(self, other: int) -> Tensor:
        return constant(other, self.dtype) // self

    def __mod__(self, other: Number) -> Tensor:
        return self._with("Mod", other)

    def __rmod__(self, other: int) -> Tensor:
        return constant(other, self.dtype) % self

    def __neg__(self) -> Tensor:
        return node("Neg", [self], self.dtype, self.shape)

    def __abs__(self) -> Tensor:
        return node("Abs", [self], self.dtype, self.shape)

    def _with(self, operator: str, other: Number) -> Tensor:
        if self.dtype not in (*_WHOLE, *_REAL):
            raise TypeError(f"{operator} of {self.dtype}, which runtimes may lack: cast it first")
        return binary(operator, self, other, self.dtype)

    # Comparisons

    def __lt__(self, other: Number) -> Tensor:
        return binary("Less", self, other, "bool")

    def __le__(self, other: Number) -> Tensor:
        return binary("LessOrEqual", self, other, "bool")

    def __gt__(self, other: Number) -> Tensor:
        return binary("Greater", self, other, "bool")

    def __ge__(self, other: Number) -> Tensor:
        return binary("GreaterOrEqual", self, other, "bool")

    def equals(self, other: Number) -> Tensor:
        """Where the numbers are the same; `==` asks whether two are one tensor."""
        return binary("Equal", self, other, "bool")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int | float):
            raise TypeError(f"whether {self.name} is {other} is not known: use `equals`")
        return self is other

    __hash__ = object.__hash__

    def __and__(self, other: Tensor | bool) -> Tensor:
        return binary("And", self, other, "bool")

    def __rand__(self, other: bool) -> Tensor:
        return self & other

    def __or__(self, other: Tensor | bool) -> Tensor:
        return binary("Or", self, other, "bool")

    def __ror__(self, other: bool) -> Tensor:
        return self | other

    def __invert__(self) -> Tensor:
        return node("Not", [self], "bool", self.shape)

    def __bool__(self) -> bool:
        raise TypeError("what a tensor holds is not known while the graph is built: use `where`")


Number: TypeAlias = "Tensor | int | float"
"""A number, or one for each place."""

Size: TypeAlias = "Tensor | int"
"""A whole one, such as a length of i64 or a place along an axis."""


@dataclass
class Block:
    """Nodes in a row, each of which takes what is given before it."""

    opset: int
    functions: Functions
    parent: Block | None = None
    """The block in which it is a branch."""
    label: str = ""
    """What its nodes are called after."""
    doc: str = ""
    """What is said of its nodes."""
    nodes: list[NodeProto] = field(default_factory=list)
    constants: dict[tuple[object, ...], Tensor] = field(default_factory=dict)
    values: dict[str, np.ndarray] = field(default_factory=dict)
    """The numbers of the constants, by name."""
    names: dict[str, int] = field(default_factory=dict)
    """How often each name was wished for."""
    made: dict[tuple[object, ...], tuple[Tensor, ...]] = field(default_factory=dict)
    """What nodes have given, by what they compute."""
    turned: dict[str, tuple[Tensor, tuple[int, ...]]] = field(default_factory=dict)
    """Of what tensor one is a transpose, and the order of its axes there."""

    @property
    def root(self) -> Block:
        """The graph or the function that it is in, which holds names and constants."""
        return self if self.parent is None else self.parent.root

    @contextmanager
    def writing(self) -> Iterator[Block]:
        """Let operators add their nodes to this block."""
        token = _CURRENT.set(self)
        try:
            yield self
        finally:
            _CURRENT.reset(token)

    def name(self, wish: str) -> str:
        """A name that nothing else has."""
        names = self.root.names
        names[wish] = names.get(wish, 0) + 1
        return wish if names[wish] == 1 else self.name(f"{wish}_{names[wish]}")

    def given(self, name: str, dtype: str, shape: Sequence[int | None]) -> Tensor:
        """A tensor that the graph or the function is given."""
        return Tensor(self.name(name), dtype, tuple(shape))

    def add(
        self,
        operator: str,
        inputs: Sequence[Tensor | None],
        results: Sequence[tuple[str, Shape]],
        domain: str = "",
        parts: Sequence[str] = (),
        **attributes: Any,
    ) -> tuple[Tensor, ...]:
        """What a new node gives, or one that computes the same, each with its dtype and shape.

        Several results are told apart by the names of `parts`.
        """
        given = ["" if x is None else x.name for x in inputs]
        doc = self.root.doc or None
        made = helper.make_node(operator, given, [], None, doc, domain, **attributes)
        key = made.op_type, domain, *given, *map(_text, made.attribute)
        for block in self.line():
            if key in block.made:
                return block.made[key]
        name = self.name(f"{self.root.label}/{operator}" if self.root.label else operator)
        several = len(results) > 1
        names = [self.name(f"{name}.{part}") for part in parts] if several else [name]
        made.output.extend(names)
        if self.root.label:  # in a function its result tells it
            made.name = name
        self.nodes.append(made)
        found = zip(names, results, strict=True)
        self.made[key] = tuple(Tensor(name, dtype, shape) for name, (dtype, shape) in found)
        return self.made[key]

    def called(self, x: Tensor, name: str) -> Tensor:
        """The tensor under a name that was kept for it."""
        made = helper.make_node("Identity", [x.name], [name], self.name(f"{name}/Identity"))
        self.nodes.append(made)
        return Tensor(name, x.dtype, x.shape)

    def constant(self, value: np.ndarray, dtype: str, wish: str) -> Tensor:
        """An array; equal ones are one."""
        root = self.root
        key = dtype, value.shape, value.tobytes()
        if key not in root.constants:
            made = Tensor(self.name(wish), dtype, value.shape)
            root.constants[key], root.values[made.name] = made, value
        return root.constants[key]

    def line(self) -> Iterator[Block]:
        """The block and those that it is in."""
        yield self
        if self.parent is not None:
            yield from self.parent.line()

    def constant_nodes(self) -> list[NodeProto]:
        """Its constants as nodes, for a function, which has no other way to hold them."""
        return [
            helper.make_node("Constant", [], [name], value=numpy_helper.from_array(value))
            for name, value in self.values.items()
        ]


def _text(attribute: AttributeProto) -> bytes:
    """An attribute as bytes, to compare it."""
    return attribute.SerializeToString(deterministic=True)


_CURRENT: ContextVar[Block] = ContextVar("block")


def current() -> Block:
    """The block that is being written."""
    return _CURRENT.get()


def node(
    operator: str,
    inputs: Sequence[Tensor | None],
    dtype: str,
    shape: Sequence[int | None],
    **attributes: AttributeProto | Any,
) -> Tensor:
    """What a new node of one result gives."""
    (found,) = current().add(operator, inputs, [(dtype, tuple(shape))], **attributes)
    return found


def is_constant(x: Tensor) -> bool:
    """Whether its numbers are known."""
    return x.name in current().root.values


def is_zero(x: Number) -> bool:
    """Whether a number is known to be 0."""
    if not isinstance(x, Tensor):
        return x == 0
    held = current().root.values.get(x.name)
    return held is not None and not held.any()


def binary(operator: str, a: Number, b: Number, dtype: str) -> Tensor:
    """A node on two numbers; one of Python has the dtype of the other."""
    of = a.dtype if isinstance(a, Tensor) else b.dtype  # type: ignore[union-attr]  # one is a tensor
    x, y = (n if isinstance(n, Tensor) else constant(n, of) for n in (a, b))
    if x.dtype != y.dtype:
        raise TypeError(f"{operator} of {x.dtype} and {y.dtype}: cast one of them first")
    return node(operator, [x, y], dtype, broadcast(x.shape, y.shape))


def constant(value: Any, dtype: str, wish: str = "") -> Tensor:
    """An array of this dtype; a number has no axes, so that it leaves the rank as it is."""
    array = np.array(value, DTYPES[dtype])
    if array.dtype.kind in "iu" and not np.array_equal(array, np.array(value)):
        raise ValueError(f"{dtype} cannot hold {value}")
    if not wish:
        wish = f"{dtype}_{value}" if array.size == 1 else f"{dtype}_table"
    return current().constant(array, dtype, wish)
