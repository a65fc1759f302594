"""`inspect`, `extract`, `verify` and `compile` of what a model file carries."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import model_files as made
import pytest
from command_line import names, said
from extern_project import Project

from procdsl.cli import verify_command
from procdsl.manifest import write
from procdsl.source import Source
from procdsl.workspace import models

SHARED = "proc 1\nlet size = 32\nlet scale = 1/255\n"
USING = 'proc 1\n\npipeline using\n\nuse "PATH"\n\nparam grey = 114\n' + made.PIPELINE.partition(
    "pipeline carried\n"
)[2].replace("resize(h=32, w=32,", "letterbox(h=size, w=size, fill=grey,").replace(
    "scale=1/255", "scale=scale"
)


@pytest.fixture
def work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """A folder with two pipelines, and a model of each format that carries the first."""
    (tmp_path / "a.proc").write_text(made.PIPELINE)
    (tmp_path / "b.proc").write_text(made.OTHER)
    monkeypatch.chdir(tmp_path)
    for kind, make in made.MADE.items():
        (tmp_path / kind).write_bytes(make())
        assert said(capsys, "embed", "a.proc", kind, "--set", "epoch=3")[0] == 0
    (tmp_path / "a.manifest.json").write_text(made.manifest())
    return tmp_path


CARRIERS = [*made.MADE, "a.manifest.json"]


def identity(text: str = made.PIPELINE) -> str:
    found: str = json.loads(made.manifest(text))["id"]
    return found


# inspect


@pytest.mark.parametrize("carrier", CARRIERS)
def test_inspect(carrier: str, work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "inspect", carrier)
    assert (code, err) == (0, "")
    for line in (
        r"pipeline +carried\n +Carried by models.",
        rf"id +{identity()}",
        r"input +image: u8\[h, w, c=3\] bgr",
        r"model takes +x: f32\[c=3, h=32, w=32\] rgb",
        r"output +probabilities: f32\[class=4\] probabilities, 0..1",
        r"  2  resize\(h=32, w=32, sampler=cv2.linear\) +u8\[h=32, w=32, c=3\] rgb, 0..255  exact",
        r"  1  probabilities = softmax\(logits, over=class\) .* within 6e-08",
    ):
        assert re.search(f"^{line}$", out, re.M), line
    assert (carrier == "a.manifest.json") != bool(re.search(r"^  epoch +3$", out, re.M))


def test_inspect_tells_whether_it_is_a_pipeline(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = said(capsys, "inspect", "pt2", "a.proc")
    assert (code, out.splitlines()[:2]) == (0, ["pt2 (pt2)", "is the pipeline of a.proc"])
    assert "in the file  takes x: f32[?, 3, 32, 32]\n             gives f32[?, 4]\n" in out
    code, out, _ = said(capsys, "inspect", "pt2", "b.proc")
    assert (code, out.splitlines()[1]) == (1, "is not the pipeline of b.proc")
    code, out, _ = said(capsys, "inspect", "pt2", "onnx")
    assert (code, out.splitlines()[1]) == (0, "is the pipeline of onnx")


def test_inspect_as_data(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "inspect", "pt2", "b.proc", "--json")
    found = json.loads(out)
    assert (code, found["matches"], found["format"]) == (1, False, "pt2")
    assert found["manifest"] == json.loads(models.carried("pt2").text)
    assert found["stated"] == {
        "inputs": [{"name": "x", "dtype": "f32", "shape": [None, 3, 32, 32]}],
        "outputs": [{"name": None, "dtype": "f32", "shape": [None, 4]}],
    }


def test_a_model_without_a_manifest(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "bare").write_bytes(made.onnx())
    for words in (["inspect"], ["verify"], ["compile"], ["extract", "-o", "d"]):
        code, _, err = said(capsys, words[0], "bare", *words[1:])
        assert (code, "bare (ONNX) carries no manifest: procdsl embed" in err) == (2, True)


def test_a_manifest_that_was_changed(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = made.manifest().replace('"scale": "1/255"', '"scale": "1/127"')
    (work / "onnx").write_bytes(made.embedded(made.onnx(), text))
    for words in (["inspect"], ["compile"], ["extract", "-o", "d"]):
        code, _, err = said(capsys, words[0], "onnx", *words[1:])
        assert (code, "onnx: the manifest is not whole: " in err) == (2, True), err
    code, out, _ = said(capsys, "verify", "onnx")
    assert (code, out.startswith("FAILED       manifest: ")) == (1, True)


# compile


@pytest.mark.parametrize("carrier", CARRIERS)
def test_compile_gives_the_modules_of_the_source(
    carrier: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "case.proc").write_text(made.PIPELINE)
    source = "case.proc" if carrier == "a.manifest.json" else "a.proc"
    assert said(capsys, "compile", source, "-o", "one", "--target", "numpy")[0] == 0
    assert said(capsys, "compile", carrier, "-o", "two", "--target", "numpy")[0] == 0
    for name in names(work / "one"):
        assert (work / "one" / name).read_bytes() == (work / "two" / name).read_bytes()


def test_a_source_may_be_called_anything(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "source.txt").write_text(made.PIPELINE)
    assert said(capsys, "compile", "source.txt", "-o", "d", "--target", "numpy")[0] == 0
    assert names(work / "d") == ["carried.manifest.json", "carried_numpy.py"]


# extract


@pytest.mark.parametrize("carrier", CARRIERS)
def test_extract(carrier: str, work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "case.proc" if carrier == "a.manifest.json" else "a.proc"
    assert said(capsys, "extract", carrier, "-o", "d") == (0, f"d/{name}\n", "")
    assert (work / "d" / name).read_text() == made.PIPELINE
    assert said(capsys, "extract", carrier, "-o", "d")[0] == 0
    (work / "d" / name).write_text("mine")
    code, _, err = said(capsys, "extract", carrier, "-o", "d")
    assert (code, f"d/{name} exists already, and holds something else" in err) == (2, True)
    assert (work / "d" / name).read_text() == "mine"


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("common.proc", ["d/using.proc", "d/common.proc"]),
        ("lib/common.proc", ["d/using.proc", "d/lib/common.proc"]),
        ("../common.proc", ["d/folder1/using.proc", "d/common.proc"]),
        ("../../a/common.proc", ["d/folder1/folder2/using.proc", "d/a/common.proc"]),
    ],
)
def test_extract_what_is_used(
    path: str, where: list[str], work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Through a model, from one project into another, to the same id with the same params."""
    source = work / "project" / "x" / "y" / "using.proc"
    source.parent.mkdir(parents=True)
    (work / "project" / "pyproject.toml").write_text("")
    (source.parent / path).parent.mkdir(exist_ok=True, parents=True)
    (source.parent / path).write_text(SHARED)
    source.write_text(USING.replace("PATH", path))
    (work / "m").write_bytes(made.exported())
    assert said(capsys, "embed", str(source), "m", "-D", "grey=7")[0] == 0
    (work / "pyproject.toml").write_text("")
    code, out, err = said(capsys, "extract", "m", "-o", "d")
    assert (code, out.split()) == (0, where)
    assert err == "procdsl: its params were set: -D grey=7\n"
    assert said(capsys, "inspect", "m", where[0], "-D", "grey=7")[0] == 0
    assert said(capsys, "verify", "m", where[0], "-D", "grey=7")[0] == 0
    assert said(capsys, "inspect", "m", where[0])[0] == 1


