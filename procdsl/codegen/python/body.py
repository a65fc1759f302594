"""From the instructions of a program to the statements of a function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from procdsl.codegen.python.macros import macro
from procdsl.codegen.python.names import free, reserved
from procdsl.codegen.python.scope import Module, Variables
from procdsl.ir.unparse import call_text
from procdsl.lower.program import Call, Group, Instruction, Place, Program, Variable
from procdsl.records import dataclass
from procdsl.types.constants import shorten

if TYPE_CHECKING:
    from procdsl.codegen.python.site import Site

Slots: TypeAlias = Mapping[Variable, str]
"""For a variable the expression of the memory that the caller gave for it."""


@dataclass(frozen=True)
class Statement:
    """The lines of one step, and the step as a comment."""

    comments: tuple[str, ...]
    code: str

    @property
    def text(self) -> str:
        lines = [f"# {comment}" for comment in self.comments]
        return "\n".join([*lines, self.code] if self.code else lines)


class Body:
    """Writes the statements of one function, or of what is inside a loop of it."""

    def __init__(
        self,
        module: Module,
        program: Program | None = None,
        slots: Slots | None = None,
        variables: Variables | None = None,
    ) -> None:
        self.module = module
        self.variables = variables or Variables(module, program)
        self.slots: Slots = slots or {}
        self.functions: list[str] = []
        """Functions of the module that the statements call."""

    def inner(self, slots: Slots) -> Body:
        """A body inside this one."""
        body = Body(self.module, slots=slots, variables=self.variables)
        body.functions = self.functions
        return body

    def statements(self, groups: Iterable[Group]) -> tuple[Statement, ...]:
        """The statements of groups of instructions, one for each group."""
        return tuple(self._statement(group) for group in groups)

    def _statement(self, group: Group) -> Statement:
        comments = tuple(shorten(call_text(step), 92) for step in group.steps)
        code = "\n".join(self._instruction(one) for one in group.instructions)
        return Statement(comments, code)

    def _instruction(self, instruction: Instruction) -> str:
        if isinstance(instruction, Place):
            return self._place(instruction)
        return self.written(instruction)

    def _place(self, place: Place) -> str:
        rule, expression = place.rule, self.variables.expression
        flags = [f"{name}={value!r}" for name, value in rule.flags.items()]
        further = [*map(repr, rule.arguments), *flags]
        result, kernel = expression(place.result), self.module.kernel(rule.name)
        if self.variables.many_sizes:
            h, w, each = self.variables.of_each((place.h, place.w))
            return f"{result} = [{kernel}({', '.join([h, w, *further])}){each}]"
        sides = [expression(place.h), expression(place.w)]
        return f"{result} = {kernel}({', '.join([*sides, *further])})"

    def written(self, call: Call, *arguments: str, site: type[Site] | None = None) -> str:
        """What the macro of a call writes."""
        from procdsl.codegen.python.site import Site

        render: Any = macro(call.template, self.module.target, call.form)
        assert render is not None, f"a target was asked for {call.template} {call.form}"
        return str(render((site or Site)(self, call), *arguments)).strip()

    def local(self, call: Call, name: str) -> str:
        """A variable for the macro of a call."""
        return free(name, {*self.module.user, *reserved(), *self.variables.beside(call)})
