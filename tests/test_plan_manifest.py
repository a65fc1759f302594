"""A plan in the manifest: read back as it was, and believed in nothing that can be computed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from pipelines import DETECTOR
from support import compiled

from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compare.change import Side, Verdict
from procdsl.compare.compare import compare
from procdsl.compiler import generate
from procdsl.ir.pipeline import Pipeline
from procdsl.manifest import canonical, schema
from procdsl.manifest.read import BadManifest, read
from procdsl.plan.keep import kept
from procdsl.plan.places import plan
from procdsl.records import replace
from procdsl.tables.steps import rows

PLAIN = compiled(DETECTOR)


def planned(*keep: str) -> Pipeline:
    found = plan(PLAIN, "torchscript", "torch", lambda step, given: "", kept(PLAIN, keep))
    return replace(PLAIN, plan=found)


def text_of(pipeline: Pipeline) -> str:
    files = generate(pipeline, [], options=Options(format=False))
    (text,) = files.values()
    return str(text)


TEXT = text_of(planned("letterbox"))


def test_it_is_read_back_and_changes_no_id() -> None:
    data = json.loads(TEXT)
    jsonschema.validate(data, json.loads(schema.text()))
    assert read(TEXT) == planned("letterbox")
    assert data["id"] == canonical.identity(PLAIN)
    assert text_of(read(TEXT)) == TEXT
    assert list(data)[-1] == "plan"
    assert {step["place"] for step in data["plan"]["steps"]} == {"host", "model"}


def changed(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Puts a value at a place of the plan; takes away what is there where it is None."""

    def change(data: dict[str, Any]) -> None:
        *way, last = ["plan", *path.split("/")]
        for key in way:
            data = data[int(key) if isinstance(data, list) else key]
        if value is None:
            del data[last]
        else:
            data[int(last) if isinstance(data, list) else last] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            changed("steps/1/place", "host"),
            "at plan/takes: a list of 2, and its steps give after_to",
        ),
        (
            changed("steps/2/place", "host"),
            "at plan/steps: pre.3 takes what a step gives that runs",
        ),
        (changed("steps/0/place", "model"), "at plan/takes: a list of 2, and its steps give image"),
        (changed("steps/0/place", "cloud"), 'at plan/steps/0/place: "cloud", where host or model'),
        (changed("steps/0/operation", "flip"), 'at plan/steps/0: pre.1 is no "flip"'),
        (changed("steps/0/step", 9), 'at plan/steps/0: pre.9 is no "letterbox"'),
        (changed("steps/0/step", True), "at plan/steps/0/step: true is of another kind"),
        (changed("steps/0/block", "model"), 'at plan/steps/0/block: "model", where pre or post'),
        (changed("steps/0/more", 1), "at plan/steps/0: an object of 6, where block, step"),
        (changed("steps", []), "the plan does not place each step of `pre` once"),
        (changed("takes/0", "image: u8[h, w, c=3] rgb"), "at plan/takes: a list of 2"),
        (changed("gives", ["x"]), "at plan/gives: a list of 1"),
        (changed("target", 3), "at plan/target: 3 is of another kind"),
        (changed("runtime", None), "at plan: an object of 5, where target, runtime"),
        (changed("self_check/size", [3, 3]), "in plan: at self_check/size"),
        (changed("self_check/preprocess", {}), "in plan: at self_check/preprocess"),
    ],
)
def test_what_does_not_hold_together_is_refused(
    change: Callable[[dict[str, Any]], None], said: str
) -> None:
    data = copy.deepcopy(json.loads(TEXT))
    change(data)
    with pytest.raises(BadManifest) as raised:
        read(json.dumps(data))
    assert said in str(raised.value)


def test_a_plan_is_no_list() -> None:
    data = json.loads(TEXT)
    data["plan"] = [data["plan"]]
    with pytest.raises(BadManifest, match="at plan: a list of 1, where target, runtime"):
        read(json.dumps(data))


def test_the_reason_is_told_and_not_believed() -> None:
    data = json.loads(TEXT)
    data["plan"]["steps"][0]["reason"] = "another"
    found = read(json.dumps(data)).plan
    assert found is not None
    assert found.steps[0].reason == "another"


def test_tables_say_where_a_step_runs() -> None:
    assert [row.place for row in rows(PLAIN)] == ["host"] * 7
    assert [row.place for row in rows(planned("letterbox"))] == ["host", *["model"] * 6]


def test_modules_of_the_host_refuse_files_with_another_plan() -> None:
    def module(pipeline: Pipeline) -> Any:
        files = generate(pipeline, ["numpy"], options=Options(format=False))
        (text,) = (text for name, text in files.items() if name.endswith("_numpy.py"))
        return load(text, "planned_numpy")

    host, whole = module(planned("letterbox")), module(PLAIN)
    host.self_check()
    host.require(TEXT)
    for manifest in (text_of(planned()), whole.MANIFEST_TEXT):
        with pytest.raises(
            ValueError, match=r"expected a baked one that takes after_letterbox: u8"
        ):
            host.require(manifest)
    with pytest.raises(ValueError, match="got a baked one that takes image: u8"):
        whole.require(text_of(planned()))


# Differences


def sides(old: Pipeline, new: Pipeline) -> Any:
    return compare(Side("old.pt2", old), Side("new.pt2", new))


def test_a_step_in_another_place_breaks_the_contract() -> None:
    for one, other in ((PLAIN, planned()), (planned(), planned("letterbox"))):
        found = sides(one, other)
        assert found.verdict is Verdict.CONTRACT_BROKEN
        (change,) = found.changes
        assert change.code == "D309"
        assert change.now.text.split(":")[0] in ("image", "after_letterbox")
    assert sides(planned(), planned()).verdict is Verdict.IDENTICAL


def test_a_source_says_nothing_of_places() -> None:
    source = Side(PLAIN.source.name, PLAIN)
    assert compare(source, Side("new.pt2", planned())).verdict is Verdict.IDENTICAL


def test_other_numbers_and_another_place_are_both_told() -> None:
    other = compiled(DETECTOR.replace("fill=114", "fill=0"))
    found = plan(other, "torchscript", "torch", lambda step, given: "", set())
    changes = sides(PLAIN, replace(other, plan=found)).changes
    assert [change.code for change in changes] == ["D309", "D201"]
