"""A program as text, for tests and for `procdsl compile --dump`."""

from __future__ import annotations

from collections.abc import Iterator

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
    Program,
    Region,
    Result,
    SizePart,
    Variable,
)


def program_text(program: Program) -> str:
    """The function's arguments, its instructions one a line, and what it gives."""
    return "\n".join(_Printer().lines(program)) + "\n"


class _Printer:
    def __init__(self) -> None:
        self._names: dict[Variable | PlacementVariable, str] = {}
        self._taken: set[str] = set()

    def lines(self, program: Program) -> Iterator[str]:
        for variable in (*program.parameters, *program.sizes):
            yield f"{self._name(variable)}: {variable.type}"
        yield from self._groups(program.groups, "")
        yield f"-> {', '.join(self._result(result) for _, result in program.results)}"

    def _groups(self, groups: tuple[Group, ...], indent: str) -> Iterator[str]:
        for group in groups:
            for instruction in group.instructions:
                yield from self._instruction(instruction, indent)

    def _instruction(self, instruction: Instruction, indent: str) -> Iterator[str]:
        if isinstance(instruction, Place):
            rule = instruction.rule
            flags = (f"{name}={value}" for name, value in rule.flags.items())
            sides = (self._operand(instruction.h), self._operand(instruction.w))
            arguments = ", ".join((*sides, *map(str, rule.arguments), *flags))
            yield f"{indent}{self._name(instruction.result)} = {rule.name}({arguments})"
            return
        yield indent + self._call(instruction)
        for title, region in (("each", instruction.body), ("table", instruction.table)):
            if region is not None:
                yield from self._region(title, region, indent + "    ")

    def _region(self, title: str, region: Region, indent: str) -> Iterator[str]:
        yield f"{indent}{title} {self._name(region.argument)}: {region.argument.type}"
        yield from self._groups(region.groups, indent + "    ")
        yield f"{indent}-> {self._name(region.result)}"

    def _call(self, call: Call) -> str:
        name = call.template.rpartition("/")[2] + (f".{call.form}" if call.form else "")
        taken = [self._name(operand) for operand in call.operands]
        taken += [f"{name}={self._operand(operand)}" for name, operand in call.named.items()]
        taken += [f"{name}={value!r}" for name, value in call.attributes.items()]
        taken += [f"{name}: {c.dtype}{list(c.shape)}" for name, c in call.constants.items()]
        given = ", ".join(f"{self._name(result)}: {result.type}" for result in call.results)
        return f"{given} = {name}({', '.join(taken)})"

    def _operand(self, operand: Operand) -> str:
        match operand:
            case Variable() | PlacementVariable():
                return self._name(operand)
            case AxisSize():
                return f"{self._name(operand.of)}.{operand.of.array.names[operand.axis]}"
            case SizePart() | PlacementPart():
                return f"{self._name(operand.of)}.{operand.part}"
            case _:
                return str(operand)

    def _result(self, result: Result) -> str:
        if isinstance(result, Variable):
            return self._name(result)
        assert isinstance(result, Fields), "a result is a variable, or has fields"
        fields = (f"{name}: {self._name(v)}" for name, v in result.variables.items())
        return f"{result.type}({', '.join(fields)})"

    def _name(self, of: Variable | PlacementVariable) -> str:
        """Its name, with a number where another one has it."""
        if of not in self._names:
            wish = of.name if isinstance(of, Variable) else f"at_{of.name}"
            name, count = wish, 1
            while name in self._taken:
                count += 1
                name = f"{wish}.{count}"
            self._taken.add(name)
            self._names[of] = name
        return self._names[of]
