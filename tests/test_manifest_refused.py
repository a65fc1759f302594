"""What is no manifest, or not whole, is refused: in words, and before it costs anything."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from manifests import RICH, SMALL, TRAINED, Change, another_source, manifest, put

from procdsl import limits
from procdsl.manifest.errors import BadManifest
from procdsl.manifest.read import parse, read
from procdsl.version import VERSION


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.pop("schema"), "not a manifest"),
        (lambda data: data.pop("pre"), "at the top: the key `pre` is missing"),
        (lambda data: data.pop("source"), "at the top: the key `source` is missing"),
        (lambda data: data.pop("self_check"), "at the top: the key `self_check` is missing"),
        (put("surplus", value=1), 'at the top: the key "surplus" does not follow'),
        (put("id", value="0" * 64), 'at id: "0{64}", and its source gives "'),
        (put("serving_id", value="0" * 64), 'at serving_id: "0{64}", and its source gives "'),
        (put("procdsl", value="x\n"), 'at procdsl: "x.n" is no version'),
        (put("edition", value=True), "at edition: true, and its source gives 1"),
        (put("edition", value=1.0), "at edition: 1.0, and its source gives 1"),
        (put("doc", value="Another."), 'at doc: "Another.", and its source gives ""'),
        (put("source", value="proc 1"), 'at source: "proc 1", where an object was expected'),
        (put("source", "lines", value=["proc 1"]), 'of "p.proc" does not have the stated SHA-256'),
        (put("source", "lines", value=[1]), "at source/lines: texts were expected"),
        (put("source", "name", value="a\nb"), 'at source/name: "a.nb" is no name of a file'),
        (put("source", "sha256", value="0" * 64 + "\n"), "at source/sha256: "),
        (put("used", value={}), "at used: an object of 0, where a list was expected"),
        (put("used", value=[[]]), "at used/0: a list of 0, where an object was expected"),
        (put("params", value=[{"name": "a"}]), "at params/0: the key `value` is missing"),
        (put("params", value=[{"name": "a", "value": "1"}]), "there is no param `a`"),
        (put("inputs", 0, "value", value="image: u9[h]"), "at inputs/0/value"),
        (put("pre", value="none"), 'at pre: "none", and its source gives a list of 1'),
        (put("pre", 0, "step", value=2), "at pre/0/step: 2, and its source gives 1"),
        (put("pre", 0, "operation", value="os_system"), 'at pre/0/operation: "os_system"'),
        (put("pre", 0, "parameters", value={"scale": "1/127"}), "at pre/0/parameters/scale"),
        (put("pre", 0, "parameters", value={"scales": 1}), "at pre/0/parameters: the key `scale`"),
        (put("pre", 0, "output", 0, value="f32[h, w, c=3] bgr"), "at pre/0/output/0"),
        (put("pre", 0, "numerics", value={"bound": 1, "reason": ""}), "at pre/0/numerics"),
        (put("model", "inputs", value=["x: f32[h] rgb"]), "at model/inputs/0"),
        (put("outputs", value=["y"]), "at outputs: a list of 1, and its source gives 0"),
        (another_source("1/255", "1/127"), 'scale: "1/255", and its source gives "1/127"'),
        (another_source("rgb", "bgr"), "at inputs/0/value"),
        (another_source("to_float", "os_system"), "its source is not a pipeline: there is no op"),
        (another_source("small", "sm\u202eall"), "not a pipeline: a control or invisible"),
        (another_source("proc 1", "proc 2"), "its source is not a pipeline: this edition"),
    ],
)
def test_bad_manifests(change: Change, said: str) -> None:
    data = manifest(SMALL)
    change(data)
    with pytest.raises(BadManifest, match=said):
        read(json.dumps(data))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put("params", 0, "value", value="16"), "its source is not a pipeline: "),
        (put("params", 1, "value", value="cv2.cubic"), 'sampler: "cv2.linear", and its source'),
        (put("params", 1, "value", value='"cv2.linear"'), "not a pipeline: a value that does not"),
        (put("params", 0, "value", value="8\nlet x = 1"), "not a pipeline: a value that does not"),
        (put("params", 0, "value", value=8), "at params/0/value: 8, where a text was expected"),
        (put("params", 0, "default", value="9"), "at params/0/default"),
        (put("params", 0, "doc", value="The side."), "at params/0/doc"),
        (put("used", value=[]), "not a pipeline: this file cannot be used .the manifest does not"),
        (put("used", 0, "name", value="other.proc"), "the manifest does not hold `common.proc`"),
        (lambda data: data["used"].append(data["used"][0]), "at used: a list of 2, and its source"),
        (put("post", 0, "numerics", value="exact"), 'numerics: "exact", and its source gives an'),
        (put("post", 0, "numerics", "bound", value=1e-9), "at post/0/numerics/bound: 1e-09"),
        (put("post", 0, "doc", value="Sums to two."), "at post/0/doc"),
        (put("externs", 0, "sha256", value="b" * 64), 'at id: ".*", and its source gives ".*"'),
    ],
)
def test_what_follows_from_the_source_is_not_believed(change: Change, said: str) -> None:
    data = manifest(RICH)
    change(data)
    with pytest.raises(BadManifest, match=said):
        read(json.dumps(data))


def test_a_change_of_training_is_not_believed_either() -> None:
    data = manifest(TRAINED)
    for change in (
        put("pre", 2, "parameters", "p", value=0.25),
        put("pre", 2, "numerics", value="exact"),
        put("pre", 2, "only", value="serve"),
        lambda data: data["pre"][0].pop("only"),
        lambda data: data["pre"].pop(2),
        lambda data: data["externs"][0].pop("only"),
    ):
        changed = json.loads(json.dumps(data))
        change(changed)
        with pytest.raises(BadManifest, match="and its source gives|is missing"):
            read(json.dumps(changed))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put("self_check", value=None), "at self_check: null, where size, preprocess stand"),
        (put("self_check", value={"size": [61, 83]}), 'at self_check: "size", where size, prepro'),
        (put("self_check", "postprocess", value={}), "where size, preprocess stand"),
        (put("self_check", "size", value=[60, 83]), "no size of a probe"),
        (put("self_check", "size", value=[61.0, 83]), "no size of a probe"),
        (put("self_check", "size", value=[True, True]), "no size of a probe"),
        (put("self_check", "preprocess", value={}), "at self_check/preprocess: nothing, where x"),
        (put("self_check", "preprocess", "y", value={}), 'preprocess: "x", "y", where x stand'),
        (put("self_check", "preprocess", "x", value={"text": "a"}), "x: its `sha256` was expected"),
        (put("self_check", "preprocess", "x", "sha256", value="0"), "x: its `sha256` was expected"),
        (put("self_check", "preprocess", "x", "text", value=""), "x: its `sha256` was expected"),
    ],
)
def test_the_golden_record_has_the_form_that_the_types_give_it(change: Change, said: str) -> None:
    data = manifest(SMALL)
    change(data)
    with pytest.raises(BadManifest, match=said):
        read(json.dumps(data))


ENTRY = ("self_check", "postprocess", "q")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put(*ENTRY, value={"sha256": "0" * 64}), "q: its `bound`, `shape` and `values` was"),
        (put(*ENTRY, "bound", value=0), "q: a `bound` of 6e-08 or more was expected"),
        (put(*ENTRY, "bound", value=True), "q: a `bound` of 6e-08 or more was expected"),
        (put(*ENTRY, "shape", value=[4]), r"q: the `shape` of f32\[class=3\] probabilities"),
        (put(*ENTRY, "shape", value=[3, 1]), "q: the `shape` of"),
        (put(*ENTRY, "shape", value=[-3]), "q: the `shape` of"),
        (put(*ENTRY, "shape", value=3), "q: the `shape` of"),
        (put(*ENTRY, "values", value=[0.5]), "q: 3 `values` was expected"),
        (put(*ENTRY, "values", value=[0, 0, 1]), "q: 3 `values` was expected"),
        (put("self_check", "postprocess", "name", value={"text": ["cat"]}), "name: its `text` was"),
    ],
)
def test_and_so_have_its_bounded_entries(change: Change, said: str) -> None:
    data = manifest(RICH)
    change(data)
    with pytest.raises(BadManifest, match=said):
        read(json.dumps(data))


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ({"schema": 2, "procdsl": "0.0.9"}, "schema version 2; .* take procdsl 0.0.9, which wrote"),
        ({"schema": 9, "procdsl": "2.1"}, f"this procdsl, {VERSION}, .* take procdsl 2.1, which"),
        ({"schema": 9, "procdsl": "2.1\n"}, "schema version 9; .* take another procdsl"),
        ({"schema": 9}, "schema version 9; .* take another procdsl, or compile its source again"),
        ({"schema": "3", "procdsl": VERSION}, 'schema version "3"'),
        ({"schema": 3.0, "procdsl": VERSION}, "schema version 3.0"),
        ({"schema": True, "procdsl": VERSION}, "schema version true"),
        ({"schema": [3], "procdsl": VERSION}, "schema version a list of 1"),
    ],
)
def test_another_schema_says_which_procdsl_reads_it(head: dict[str, Any], said: str) -> None:
    with pytest.raises(BadManifest, match=said):
        read(json.dumps({**manifest(SMALL), "procdsl": None, **head}))


def test_what_another_version_wrote_differently_is_said_to_be_its_work() -> None:
    data = {**manifest(SMALL), "procdsl": "0.0.9"}
    read(json.dumps(data))
    data["pre"][0]["numerics"] = {"bound": 1e-7, "reason": "an older way"}
    with pytest.raises(BadManifest, match=f"was written by procdsl 0.0.9, and this is {VERSION}"):
        read(json.dumps(data))


MANY = limits.MANIFEST_CHARACTERS - 200
HEAD = '{"schema": 3, "procdsl": "0.1.0", '
HOSTILE = {
    "nothing": ("", "not JSON"),
    "half": ("{", "not JSON"),
    "a list": ("[1, 2]", "not a manifest"),
    "null": ("null", "not a manifest"),
    "a byte order mark": ("\ufeff{}", "not JSON: Unexpected UTF-8 BOM"),
    "a key twice": ('{"schema": 1, "schema": 1}', 'the key "schema" stands twice'),
    "NaN": ('{"schema": NaN}', "NaN is not a number of JSON"),
    "infinity": ('{"schema": -Infinity}', "-Infinity is not a number"),
    "1e400": ('{"schema": 1e400}', "1e400 is larger than any float64"),
    "a long number": (f'{{"schema": {"1" * 100_000}}}', "a number of more than 40 characters"),
    "a long real": (f'{{"schema": 1.{"1" * 100_000}}}', "a number of more than 40 characters"),
    "half a pair": (HEAD + '"doc": "\\ud83d"}', "half of a surrogate pair"),
    "half a pair as it is": (HEAD + '"doc": "\ud83d"}', "half of a surrogate pair"),
    "half a pair as a key": (HEAD + '"\\udc00": 1}', "half of a surrogate pair"),
    "17 levels": (HEAD + f'"pre": {"[" * 16}{"]" * 16}}}', "nested deeper than 16 levels"),
    "900 levels": (HEAD + f'"pre": {"[" * 900}{"]" * 900}}}', "nested deeper than 16 levels"),
    "a deep list": ("[" * 100_000, "nested deeper than 16 levels"),
    "a deep object": ('{"a":' * 100_000, "nested deeper than 16 levels"),
    "100 MB of brackets": ("[" * 100_000_000, "more than the 4,000,000 that are read"),
    "100 MB of blanks": (" " * 100_000_000, "more than the 4,000,000 that are read"),
    "open strings": ('"\\' * 20_000, "not JSON"),
    "more open strings": ('"\\' * (MANY // 2), "not JSON"),
    "20,000 keys and one twice": (
        "{" + ",".join(f'"k{i}": 0' for i in range(20_000)) + ', "k0": 1}',
        'the key "k0" stands twice',
    ),
    "lists": (HEAD + '"pre": [' + "[]," * (MANY // 3) + "1]}", "`source` is missing"),
    "objects": (HEAD + '"pre": [' + "{}," * (MANY // 3) + "1]}", "`source` is missing"),
    "reals": (HEAD + '"pre": [' + "1.5," * (MANY // 4) + "1]}", "`source` is missing"),
    "no provenance": (HEAD + '"provenance": []}', "at provenance: a list of 0, where an object"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_refused_at_once(name: str) -> None:
    text, said = HOSTILE[name]
    before = time.process_time()
    with pytest.raises(BadManifest, match=said):
        read(text)
    assert time.process_time() - before < 20  # 1 s on an idle machine, minutes if quadratic


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak there")
def test_hostile_texts_take_little_memory() -> None:
    """Of a process that does nothing else, with the texts themselves."""
    script = (
        "from test_manifest_refused import HOSTILE, BadManifest, read\n"
        "for text, _ in HOSTILE.values():\n"
        "    try:\n"
        "        read(text)\n"
        "    except BadManifest:\n"
        "        continue\n"
        "    raise AssertionError(text[:80])\n"
        "print(open('/proc/self/status').read())\n"
    )
    here = Path(__file__).parent
    paths = os.pathsep.join(map(str, (here, here.parent)))
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", done.stdout)
    assert int(peak) / 2**10 < 512


@pytest.mark.parametrize("kind", [None, True, 7, 1.5, "text", [], {}, [[]], [{}], {"a": {}}])
def test_wrong_types_everywhere(kind: object) -> None:
    """Each value of a manifest in turn is another one; nothing but the documented error comes."""
    data = manifest(RICH)
    places: list[tuple[Any, ...]] = [(key,) for key in data]
    places += [(key, inner) for key in data for inner in _keys(data[key])]
    refused = 0
    for place in places:
        changed = json.loads(json.dumps(data))
        put(*place, value=kind)(changed)
        if changed == data or place in (("procdsl",), ("source", "name")):
            continue
        with pytest.raises(BadManifest):
            read(json.dumps(changed))
        refused += 1
    assert refused > 40


def _keys(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []


def test_brackets_in_strings_are_no_nesting() -> None:
    text = SMALL.replace("pipeline small", f"## {'[' * 50}\npipeline small")
    assert read(json.dumps(manifest(text))).doc == "[" * 50


def test_what_the_order_of_keys_and_the_layout_say() -> None:
    """Nothing."""
    data = manifest(RICH)
    backwards = json.dumps(data, indent=3, sort_keys=True)
    assert read(backwards) == read(json.dumps(data))
    assert parse(backwards) == data
