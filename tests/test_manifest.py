"""The manifest: lossless, strict, and the same pipeline when it is read back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support import compiled

from procdsl import limits
from procdsl.checker.check import check
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.ir.pipeline import Pipeline
from procdsl.ir.unparse import unparse
from procdsl.manifest import canonical, schema, write
from procdsl.manifest.read import BadManifest, read
from procdsl.reference.golden_record import golden_record
from procdsl.workspace import sources

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*/*.manifest.json"))
SMALL = """proc 1
pipeline small
input image: u8[h, w, c=3] rgb
pre {
    to_float(scale=1/255)
}
model x: f32[h, w, c=3] rgb -> y: f32[n=3]
"""


def source_of(manifest: Path) -> Pipeline:
    source = manifest.with_name(manifest.name.replace(".manifest.json", ".proc"))
    pipeline = check(sources.read_source(str(source)), sources.load).pipeline
    assert pipeline is not None
    return pipeline


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_manifest_to_pipeline_to_manifest(path: Path) -> None:
    text = path.read_text()
    pipeline = read(text)
    assert pipeline == source_of(path)
    assert write.text(write.manifest(pipeline, golden_record(pipeline))) == text


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_modules_can_be_generated_from_the_manifest_alone(path: Path) -> None:
    generated = generate(read(path.read_text()), options=Options(format=False))
    assert generated == generate(source_of(path), options=Options(format=False))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_proc_to_manifest_to_proc(path: Path) -> None:
    written = unparse(read(path.read_text()))
    again = compiled(written)
    assert canonical.identity(again) == json.loads(path.read_text())["id"]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_manifests_meet_the_schema(path: Path) -> None:
    jsonschema.validate(json.loads(path.read_text()), json.loads(schema.text()))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema.text()))


def test_the_id_is_that_of_the_meaning() -> None:
    base = canonical.identity(compiled(SMALL))
    same = [
        SMALL.replace("pipeline small", "## Documented.\npipeline other  # and renamed"),
        SMALL.replace("1/255", "scale").replace("input", "let scale = 1/255\ninput"),
        SMALL.replace("1/255", "2/510"),
    ]
    for text in same:
        assert canonical.identity(compiled(text)) == base
    other = [
        SMALL.replace("1/255", "0.00392156862745098"),
        SMALL.replace("image", "picture"),
        SMALL.replace("y: f32[n=3]", "y: f32[n=4]"),
        SMALL.replace("rgb", "bgr"),
        SMALL.replace("}\nmodel", "flip(vertical)\n}\nmodel"),
    ]
    found = {canonical.identity(compiled(text)) for text in other}
    assert len(found) == len(other)
    assert base not in found


def good() -> dict[str, Any]:
    pipeline = compiled(SMALL)
    return write.manifest(pipeline, golden_record(pipeline))


def test_provenance_is_kept_beside_the_rest() -> None:
    pipeline = compiled(SMALL)
    provenance = {"commit": "a" * 40, "dirty": True}
    data = write.manifest(pipeline, golden_record(pipeline), provenance)
    assert data["provenance"] == {"commit": "a" * 40, "dirty": True}
    assert read(write.text(data)) == compiled(SMALL)
    assert {k: v for k, v in data.items() if k != "provenance"} == good()


Change = Callable[[dict[str, Any]], object]


def set_(*path: Any, value: Any) -> Change:
    def change(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (set_("schema", value=1), "schema version 1; this procdsl reads version 2"),
        (set_("schema", value="1"), 'schema version "1"'),
        (lambda data: data.pop("schema"), "not a manifest"),
        (lambda data: data.pop("pre"), "'pre' is a required property"),
        (set_("surplus", value=1), "'surplus' was unexpected"),
        (set_("id", value="0" * 64), "do not have the stated id"),
        (set_("source", "lines", value=["proc 1"]), "does not have the stated SHA-256"),
        (set_("pre", 0, "operation", value="os_system"), "operation os_system is not known"),
        (set_("pre", 0, "operation", value="../x"), "at pre/0"),
        (set_("pre", 0, "parameters", value={"scale": "1/127"}), "do not have the stated id"),
        (set_("pre", 0, "parameters", value={"scale": "1/0"}), "is not a word"),
        (set_("pre", 0, "parameters", value={"scale": "x\n}\n"}), "is not a word of the language"),
        (set_("pre", 0, "parameters", value={"scales": 1}), "has no parameter scales"),
        (set_("pre", 0, "parameters", value={}), "its steps are not a pipeline: `to_float` needs"),
        (set_("pre", 0, "takes", value=["a b"]), "at pre/0"),
        (set_("model", "inputs", value=["x: f32[h]\n}"]), "at model/inputs/0"),
        (set_("model", "inputs", value=["x: f32[h] rgb"]), "its steps are not a pipeline"),
        (set_("doc", value="a\u202eb"), "its steps are not a pipeline: a control or invisible"),
        (set_("inputs", 0, "value", value="image: u9[h]"), "there is no dtype"),
        (set_("pre", value="none"), "at pre"),
    ],
)
def test_bad_manifests(change: Change, said: str) -> None:
    data = good()
    change(data)
    with pytest.raises(BadManifest, match=said.replace("(", r"\(")):
        read(json.dumps(data))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[1, 2]", "not a manifest"),
        ("null", "not a manifest"),
        ('{"schema": 1, "schema": 1}', 'the key "schema" stands twice'),
        ('{"schema": NaN}', "NaN is not a number of JSON"),
        ('{"schema": -Infinity}', "-Infinity is not a number"),
        ('{"schema": 1e999}', "1e999 is not a finite number"),
        ('{"schema": ' + "[" * 100 + "]" * 100 + "}", "nested deeper than 16"),
        ("[" * 200_000, "nested deeper than 16"),
        ('{"schema": ' + "1" * 5000 + "}", "not JSON|schema version"),
        (" " * 9_000_000, "more than the 8,000,000"),
    ],
)
def test_texts_that_are_no_manifest(text: str, said: str) -> None:
    with pytest.raises(BadManifest, match=said):
        read(text)


def test_brackets_in_strings_are_no_nesting() -> None:
    data = good()
    data["doc"] = "[" * 50
    assert read(json.dumps(data)).doc == "[" * 50


def test_a_table_that_is_longer_than_a_line_may_be() -> None:
    labels = ",\n".join(f'"number {n}"' for n in range(2000))
    pipeline = compiled(
        "proc 1\npipeline p\nmodel x: f32[n=1] -> y: f32[class=2000]\n"
        f"post {{\n    i = argmax(y, over=class)\n    name = lookup(i, table=({labels}))\n}}\n"
        "output name\n"
    )
    assert len(labels) > 2 * limits.LINE_CHARACTERS
    assert read(write.text(write.manifest(pipeline, golden_record(pipeline)))) == pipeline
    assert compiled(unparse(pipeline)) == pipeline
