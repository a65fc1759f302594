"""Branches and loops, whose bodies are blocks of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from onnx import GraphProto, helper

from procdsl.codegen.onnx.axes import reshape, squeeze
from procdsl.codegen.onnx.dtypes import Shape, element_type
from procdsl.codegen.onnx.graph import Block, Size, Tensor, current, node
from procdsl.codegen.onnx.operators import tensor
from procdsl.codegen.onnx.simplify import needed


def choose(
    condition: Tensor | bool, then: Callable[[], Tensor], otherwise: Callable[[], Tensor]
) -> Tensor:
    """What one of two branches gives; the other is not computed."""
    if not isinstance(condition, Tensor):
        return then() if condition else otherwise()
    if condition.rank > 1:  # one number, which OpenVINO takes without axes
        condition = reshape(condition, [1])
    (graph_a, a), (graph_b, b) = _branch("then", then), _branch("otherwise", otherwise)
    if (a.dtype, a.rank) != (b.dtype, b.rank):
        raise TypeError(f"branches of {a.dtype}{list(a.shape)} and {b.dtype}{list(b.shape)}")
    shape = tuple(n if n == m else None for n, m in zip(a.shape, b.shape, strict=True))
    condition = reshape(condition, [1]) if condition.rank > 1 else condition  # OpenVINO wants it so
    return node("If", [condition], a.dtype, shape, then_branch=graph_a, else_branch=graph_b)


def _branch(name: str, made: Callable[[], Tensor]) -> tuple[GraphProto, Tensor]:
    block = _inner()
    with block.writing():
        found = _given_here(made(), block)
    return helper.make_graph(needed(block.nodes, [found.name]), name, [], [_info(found)]), found


def repeat(
    count: Size, start: Tensor, step: Callable[[Tensor, Tensor], Tensor], same_shape: bool = True
) -> Tensor:
    """What is left of `start` when a step was done `count` times.

    The step takes the number of its round and what is left so far.
    """
    return _loop(squeeze(tensor(count), -1), None, start, step, same_shape)


def repeat_while(
    condition: Callable[[Tensor], Tensor], start: Tensor, step: Callable[[Tensor], Tensor]
) -> Tensor:
    """What is left of `start` when a step was done as long as the condition holds of it."""
    return _loop(None, condition, start, lambda _, x: step(x), same_shape=False)


def for_each(count: Size, made: Callable[[Tensor], tuple[Tensor, ...]]) -> tuple[Tensor, ...]:
    """What is made for each number from 0 on, along a new first axis."""
    block = _inner()
    number = block.given("round", "i64", ())
    goes_on = block.given("goes_on", "bool", ())
    with block.writing():
        found = [_given_here(x, block) for x in made(number)]
        more = node("Identity", [goes_on], "bool", ())
    taken, given = [number, goes_on], [more, *found]
    nodes = needed(block.nodes, [x.name for x in given])
    body = helper.make_graph(nodes, "round", [*map(_info, taken)], [*map(_info, given)])
    length = count if isinstance(count, int) else None
    return current().add(
        "Loop",
        [squeeze(tensor(count), -1), None],
        [(x.dtype, (length, *x.shape)) for x in found],
        parts=[str(i) for i in range(len(found))],
        body=body,
    )


def rounds(
    count: Size,
    condition: Callable[..., Tensor],
    start: Sequence[Tensor],
    step: Callable[..., tuple[Sequence[Tensor], Sequence[Tensor]]],
) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    """What is left of several tensors, and what each round gave beside, along a new first axis.

    A step takes what is left so far and gives what is left then, and what it gives beside; it is
    done `count` times at most, as long as the condition holds of what is left.
    """
    block = _inner()
    number = block.given("round", "i64", ())
    goes_on = block.given("goes_on", "bool", ())
    left = [block.given(f"left_{i}", x.dtype, (None,) * x.rank) for i, x in enumerate(start)]
    with block.writing():
        after, beside = step(*left)
        after = [_given_here(x, block) for x in after]
        beside = [_given_here(x, block) for x in beside]
        more = node("Identity", [squeeze(condition(*after), -1)], "bool", ())
    taken, given = [number, goes_on, *left], [more, *after, *beside]
    nodes = needed(block.nodes, [x.name for x in given])
    body = helper.make_graph(nodes, "round", [*map(_info, taken)], [*map(_info, given)])
    first = squeeze(condition(*start), -1)
    results: list[tuple[str, Shape]] = [(x.dtype, (None,) * x.rank) for x in start]
    results += [(x.dtype, (None, *x.shape)) for x in beside]
    names = [str(i) for i in range(len(results))]
    made = current().add(
        "Loop", [squeeze(tensor(count), -1), first, *start], results, parts=names, body=body
    )
    return made[: len(start)], made[len(start) :]


def _loop(
    count: Tensor | None,
    condition: Callable[[Tensor], Tensor] | None,
    start: Tensor,
    step: Callable[[Tensor, Tensor], Tensor],
    same_shape: bool,
) -> Tensor:
    block = _inner()
    shape = start.shape if same_shape else (None,) * start.rank
    number = block.given("round", "i64", ())
    goes_on = block.given("goes_on", "bool", ())
    left = block.given("left", start.dtype, shape)
    with block.writing():
        found = _given_here(step(number, left), block)
        more = goes_on if condition is None else squeeze(condition(found), -1)
        more = node("Identity", [more], "bool", ())
    if found.dtype != start.dtype or found.rank != start.rank:
        raise TypeError(f"a round makes {found.dtype}{list(found.shape)} of {start.dtype}")
    taken = [_info(x) for x in (number, goes_on, left)]
    nodes = needed(block.nodes, [more.name, found.name])
    body = helper.make_graph(nodes, "round", taken, [_info(more), _info(found)])
    first = None if condition is None else squeeze(condition(start), -1)
    return node("Loop", [count, first, start], start.dtype, shape, body=body)


def _inner() -> Block:
    parent = current()
    return Block(parent.opset, parent.functions, parent)


def _given_here(x: Tensor, block: Block) -> Tensor:
    """The tensor, given by a node of the block."""
    here = any(x.name in made.output for made in block.nodes)
    return x if here else node("Identity", [x], x.dtype, x.shape)


def _info(x: Tensor) -> Any:
    return helper.make_tensor_value_info(x.name, element_type(x.dtype), x.shape)
