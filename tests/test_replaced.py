"""What other commands than `compile` write over, and what one bad file among many hides."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import model_files as made
import numpy as np
import pytest
from command_line import GOOD, PHOTOGRAPH, names, said
from PIL import Image

MINE = b"notes of mine\n"
DRAWN = """proc 1
pipeline drawn
input image: u8[h, w, c=3] rgb
pre {
    resize(h=8, w=8, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}
model x: f32[c=3, h=8, w=8] rgb -> y: f32[class=2]
post {
    best = argmax(y, over=class)
    label = lookup(best, table=("cat", "dog"))
}
output label
"""


@pytest.fixture
def served(folder: Path) -> Path:
    """A folder with a pipeline, its model and a picture."""
    import torch
    from torch import nn

    network = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 2)).eval()
    torch.jit.trace(network, torch.zeros(2, 3, 8, 8)).save("m.pt")
    (folder / "drawn.proc").write_text(DRAWN)
    shutil.copy(PHOTOGRAPH, "cat.png")
    return folder


def test_run_writes_over_arrays_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(PHOTOGRAPH, "cat.png")
    target = folder / "out" / "cat.png.npy"
    words = ("run", "good.proc", "cat.png", "-o", "out")
    assert said(capsys, *words)[0] == 0
    assert said(capsys, *words, "-D", "size=9")[0] == 0
    assert np.load(target).shape == (9, 9, 3)
    target.write_bytes(MINE)
    code, _, err = said(capsys, *words)
    assert (code, f"{Path('out/cat.png.npy')} was not written by procdsl" in err) == (2, True)
    assert target.read_bytes() == MINE
    target.unlink()
    (folder / "mine").write_bytes(MINE)
    target.symlink_to(folder / "mine")
    code, _, err = said(capsys, *words)
    assert (code, "is a link to" in err) == (2, True)
    assert said(capsys, *words, "--force")[0] == 0
    assert (folder / "mine").read_bytes() == MINE
    assert not target.is_symlink()
    assert names(folder / "out") == ["cat.png.npy"]


def test_answers(served: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("run", "drawn.proc", "cat.png", "--model", "m.pt", "-o", "a.json")
    for _ in range(2):
        assert said(capsys, *words)[0] == 0
    whole = (served / "a.json").read_bytes()
    assert json.loads(whole)[0]["image"] == "cat.png"
    for other in (MINE, b"[1]", b'[{"image": "cat.png"}]'):
        (served / "a.json").write_bytes(other)
        code, _, err = said(capsys, *words)
        assert (code, "a.json was not written by procdsl" in err) == (2, True)
        assert (served / "a.json").read_bytes() == other
    assert said(capsys, *words, "--force")[0] == 0
    assert (served / "a.json").read_bytes() == whole
    code, out, err = said(capsys, *words[:3], "none.png", *words[3:5])
    assert (code, out, "none.png does not exist" in err) == (2, "", True)


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


@pytest.mark.integrations
def test_pictures(served: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("run", "drawn.proc", "cat.png", "--model", "m.pt", "--draw")
    for out in ("found.png", "found.jpg", "found.webp"):
        for _ in range(2):
            assert said(capsys, *words, out)[0] == 0
        assert size_of(served / out) == size_of(PHOTOGRAPH)
        (served / out).write_bytes(MINE)
        code, _, err = said(capsys, *words, out)
        assert (code, f"{out} was not written by procdsl" in err) == (2, True)
        assert (served / out).read_bytes() == MINE
        assert said(capsys, *words, out, "--force")[0] == 0
    before = (served / "cat.png").read_bytes()
    for more in ((), ("--force",)):
        assert said(capsys, *words, "cat.png", *more)[0] == 2
        assert (served / "cat.png").read_bytes() == before
    code, _, err = said(capsys, *words, "found.txt")
    assert (code, "found.txt does not end as a picture does" in err) == (2, True)


def test_steps_write_over_tables_of_the_format(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for format in ("csv", "json", "md", "table"):
        words = ("steps", "good.proc", "--format", format, "-o", "s")
        (folder / "s").write_bytes(MINE)
        code, _, err = said(capsys, *words)
        assert (code, "s was not written by procdsl" in err) == (2, True)
        assert (folder / "s").read_bytes() == MINE
        assert said(capsys, *words, "--force")[0] == 0
        assert said(capsys, *words, "-D", "size=9")[0] == 0
        assert "9" in (folder / "s").read_text()


def test_embed_writes_a_copy_over_its_own_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "m.pt").write_bytes(made.checkpoint())
    words = ("embed", "good.proc", "m.pt", "-o", "copy.pt")
    for other in (MINE, made.onnx(), b""):
        (folder / "copy.pt").write_bytes(other)
        code, _, err = said(capsys, *words)
        assert (code, "copy.pt was not written by procdsl" in err) == (2, True)
        assert (folder / "copy.pt").read_bytes() == other
    assert said(capsys, *words, "--force")[0] == 0
    assert said(capsys, *words, "--set", "epoch=3")[0] == 0
    assert said(capsys, "inspect", "copy.pt", "good.proc")[0] == 0


def test_a_missing_file_hides_no_errors(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "latin.proc").write_bytes(b"proc 1 # \xe9\n")
    given = ("none.proc", "bad.proc", "latin.proc", "good.proc")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for words in (("check",), ("compile",), ("compile", "--check"), ("fmt",)):
        code, _, err = said(capsys, *words, *given)
        assert code == 2
        assert "procdsl: error: none.proc does not exist\n" in err, words
        assert "procdsl: error: latin.proc is not UTF-8" in err, words
        assert words == ("fmt",) or "bad.proc:6" in err, words
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_missing_picture_hides_no_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "cut.png").write_bytes(PHOTOGRAPH.read_bytes()[:4000])
    code, out, err = said(capsys, "run", "good.proc", "none.png", "cut.png", str(PHOTOGRAPH))
    assert (code, out.count("numpy"), err.count("procdsl: error: ")) == (2, 1, 2)
    assert "none.png does not exist" in err
    assert "cut.png" in err


def test_diff_against_a_commit_tells_of_every_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)
    (folder / "worse.proc").write_text(GOOD.replace("8", "-8", 1))
    given = ("none.proc", "bad.proc", "worse.proc", "good.proc")
    code, _, err = said(capsys, "diff", *given, "--against", "git:HEAD")
    assert (code, "none.proc does not exist" in err) == (2, True)
    assert "bad.proc:6" in err
    assert "worse.proc:" in err


def test_what_pictures_hold_is_refused_and_libraries_are_silent(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    image, other = Image.fromarray(pixels), Image.fromarray(255 - pixels)
    image.quantize(16).save("palette.png", transparency=3)
    image.quantize(16).save("some.png", transparency=bytes(range(0, 160, 10)))
    image.quantize(16).save("palette.gif", transparency=3)
    image.save("colour.png", transparency=(1, 2, 3))
    Image.fromarray(pixels[..., 0].astype(np.uint16) * 257).save("deep.png")
    for name in ("two.gif", "two.png", "two.tiff", "two.webp"):
        image.save(name, save_all=True, append_images=[other])
    Image.new("1", (14_000, 14_000)).save("large.png")
    wanted = {
        "has alpha, or a colour that is": ("palette.png", "some.png", "palette.gif", "colour.png"),
        "has numbers of 16 bits": ("deep.png",),
        "has several frames": ("two.gif", "two.png", "two.tiff", "two.webp"),
        "89478485 in all": ("large.png",),
    }
    from procdsl.cli.main import main

    for said_, files in wanted.items():
        for file in files:
            assert main(["run", "good.proc", file]) == 2
            out, err = capfd.readouterr()
            assert (out, err.count("\n")) == ("", 1), err
            assert err.startswith(f"procdsl: error: {file}")
            assert said_ in err
