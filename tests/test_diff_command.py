"""`procdsl diff` on files, manifests and commits, and what `compile --check` says."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import torch
from command_line import BAD, GOOD, PHOTOGRAPH, said
from PIL import Image

from procdsl.compare.change import verdict_of
from procdsl.diagnostics import pages

OTHER = GOOD.replace("cv2.linear", "pil.bilinear")
RENAMED = GOOD.replace("pipeline small", "pipeline tiny")
WIDER = GOOD.replace("y: f32[n=3]", "y: f32[n=4]")
TRAIN = GOOD.replace(
    "pre {\n", "pre {\n    train {\n        random_flip(horizontal, p=0.5)\n    }\n"
)
GRAVITY = [(GOOD, 0), (RENAMED, 3), (TRAIN, 3), (OTHER, 4), (WIDER, 5)]


# Exit codes


@pytest.mark.parametrize(("text", "code"), GRAVITY)
def test_the_exit_code_says_how_grave_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, code: int
) -> None:
    (folder / "new.proc").write_text(text)
    found, out, err = said(capsys, "diff", "good.proc", "new.proc")
    assert (found, err) == (code, "")
    verdicts = {0: "identical", 3: "same meaning", 4: "numerics changed", 5: "contract broken"}
    assert out.startswith(verdicts[code])


@pytest.mark.parametrize(("word", "least"), [("meaning", 3), ("numerics", 4), ("contract", 5)])
@pytest.mark.parametrize(("text", "code"), GRAVITY)
def test_fail_on(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, code: int, word: str, least: int
) -> None:
    (folder / "new.proc").write_text(text)
    found, out, _ = said(capsys, "diff", "good.proc", "new.proc", "--fail-on", word)
    assert found == (code if code >= least else 0)
    assert (code == 0) == out.startswith("identical")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["good.proc"], "two pipelines are compared"),
        (["good.proc", "none.proc"], "none.proc does not exist"),
        (["good.proc", "good.proc", "good.proc"], "two pipelines are compared"),
        (["good.proc", "--against", "main"], "expected git:REF, such as git:main"),
        (["good.proc", "--against", "git:a:b"], "expected git:REF, such as git:main"),
        (["good.proc", "git:HEAD"], "expected git:REF:path"),
        (["good.proc", "git:HEAD:../a.proc"], "begins at the top of the repository"),
        (
            ["good.proc", "git:HEAD:a.proc"],
            "git:HEAD is no commit that git knows: fatal: not a git",
        ),
        (["good.proc", "good.proc", "-D", "size"], "expected NAME=VALUE"),
        (["good.json", "good.proc"], "good.json is no manifest that can be read: not a manifest"),
    ],
)
def test_misuse(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], wanted: str
) -> None:
    (folder / "good.json").write_text("{}")
    code, out, err = said(capsys, "diff", *words)
    assert (code, out) == (2, "")
    assert wanted in err


@pytest.mark.parametrize("style", ["text", "json", "github"])
def test_errors_of_a_file_are_told_in_its_format(
    folder: Path, capsys: pytest.CaptureFixture[str], style: str
) -> None:
    assert "cv2.INTER_LINEAR" in BAD
    code, out, err = said(capsys, "diff", "good.proc", "bad.proc", "--format", style)
    assert code == 1
    told = err if style == "text" else out
    assert "bad.proc" in told
    assert {"text": "error[E", "json": '"code": "E', "github": "::error "}[style] in told


# Manifests


def test_manifests_and_params(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "compile", "good.proc", "-D", "size=9", "-o", "built", "--target", "numpy")
    manifest = "built/small.manifest.json"
    assert said(capsys, "diff", manifest, "good.proc", "-D", "size=9")[0] == 0
    code, out, _ = said(capsys, "diff", manifest, "good.proc")
    assert code == 5
    assert "contract[D302]" in out
    assert "meaning[D106]: the param `size` is another" in out
    assert f"  - {manifest} (good.proc:3): param size = 8, set to 9\n" in out


# Pictures and formats


def test_a_model_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.save({"weight": {"a": torch.ones(2)}, "epoch": 3}, folder / "model.pt")
    assert said(capsys, "embed", "good.proc", "model.pt")[0] == 0
    assert said(capsys, "diff", "model.pt", "good.proc")[0] == 0
    torch.save({"weight": {"a": torch.ones(2)}, "epoch": 3}, folder / "without.pt")
    code, _, err = said(capsys, "diff", "without.pt", "good.proc")
    assert code == 2
    assert "carries no manifest" in err


FILES = """proc 1
pipeline files
input photo: bytes
pre {
    decode(rgb, by=pil, formats=jpeg, exif=apply)
    resize(h=8, w=8, sampler=pil.bilinear)
}
model x: u8[h=8, w=8, c=3] rgb -> y: f32[class=4]
"""


def test_each_pipeline_decodes_the_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "old.proc").write_text(FILES)
    (folder / "new.proc").write_text(FILES.replace("exif=apply", "exif=ignore"))
    (folder / "pictures").mkdir()
    exif = Image.Exif()
    exif[274] = 6  # the camera was held upright
    with Image.open(PHOTOGRAPH) as photograph:
        photograph.convert("RGB").save(folder / "pictures" / "turned.jpg", exif=exif)
    code, out, _ = said(capsys, "diff", "old.proc", "new.proc", "--pictures", "pictures")
    assert code == 4
    built_in, on_pictures = out.split("\non 1 picture:\n")
    assert "no file was decoded: the built-in picture stands for what is decoded" in built_in
    assert "what the model is fed: the same" in built_in
    assert re.search(r"step 1 of `pre`, `decode`", on_pictures)
    assert re.search(r"x  at most \d+ off", on_pictures)


def test_the_built_in_picture_is_one_whichever_order_it_is_decoded_in(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "old.proc").write_text(FILES)
    decoded = FILES.replace("decode(rgb, by=pil", "decode(bgr, by=cv2")
    (folder / "swapped.proc").write_text(decoded.replace("c=3] rgb", "c=3] bgr"))
    (folder / "again.proc").write_text(
        decoded.replace("    resize", "    convert(rgb)\n    resize")
    )
    _, swapped, _ = said(capsys, "diff", "old.proc", "swapped.proc")
    assert re.search(r"step 1 of `pre`, `decode`, is the first to differ: at most \d+ off", swapped)
    assert re.search(r"  x  at most \d+ off, on average ", swapped)
    code, again, _ = said(capsys, "diff", "old.proc", "again.proc")
    assert (code, "  what the model is fed: the same\n" in again) == (4, True)


def test_pictures(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "new.proc").write_text(OTHER)
    pictures = folder / "pictures"
    pictures.mkdir()
    words = ("diff", "good.proc", "new.proc", "--pictures", "pictures")
    assert said(capsys, *words)[2].endswith("holds no file that ends as a picture does\n")
    assert said(capsys, *words[:3], "--pictures", "none")[2].endswith("no folder of pictures\n")
    shutil.copy(PHOTOGRAPH, pictures)
    (pictures / "notes.txt").write_text("no picture")
    code, out, _ = said(capsys, *words)
    assert code == 4
    assert re.search(
        r"^on 1 picture:\n  step 1 of `pre`, `resize`, is the first to differ", out, re.M
    )
    (pictures / "broken.png").write_bytes(b"no")
    assert said(capsys, *words)[0] == 2


def test_pictures_are_read_as_each_pipeline_takes_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An input in bgr that is turned into rgb is fed the same as one in rgb."""
    (folder / "pictures").mkdir()
    shutil.copy(PHOTOGRAPH, folder / "pictures")
    bgr = GOOD.replace("] rgb\npre {\n", "] bgr\npre {\n    convert(rgb)\n")
    (folder / "new.proc").write_text(bgr)
    words = ("diff", "good.proc", "new.proc", "--pictures", "pictures", "--format", "json")
    code, out, _ = said(capsys, *words)
    assert code == 5
    on_picture = json.loads(out)["measured"][1]
    assert on_picture["fed"]["x"]["same"] is True


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "new.proc").write_text(OTHER)
    _, out, _ = said(capsys, "diff", "good.proc", "new.proc", "--format", "json")
    data = json.loads(out)
    assert (data["verdict"], data["exit_code"]) == ("numerics changed", 4)
    (change,) = data["changes"]
    assert (change["code"], change["severity"]) == ("D201", "warning")
    assert (change["was"]["file"], change["was"]["start"]["line"]) == ("good.proc", 6)
    (measured,) = data["measured"]
    assert measured["first"]["new"]["text"] == "resize(h=8, w=8, sampler=pil.bilinear)"
    assert 0 < measured["fed"]["x"]["mean"] < measured["fed"]["x"]["largest"] < 1


