"""The way of points and boxes through the steps that have moved the pixels of a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from procdsl.lazy import np
from procdsl.opdef.geometric import AffineOp, GeometricOp
from procdsl.types import affine
from procdsl.types.array import Array
from procdsl.types.coordinates import CoordinateSpace, Placement, SpaceStep
from procdsl.types.value import Record, Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder, Sides
    from procdsl.lower.program import PlacementVariable, Variable

Mover: TypeAlias = GeometricOp | AffineOp
"""A step that has moved a whole picture."""

Direction: TypeAlias = Literal["back", "forward"]


def movers(steps: Sequence[SpaceStep]) -> tuple[Mover, ...]:
    """Those of the steps that have moved a whole picture."""
    return tuple(step for step in steps if isinstance(step, GeometricOp | AffineOp))


def spaces_between(space: CoordinateSpace | None, name: str | None) -> tuple[CoordinateSpace, ...]:
    """The spaces on the way from the one of this name to another one, if there is a way."""
    found = space.spaces_from(name) if space is not None and name is not None else None
    return found or ()


def lower_way(
    build: Builder,
    x: Variable,
    steps: Sequence[Mover],
    sides: Sides,
    matrices: Sequence[Variable],
    called: Variable,
    direction: Direction,
) -> Variable:
    """Points or boxes brought through the steps, which a picture of these sides has gone; all that
    is made is called like a variable."""
    calls: list[Callable[[Variable, Variable], object]] = []
    left, back = iter(matrices), direction == "back"
    for step in steps:
        if isinstance(step, AffineOp):
            calls.append(partial(_call_by, build, next(left), back))
            sides = step.h, step.w
        else:
            at = build.place(step, *sides)
            calls.append(partial(_call_at, build, at, direction))
            sides = build.sides_of(at)
    for call in reversed(calls) if back else calls:
        moved = build.like(called)
        call(x, moved)
        x = moved
    return x


def _call_by(build: Builder, matrix: Variable, back: bool, x: Variable, moved: Variable) -> None:
    template, attributes = f"coordinates/{x.array.kind}_by", {"back": back}
    build.call(template, [x, matrix], attributes=attributes, result=moved)


def _call_at(
    build: Builder, at: PlacementVariable, direction: Direction, x: Variable, moved: Variable
) -> None:
    template, named = f"coordinates/{x.array.kind}_{direction}", {"at": at}
    build.call(template, [x], attributes={}, named=named, result=moved)


def way(
    x: np.ndarray,
    type_: Type,
    steps: Sequence[Mover],
    size: tuple[int, int],
    matrices: Sequence[np.ndarray],
    direction: Direction,
) -> Any:
    """The reference of the way."""
    moves = list(_moves(steps, size, matrices))
    moved = type_.field("boxes") if isinstance(type_, Record) else type_
    points = isinstance(moved, Array) and moved.kind == "points"
    with np.errstate(all="ignore"):  # what a model gives may be anything
        for move in reversed(moves) if direction == "back" else moves:
            if isinstance(move, Placement):
                name = f"{'points' if points else 'boxes'}_{direction}"
                x = getattr(move, name)(x)
            else:
                matrix = affine.inverse(move) if direction == "back" else move
                x = (affine.points if points else affine.boxes)(x, matrix)
    return x


def _moves(
    steps: Sequence[Mover], size: tuple[int, int], matrices: Sequence[np.ndarray]
) -> Iterator[Placement | np.ndarray]:
    left = iter(matrices)
    for step in steps:
        if isinstance(step, AffineOp):
            yield next(left)
        else:
            yield step.placement(*size)
        size = step.picture(*size)
