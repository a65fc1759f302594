"""What the functions of one module share, and the variables of one function."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping

from procdsl.codegen.python.kernels import Kernel, library
from procdsl.codegen.python.macros import LEADING, dtype
from procdsl.codegen.python.names import free, reserved, variable
from procdsl.lower.lives import Lives
from procdsl.lower.program import (
    AxisSize,
    Call,
    Operand,
    PlacementPart,
    PlacementVariable,
    Program,
    Scalar,
    SizePart,
    Variable,
)
from procdsl.opdef.op import ConstantArray
from procdsl.records import dataclass, field
from procdsl.types.array import Array
from procdsl.types.value import PictureSize, Record, Type


@dataclass
class Module:
    """Collects what a module needs while its functions are written."""

    target: str
    user: set[str]
    """What the file calls its values, as variables."""
    externs: Mapping[str, str] = field(default_factory=dict)
    """The function that runs each extern, by the extern's name."""
    constants: dict[str, ConstantArray] = field(default_factory=dict)
    _named: dict[tuple[str, ConstantArray], str] = field(default_factory=dict)
    """The name of each constant, by the one that it would like to have."""
    _numbers: dict[str, Iterator[int]] = field(default_factory=dict)
    """The numbers that are left for constants of one name and op."""
    functions: set[str] = field(default_factory=set)
    kernels: list[Kernel] = field(default_factory=list)
    """Those that are called, and those that these need: what is needed first."""
    imports: set[str] = field(default_factory=set)
    offered: set[str] = field(default_factory=set)
    """What the module offers to its users."""
    asked: dict[str, None] = field(default_factory=dict)
    """The constants that were asked for since this was last emptied."""

    def kernel(self, name: str) -> str:
        """The name of a kernel, which the module then has."""
        self._add(library(self.target)[name])
        return f"_{name}"

    def _add(self, kernel: Kernel) -> None:
        if any(kernel is known for known in self.kernels):
            return
        for need in kernel.needs:
            self._add(library(self.target)[need])
        self.kernels.append(kernel)

    def need(self, *lines: str) -> str:
        """Import lines that what is being written needs; they stand at the module's head."""
        self.imports.update(lines)
        return ""

    def constant(self, name: str, value: ConstantArray, op: str) -> str:
        """The expression that stands for a constant; equal ones share a name.

        Where another one has the name, this one's has that of its op behind it, and where several
        steps are of that op, which of them it is.
        """
        if (name, value) in self._named:
            return self._expression(self._named[name, value])
        of_op = f"{name}_{op}"
        numbered = (f"{of_op}_{i}" for i in self._numbers.setdefault(of_op, itertools.count(2)))
        wishes = itertools.chain((name, of_op), numbered)
        found = next(w for w in map(self._constant_name, wishes) if w not in self.constants)
        self.constants[found], self._named[name, value] = value, found
        return self._expression(found)

    def offer(self, name: str) -> str:
        """A name that users of the module call."""
        self.offered.add(name)
        return name

    def _constant_name(self, wish: str) -> str:
        return wish if self.target == "torch" else f"_{wish.upper()}"

    def _expression(self, name: str) -> str:
        self.asked[name] = None
        return f"self.{name}" if self.target == "torch" else name

    def function(self, name: str) -> str:
        """A name for a function of the module that the file's values do not have."""
        found = free(f"_{name}", self.user | self.functions)
        self.functions.add(found)
        return found


