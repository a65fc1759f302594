"""Data classes that cost nothing to define.

The standard library writes the source of each class's methods and compiles it: 0.4 ms a class, with
a hundred classes on the way to the first diagnostic. Here all classes share their methods, which
read what fields there are. Type checkers see the standard library's names, of which these are the
part that procdsl uses, with the same meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import MISSING, dataclass, field, fields, replace
else:
    from dataclasses import MISSING, Field, FrozenInstanceError, field

    def dataclass(
        cls: type | None = None,
        /,
        *,
        frozen: bool = False,
        eq: bool = True,
        repr: bool = True,
        kw_only: bool = False,
    ) -> Any:
        """Make a class of its annotated fields; a method that it defines itself stays."""

        def made(cls: type) -> type:
            methods: dict[str, Any] = {"__init__": _init}
            if repr:
                methods["__repr__"] = _repr
            if eq:
                methods |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
            if frozen:
                methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
            for name in methods.keys() - vars(cls).keys():
                setattr(cls, name, methods[name])
            own = {f.name: f for f in _own_fields(cls, kw_only)}
            cls._fields = {**getattr(cls, "_fields", {}), **own}
            cls._positional = tuple(name for name, f in cls._fields.items() if not f.kw_only)
            plain = {name: f.default for name, f in cls._fields.items()}
            cls._defaults = {name: value for name, value in plain.items() if value is not MISSING}
            return cls

        return made if cls is None else made(cls)

    def fields(record: Any) -> tuple[Field[Any], ...]:
        """The fields of a record or of its class."""
        return tuple(record._fields.values())

    def replace(record: Any, **changes: object) -> Any:
        """A record with other values in some of its fields."""
        return type(record)(**{name: getattr(record, name) for name in record._fields} | changes)

    def _own_fields(cls: type, kw_only: bool) -> Any:
        for name, annotation in vars(cls).get("__annotations__", {}).items():
            if not annotation.startswith("ClassVar"):
                written = vars(cls).get(name, MISSING)
                made = written if isinstance(written, Field) else field(default=written)
                made.name, made.kw_only = name, kw_only
                if made is written and made.default is MISSING:
                    delattr(cls, name)
                elif made is written:
                    setattr(cls, name, made.default)
                yield made

    def _init(self: Any, *given: object, **named: object) -> None:
        state = self.__dict__
        if named or len(given) != len(self._fields):
            _refuse_unfit(self, given, named)
            state.update(self._defaults)
            state.update(named)
        state.update(zip(self._positional, given, strict=False))
        if len(state) != len(self._fields):
            _add_made(self, state)
        if hasattr(self, "__post_init__"):
            self.__post_init__()

    def _refuse_unfit(self: Any, given: tuple[object, ...], named: Mapping[str, object]) -> None:
        """A TypeError where more is given than there are fields, or one twice."""
        by_place = self._positional[: len(given)]
        if len(given) > len(by_place) or (named and not named.keys().isdisjoint(by_place)):
            raise TypeError(f"{type(self).__name__}({', '.join(self._positional)}): given {given}")
        if named and not named.keys() <= self._fields.keys():
            raise TypeError(f"{type(self).__name__} has {', '.join(self._fields)}: given {named}")

    def _add_made(self: Any, state: dict[str, object]) -> None:
        """The fields that have no plain default, and were not given."""
        for name, made in self._fields.items():
            if name not in state:
                if made.default_factory is MISSING:
                    raise TypeError(f"{type(self).__name__} needs {name}")
                state[name] = made.default_factory()

    def _repr(self: Any) -> str:
        shown = [f"{name}={getattr(self, name)!r}" for name, f in self._fields.items() if f.repr]
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def _compared(self: Any) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name, f in self._fields.items() if f.compare)

    def _eq(self: object, other: object) -> bool:
        return _compared(self) == _compared(other) if type(self) is type(other) else NotImplemented

    def _hash(self: object) -> int:
        return hash(_compared(self))

    def _refuse(self: object, name: str, *value: object) -> None:
        raise FrozenInstanceError(f"{name} of {type(self).__name__} cannot be changed")


__all__ = ["MISSING", "dataclass", "field", "fields", "replace"]
