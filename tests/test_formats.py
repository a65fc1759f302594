"""Every format: a manifest goes in, comes out, and nothing else changes."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import model_files as made
import pytest
import torch

from procdsl import discovery
from procdsl.modelfile.data import BadModelFile
from procdsl.modelfile.format import Interface, Tensor
from procdsl.modelfile.formats import format_of, formats, recognised

TEXT = made.manifest()
LONG = TEXT.replace("Carried by models.", "x" * 5000)
CONFIG = b'{"do_resize": true, "size": {"height": 32, "width": 32}, "rescale_factor": 0.00392}'
FOLDER = {"config.json": b'{"model_type": "vit"}', "preprocessor_config.json": CONFIG}


@pytest.mark.parametrize("kind", made.MADE)
def test_a_manifest_goes_in_and_comes_out(kind: str) -> None:
    data = made.MADE[kind]()
    assert made.text_of(data) is None
    with_text = made.embedded(data, TEXT)
    assert made.text_of(with_text) == TEXT


@pytest.mark.parametrize("kind", made.MADE)
def test_another_replaces_it_and_leaves_no_trace(kind: str) -> None:
    once = made.embedded(made.MADE[kind](), TEXT)
    longer = made.embedded(once, LONG)
    assert made.text_of(longer) == LONG
    assert made.embedded(longer, TEXT) == once
    assert b"x" * 5000 not in once


@pytest.mark.parametrize("kind", made.MADE)
def test_one_format_alone_knows_a_file(kind: str) -> None:
    given = made.model(made.MADE[kind]())
    known = [discovery.file_of(name) for name in discovery.modules("formats")]
    found = [n for n in known if discovery.module("formats", n).FORMAT.recognises(given)]
    assert found == [kind]


def test_every_format_is_tested() -> None:
    assert {*made.MADE, "hugging_face"} == set(discovery.modules("formats"))


def test_the_page_names_every_format() -> None:
    page = (Path(__file__).parent.parent / "docs" / "model-files.md").read_text()
    table = page.partition("| format | place |\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", table, re.M)
    assert len(rows) == len(formats())
    for format in formats():
        word = format.title.split()[-1 if format.title == "torch checkpoint" else 0]
        assert any(word.lower() in row.lower() for row in rows), format.title


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"proc 1\n",
        b"\x89HDF\r\n\x1a\n" + bytes(100),
        b"{}",
        b"GGUF" + bytes(60),
        bytes(range(256)),
        b"<html></html>",
        b"# comm{nt\nproc 1\npipeline p\n",
    ],
)
def test_foreign_files_are_of_no_format(data: bytes) -> None:
    given = made.model(data)
    assert recognised(given) is None
    with pytest.raises(BadModelFile, match="no model file that procdsl knows: .*ONNX.*safetensors"):
        format_of(given)


def test_an_archive_of_others_is_of_no_format() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert recognised(made.model(file.getvalue())) is None


@pytest.mark.parametrize("kind", made.MADE)
def test_what_was_cut_off_is_refused(kind: str) -> None:
    data = made.embedded(made.MADE[kind](), TEXT)
    for size in {len(data) // 3, len(data) // 2, len(data) - 30, len(data) - 2}:
        with pytest.raises(BadModelFile):
            made.text_of(data[:size])


def test_formats_import_no_library_of_models() -> None:
    """Nothing but the standard library and procdsl, so that any machine can read a model."""
    for name in discovery.modules("formats"):
        module = discovery.module("formats", name)
        source = Path(str(module.__file__)).read_text()
        for imported in re.findall(r"^\s*(?:from|import) ([\w]+)", source, re.M):
            assert imported in {*sys.stdlib_module_names, "procdsl"}


# What files state


@pytest.mark.parametrize(
    ("kind", "output"), [("pt2", None), ("openvino", "logits")], ids=["pt2", "openvino"]
)
def test_inputs_and_outputs(kind: str, output: str | None) -> None:
    given = made.model(made.MADE[kind]())
    assert format_of(given).interface(given) == Interface(
        (Tensor("x", "f32", (None, 3, 32, 32)),), (Tensor(output, "f32", (None, 4)),)
    )


@pytest.mark.parametrize("kind", ["checkpoint", "torchscript", "safetensors"])
def test_a_format_that_states_nothing_says_so(kind: str) -> None:
    given = made.model(made.MADE[kind]())
    format = format_of(given)
    assert (format.interface(given), bool(format.unstated)) == (None, True)


# Folders


def test_a_folder_carries_a_file_and_its_id() -> None:
    given = made.folder(FOLDER)
    format = format_of(given)
    assert (format.title, format.text(given)) == ("Hugging Face folder", None)
    files = made.built(given, format.embedded(given, TEXT))
    assert files["procdsl.json"].decode() == TEXT
    config = json.loads(files["preprocessor_config.json"])
    assert config.pop("procdsl") == json.loads(TEXT)["id"]
    assert config == json.loads(CONFIG)
    assert format.text(made.folder({**FOLDER, **files})) == TEXT


def test_a_folder_without_a_preprocessor_carries_the_file_alone() -> None:
    given = made.folder({"config.json": b"{}"})
    files = made.built(given, format_of(given).embedded(given, TEXT))
    assert list(files) == ["procdsl.json"]


@pytest.mark.parametrize(
    ("config", "file", "said"),
    [
        (b'{"procdsl": "abc"}', TEXT, 'names "abc", and procdsl.json holds'),
        (b'{"size": 3}', TEXT, "names no pipeline, and procdsl.json holds"),
        (b'{"procdsl": "abc"}', None, "names a pipeline, and there is no procdsl.json"),
        (b'{"procdsl": "abc", "procdsl": "abc"}', TEXT, 'the key "procdsl" stands twice'),
        (b"[]", TEXT, "is no JSON object"),
        (b'{"procdsl": "abc"}', "x", "its procdsl.json is not JSON"),
    ],
)
def test_a_folder_whose_parts_do_not_fit(config: bytes, file: str | None, said: str) -> None:
    files = {**FOLDER, "preprocessor_config.json": config}
    given = made.folder({**files, "procdsl.json": file.encode()} if file else files)
    with pytest.raises(BadModelFile, match=said):
        format_of(given).text(given)


def test_torch_alone_reads_what_was_kept() -> None:
    """The other extra file and the program of a `.pt2`, and what TorchScript computes."""
    wanted = made.net()(made.EXAMPLE)
    notes = {"notes.txt": "", "procdsl.json": ""}
    program = torch.export.load(BytesIO(made.embedded(made.exported(), TEXT)), extra_files=notes)
    assert notes == {"notes.txt": "kept", "procdsl.json": TEXT}
    assert torch.equal(program.module()(made.EXAMPLE), wanted)
    scripted = {"notes.txt": b"", "procdsl.json": b""}
    module = torch.jit.load(BytesIO(made.embedded(made.torchscript(), TEXT)), _extra_files=scripted)
    assert scripted == {"notes.txt": b"kept", "procdsl.json": TEXT.encode()}
    assert torch.equal(module(made.EXAMPLE), wanted)
