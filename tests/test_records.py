"""`procdsl.records.dataclass` does what the standard library's does, on every use that we make."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from procdsl import records


def both(**options: bool) -> list[Any]:
    """A class that is made by either decorator, a class beneath it, and the module."""

    def made(module: Any) -> Any:
        decorator, field = module.dataclass, module.field

        @decorator(**options)
        class Base:
            a: int
            b: str = "x"

        @decorator(**options)
        class Thing(Base):
            c: list[int] = field(default_factory=list)
            hidden: int = field(default=0, compare=False, repr=False)

            def __repr__(self) -> str:
                return f"Thing {self.a}" if self.a < 0 else f"{self.a} {self.b} {self.c}"

        Base.__qualname__ = "Base"
        return Base, Thing, module

    return [made(dataclasses), made(records)]


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("kw_only", [True, False])
def test_the_same_objects(frozen: bool, kw_only: bool) -> None:
    seen = []
    for base, thing, module in both(frozen=frozen, kw_only=kw_only):
        one, two = thing(a=1, b="y"), thing(a=1, b="y", hidden=5)
        changed = module.replace(one, a=2)
        seen.append(
            [
                [f.name for f in module.fields(thing)],
                repr(base(a=1)),
                repr(one),
                repr(thing(a=-1)),
                one == two,
                one == changed,
                one == 1,
                base(a=1) == one,
                (changed.a, changed.b, changed.c),
                one.c is not two.c,
                thing.__hash__ is None,
                hash(base(a=1)) == hash(base(a=1)) if frozen else None,
            ]
        )
    assert seen[0] == seen[1]


@pytest.mark.parametrize("kw_only", [True, False])
def test_the_same_refusals(kw_only: bool) -> None:
    for base, *_ in both(frozen=True, kw_only=kw_only):
        for given, named in (
            ((), {}),
            ((1, "x", 3), {}),
            ((), {"a": 1, "z": 1}),
            ((1,), {"a": 1}),
            *([((1,), {})] if kw_only else []),
        ):
            with pytest.raises(TypeError):
                base(*given, **named)
        made = base(a=1)
        with pytest.raises(dataclasses.FrozenInstanceError):
            made.a = 2
        with pytest.raises(dataclasses.FrozenInstanceError):
            del made.a
        assert made.a == 1


def test_by_identity() -> None:
    for base, *_ in both(frozen=True, eq=False):
        one = base(1)
        assert one != base(1)
        assert {one: 1}[one] == 1


def test_an_object_may_change_what_is_not_frozen() -> None:
    for base, *_ in both():
        made = base(1)
        made.a = 2
        assert made == base(2)


def test_what_runs_after_an_object_is_made() -> None:
    @records.dataclass(frozen=True)
    class Sorted:
        a: int

        def __post_init__(self) -> None:
            if self.a < 0:
                raise ValueError(self.a)

    assert Sorted(1).a == 1
    with pytest.raises(ValueError, match="-1"):
        Sorted(-1)
