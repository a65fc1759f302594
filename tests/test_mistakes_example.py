"""`make mistakes`: from photographs to model files that answer alike, and what mistakes cost."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest
import torch
from command_line import said
from documents import README, ROOT
from PIL import Image
from support import build

EXAMPLE = ROOT / "examples" / "photographs"
PIPELINE = EXAMPLE / "photographs.proc"
MISTAKES = sorted((EXAMPLE / "mistakes").glob("*.proc"))
PYTHON = {
    "$(BIN)/procdsl": [sys.executable, "-m", "procdsl"],
    "$(BIN)/python": [sys.executable],
}
TRAINED = 0.9
"""What training reaches at least; other processors round otherwise."""
POINTS = 1.0
"""By how many points of accuracy they may miss the README, with the same weights."""


pytestmark = pytest.mark.integrations  # it takes its time


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples, to be in."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mapping[str, ModuleType]]:
    """The modules of the example that need nothing compiled."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    names = ("chart", "crops", "network", "serve", "mistakes")
    yield {name: importlib.import_module(name) for name in names}
    for name in names:
        sys.modules.pop(name, None)


def recipe() -> list[list[str]]:
    """The commands of `make mistakes`, as the Makefile has them."""
    text = (ROOT / "Makefile").read_text().partition("\nmistakes:")[2].partition("\n\n")[0]
    lines = [shlex.split(line) for line in text.splitlines()[1:]]
    return [[*PYTHON[program], *words] for program, *words in lines]


def printed(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def carrier(folder: Path) -> Path:
    """The weights that are checked in, with the pipeline in their file."""
    path = folder / "committed.pt"
    shutil.copy(EXAMPLE / "weights.pt", path)
    printed([sys.executable, "-m", "procdsl", "embed", str(PIPELINE), str(path)])
    return path


def served_alike(formats: set[str]) -> None:
    """Compile, train and serve in the working folder: files of just these formats."""
    compiling, training, serving, _ = recipe()
    printed(compiling)
    told = re.search(r"of the test files (\S+)% are told right\n", printed(training))
    assert told
    assert float(told[1]) >= 100 * TRAINED
    found = printed(serving)
    assert "all files give the same answers\n" in found
    lines = re.findall(
        r"^photographs(\.\w+) +(\S+)% told right, and (\S+)% in training$", found, re.M
    )
    assert {ending for ending, _, _ in lines} == formats
    assert {numbers for _, *both in lines for numbers in both} == {told[1]}


@pytest.mark.slow
def test_each_file_serves_alone_what_was_trained(work: Path) -> None:
    formats = {".pt", ".ts", ".pt2"}
    if importlib.util.find_spec("safetensors"):
        formats.add(".safetensors")
    if all(map(importlib.util.find_spec, ("onnx", "onnxscript", "onnxruntime"))):
        formats.add(".onnx")
    served_alike(formats)


@pytest.mark.integrations
def test_all_five_formats(work: Path) -> None:
    served_alike({".pt", ".ts", ".pt2", ".safetensors", ".onnx"})


def table(text: str) -> dict[str, list[str]]:
    """The rows of the one table of mistakes in a text, by their titles."""
    _, _, rows = text.partition("| | accuracy | lost | confidence | `check` | `diff` |\n")
    lines = rows.partition("\n\n")[0].splitlines()[1:]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return {title: rest for title, *rest in cells}


def test_the_readme_has_the_numbers_of_the_script(work: Path) -> None:
    """Those of the weights that are checked in; what is lost follows from them."""
    *_, measuring = recipe()
    assert measuring[-1] == "build/photographs.pt"
    found = table(printed([*measuring[:-1], str(carrier(work))]))
    shown = table(README.read_text())
    assert len(shown) == 1 + len(MISTAKES) >= 7
    assert shown.keys() == found.keys()
    for title, (accuracy, lost, confidence, *told) in shown.items():
        assert abs(percent(accuracy) - percent(found[title][0])) <= POINTS
        assert abs(float(confidence) - float(found[title][2])) <= 0.02
        assert told == found[title][3:]
        if title != "as trained":
            assert float(lost) == pytest.approx(
                percent(shown["as trained"][0]) - percent(accuracy), abs=1e-9
            )


def percent(text: str) -> float:
    return float(text.removesuffix("%"))


def test_the_picture_is_that_of_the_table(example: Mapping[str, ModuleType]) -> None:
    rows = [
        example["mistakes"].Row(title, percent(accuracy) / 100, float(confidence), check, diff)
        for title, (accuracy, _, confidence, check, diff) in table(README.read_text()).items()
    ]
    drawn = example["chart"].drawn(rows)
    assert drawn == (EXAMPLE / "mistakes.svg").read_text()
    words = [text.text or "" for text in ET.fromstring(drawn).findall("{*}text")]
    assert sum(word.endswith("%") for word in words) == len(rows)


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_the_models_file_tells_every_mistake(
    path: Path, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = carrier(work)
    before = model.read_bytes()
    code, out, _ = said(capsys, "verify", str(model), str(path))
    assert (code, f"FAILED       pipeline: {path} is " in out) == (1, True)
    code, out, _ = said(capsys, "diff", str(model), str(path))
    assert code in (4, 5)
    code, _, err = said(capsys, "embed", str(path), str(model))
    assert (code, "--force" in err) == (2, True)
    assert model.read_bytes() == before
    module = build(path.read_text(), ["numpy"]).modules["numpy"]
    with pytest.raises(ValueError, match="expected the pipeline photographs"):
        module.check_model(model)


def test_the_files_of_the_data_set(
    work: Path, example: Mapping[str, ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    """They are the same each time, half of them turned, and no pixel is in both parts."""
    crops = example["crops"]
    code, out, _ = said(capsys, "steps", str(PIPELINE), "--format", "json")
    assert code == 0
    assert ", ".join(f'"{label}"' for label in crops.LABELS) in out.replace("\\", "")
    written = {part: crops.write(part) for part in ("train", "test")}
    assert {len(samples) for samples in written.values()} == {1600, 1000}
    turned, first = [], written["test"][0][0].read_bytes()
    for path, number in written["test"]:
        assert path.parent.name == crops.LABELS[number]
        with Image.open(path) as image:
            turned.append(image.getexif()[crops.ORIENTATION] != 1)
    assert 0.45 < sum(turned) / len(turned) < 0.55
    assert crops.write("test")[0][0].read_bytes() == first
    for label in crops.LABELS:
        with Image.open(crops.PHOTOGRAPHS / f"{label}.jpg") as image:
            parts = [crops._part(image, part) for part in ("train", "test")]
            assert sum(part.width for part in parts) == image.width


def test_the_weights_are_small_and_the_networks_own(example: Mapping[str, ModuleType]) -> None:
    held = torch.load(EXAMPLE / "weights.pt", weights_only=True)
    example["network"].network().load_state_dict(held["model"])
    assert (EXAMPLE / "weights.pt").stat().st_size < 300_000
    assert sum(path.stat().st_size for path in EXAMPLE.rglob("*.jpg")) < 200_000