def test_what_lies_above_needs_a_project(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "x").mkdir()
    (work / "pyproject.toml").write_text("")
    (work / "common.proc").write_text(SHARED)
    (work / "x" / "using.proc").write_text(USING.replace("PATH", "../common.proc"))
    assert said(capsys, "embed", "x/using.proc", "onnx", "--force")[0] == 0
    (work / "pyproject.toml").unlink()
    code, out, err = said(capsys, "extract", "onnx", "-o", "d")
    assert (code, out.split()) == (1, ["d/folder1/using.proc", "d/common.proc"])
    assert "error[E220]" in err


def with_source(**changes: Any) -> str:
    """The manifest of a pipeline that uses a file, with another source."""
    text = made.manifest()
    data = json.loads(text)
    data["source"] |= changes
    for source in (data["source"], *data["used"]):
        joined = "\n".join(source["lines"])
        source["sha256"] = write.digest(Source("x", joined))
    return write.text(data)


@pytest.mark.parametrize(
    "name",
    [
        *("../x.proc", "/etc/x.proc", "a/b.proc", "..", ".", "", ".bashrc", "a\\b", "C:x", "a\nb"),
        "\u202e",
    ],
)
def test_names_that_lead_elsewhere(
    name: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "onnx").write_bytes(made.embedded(made.onnx(), with_source(name=name)))
    before = sorted(work.rglob("*"))
    code, out, err = said(capsys, "extract", "onnx", "-o", "d")
    assert (code, out) == (2, ""), err
    assert sorted(work.rglob("*")) == before


@pytest.mark.parametrize("name", ["./lib.proc", "deep/./lib.proc"])
def test_a_use_by_a_dot_is_extracted(
    name: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / name).parent.mkdir(exist_ok=True)
    (work / name).write_text(SHARED)
    (work / "using.proc").write_text(USING.replace("PATH", name))
    assert said(capsys, "compile", "using.proc", "-o", "o")[0] == 0
    assert said(capsys, "verify", "o/using.manifest.json", "using.proc")[0] == 0
    assert said(capsys, "extract", "o/using.manifest.json", "-o", "taken")[0] == 0
    assert said(capsys, "diff", "using.proc", "taken/using.proc")[0] == 0


