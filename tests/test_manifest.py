"""The manifest: lossless, strict, and the same pipeline when it is read back."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from support import compiled

from procdsl import limits
from procdsl.checker.check import check
from procdsl.checker.uses import Loader
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.ir.pipeline import Pipeline
from procdsl.ir.unparse import unparse
from procdsl.manifest import canonical, schema, write
from procdsl.manifest.read import read
from procdsl.reference.golden_record import golden_record
from procdsl.source import Source
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


PARAMS = """proc 1
pipeline p
param size = 8
param sampler = cv2.linear
param scale = 1/255
param factor = 2.5
## The classes.
param names = ("a", "b", "c")
input image: u8[h, w, c=3] rgb
pre {
    resize(h=size, w=size, sampler=sampler)
    to_float(scale=scale)
    scale(multiply=factor, add=0)
}
model x: f32[h=size, w=size, c=3] rgb -> y: f32[class=3]
post {
    i = argmax(y, over=class)
    name = lookup(i, table=names)
}
output name
"""


def test_a_param_is_read_back_as_it_was_set() -> None:
    """A word, a text and a fraction that are spelt alike are told apart."""
    settings = {
        "size": "16",
        "sampler": "cv2.nearest",
        "scale": "1/127",
        "factor": "0.125",
        "names": '("rgb", "1/255", "cv2.linear")',
    }
    for given in ({}, settings):
        pipeline = check(Source("p.proc", PARAMS), settings=given).pipeline
        assert pipeline is not None
        data = write.manifest(pipeline, golden_record(pipeline))
        again = read(write.text(data))
        assert again == pipeline
        assert list(map(repr, again.params)) == list(map(repr, pipeline.params))
    assert {param["name"]: param["value"] for param in data["params"]} == settings
    assert data["params"][1]["default"] == "cv2.linear"
    assert data["params"][4]["doc"] == "The classes."


def files(**texts: str) -> Loader:
    """Finds files by their names, without their folders, as a project has them."""

    def load(user: Source, path: str) -> Source:
        return Source(f"{user.name}/{path}", texts[path.rpartition("/")[2][:-5]], title=path)

    return load


def test_files_that_are_used_stand_in_it_in_the_order_of_their_use() -> None:
    """Also one that two files use, and a file of a file."""
    text = SMALL.replace("1/255", "c").replace("input", 'use "a.proc"\nuse "b.proc"\ninput')
    loaded = files(
        a='proc 1\nuse "x/c.proc"\nlet a = e\n',
        b='proc 1\nuse "x/c.proc"\nuse "y/d.proc"\nlet b = (d, e)\nlet c = d\n',
        c="proc 1\nlet e = 1/2\n",
        d="proc 1\nlet d = 1/3\n",
    )
    checked = check(Source("p.proc", text), loaded)
    pipeline = checked.pipeline
    assert pipeline is not None, checked.diagnostics
    data = write.manifest(pipeline, golden_record(pipeline))
    names = ["a.proc", "x/c.proc", "b.proc", "x/c.proc", "y/d.proc"]
    assert [source["name"] for source in data["used"]] == names
    assert data["pre"][0]["parameters"]["scale"] == "1/3"
    assert read(write.text(data)) == pipeline


TRAINED = """proc 1
pipeline p
extern jitter from "training.augment:jitter" (u8[h, w, c=3] cv2.hsv) -> u8[h, w, c=3] rgb
extern clean from "shop.filters:clean" (u8[h, w, c=3] rgb) -> u8[h, w, c=3] rgb
input image: u8[h, w, c=3] rgb
pre {
    clean()
    train {
        convert(cv2.hsv)
        jitter()
        random_resized_crop(h=8, w=8, area=(0.1, 1), ratio=(3/4, 4/3), sampler=pil.bilinear)
    }
    serve {
        resize(h=8, w=8, sampler=cv2.linear)
    }
    to_float(scale=1/255)
}
model x: f32[h=8, w=8, c=3] rgb -> y: f32[n=3]
"""


def trained(text: str = TRAINED) -> Pipeline:
    pipeline = check(Source("p.proc", text), find=lambda *_: "a" * 64).pipeline
    assert pipeline is not None
    return pipeline


def test_training_stands_in_it_step_by_step() -> None:
    pipeline = trained()
    data = write.manifest(pipeline, golden_record(pipeline))
    jsonschema.validate(data, json.loads(schema.text()))
    assert read(write.text(data)) == pipeline
    told = [(e["step"], e.get("only"), e["operation"], e["numerics"]) for e in data["pre"]]
    assert told == [
        (1, None, "clean", "extern"),
        (2, "train", "convert", "exact"),
        (3, "train", "jitter", "extern"),
        (4, "train", "random_resized_crop", "not generated"),
        (5, "serve", "resize", "exact"),
        (6, None, "to_float", "exact"),
    ]
    assert [(e["name"], e.get("only")) for e in data["externs"]] == [
        ("jitter", "train"),
        ("clean", None),
    ]
    assert data["externs"][0]["takes"] == ["u8[h, w, c=3] cv2.hsv"]


def test_the_half_that_serves_has_an_id_of_its_own() -> None:
    base = trained()
    training = [
        TRAINED.replace("area=(0.1, 1)", "area=(0.5, 1)"),
        TRAINED.replace(
            "        jitter()", "        jitter()\n        random_flip(horizontal, p=0.5)"
        ),
        TRAINED.replace("training.augment:jitter", "training.augment:other"),
    ]
    both = [
        TRAINED.replace("sampler=cv2.linear", "sampler=pil.bilinear"),
        TRAINED.replace("1/255", "1/127"),
        TRAINED.replace("y: f32[n=3]", "y: f32[n=4]"),
        TRAINED.replace("shop.filters:clean", "shop.filters:other"),
    ]
    whole, serving = canonical.identity(base), canonical.serving_identity(base)
    assert whole != serving
    for text in training:
        assert canonical.serving_identity(trained(text)) == serving
    for text in both:
        assert canonical.serving_identity(trained(text)) != serving
    found = {canonical.identity(trained(text)) for text in (*training, *both)}
    assert len(found | {whole}) == len(training) + len(both) + 1


def test_what_only_serves_has_one_id_however_it_is_written() -> None:
    alone = SMALL.replace("to_float(scale=1/255)", "serve {\n        to_float(scale=1/255)\n    }")
    alone = alone.replace("pre {", "pre {\n    train {\n        to_float(scale=1/255)\n    }")
    assert canonical.serving_identity(trained(alone)) == canonical.identity(compiled(SMALL))
    assert canonical.serving_identity(compiled(SMALL)) == canonical.identity(compiled(SMALL))
    assert canonical.identity(trained(alone)) != canonical.identity(compiled(SMALL))
    parted = TRAINED.replace("jitter()\n", "jitter()\n    }\n    train {\n")
    assert canonical.identity(trained(parted)) == canonical.identity(trained())
