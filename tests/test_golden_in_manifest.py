"""The golden record of a manifest is computed again: what is not true is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from manifests import RICH, SMALL, TRAINED, Change, manifest, put

from procdsl.manifest import golden
from procdsl.manifest.read import pipeline_of

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*/*.manifest.json"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_the_records_of_the_goldens_are_true(path: Path) -> None:
    data = json.loads(path.read_text())
    assert golden.differences(data["self_check"], pipeline_of(data)) == []


@pytest.mark.parametrize("text", [SMALL, RICH, TRAINED], ids=["small", "rich", "trained"])
def test_what_was_just_written_is_true(text: str) -> None:
    data = manifest(text)
    assert golden.differences(data["self_check"], pipeline_of(data)) == []


BEFORE, AFTER = ("self_check", "preprocess"), ("self_check", "postprocess")


def fewer(data: dict[str, Any]) -> None:
    """A bounded result that is shorter than the reference's."""
    entry = data["self_check"]["postprocess"]["seen"]
    entry.update(shape=[6], values=entry["values"][:6])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put("self_check", "size", value=[91, 124]), "size: [91, 124], and the reference takes"),
        (put(*BEFORE, "a", "sha256", value="0" * 64), 'preprocess/a: "000'),
        (put(*BEFORE, "b", "values", 3, value=0.5), "preprocess/b: values "),
        (put(*BEFORE, "b", "values", 3, value=1e300), "preprocess/b: values 1e+300 off"),
        (put(*BEFORE, "b", "bound", value=1e9), "preprocess/b: a bound of 1e+09, and the"),
        (put(*AFTER, "q", "bound", value=6.1e-8), "postprocess/q: a bound of 6.1e-08, and the"),
        (put(*AFTER, "name", "text", value="fish"), 'postprocess/name: "fish", and the reference'),
        (fewer, "postprocess/seen: the shape [6], and the reference gives [7]"),
        (put(*AFTER, "mix, call 1, value 1", "values", 0, value=2.0), "mix, call 1, value 1: val"),
    ],
)
def test_a_record_that_is_not_true_reads_well_and_is_found(change: Change, said: str) -> None:
    data = manifest(RICH)
    change(data)
    pipeline = pipeline_of(data)
    (found,) = golden.differences(data["self_check"], pipeline)
    assert said in found


def test_bounded_values_may_lie_apart_by_their_bound() -> None:
    data = manifest(RICH)
    entry = data["self_check"]["postprocess"]["q"]
    near = entry["values"][0]
    pipeline = pipeline_of(data)
    entry["values"][0] = near + 0.5 * entry["bound"]
    assert golden.differences(data["self_check"], pipeline) == []
    entry["values"][0] = near + 1.5 * entry["bound"]
    (found,) = golden.differences(data["self_check"], pipeline)
    assert found.startswith("self_check/postprocess/q: values ")
