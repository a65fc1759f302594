"""What kernels do with the axes of tensors, which are counted from the last one.

Where ONNX has one operator in several forms, the opset decides here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import helper

from procdsl.codegen.onnx.dtypes import Shape, broadcast, element_type
from procdsl.codegen.onnx.graph import Size, Tensor, constant, current, node
from procdsl.codegen.onnx.operators import tensor


def arange(count: Size, dtype: str = "i64") -> Tensor:
    """The numbers from 0 on, as many as `count`."""
    end = tensor(count)
    whole_numbers = node(
        "Range",
        [constant(0, "i64"), squeeze(end, -1), constant(1, "i64")],
        "i64",
        (count if isinstance(count, int) else None,),
    )
    return whole_numbers.cast(dtype)


def full(sizes: Sequence[Size], value: float, dtype: str) -> Tensor:
    """A tensor of one number."""
    filled = helper.make_tensor("value", element_type(dtype), [1], [value])
    return node("ConstantOfShape", [_shape(sizes)], dtype, _known(sizes), value=filled)


# Axes


def gather(x: Tensor, index: Tensor, axis: int) -> Tensor:
    """The slices of an axis that the indices name, in their place."""
    at = axis % x.rank
    shape = x.shape[:at] + index.shape + x.shape[at + 1 :]
    return node("Gather", [x, index], x.dtype, shape, axis=at)


def looked_up(table: Tensor, index: Tensor) -> Tensor:
    """The entries [n] of a table that the indices name.

    A Gather copies slices one by one, which of single numbers takes fourteen times as long. Where
    an axis may hold nothing a 0 in the shape is one, which opset 13 cannot say.
    """
    may_be_empty = None in index.shape[1:]
    if may_be_empty and current().opset < 14:
        return gather(table, index, 0)
    found = gather_along(table, reshape(index, [-1]), 0)
    shape = node("Shape", [index], "i64", (index.rank,))
    zeros = {"allowzero": 1} if may_be_empty else {}
    return node("Reshape", [found, shape], table.dtype, index.shape, **zeros)


def where_true(x: Tensor) -> Tensor:
    """The places that hold, as [rank, how many], in their order."""
    return node("NonZero", [x], "i64", (x.rank, None))


def gather_along(x: Tensor, index: Tensor, axis: int) -> Tensor:
    """Along an axis the numbers that the indices in the same places name."""
    return node("GatherElements", [x, index], x.dtype, index.shape, axis=axis % x.rank)


def gather_rows(x: Tensor, index: Tensor, lead: int) -> Tensor:
    """What the indices name along the first axis behind `lead` ones, which both have."""
    places = unsqueeze(index, -1)
    shape = (*index.shape, *x.shape[lead + 1 :])
    return node("GatherND", [x, places], x.dtype, shape, batch_dims=lead)


def part(x: Tensor, start: Size, stop: Size, axis: int, step: int = 1) -> Tensor:
    """The slices of an axis from one place to another."""
    at = axis % x.rank
    size = x.shape[at]
    if size is not None:
        known = isinstance(start, int) and isinstance(stop, int)
        size = len(range(*slice(start, stop, step).indices(size))) if known else None
    ends = [tensor(start), tensor(stop), constant([at], "i64"), constant([step], "i64")]
    return node("Slice", [x, *ends], x.dtype, (*x.shape[:at], size, *x.shape[at + 1 :]))


def flip(x: Tensor, axis: int) -> Tensor:
    """The slices of an axis from the last to the first."""
    at = axis % x.rank
    ends = [constant([n], "i64") for n in (-1, -(2**31), at, -1)]
    return node("Slice", [x, *ends], x.dtype, x.shape)


def one(x: Tensor, index: Size, axis: int) -> Tensor:
    """One slice of an axis, without the axis."""
    at = axis % x.rank
    place = constant(index, "i64") if isinstance(index, int) else index
    place = squeeze(place, -1) if place.rank else place
    return node("Gather", [x, place], x.dtype, x.shape[:at] + x.shape[at + 1 :], axis=at)


def concat(parts: Sequence[Tensor], axis: int) -> Tensor:
    """Tensors behind each other along an axis."""
    if len(parts) == 1:
        return parts[0]
    at = axis % parts[0].rank
    lengths = [x.shape[at] for x in parts]
    size = None if None in lengths else sum(n or 0 for n in lengths)
    shape = [*parts[0].shape]
    shape[at] = size
    return node("Concat", parts, parts[0].dtype, shape, axis=at)


def stack(parts: Sequence[Tensor], axis: int) -> Tensor:
    """Tensors beside each other along a new axis of the result."""
    return concat([unsqueeze(x, axis) for x in parts], axis)


def unsqueeze(x: Tensor, axis: int) -> Tensor:
    """The tensor with a new axis of 1 in this place of the result."""
    at = axis % (x.rank + 1)
    shape = (*x.shape[:at], 1, *x.shape[at:])
    return node("Unsqueeze", [x, constant([at], "i64")], x.dtype, shape)


def squeeze(x: Tensor, axis: int) -> Tensor:
    """The tensor without an axis of 1."""
    at = axis % x.rank
    shape = x.shape[:at] + x.shape[at + 1 :]
    return node("Squeeze", [x, constant([at], "i64")], x.dtype, shape)


def transpose(x: Tensor, order: Sequence[int]) -> Tensor:
    """The axes in another order; what is named are the last ones, from their own first one on."""
    lead = x.rank - len(order)
    places = (*range(lead), *(lead + at for at in order))
    turned = current().root.turned
    if x.name in turned:  # a transpose of a transpose is one
        x, before = turned[x.name]
        places = tuple(before[at] for at in places)
    if places == (*range(x.rank),):
        return x
    found = node("Transpose", [x], x.dtype, [x.shape[at] for at in places], perm=places)
    turned[found.name] = x, places
    return found


def swapped(x: Tensor, a: int, b: int) -> Tensor:
    """Two axes in the place of each other."""
    order = [*range(x.rank)]
    order[a], order[b] = order[b], order[a]
    return transpose(x, order)


def moved(x: Tensor, source: int, target: int) -> Tensor:
    """One axis moved to another place."""
    order = [*range(x.rank)]
    order.insert(target % x.rank, order.pop(source % x.rank))
    return transpose(x, order)


KEPT = 0
"""In `reshape`: an axis as long as that in the same place."""


def reshape(x: Tensor, sizes: Sequence[Size]) -> Tensor:
    """The same numbers with other axes; -1 is what is left, 0 the length of the same axis."""
    shape = [_axis_of(x, at, size) for at, size in enumerate(sizes)]
    rest = [at for at, size in enumerate(sizes) if isinstance(size, int) and size == -1]
    if rest and None not in x.shape and shape.count(None) == 1:
        others = math.prod(size for size in shape if size is not None)
        shape[rest[0]] = math.prod(size or 0 for size in x.shape) // others
    return node("Reshape", [x, _shape(sizes)], x.dtype, shape)


def _axis_of(x: Tensor, at: int, size: Size) -> int | None:
    """How long an axis becomes, where that is known."""
    if not isinstance(size, int) or size == -1:
        return None
    return x.shape[at] if size == KEPT else size


def expand(x: Tensor, sizes: Sequence[Size]) -> Tensor:
    """The numbers repeated along axes of 1 to these lengths."""
    return node("Expand", [x, _shape(sizes)], x.dtype, broadcast(x.shape, _known(sizes)))


def pad(
    x: Tensor, before: Sequence[Size], after: Sequence[Size], value: Tensor | float = 0
) -> Tensor:
    """The tensor with so many numbers more before and behind it along its last axes."""
    lead = [0] * (x.rank - len(before))
    known = [
        None if size is None or not isinstance(b, int) or not isinstance(a, int) else size + a + b
        for size, b, a in zip(x.shape, [*lead, *before], [*lead, *after], strict=True)
    ]
    sides = _shape([*lead, *before, *lead, *after])
    held = value if isinstance(value, Tensor) else constant(value, x.dtype)
    return node("Pad", [x, sides, held], x.dtype, known)


def _shape(sizes: Sequence[Size]) -> Tensor:
    """Sizes as one tensor of i64; those that are known stand together."""
    parts: list[Tensor] = []
    run: list[int] = []
    for size in sizes:
        if isinstance(size, Tensor):
            if run:
                parts.append(constant(run, "i64"))
            parts.append(size)
            run = []
        else:
            run.append(int(size))
    if run or not parts:
        parts.append(constant(run, "i64"))
    return concat(parts, 0)


def _known(sizes: Sequence[Size]) -> Shape:
    return tuple(size if isinstance(size, int) else None for size in sizes)


# Along axes


def total(x: Tensor, axis: int, keep: bool = False) -> Tensor:
    """The sum along an axis of whole numbers, for which the order makes no difference."""
    assert x.dtype in ("i32", "i64"), "sums of floats are added in an order: `running_total`"
    axes = constant([axis % x.rank], "i64")
    return node("ReduceSum", [x, axes], x.dtype, _reduced(x, [axis], keep), keepdims=int(keep))


def total_in_any_order(x: Tensor, axis: int) -> Tensor:
    """The sum along an axis, which stays as one of 1: of float64 whose result has a bound."""
    assert x.dtype == "f64", "what has no bound is added in an order"
    axes = constant([axis % x.rank], "i64")
    return node("ReduceSum", [x, axes], x.dtype, _reduced(x, [axis], keep=True))


def matrix_product(x: Tensor, y: Tensor) -> Tensor:
    """The products of matrices, of float64 whose result has a bound."""
    assert x.dtype == y.dtype == "f64", "what has no bound is added in an order"
    return node("MatMul", [x, y], "f64", (*x.shape[:-1], y.shape[-1]))


def running_total(x: Tensor, axis: int) -> Tensor:
    """The sums of the first numbers along an axis, added one by one."""
    return node("CumSum", [x, constant(axis % x.rank, "i64")], x.dtype, x.shape)


def largest(x: Tensor, axes: Sequence[int]) -> Tensor:
    """The largest number along axes, which stay as axes of 1."""
    return _extreme_along("ReduceMax", x, axes)


def smallest(x: Tensor, axes: Sequence[int]) -> Tensor:
    """The smallest number along axes, which stay as axes of 1."""
    return _extreme_along("ReduceMin", x, axes)


def argmax(x: Tensor, axis: int) -> Tensor:
    """The place of the largest number along an axis, which stays as one of 1; the first of equals.

    None of the numbers may be NaN.
    """
    shape = _reduced(x, [axis], keep=True)
    return node("ArgMax", [x], "i64", shape, axis=axis % x.rank, keepdims=1)


def first_largest(x: Tensor, count: Size, axis: int) -> Tensor:
    """The places of so many numbers along an axis, the largest first, equal ones by their place.

    None of the numbers may be NaN.
    """
    at = axis % x.rank
    size = count if isinstance(count, int) else None
    shape = (*x.shape[:at], size, *x.shape[at + 1 :])
    results = [(x.dtype, shape), ("i64", shape)]
    parts = ("values", "places")
    return current().add("TopK", [x, tensor(count)], results, "", parts, axis=at)[1]


def _extreme_along(operator: str, x: Tensor, axes: Sequence[int]) -> Tensor:
    places = sorted(axis % x.rank for axis in axes)
    shape = _reduced(x, axes, keep=True)
    if current().opset < 18:
        return node(operator, [x], x.dtype, shape, axes=places, keepdims=1)
    return node(operator, [x, constant(places, "i64")], x.dtype, shape, keepdims=1)


def _reduced(x: Tensor, axes: Sequence[int], keep: bool) -> Shape:
    gone = {axis % x.rank for axis in axes}
    if keep:
        return tuple(1 if at in gone else size for at, size in enumerate(x.shape))
    return tuple(size for at, size in enumerate(x.shape) if at not in gone)


def as_constant(values: Sequence[Any], dtype: str, wish: str, shape: Sequence[int]) -> Tensor:
    """An array that is known, called by this name."""
    return constant(np.array(values).reshape(shape), dtype, wish)
