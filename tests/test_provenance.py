"""Provenance: added to a manifest, free in what it says, and no part of what the manifest means."""

from __future__ import annotations

import json

import pytest
from manifests import RICH, SMALL, manifest

from procdsl import limits
from procdsl.manifest import provenance, write
from procdsl.manifest.errors import BadManifest
from procdsl.manifest.read import parse, read

TEXT = write.text(manifest(SMALL))
TOLD = {
    "commit": "a" * 40,
    "dirty": False,
    "versions": {"torch": "2.13.0", "numpy": "2.3"},
    "runs": [1, 2.5, None, {"who": "é 猫"}],
    "lines": ["a", "b"],
}


def test_it_is_added_and_nothing_else_changes() -> None:
    text = provenance.added(TEXT, TOLD)
    data = json.loads(text)
    assert data.pop("provenance") == TOLD
    assert data == json.loads(TEXT)
    assert read(text) == read(TEXT)
    assert text.isascii()
    assert provenance.added(text, {}) == text


def test_a_key_that_is_there_gets_the_new_value_and_the_others_stay() -> None:
    once = provenance.added(TEXT, {"commit": "a", "run": 1})
    twice = provenance.added(once, {"run": 2, "who": "me"})
    assert parse(twice)["provenance"] == {"commit": "a", "run": 2, "who": "me"}
    assert provenance.added(TEXT, {}) == TEXT


def test_two_manifests_that_differ_only_in_it() -> None:
    told = provenance.added(TEXT, TOLD)
    again = json.dumps(json.loads(told), indent=1, sort_keys=True)
    other = write.text(manifest(SMALL.replace("1/255", "1/127")))
    assert provenance.differ_only_in_it(TEXT, told)
    assert provenance.differ_only_in_it(again, provenance.added(TEXT, {"run": 7}))
    assert provenance.differ_only_in_it(TEXT, TEXT)
    assert not provenance.differ_only_in_it(TEXT, other)
    assert not provenance.differ_only_in_it(told, provenance.added(other, TOLD))
    record = manifest(RICH)
    record["self_check"]["postprocess"]["q"]["values"][0] += 1e-9
    assert not provenance.differ_only_in_it(write.text(manifest(RICH)), write.text(record))


def test_what_is_no_json_is_refused() -> None:
    deep: object = 1
    for _ in range(limits.MANIFEST_NESTING):
        deep = [deep]
    for value in (deep, "\ud800", 10**41):
        with pytest.raises(BadManifest, match="nested deeper|surrogate|more than 40 characters"):
            provenance.added(TEXT, {"key": value})
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not JSON compliant"):
            provenance.added(TEXT, {"key": value})
    with pytest.raises(TypeError, match="not JSON serializable"):
        provenance.added(TEXT, {"key": {1}})
    with pytest.raises(BadManifest, match="not a manifest"):
        provenance.added("{}", {"key": 1})
