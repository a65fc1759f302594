"""Kinds: their pages, and what the checker takes from their files."""

from __future__ import annotations

import re

import pytest
from support import arrays, build, compare

from procdsl.checker.check import check
from procdsl.diagnostics import pages
from procdsl.opdef.op import Case
from procdsl.source import Source
from procdsl.types.array import Array
from procdsl.types.dtypes import DTYPES
from procdsl.types.kind import kind, kind_names
from procdsl.types.value import Record, Type

DECLARED = """proc 1
pipeline p
model x: f32[n=1] -> y: {dtype}[n=4] {kind}
output y
"""


def kinds_of(type_: Type) -> set[str | None]:
    """The kind of an array, or of each field of a record."""
    arrays = [array for _, array in type_.fields] if isinstance(type_, Record) else [type_]
    return {array.kind for array in arrays if isinstance(array, Array)}


@pytest.mark.parametrize("name", kind_names())
def test_the_example_on_the_page(name: str) -> None:
    """It has a value of the kind, and every backend computes it as the reference does."""
    (text,) = re.findall(r"```proc\n(.*?)```", pages.page(name), re.DOTALL)
    built = build(text)
    values = [*built.pipeline.model.outputs, *built.pipeline.outputs]
    assert name in set().union(*(kinds_of(value.type) for value in values))
    compare(built, *arrays(Case(), built.pipeline))


@pytest.mark.parametrize("name", kind_names())
def test_the_page_says_what_the_file_states(name: str) -> None:
    said = pages.page(name).rpartition("\n\n")[2]
    assert set(re.findall(r"\w+", said)) & set(DTYPES) == set(kind(name).dtypes)
    assert f"in {kind(name).range} where" in said or kind(name).range is None


@pytest.mark.parametrize("name", kind_names())
def test_the_dtypes_of_a_declared_kind(name: str) -> None:
    for dtype in DTYPES:
        found = check(Source("p.proc", DECLARED.format(dtype=dtype, kind=name))).diagnostics
        refused = dtype not in kind(name).dtypes
        assert [d.code for d in found] == ["E323"] * refused, dtype
        for diagnostic in found:
            assert diagnostic.found == f"`{name}` of {dtype}"
            assert diagnostic.wanted == f"{name} of {' or '.join(kind(name).dtypes)}"


def test_a_dtype_that_is_none_is_said_once() -> None:
    found = check(Source("p.proc", DECLARED.format(dtype="f99", kind="boxes"))).diagnostics
    assert [d.code for d in found] == ["E218"]


def test_the_range_of_a_declared_kind() -> None:
    for name, dtype, said in (
        ("probabilities", "f32", "f32[n=4] probabilities, 0..1"),
        ("probabilities", "u8", "u8[n=4] probabilities, 0..255"),
        ("mask", "bool", "bool[n=4] mask, 0..1"),
        ("logits", "f32", "f32[n=4] logits"),
    ):
        checked = check(Source("p.proc", DECLARED.format(dtype=dtype, kind=name)))
        assert checked.pipeline is not None
        (value,) = checked.pipeline.outputs
        assert value.type.described() == said


def test_each_page_has_a_name_of_its_own() -> None:
    assert len(set(pages.names())) == len(pages.names())


@pytest.mark.parametrize("name", ["bbox", "rgbx"])
def test_no_hint_that_a_file_could_define_a_kind(name: str) -> None:
    (diagnostic,) = check(Source("p.proc", DECLARED.format(dtype="f32", kind=name))).diagnostics
    assert diagnostic.code == "E204"
    assert "take one of these" in diagnostic.help
    assert "defined" not in diagnostic.help
