"""What an op's `lower` builds its part of a program with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, TypeAlias

from procdsl.discovery import file_of
from procdsl.ir.pipeline import Step, Value
from procdsl.lower.program import (
    AxisSize,
    Call,
    Fields,
    Group,
    Instruction,
    Operand,
    Place,
    PlacementPart,
    PlacementVariable,
    Region,
    Result,
    Scalar,
    SizePart,
    Variable,
)
from procdsl.opdef.geometric import GeometricOp
from procdsl.opdef.op import Attribute, ConstantArray
from procdsl.types.array import Array
from procdsl.types.value import PictureSize, Record

Sides: TypeAlias = tuple[Scalar, Scalar]
"""A height and a width."""


def names_of_made(steps: Sequence[Step]) -> dict[int, str]:
    """By number what values are called that rewrites have made: by their form, and where there are
    several of one form by the file's names, too."""
    made = {s.outputs[0]: s.op.result_name for s in steps if s.op.result_name}
    several = Counter(made.values())
    return {
        value.number: form if several[form] == 1 else f"{form}_{value.name}"
        for value, form in made.items()
    }


class Builder:
    """The program of one function, as far as it is built.

    A placement is computed once: the same step on a picture of the same height and width gives the
    variable that there is.
    """

    def __init__(
        self,
        names: Mapping[int, str] | None = None,
        temporary: Set[int] = frozenset(),
        outer: Builder | None = None,
    ) -> None:
        """`names` are those of values, by number, that are not called as the file calls them;
        the ones of `temporary` values were made up. `outer` builds what this one is inside of."""
        self._outer = outer
        self._names = names or {}
        self._temporary = temporary
        self._values: dict[int, Result] = {}
        self.counts: dict[int, Variable] = {}
        """For the number of a value that a step has found, how many rows it has."""
        self._placements: dict[tuple[object, ...], PlacementVariable] = {}
        self._instructions: list[Instruction] = []
        self._step: Step | None = None

    # Values

    def declare(self, value: Value) -> Result:
        """What stands for a value that the function is given: a variable, or one for each field."""
        self._values[value.number] = self._named(value)
        return self._values[value.number]

    def parameter(self, value: Value) -> Variable:
        """The variable of a value that the function is given as one argument."""
        found = self.declare(value)
        assert isinstance(found, Variable), "functions are given arrays and sizes"
        return found

    def bind(self, value: Value, result: Result) -> None:
        """Let a value stand for what was built."""
        self._values[value.number] = result

    def value(self, value: Value) -> Result:
        """What stands for a value; a field of it, where that is named."""
        found = self._values[value.number]
        return found.variables[value.field] if isinstance(found, Fields) and value.field else found

    def like(self, variable: Variable) -> Variable:
        """Another variable of this name and type."""
        return Variable(variable.name, variable.type, variable.temporary)

    def temporary(self, name: str, type_: Any) -> Variable:
        """A variable for a value that the file does not name."""
        assert isinstance(type_, Array), "what is computed is an array"
        return Variable(name, type_, temporary=True)

    def field(self, found: Result, name: str) -> Variable:
        """A field of the value, or the value itself where it has no fields."""
        return found.variables[name] if isinstance(found, Fields) else found

    def with_field(self, found: Result, name: str, variable: Variable) -> Result:
        """The value with another variable for a field, or for itself."""
        return found.with_field(name, variable) if isinstance(found, Fields) else variable

    # Steps

    def step(self, step: Step) -> Group:
        """The instructions of a step; its results are bound to its values."""
        self._step, self._instructions = step, []
        found = step.op.lower(self, *(self.value(value) for value in step.inputs))
        results = found if isinstance(found, tuple) else (found,)
        for value, result in zip(step.outputs, results, strict=True):
            self.bind(value, result)
        inside = {id(part) for call in self._calls() for part in written_in(call)}
        steps = tuple(part for part in step.written if id(part) not in inside)
        group = Group(steps, tuple(self._instructions))
        self._instructions = []
        return group

    def region(self, name: str, steps: Sequence[Step], others: Sequence[Variable] = ()) -> Region:
        """Steps in a row that are done inside another one, each value called by this name.

        `others` is what they take beside that, from outside.
        """
        values = [steps[0].inputs[0], *(value for step in steps for value in step.outputs)]
        names = {value.number: name for value in values}
        names |= names_of_made(steps)
        inner = Builder(names, names.keys(), self)
        argument = inner.parameter(values[0])
        for value, other in zip((v for s in steps for v in s.inputs[1:]), others, strict=True):
            inner.bind(value, other)
        groups = tuple(inner.step(step) for step in steps)
        result = inner.value(values[-1])
        assert isinstance(result, Variable), "a loop gives an image"
        return Region(argument, groups, result)

    def _calls(self) -> Iterator[Call]:
        return (call for call in self._instructions if isinstance(call, Call))

    def call(
        self,
        template: str,
        operands: Sequence[Result],
        *,
        attributes: Mapping[str, Attribute],
        constants: Mapping[str, ConstantArray] | None = None,
        named: Mapping[str, Operand] | None = None,
        result: Variable | None = None,
        form: str = "",
        body: Region | None = None,
        table: Region | None = None,
    ) -> tuple[Result, ...]:
        """A call; its results are those of the step, or the one that is given."""
        results = (result,) if result is not None else self.results()
        taken = tuple(operand for operand in operands if isinstance(operand, Variable))
        assert len(taken) == len(operands), "macros take arrays; an op takes fields apart"
        self._instructions.append(
            Call(
                template,
                taken,
                _flat(results),
                named or {},
                attributes,
                constants or {},
                tuple(value.name for value in self._current.inputs),
                self._count(),
                form,
                body,
                table,
            )
        )
        return results

    def sample(
        self,
        sampler: str,
        x: Variable,
        sides: Sides,
        *,
        part: PlacementVariable | None = None,
        result: Variable | None = None,
    ) -> Variable:
        """The image resized; of the whole result only a part, where one is named."""
        named: dict[str, Operand] = {"h": sides[0], "w": sides[1]}
        if part is not None:
            named["part"] = part
        (found,) = self.call(
            f"samplers/{file_of(sampler)}",
            [x],
            attributes={"dtype": x.array.dtype},
            named=named,
            result=result,
            form="part" if part is not None else "",
        )
        assert isinstance(found, Variable), "a sampler gives an image"
        return found

    # Geometry

    def sides(self, x: Variable) -> Sides:
        """The height and width of an image, or of the picture that a size speaks of."""
        if isinstance(x.type, PictureSize):
            return SizePart(x, "h"), SizePart(x, "w")
        return self.length(x, "h"), self.length(x, "w")

    def length(self, x: Variable, axis: str) -> Scalar:
        """How long an axis of an array is."""
        return AxisSize(x, x.array.at(axis))

    def sides_of(self, at: PlacementVariable) -> Sides:
        """The height and width of what a step gives."""
        return PlacementPart(at, "h"), PlacementPart(at, "w")

    def content_sides(self, at: PlacementVariable) -> Sides:
        """The height and width of the picture in it."""
        return PlacementPart(at, "content_h"), PlacementPart(at, "content_w")

    def knows(self, side: Scalar) -> bool:
        """Whether a side is a number, of a picture's size, or of a placement that is made here."""
        if isinstance(side, PlacementPart):
            return side.of in self._placements.values()
        return isinstance(side, int | SizePart)

    def place(self, op: GeometricOp, h: Scalar, w: Scalar) -> PlacementVariable:
        """Where an op puts a picture of this height and width; outside of a loop, if it can be."""
        if self._outer is not None and self._outer.knows(h) and self._outer.knows(w):
            return self._outer.place(op, h, w)
        rule = op.placement_rule
        key = (rule.name, rule.arguments, tuple(rule.flags.items()), h, w)
        if key not in self._placements:
            self._placements[key] = PlacementVariable(op.name)
            self._instructions.append(Place(self._placements[key], rule, h, w))
        return self._placements[key]

    def follow(self, steps: Sequence[GeometricOp], sides: Sides) -> tuple[PlacementVariable, ...]:
        """The placements of steps in a row, on a picture of this height and width."""
        found = []
        for op in steps:
            found.append(self.place(op, *sides))
            sides = self.sides_of(found[-1])
        return tuple(found)

    # Results

    def _count(self) -> Variable | None:
        """The variable for how many rows the step finds, if it is one that does."""
        if not self._current.op.finds:
            return None
        value = self._current.outputs[0]
        count = Variable(f"{value.name}_count", Array("i64", ()), temporary=True)
        return self.counts.setdefault(value.number, count)

    @property
    def _current(self) -> Step:
        assert self._step is not None, "ops build while a step is lowered"
        return self._step

    def results(self) -> tuple[Result, ...]:
        """Variables for what the step gives, called as the file calls it."""
        return tuple(self._named(value) for value in self._current.outputs)

    def result(self) -> Variable:
        """The variable for what the step gives, where that is one array."""
        (found,) = self.results()
        assert isinstance(found, Variable), "the step gives one array"
        return found

    def _named(self, value: Value) -> Result:
        name = self._names.get(value.number, value.name)
        if isinstance(value.type, Record):
            fields = value.type.fields
            variables = {field: self.temporary(f"{name}_{field}", array) for field, array in fields}
            return Fields(value.type.name, variables)
        return Variable(name, value.type, value.number in self._temporary)


def written_in(call: Call) -> Iterator[Step]:
    """The steps of the file that stand in a call's region."""
    for group in call.body.groups if call.body else ():
        yield from group.steps


def _flat(results: tuple[Result, ...]) -> tuple[Variable, ...]:
    found: list[Variable] = []
    for result in results:
        found += result.variables.values() if isinstance(result, Fields) else (result,)
    return tuple(found)
