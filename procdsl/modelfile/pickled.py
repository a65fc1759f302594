"""What a pickle holds at its top, found without running any of it.

The opcodes are followed on a stack of stand-ins: texts and dictionaries are kept, everything else
is a word for what it is. Nothing is imported, called or built.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

from procdsl.modelfile.data import BadModelFile
from procdsl.records import dataclass, field

MOST = 32_000_000
_OPCODES = 1_000_000


class Text(NamedTuple):
    """A text, and where its opcode stands."""

    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Other:
    """What is neither a text nor a dictionary."""

    what: str
    computed: bool = False
    """Whether only running the pickle would tell its value."""


@dataclass(eq=False)
class Dictionary:
    """A `dict`, or an `OrderedDict`."""

    items: list[tuple[Thing, Thing]] = field(default_factory=list)
    has_state: bool = False
    """Whether attributes are put on it, as `state_dict()` does."""
    shared: bool = False
    """Whether it is named again, so that more may be put into it than is seen."""

    @property
    def is_state_dict(self) -> bool:
        """Whether it is what `state_dict()` gives: names and tensors, and nothing else."""
        values = [value for _, value in self.items]
        return self.has_state or bool(values) and all(value is TENSOR for value in values)


Thing: TypeAlias = Text | Other | Dictionary
TENSOR = Other("tensor", computed=True)
_MARK = Other("mark")
_EMPTY = Other("empty tuple")
_ORDERED = "collections.OrderedDict"
_REBUILDS = ("torch._utils._rebuild_", "torch._tensor._rebuild_")
"""What the functions are called that make tensors and parameters."""
_TEXTS = {
    "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "UNICODE",
    "STRING", "BINSTRING", "SHORT_BINSTRING",
}  # fmt: skip
_GETS = {"GET", "BINGET", "LONG_BINGET"}
_PUTS = {"PUT", "BINPUT", "LONG_BINPUT"}
_RUNS = {
    "REDUCE", "BUILD", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "PERSID", "BINPERSID",
    "EXT1", "EXT2", "EXT4",
}  # fmt: skip


@dataclass(frozen=True)
class Pickle:
    """A pickle: what it is, where its last opcode stands, and where it has frames."""

    top: Thing
    stop: int
    frames: tuple[int, ...]
    again: frozenset[int]
    """Where the texts stand that are named a second time."""


def scan(data: bytes) -> Pickle:
    """Follow the opcodes of a pickle; what is none is a `BadModelFile`."""
    machine = _Machine()
    frames: list[int] = []
    try:
        for name, argument, start, end in _opcodes(data):
            if name == "FRAME":
                frames.append(start)
            elif name == "STOP":
                if end != len(data):
                    raise BadModelFile("its pickle is followed by other bytes")
                return Pickle(machine.stack.pop(), start, tuple(frames), frozenset(machine.again))
            else:
                machine.step(name, argument, start, end)
    except BadModelFile:
        raise
    except Exception as error:  # pickletools raises many kinds on what is no pickle
        raise BadModelFile(f"its pickle is damaged: {str(error)[:200]}") from None
    raise BadModelFile("its pickle is cut off")


def _opcodes(data: bytes) -> Iterator[tuple[str, Any, int, int]]:
    """Name, argument, start and end of each opcode."""
    before = None
    for count, (opcode, argument, start) in enumerate(pickletools.genops(data)):
        if count == _OPCODES:
            raise BadModelFile(f"its pickle has more than {_OPCODES:,} opcodes")
        if before is not None:
            yield *before, start or 0
        before = (opcode.name, argument, start or 0)
    if before is not None:
        yield *before, before[2] + 1


class _Machine:
    """The stack and the memo."""

    def __init__(self) -> None:
        self.stack: list[Thing] = []
        self.memo: dict[int, Thing] = {}
        self.again: set[int] = set()

    def name_again(self, thing: Thing, start: int, end: int) -> None:
        """Put a value on the stack that is elsewhere, too."""
        if isinstance(thing, Dictionary):
            thing.shared = True
        elif isinstance(thing, Text):
            self.again.add(thing.start)
            thing = Text(thing.value, start, end)
        self.stack.append(thing)

    def to_mark(self) -> list[Thing]:
        """What lies above the last mark, which goes too."""
        at = len(self.stack) - 1
        while self.stack[at] is not _MARK:
            at -= 1
            if at < 0:
                raise BadModelFile("its pickle is damaged: a mark is missing")
        found = self.stack[at + 1 :]
        del self.stack[at:]
        return found

    def step(self, name: str, argument: Any, start: int, end: int) -> None:
        if name in _PUTS or name == "MEMOIZE":
            self.memo[len(self.memo) if name == "MEMOIZE" else int(argument)] = self.stack[-1]
        elif name in _TEXTS:
            self.stack.append(Text(str(argument), start, end))
        elif name in _GETS:
            self.name_again(self.memo[int(argument)], start, end)
        elif name == "DUP":
            self.name_again(self.stack[-1], start, end)
        elif name in _BUILDERS:
            _BUILDERS[name](self)
        elif name in ("GLOBAL", "STACK_GLOBAL"):
            words = [self.stack.pop(), self.stack.pop()][::-1] if name == "STACK_GLOBAL" else []
            said = ".".join(w.value if isinstance(w, Text) else "?" for w in words)
            self.stack.append(Other(said or str(argument).replace(" ", "."), computed=True))
        else:
            self.move(name)

    def move(self, name: str) -> None:
        """Any other opcode: take and give as many values as it does."""
        from_mark, count, given = _MOVES[name]
        if from_mark:
            self.to_mark()
        if count:
            del self.stack[-count:]
        self.stack += given


def _moves(opcode: pickletools.OpcodeInfo) -> tuple[bool, int, list[Thing]]:
    """Whether an opcode takes what lies above a mark, how many values below, and what it gives."""
    taken = [kind.name for kind in opcode.stack_before]
    count = taken.index("mark") if "mark" in taken else len(taken)
    computed = opcode.name in _RUNS
    given: list[Thing] = [Other(kind.name, computed) for kind in opcode.stack_after]
    return "mark" in taken, count, given


_MOVES = {opcode.name: _moves(opcode) for opcode in pickletools.opcodes}


def _mark(machine: _Machine) -> None:
    machine.stack.append(_MARK)


def _empty_dictionary(machine: _Machine) -> None:
    machine.stack.append(Dictionary())


def _empty_tuple(machine: _Machine) -> None:
    machine.stack.append(_EMPTY)


def _dictionary(machine: _Machine) -> None:
    given = machine.to_mark()
    machine.stack.append(Dictionary())
    _put(machine, given)


def _set_item(machine: _Machine) -> None:
    value, key = machine.stack.pop(), machine.stack.pop()
    _put(machine, [key, value])


def _set_items(machine: _Machine) -> None:
    _put(machine, machine.to_mark())


def _put(machine: _Machine, given: list[Thing]) -> None:
    into = machine.stack[-1]
    if isinstance(into, Dictionary):
        into.items += zip(given[::2], given[1::2], strict=True)


def _reduce(machine: _Machine) -> None:
    """A call: of what makes a tensor, or an empty `OrderedDict`, or of anything."""
    given, called = machine.stack.pop(), machine.stack.pop()
    what = called.what if isinstance(called, Other) else "?"
    if what == _ORDERED and given is _EMPTY:
        machine.stack.append(Dictionary())
    elif what.startswith(_REBUILDS):
        machine.stack.append(TENSOR)
    else:
        machine.stack.append(Other(what, computed=True))


def _build(machine: _Machine) -> None:
    machine.stack.pop()
    built = machine.stack[-1]
    if isinstance(built, Dictionary):
        built.has_state = True


def _new(machine: _Machine) -> None:
    """An object of a class, whose name stays."""
    machine.stack.pop()
    called = machine.stack.pop()
    machine.stack.append(Other(getattr(called, "what", "?"), computed=True))


_BUILDERS: dict[str, Callable[[_Machine], None]] = {
    "MARK": _mark,
    "EMPTY_DICT": _empty_dictionary,
    "EMPTY_TUPLE": _empty_tuple,
    "DICT": _dictionary,
    "SETITEM": _set_item,
    "SETITEMS": _set_items,
    "REDUCE": _reduce,
    "BUILD": _build,
    "NEWOBJ": _new,
}
