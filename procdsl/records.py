"""Data classes that cost nothing to define.

The standard library's decorator writes the source of each class's methods and compiles it: 0.4 ms
a class, with a hundred classes on the way to the first diagnostic. Here the methods are shared by
all classes and read the fields of their own. Type checkers see the standard library's decorator,
and its `field`, `fields` and `replace` work as with that.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    Class = TypeVar("Class", bound=type)

    def dataclass(
        cls: Class | None = None,
        /,
        *,
        frozen: bool = False,
        eq: bool = True,
        repr: bool = True,
        kw_only: bool = False,
    ) -> Class | Callable[[Class], Class]:
        """`dataclasses.dataclass`; a method that the class defines itself stays."""

        def made(cls: Class) -> Class:
            own = set(vars(cls))
            collect = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)
            cls = collect(cls)
            cls._fields = {field.name: field for field in dataclasses.fields(cls)}
            cls._positional = tuple(
                name for name, field in cls._fields.items() if not field.kw_only
            )
            methods: dict[str, Any] = {"__init__": _init}
            if repr:
                methods["__repr__"] = _repr
            if eq:
                methods |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
            if frozen:
                methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
            for name in methods.keys() - own:
                setattr(cls, name, methods[name])
            return cls

        return made if cls is None else made(cls)


def _init(self: Any, *given: object, **named: object) -> None:
    state = self.__dict__
    state.update(zip(self._positional, given, strict=False))
    known = len(given) <= len(self._positional) and named.keys() <= self._fields.keys()
    if not known or state.keys() & named.keys():
        raise TypeError(
            f"{type(self).__name__} has {', '.join(self._fields)}; given {given}, {named}"
        )
    state.update(named)
    for name, field in self._fields.items():
        if name not in state:
            state[name] = _default(self, field)
    if hasattr(self, "__post_init__"):
        self.__post_init__()


def _default(self: object, field: dataclasses.Field[Any]) -> object:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    raise TypeError(f"{type(self).__name__} needs {field.name}")


def _repr(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, f in self._fields.items() if f.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _compared(self: Any) -> tuple[object, ...]:
    return tuple(getattr(self, name) for name, field in self._fields.items() if field.compare)


def _eq(self: object, other: object) -> bool:
    if type(self) is not type(other):
        return NotImplemented
    return _compared(self) == _compared(other)


def _hash(self: object) -> int:
    return hash(_compared(self))


def _refuse(self: object, name: str, *value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"{name} of {type(self).__name__} cannot be changed")
