"""Whatever is changed in a manifest, outside of what it is told, is refused or changes nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manifests import RICH, SMALL, TRAINED, manifest

from procdsl.manifest import golden, write
from procdsl.manifest.errors import BadManifest
from procdsl.manifest.read import parse, pipeline_of, read

Path = tuple[Any, ...]

ALL = [
    {**manifest(SMALL), "provenance": {"commit": "a", "dirty": True}},
    manifest(RICH),
    manifest(TRAINED, {"size": "16"}),
]
TOLD = [("procdsl",), ("source", "name")]
"""What a manifest is told beside its provenance."""
OTHERS: list[Any] = [None, True, False, 0, 1, -1, 0.0, 1.5, 2**40, "", "x", [], {}, [0], {"a": 1}]
"""What may stand in the place of any value."""


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every value in it but itself."""
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield (*path, key)
        yield from places(value[key], (*path, key))


def at(data: Any, path: Path) -> Any:
    for key in path:
        data = data[key]
    return data


def near(value: Any) -> list[Any]:
    """What is almost the same."""
    if isinstance(value, bool):
        return [not value, int(value)]
    if isinstance(value, int):
        return [value + 1, -value - 1, float(value), str(value)]
    if isinstance(value, float):
        return [math.nextafter(value, math.inf), -value - 1.0, value * 2 + 1, repr(value)]
    if isinstance(value, str):
        swapped = value.swapcase()
        return [value + " ", value + "\n", value[1:], swapped, f"{value}0", "\u0664" + value]
    if isinstance(value, list):
        return [
            value[1:],
            value[::-1],
            [*value, *value[:1]],
            {str(i): v for i, v in enumerate(value)},
        ]
    if isinstance(value, dict):
        return [{**value, "surplus": 1}, {k: v for k, v in value.items() if k != min(value)}]
    return []


def changes(data: Any, path: Path) -> Iterator[Any]:
    """The manifest with this value changed, its key changed, or without it."""
    value, key = at(data, path), path[-1]
    for other in (*near(value), *OTHERS):
        changed = json.loads(json.dumps(data))
        at(changed, path[:-1])[key] = other
        yield changed
    without = json.loads(json.dumps(data))
    del at(without, path[:-1])[key]
    yield without
    if isinstance(key, str):
        renamed = json.loads(json.dumps(data))
        holder = at(renamed, path[:-1])
        holder[f"{key}_"] = holder.pop(key)
        yield renamed


def check(data: Any, changed: Any, path: Path) -> None:
    """It is refused, or it is the same manifest, or its record is found to be false."""
    try:
        found = parse(json.dumps(changed))
        pipeline = pipeline_of(found)
    except BadManifest:
        return
    assert pipeline == pipeline_of(data), path
    if path in TOLD or path[0] == "provenance" or same(found, data):
        return
    assert path[0] == "self_check", f"{path}: {at(data, path)!r} was changed, and nobody saw it"
    if not golden.differences(found["self_check"], pipeline):
        before, after = at(data, path), at(found, path)
        bounded = at(data, path[: path.index("values")]) if "values" in path else {}
        assert isinstance(after, float), path
        assert abs(after - before) <= 2 * bounded.get("bound", 1e-6 * before), path


def computed(data: Any) -> Any:
    """The part of a manifest that follows from its source."""
    kept = {k: v for k, v in data.items() if k not in ("procdsl", "provenance", "self_check")}
    return {**kept, "source": {**kept["source"], "name": ""}}


def same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


EVERY = [(i, path) for i, data in enumerate(ALL) for path in places(data)]


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.sampled_from(EVERY), st.integers(0, 2**16))
def test_a_change_of_any_value_or_key_is_seen(place: tuple[int, Path], seed: int) -> None:
    number, path = place
    every = list(changes(ALL[number], path))
    check(ALL[number], Random(seed).choice(every), path)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(ALL)))
def test_every_change_of_every_value_and_key_is_seen(number: int) -> None:
    for path in places(ALL[number]):
        for changed in changes(ALL[number], path):
            check(ALL[number], changed, path)


TEXTS = [write.text(data) for data in ALL]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(TEXTS), st.data())
def test_a_change_of_any_character_is_seen(text: str, draw: st.DataObject) -> None:
    start = draw.draw(st.integers(0, len(text) - 1))
    end = draw.draw(st.sampled_from([start, start, start + 1, start + 5, len(text)]))
    put = draw.draw(
        st.sampled_from(["", " ", "0", '"', "\\", "{", "]", ",", "\ud800", "\u0661", "e9"])
    )
    changed = text[:start] + put + text[end:]
    try:
        pipeline = read(changed)
    except BadManifest:
        return
    wanted = read(text)
    assert pipeline == wanted
    found, data = parse(changed), parse(text)
    assert same(computed(found), computed(data))
