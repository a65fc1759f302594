"""A program: what the functions of a pipeline compute, before any target writes it down.

Values are variables; what a target's templates need of a step stands in its instructions as plain
values, so that a template places and never computes. Nothing here is text of a language: how an
axis is read or what a constant is called is the target's own affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from procdsl.ir.pipeline import Step, Value
from procdsl.opdef.geometric import PlacementRule
from procdsl.opdef.op import Attribute, ConstantArray
from procdsl.records import dataclass, field
from procdsl.types.array import Array
from procdsl.types.value import PictureSize

# Values


@dataclass(frozen=True, eq=False)
class Variable:
    """An array, or the size of a picture; `name` is what it would like to be called."""

    name: str
    type: Array | PictureSize
    temporary: bool = False
    """Whether the lowering made it, and no value of the file has the name."""
    planes: bool = False
    """Whether it is an image [h, w, c] in whose memory plane lies behind plane."""

    @property
    def array(self) -> Array:
        """The type of an array."""
        assert isinstance(self.type, Array), f"`{self.name}` is no array"
        return self.type

    @property
    def size(self) -> PictureSize:
        """The type of the size of a picture."""
        assert isinstance(self.type, PictureSize), f"`{self.name}` is no size"
        return self.type


@dataclass(frozen=True, eq=False)
class PlacementVariable:
    """Where a step puts its picture: the size of the result, and how the input lies in it.

    `name` is that of the op.
    """

    name: str


@dataclass(frozen=True)
class AxisSize:
    """The length of an axis of a variable."""

    of: Variable
    axis: int


@dataclass(frozen=True)
class SizePart:
    """The height or the width of a picture's size."""

    of: Variable
    part: Literal["h", "w"]


@dataclass(frozen=True)
class PlacementPart:
    """A number of a placement."""

    of: PlacementVariable
    part: Literal["h", "w", "content_h", "content_w"]


Scalar: TypeAlias = int | AxisSize | SizePart | PlacementPart
Operand: TypeAlias = Variable | PlacementVariable | Scalar


@dataclass(frozen=True)
class Fields:
    """Several variables under one name, such as the boxes, scores and classes of detections."""

    type: str
    variables: Mapping[str, Variable]

    def with_field(self, name: str, variable: Variable) -> Fields:
        """The same with another variable for one field."""
        return Fields(self.type, {**self.variables, name: variable})


Result: TypeAlias = Variable | Fields

# Instructions


@dataclass(frozen=True, eq=False)
class Place:
    """Compute where a step puts its picture; a `ValueError` at run time where it does not fit."""

    result: PlacementVariable
    rule: PlacementRule
    h: Scalar
    w: Scalar


@dataclass(frozen=True, eq=False)
class Call:
    """What one macro of a template writes."""

    template: str
    operands: tuple[Variable, ...]
    results: tuple[Variable, ...]
    named: Mapping[str, Operand] = field(default_factory=dict)
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    constants: Mapping[str, ConstantArray] = field(default_factory=dict)
    called: tuple[str, ...] = ()
    """What the file calls the values taken, for messages at run time."""
    count: Variable | None = None
    """How many rows it finds, for a target whose results have room for more."""
    form: str = ""
    """Which of the op's forms: as it is, in place on one `plane`, a `part` of what it gives."""
    body: Region | None = None
    """What is done again and again in it."""
    table: Region | None = None
    """The same as a function of all levels of u8, where that can be looked up."""


Instruction: TypeAlias = Place | Call


@dataclass(frozen=True)
class Group:
    """The instructions of one step, and the steps of the file that it stands for."""

    steps: tuple[Step, ...]
    instructions: tuple[Instruction, ...]


@dataclass(frozen=True)
class Region:
    """Instructions inside another one: they take `argument` and give `result`."""

    argument: Variable
    groups: tuple[Group, ...]
    result: Variable


@dataclass(frozen=True)
class Program:
    """A function on one sample."""

    parameters: tuple[Variable, ...]
    sizes: tuple[Variable, ...]
    """The sizes of pictures that it takes beside them."""
    groups: tuple[Group, ...]
    results: tuple[tuple[Value, Result], ...]
    """What it gives, each for a value of the pipeline."""
    counts: Mapping[int, Variable] = field(default_factory=dict)
    """For the number of a value in `results` how many rows it has, where steps have found these."""

    def calls(self) -> Iterator[Call]:
        """Every call, those of regions too."""
        return (one for one in _instructions(self.groups) if isinstance(one, Call))

    def placements(self) -> list[PlacementVariable]:
        """Every placement that is computed, in their order."""
        return [one.result for one in _instructions(self.groups) if isinstance(one, Place)]

    def sized(self) -> list[str]:
        """The ops that put a picture in one way or another by a size which is not known yet."""
        places = (one for one in _instructions(self.groups) if isinstance(one, Place))
        found = {
            place.result.name: None
            for place in places
            if not place.rule.any_size and not (type(place.h) is type(place.w) is int)
        }
        return list(found)


def _instructions(groups: tuple[Group, ...]) -> Iterator[Instruction]:
    for group in groups:
        for instruction in group.instructions:
            yield instruction
            if isinstance(instruction, Call):
                for region in (instruction.body, instruction.table):
                    if region is not None:
                        yield from _instructions(region.groups)