class KernelNames:
    """Names a kernel when a template asks for it: `{{ k.softmax }}`."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._module.kernel(name)


class Variables:
    """The names that the variables of one function have.

    No two that are needed at one time share one, and a name keeps to one kind of thing, as
    TorchScript wants it.
    """

    def __init__(self, module: Module, program: Program | None = None) -> None:
        self._module = module
        self.many_sizes = module.target in LEADING and program is not None and bool(program.sizes)
        """Whether sizes and what is computed of them are lists, with one for each sample or all."""
        self._names: dict[Variable, str] = {}
        self._until: dict[str, int] = {}
        """Until when each name is needed."""
        self._kinds: dict[str, str] = {}
        self._placements = _placement_names(program, module.user) if program else {}
        self._lives = Lives(program) if program else None
        if self._lives is not None:
            for of in sorted(self._lives.made, key=self._lives.made.__getitem__):
                self.name(of)

    def name(self, of: Variable) -> str:
        """The name of a variable. Those of a program are made in its order, as it begins."""
        if of not in self._names:
            name = next(name for name in self._wishes(of) if self._may_have(of, name))
            self._names[of] = name
            if self._lives is not None:
                self._until[name] = max(self._lives.until[of], self._until.get(name, 0))
        return self._names[of]

    def _wishes(self, of: Variable) -> Iterator[str]:
        """The names that it could have, the best first."""
        first = self._free(of.name) if of.temporary else variable(of.name)
        yield first
        yield from (self._free(f"{first}_{i}") for i in itertools.count(2))

    def _free(self, name: str) -> str:
        while name in self._module.user or name in reserved():
            name += "_"
        return name

    def _may_have(self, of: Variable, name: str) -> bool:
        if self._lives is not None and self._until.get(name, 0) > self._lives.made[of]:
            return False
        size = isinstance(of.type, PictureSize)
        kind = "size" if size else annotation(of.type, self._module.target, scalars=False)
        return self._kinds.setdefault(name, kind) == kind

    def beside(self, call: Call) -> set[str]:
        """The names of the variables that are needed while a call is done."""
        found = self._lives.beside(call) if self._lives is not None else ()
        return {self._names[variable] for variable in found}

    def given(self, names: Mapping[Variable, str]) -> None:
        """Use these names for variables that something else names."""
        self._names.update(names)

    def expression(self, operand: Operand) -> str:
        """A value of a program in Python."""
        match operand:
            case Variable():
                return self.name(operand)
            case PlacementVariable():
                return self._placements[operand]
            case AxisSize():
                rank = len(operand.of.array.axes) if self._module.target in LEADING else 0
                return f"{self.name(operand.of)}.shape[{operand.axis - rank}]"
            case SizePart():
                return self._part(self.name(operand.of) + "[0]" * self.many_sizes, operand)
            case PlacementPart():
                return self._part(self._placements[operand.of] + "[0]" * self.many_sizes, operand)
            case _:
                return repr(operand)

    def of_each(self, sides: tuple[Scalar, Scalar]) -> tuple[str, str, str]:
        """A height and a width of each sample, and the `for` that names them."""
        parts = [side for side in sides if isinstance(side, SizePart | PlacementPart)]
        if not parts:
            return repr(sides[0]), repr(sides[1]), ""
        assert len(parts) == 2, "a picture has two sides of its own, or none"
        of, one = parts[0].of, free("one", {*self._module.user, *reserved()})
        h, w = (self._part(one, part) for part in parts)
        return h, w, f" for {one} in {self.expression(of)}"

    @staticmethod
    def _part(of: str, part: SizePart | PlacementPart) -> str:
        if isinstance(part, SizePart):
            return f"{of}[{('h', 'w').index(part.part)}]"
        return f"{of}.{part.part}"


def annotation(type_: Type, target: str, scalars: bool = True) -> str:
    """The Python type of a value; with `scalars`, numpy's for an array without axes."""
    if isinstance(type_, Record):
        return type_.name
    assert isinstance(type_, Array), "a size is no result"
    if type_.dtype == "text":
        return "list[str]" if type_.axes else "str"
    if target == "torch":
        return "torch.Tensor"
    return dtype(target, type_.dtype) if scalars and not type_.axes else "np.ndarray"


def _placement_names(program: Program, user: set[str]) -> dict[PlacementVariable, str]:
    """`at` for the only placement of a function; where there are more, each with its op."""
    placements = program.placements()
    names = ["at"] if len(placements) == 1 else [f"at_{place.name}" for place in placements]
    counts, seen = Counter(names), Counter[str]()
    found = {}
    for place, name in zip(placements, names, strict=True):
        seen[name] += 1
        numbered = f"{name}_{seen[name]}" if counts[name] > 1 else name
        found[place] = free(numbered, {*user, *reserved()})
    return found