def test_github(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "new.proc").write_text(WIDER.replace("small", "tiny"))
    code, out, _ = said(capsys, "diff", "good.proc", "new.proc", "--format", "github")
    assert code == 5
    lines = out.splitlines()
    assert lines[0].startswith("::error file=new.proc,line=9,col=42,title=D303::the output `y` of")
    assert lines[1].startswith("::notice file=new.proc,line=2,col=1,title=D101::")


def test_a_hostile_text_stays_in_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "compile", "good.proc", "--target", "numpy")
    (folder / "new.proc").write_text(GOOD.replace("pipeline", "## \x1b[31m::error::\npipeline"))
    for style in ("text", "github"):
        _, out, _ = said(capsys, "diff", "good.proc", "new.proc", "--format", style)
        assert "\x1b" not in out
        assert not re.search(r"^::error::", out, re.M)


# compile --check


def test_compile_check_says_what_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "compile", "good.proc")
    (folder / "new.proc").write_text(OTHER)
    (folder / "old.manifest.json").write_text((folder / "small.manifest.json").read_text())
    words = ("diff", "small.manifest.json", "good.proc")
    (folder / "good.proc").write_text(OTHER)
    for style in ("text", "github"):
        _, told, _ = said(capsys, *words, "--format", style)
        code, out, err = said(capsys, "compile", "good.proc", "--check", "--error-format", style)
        assert code == 1
        assert told in (err if style == "text" else out)
    _, told, _ = said(capsys, *words, "--format", "json")
    code, out, err = said(capsys, "compile", "good.proc", "--check", "--error-format", "json")
    assert code == 1
    assert err.startswith("procdsl: old.manifest.json is of the same source")
    items = json.loads(out)
    assert [item["code"] for item in items] == ["stale"] * 4 + ["D201"]
    assert items[4:] == json.loads(told)["changes"]


def test_compile_check_of_a_manifest_that_cannot_be_read(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "compile", "good.proc")
    (folder / "small.manifest.json").write_text('{"schema": 1, "procdsl": "0.1"}')
    code, _, err = said(capsys, "compile", "good.proc", "--check")
    assert code == 1
    assert (
        "(what changed is not known: small.manifest.json is no manifest that can be read: sch"
        in err
    )


def test_warnings_and_staleness_are_one_document(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "good.proc").write_text(TRAIN)
    code, out, _ = said(capsys, "compile", "good.proc", "--check", "--error-format", "json")
    assert code == 1
    assert [item["code"] for item in json.loads(out)] == ["E401"] + ["missing"] * 4


# Pages


def test_explain_knows_the_rules(capsys: pytest.CaptureFixture[str]) -> None:
    for rule in pages.rules():
        code, out, _ = said(capsys, "explain", rule)
        assert (code, out.startswith(f"# {rule}: ")) == (0, True)
        assert verdict_of(rule)