@pytest.mark.parametrize("name", ["C:lib.proc", ".lib.proc", "\u202e.proc", "a\\b.proc"])
def test_no_source_is_written_that_could_not_be_extracted(
    name: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the pipeline, or as what it uses; the language has no \u202e, and no file has a \\."""
    files = {"using.proc": USING.replace("PATH", json.dumps(name)[1:-1]), name: made.PIPELINE}
    for file, other in ((name, "using.proc"), ("using.proc", name)):
        if file != {"\u202e.proc": "using.proc", "a\\b.proc": name}.get(name):
            (work / other).write_text(SHARED)
            (work / file).write_text(files[file])
            assert said(capsys, "check", file)[0] == 0
            for words in (("compile", file, "-o", "o"), ("embed", file, "onnx")):
                code, _, err = said(capsys, *words)
                assert (code, "no manifest holds a source that is called" in err) == (2, True)
    assert not (work / "o").exists()


def test_sources_of_another_pipeline(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = with_source(lines=made.OTHER.split("\n"))
    (work / "onnx").write_bytes(made.embedded(made.onnx(), text))
    assert said(capsys, "extract", "onnx", "-o", "d")[0] == 2
    code, out, _ = said(capsys, "verify", "onnx")
    assert (code, out.startswith("FAILED       manifest: ")) == (1, True)


# verify


def verdicts(out: str) -> dict[str, str]:
    """What `verify` found, by the name of the check."""
    found = re.findall(r"^(ok|not checked|FAILED) +([^:]+): ", out, re.M)
    return {check: verdict for verdict, check in found}


SELF = {"record": "ok", **{f"self_check, {b}": "ok" for b in ("numpy", "cv2", "torch")}}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_verify(carrier: str, work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "verify", carrier, "a.proc")
    states = carrier in ("pt2", "openvino")
    contract = "ok" if states else "FAILED" if carrier == "onnx" else "not checked"
    assert verdicts(out) == {"manifest": "ok", "pipeline": "ok", "contract": contract, **SELF}
    assert code == (contract == "FAILED")  # the smallest ONNX model has neither inputs nor outputs


def test_verify_against_another_pipeline(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "verify", "pt2", "b.proc", "--json")
    found = json.loads(out)
    assert code == 1
    assert [entry["check"] for entry in found if entry["verdict"] == "failed"] == ["pipeline"]
    assert found[1]["said"] == [f"b.proc is {identity(made.OTHER)}"]
    assert verdicts(said(capsys, "verify", "pt2")[1])["pipeline"] == "not checked"


def test_a_record_that_is_not_true(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(made.manifest())
    data["self_check"]["preprocess"]["x"]["sha256"] = "0" * 64
    (work / "pt2").write_bytes(made.embedded(made.exported(), write.text(data)))
    code, out, _ = said(capsys, "verify", "pt2")
    assert (code, verdicts(out)["record"]) == (1, "FAILED")
    assert "self_check/preprocess/x" in out


def test_a_library_that_is_not_here(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(verify_command._LIBRARIES, "torch", "no_such_library")
    code, out, _ = said(capsys, "verify", "pt2")
    assert (code, verdicts(out)["self_check, torch"]) == (0, "not checked")
    assert "self_check, torch: no_such_library is not installed\n" in out


def test_externs(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Their sources are compared, and none is imported."""
    folder = project.folder
    text = made.PIPELINE.replace(
        "input image",
        'extern denoise from "shop.filters:denoise" (u8[h, w, c=3] rgb) -> u8[h, w, c=3] rgb\n\n'
        "input image",
        1,
    ).replace("    resize", "    denoise()\n    resize")
    (folder / "e.proc").write_text(text)
    model = folder / "m.pt2"
    model.write_bytes(made.exported())
    filters = folder / "shop" / "filters.py"
    filters.write_text(f"open({str(folder / 'ran')!r}, 'w')\n" + filters.read_text())
    source = str(folder / "e.proc")
    assert said(capsys, "embed", source, str(model))[0] == 0
    code, out, _ = said(capsys, "verify", str(model), source)
    found = verdicts(out)
    assert (code, found["externs"], found["self_check, numpy"]) == (0, "ok", "not checked")
    filters.write_text(filters.read_text() + "# changed\n")
    code, out, _ = said(capsys, "verify", str(model))
    assert (code, verdicts(out)["externs"]) == (1, "FAILED")
    assert "and was " in out
    filters.unlink()
    code, out, _ = said(capsys, "verify", str(model))
    assert (code, verdicts(out)["externs"]) == (1, "FAILED")
    code, _, err = said(capsys, "run", str(model), "none.png")
    assert (code, "names Python that would be imported" in err) == (2, True)
    assert not (folder / "ran").exists()
