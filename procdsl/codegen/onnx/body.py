"""From the instructions of a program to the nodes of a graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdsl.codegen.onnx import axes, rooms
from procdsl.codegen.onnx.graph import Block, Number, Tensor
from procdsl.codegen.onnx.site import Kernels, Refused, Site
from procdsl.ir.pipeline import Step
from procdsl.ir.unparse import call_text
from procdsl.lower.program import (
    AxisSize,
    Call,
    Group,
    Operand,
    Place,
    PlacementPart,
    PlacementVariable,
    SizePart,
    Variable,
)
from procdsl.records import dataclass, field, replace
from procdsl.source import Span


@dataclass(frozen=True)
class Labels:
    """What the nodes of steps are called after: `pre/2_resize`, as the manifest numbers them."""

    block: str
    numbers: Mapping[Span | None, int]

    def of(self, group: Group) -> str:
        """The label of the first step that a group stands for; a view is part of the next one."""
        if not group.steps:
            return f"{self.block}/view"
        first = group.steps[0]
        number = self.numbers.get(first.span)
        return f"{self.block}/{first.op.name if number is None else f'{number}_{first.op.name}'}"


@dataclass
class Body:
    """Writes the nodes of a program into a block; its variables are tensors of the block."""

    block: Block
    labels: Labels
    values: dict[Variable, Tensor] = field(default_factory=dict)
    sizes: dict[Variable, tuple[Number, Number]] = field(default_factory=dict)
    """The height and width of pictures, for each sample or for all."""
    placements: dict[PlacementVariable, Any] = field(default_factory=dict)
    agreed: dict[Operand, Tensor] = field(default_factory=dict)
    """The numbers of samples that were found to be one for all."""

    def write(self, groups: tuple[Group, ...]) -> None:
        """The nodes of groups of instructions, in the name of their steps."""
        with self.block.writing():
            for group in groups:
                self.block.label = self.labels.of(group)
                self.block.doc = "; ".join(map(call_text, group.steps))
                for one in group.instructions:
                    if isinstance(one, Place):
                        self._place(one)
                    else:
                        self._call(one)
            self.block.label = self.block.doc = ""

    def _place(self, place: Place) -> None:
        try:
            kernel = getattr(Kernels(), place.rule.name)
        except LookupError as error:
            raise Refused(str(error)) from None
        sides = self.operand(place.h), self.operand(place.w)
        at = kernel(*sides, *place.rule.arguments, **place.rule.flags)
        self.placements[place.result] = at

    def _call(self, call: Call) -> None:
        macro = rooms.macro(call.template, call.form)
        if macro is None:
            raise Refused(f"there is no templates/{call.template}_onnx.py")
        named = {name: self._for_all(operand) for name, operand in call.named.items()}
        found = macro(Site(call, [self.values[x] for x in call.operands], named))
        given = found if isinstance(found, tuple) else (found,)
        results = call.results if call.count is None else (*call.results, call.count)
        for variable, x in zip(results, given, strict=True):
            self.values[variable] = _typed(x, variable)

    def _for_all(self, operand: Operand) -> Any:
        """The same, but of what may be the number of each sample the one that all have."""
        found = self.operand(operand)
        of_each = isinstance(operand, SizePart | PlacementPart) and isinstance(found, Tensor)
        if not of_each or found.shape != (None,):
            return found
        if operand not in self.agreed:
            self.agreed[operand] = Kernels().of_all(found)
        return self.agreed[operand]

    def operand(self, operand: Operand) -> Any:
        """A value of a program: a tensor, a number, or a placement."""
        match operand:
            case Variable():
                return self.values[operand] if operand in self.values else self.sizes[operand]
            case PlacementVariable():
                return self.placements[operand]
            case AxisSize():
                return self.values[operand.of].size(operand.axis - len(operand.of.array.axes))
            case SizePart():
                return self.sizes[operand.of]["hw".index(operand.part)]
            case PlacementPart():
                return getattr(self.placements[operand.of], operand.part)
            case _:
                return operand


def _typed(x: Tensor, variable: Variable) -> Tensor:
    """The tensor with the sizes that the type of its variable knows.

    What an op calls for its own use, such as the picture in a box, has sizes of its own.
    """
    array = variable.array
    assert x.dtype == array.dtype, f"{variable.name}: {x.dtype}, not {array}"
    assert x.rank == 1 + len(array.axes), f"{variable.name}: {x.shape}, not {array}"
    if variable.temporary:
        return x
    known = (None, *array.shape)
    return replace(
        x, shape=tuple(m if n is None else n for n, m in zip(known, x.shape, strict=True))
    )


def size_of_samples(given: Tensor) -> tuple[Tensor, Tensor]:
    """The heights and the widths in sizes [n, 2], each [n]."""
    return axes.one(given, 0, -1), axes.one(given, 1, -1)


def numbers(entries: list[Step]) -> Mapping[Span | None, int]:
    """The number of each step that stands in the file, from 1 on."""
    return {step.span: number for number, step in enumerate(entries, 1) if step.span}
