"""When the variables of a program are needed: meanwhile no two may share a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procdsl.lower.program import (
    AxisSize,
    Call,
    Fields,
    Group,
    Instruction,
    Operand,
    Place,
    Program,
    Region,
    SizePart,
    Variable,
)


class Lives:
    """For each variable when it is made and until when it is needed.

    Time is counted in instructions. One that gives several results, or does something again and
    again, takes two: it may write the first result before it has read all that it takes.
    """

    def __init__(self, program: Program) -> None:
        self.made: dict[Variable, int] = dict.fromkeys((*program.parameters, *program.sizes), 0)
        self.until = dict.fromkeys(self.made, 1)
        self._calls: dict[Call, int] = {}
        self._read: list[Variable] = []
        end = self._walk(program.groups, 1)
        self.until |= dict.fromkeys(_given(program), end + 1)

    def beside(self, call: Call) -> Iterator[Variable]:
        """The variables that are needed while a call is done, with what it takes and gives, but for
        those that it makes inside."""
        start = self._calls[call]
        return (v for v, made in self.made.items() if made <= start <= self.until[v])

    def _walk(self, groups: tuple[Group, ...], at: int) -> int:
        """Goes through instructions from a time on; to when they take."""
        for instruction in (one for group in groups for one in group.instructions):
            at += 1
            start, results = at, list(_results(instruction))
            for result in results:
                self.made.setdefault(result, start)
            if isinstance(instruction, Call) and instruction.body is not None:
                at = self._loop(instruction.body, start) + 1
            elif len(results) > 1:
                at += 1
            for variable in (*_taken(instruction), *results):
                self._needed_until(variable, at)
            if isinstance(instruction, Call):
                self._calls[instruction] = start
        return at

    def _loop(self, body: Region, start: int) -> int:
        before = len(self._read)
        self.made.setdefault(body.argument, start + 1)
        end = self._walk(body.groups, start + 1)
        self._needed_until(body.result, end)
        for variable in self._read[before:]:
            if self.made[variable] < start:  # it is read in each round
                self._needed_until(variable, end + 1)
        return end

    def _needed_until(self, variable: Variable, at: int) -> None:
        self.until[variable] = max(at, self.until.get(variable, 0))
        self._read.append(variable)


def _results(instruction: Instruction) -> Iterator[Variable]:
    if isinstance(instruction, Call):
        yield from instruction.results
        if instruction.count is not None:
            yield instruction.count


def _taken(instruction: Instruction) -> Iterator[Variable]:
    read: Iterable[Operand]
    if isinstance(instruction, Place):
        read = instruction.h, instruction.w
    else:
        read = *instruction.operands, *instruction.named.values()
    for operand in read:
        if isinstance(operand, Variable):
            yield operand
        elif isinstance(operand, AxisSize | SizePart):
            yield operand.of


def _given(program: Program) -> Iterator[Variable]:
    """What the function gives."""
    for _, result in program.results:
        yield from result.variables.values() if isinstance(result, Fields) else (result,)
    yield from program.counts.values()
