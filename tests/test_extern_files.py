"""Externs in manifests and on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import torch
from command_line import said
from PIL import Image
from support import BACKENDS

from procdsl.checker.check import check
from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compiler import generate
from procdsl.ir.pipeline import Pipeline
from procdsl.ir.unparse import unparse
from procdsl.manifest import canonical, schema, write
from procdsl.manifest.read import BadManifest, read
from procdsl.reference.golden_record import golden_record
from procdsl.workspace import externs, sources

FILTERS = """
def denoise(image):
    if image.shape[1] > 40:
        raise LookupError("too wide")
    return image // 2


def mix(a, b):
    return a, b
"""
TEXT = """proc 1
pipeline shop
let size = 16

## Halves.
extern denoise from "shop.filters:denoise" (u8[h, w, c=3] rgb @image) -> u8[h, w, c=3] rgb @image
extern mix from "shop.filters:mix" (f32[n=4] logits, f32[]) -> f32[], f32[n=4] logits

input image: u8[h, w, c=3] rgb

pre {
    denoise()
    clean = denoise(image)
    x = resize(clean, h=size, w=size, sampler=cv2.linear)
}

model x: u8[h=size, w=size, c=3] rgb -> y: f32[n=4] logits, z: f32[]

post {
    a, b = mix(y, z)
}

output a, b
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "filters.py").write_text(FILTERS)
    (tmp_path / "shop.proc").write_text(TEXT)
    Image.new("RGB", (30, 20), (200, 100, 50)).save(tmp_path / "small.png")
    Image.new("RGB", (50, 20)).save(tmp_path / "wide.png")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def compiled(path: Path) -> Pipeline:
    checked = check(sources.read_source(str(path)), sources.load, find=externs.find)
    assert checked.pipeline is not None, checked.diagnostics
    return checked.pipeline


# Manifests


def test_a_manifest_loses_nothing(folder: Path) -> None:
    pipeline = compiled(folder / "shop.proc")
    data = write.manifest(pipeline, golden_record(pipeline))
    jsonschema.validate(data, json.loads(schema.text()))
    assert [(e["name"], e["from"], e.get("doc")) for e in data["externs"]] == [
        ("denoise", "shop.filters:denoise", "Halves."),
        ("mix", "shop.filters:mix", None),
    ]
    assert data["externs"][0]["gives"] == ["u8[h, w, c=3] rgb @image"]
    assert data["pre"][1]["operation"] == "denoise"
    assert data["pre"][1]["numerics"] == "extern"
    again = read(write.text(data))
    assert again == pipeline
    assert write.manifest(again, golden_record(again)) == data
    assert generate(again, options=Options(format=False)) == generate(
        pipeline, options=Options(format=False)
    )
    (folder / "again.proc").write_text(unparse(again))
    assert canonical.identity(compiled(folder / "again.proc")) == data["id"]


def test_the_id_follows_the_source(folder: Path) -> None:
    before = canonical.identity(compiled(folder / "shop.proc"))
    (folder / "shop" / "filters.py").write_text(FILTERS.replace("// 2", "// 3"))
    assert canonical.identity(compiled(folder / "shop.proc")) != before


def test_a_source_that_nobody_looked_for_is_no_manifest(folder: Path) -> None:
    pipeline = check(sources.read_source(str(folder / "shop.proc"))).pipeline
    assert pipeline is not None
    golden = golden_record(pipeline)
    with pytest.raises(ValueError, match="source of the extern `denoise` was not looked for"):
        write.manifest(pipeline, golden)


def in_first(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        data["externs"][0][key] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (in_first("from", "shop.filters"), "holds no hash of `shop.filters:denoise`"),
        (in_first("from", 7), "at externs/0/from: 7, where a text was expected"),
        (in_first("from", "shop.filters:other"), "holds no hash of `shop.filters:denoise`"),
        (in_first("sha256", "0" * 64), 'at id: "[0-9a-f]{64}", and its source gives "'),
        (in_first("sha256", ""), 'at externs/0/sha256: "" is no SHA-256'),
        (in_first("sha256", "0" * 64 + "\n"), "at externs/0/sha256"),
        (in_first("takes", []), "at externs/0/takes: a list of 0, and its source gives 1"),
        (in_first("takes", ["u8[h] rgb) -> u8[h"]), "at externs/0/takes/0"),
        (in_first("takes", ["u8[h, w, c=3] bgr"]), "at externs/0/takes/0"),
        (in_first("gives", ["u8[h, w, c=3] rgb"]), "at externs/0/gives/0"),
        (in_first("name", "clean"), 'at externs/0/name: "clean", and its source gives "denoise"'),
        (in_first("doc", "Doubles."), "at externs/0/doc"),
        (in_first("surplus", 1), 'at externs/0: the key "surplus" does not follow'),
        (in_first("only", "train"), 'at externs/0: the key "only" does not follow'),
        (lambda data: data.pop("externs"), "holds no hash of `shop.filters:denoise`"),
        (lambda data: data.update(externs=[]), "holds no hash of `shop.filters:denoise`"),
        (lambda data: data.update(externs=[1]), "at externs/0: 1, where an object was expected"),
        (lambda data: data["externs"].append(data["externs"][1]), "at externs: a list of 3"),
        (lambda data: data["pre"][0]["parameters"].update(n=1), 'the key "n" does not follow'),
    ],
)
def test_bad_manifests(folder: Path, change: Callable[[dict[str, Any]], Any], said: str) -> None:
    pipeline = compiled(folder / "shop.proc")
    data = write.manifest(pipeline, golden_record(pipeline))
    change(data)
    with pytest.raises(BadManifest, match=said):
        read(json.dumps(data))


