"""From steps to statements: each op's macro, given the names of its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from procdsl.codegen.python.macros import macro
from procdsl.codegen.python.names import free, reserved
from procdsl.codegen.python.view import View
from procdsl.ir.pipeline import Step, Value
from procdsl.ir.printer import call_text
from procdsl.opdef.op import ConstantArray
from procdsl.passes.fused.frames import Frames
from procdsl.types.constants import shorten


@dataclass
class Names:
    """The variables and constants of one module."""

    backend: str
    user: set[str]
    """What the file calls its values, as variables."""
    externs: Mapping[str, str] = field(default_factory=dict)
    """The function of the module that runs each extern, by the extern's name."""
    constants: dict[str, ConstantArray] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)

    def constant(self, name: str, value: ConstantArray) -> str:
        """The expression that stands for a constant; equal ones share a name."""
        for known, other in self.constants.items():
            if other == value and known.rstrip("_0123456789").lower() == name:
                return self._expression(known)
        count = 1
        wanted = name if self.backend == "torch" else name.upper()
        free_name = wanted
        while free_name in self.constants or free_name in self.user:
            count += 1
            free_name = f"{wanted}_{count}"
        self.constants[free_name] = value
        return self._expression(free_name)

    def _expression(self, name: str) -> str:
        return f"self.{name}" if self.backend == "torch" else name


@dataclass(frozen=True)
class Statement:
    """The lines of one step, and the step as a comment."""

    comments: tuple[str, ...]
    code: str

    @property
    def text(self) -> str:
        return "\n".join([*(f"# {comment}" for comment in self.comments), self.code])


@dataclass
class Body:
    """Writes the statements of one function."""

    names: Names
    variables: dict[int, str]
    """The variable of each value, by the value's number."""
    out: Mapping[int, str] = field(default_factory=dict)
    """By the value's number, the expression for the memory that the caller gave for it."""
    locals: set[str] = field(default_factory=set)
    functions: list[str] = field(default_factory=list)
    """Functions of the module that the statements call."""

    def statement(self, step: Step) -> Statement:
        render = macro(step.op.template, self.names.backend)
        code = str(render(View(self, step))).strip()
        return Statement(tuple(shorten(call_text(part), 92) for part in _written(step)), code)

    def variable(self, value: Value) -> str:
        return self.variables[value.number]

    def function(self, name: str, lines: str) -> str:
        """A function of the module, by its lines; the name that it is given."""
        name = free(name, self.names.user | self.names.functions)
        self.names.functions.add(name)
        self.functions.append(lines.replace("NAME", name, 1))
        return name

    def local(self, name: str) -> str:
        """A variable for a macro's own use."""
        found = free(name, self.names.user | reserved())
        self.locals.add(found)
        return found


def _written(step: Step) -> Iterator[Step]:
    """The steps of the file that a step of the rewritten pipeline stands for."""
    if isinstance(step.op, Frames):
        return  # it writes the comments of its parts itself, in the loop
    parts = getattr(step.op, "parts", ())
    for part in parts:
        yield from _written(part)
    if not parts:
        yield step