# The command line


def test_check_and_compile(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "check", "shop.proc") == (0, "", "")
    assert said(capsys, "compile", "shop.proc", "-o", "build")[0] == 0
    assert said(capsys, "compile", "shop.proc", "-o", "build", "--check") == (0, "", "")
    (folder / "shop" / "filters.py").write_text(FILTERS + "# changed\n")
    code, _, err = said(capsys, "compile", "shop.proc", "-o", "build", "--check")
    assert (code, err.count("is stale")) == (1, 4)
    assert "shop" not in sys.modules


def test_a_source_that_is_not_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "shop" / "filters.py").unlink()
    for command in ("check", "compile", "run"):
        images = ("small.png",) if command == "run" else ()
        code, out, err = said(capsys, command, "shop.proc", *images)
        assert (code, out) == (1, "")
        assert "error[E222]: the function of the extern `denoise` cannot be found" in err
        assert f"found: no module `shop.filters` in {folder}" in err
        assert "hint: write where it is, or put the file there" in err
    assert not (folder / "shop_numpy.py").exists()


def test_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "run", "shop.proc", "small.png", "--backend", "all")
    assert (code, err) == (0, "")
    digests = [line.split()[0] for line in out.splitlines()]
    assert (len(digests), len(set(digests))) == (3, 1)


def test_run_says_where_a_function_failed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "run", "shop.proc", "wide.png")
    place = f"{folder / 'shop' / 'filters.py'}, line 4"
    note = "raised by the extern `denoise` (shop.filters:denoise)"
    assert (code, err) == (
        2,
        f"procdsl: error: wide.png: LookupError: too wide ({place}), {note}\n",
    )


def test_run_says_what_cannot_be_imported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "shop" / "filters.py").write_text("import not_there\n" + FILTERS)
    code, _, err = said(capsys, "run", "shop.proc", "small.png")
    assert code == 2
    assert "needs its extern `denoise`: shop.filters:denoise cannot be imported: No module" in err
    assert "pip install" not in err


@pytest.mark.parametrize(
    ("code", "said_"),
    [
        (
            "def denoise(image):\n    return image / 2\n",
            "small.png: TypeError: image: the extern `denoise`",
        ),
        ("def denoise(image):\n    return 1 / 0\n", "small.png: ZeroDivisionError: division by"),
        ("def denoise(image): ...\n1 / 0\n", "shop.proc: an extern's module fails: ZeroDivision"),
    ],
)
def test_run_is_not_to_blame_for_a_function(
    folder: Path, capsys: pytest.CaptureFixture[str], code: str, said_: str
) -> None:
    mix = "\n\ndef mix(a, b):\n    return a, b\n"
    (folder / "shop" / "filters.py").write_text(code + mix)
    exit_code, _, err = said(capsys, "run", "shop.proc", "small.png")
    assert exit_code == 2
    assert f"procdsl: error: {said_}" in err


@pytest.mark.parametrize("backend", BACKENDS)
def test_errors_name_the_values_that_the_function_was_given(folder: Path, backend: str) -> None:
    code = "def denoise(image): ...\n\n\ndef mix(a, b):\n    return a\n"
    (folder / "shop" / "filters.py").write_text(code)
    text = TEXT.replace("    denoise()\n", "").replace("denoise(image)", "denoise(picture)")
    text = text.replace("input image", "input picture")
    (folder / "shop.proc").write_text(text)
    sys.path.insert(0, str(folder))
    pipeline = compiled(folder / "shop.proc")
    module = load(
        generate(pipeline, [backend], options=Options(format=False))[f"shop_{backend}.py"],
        f"shop_{backend}",
    )
    picture = np.zeros((20, 30, 3), np.uint8)
    given = torch.from_numpy(picture) if backend == "torch" else picture
    with pytest.raises(TypeError, match=r"^picture: the extern `denoise` .*, got NoneType$"):
        module.preprocess(given)
    outputs = [np.zeros(4, np.float32), np.zeros((), np.float32)]
    values = [torch.from_numpy(x) if backend == "torch" else x for x in outputs]
    with pytest.raises(TypeError, match=r"^y, z: the extern `mix` .*, got ndarray$"):
        module.postprocess(*values)


def test_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "explain", "extern")
    assert code == 0
    assert out.startswith("# extern\n\nA step in your own Python")
