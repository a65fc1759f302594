"""`make baked`: three models that take photographs, in three formats, served by their runtimes."""

from __future__ import annotations

import importlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from baking import ran
from command_line import imported
from documents import BAKED, ROOT, blocks
from PIL import Image, ImageDraw
from support import build

EXAMPLE = ROOT / "examples" / "baked"
PYTHON = {
    "$(BIN)/procdsl": [sys.executable, "-m", "procdsl"],
    "$(BIN)/python": [sys.executable],
}


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples, to be in."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "build").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mapping[str, ModuleType]]:
    """The modules of the example."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    path, names = list(sys.path), ("networks", "bake", "serve")
    yield {name: importlib.import_module(name) for name in names}
    sys.path[:] = path
    for name in names:
        sys.modules.pop(name, None)


def printed(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def python(text: str) -> str:
    """What Python prints that has the files of the example on its path."""
    return printed(
        sys.executable, "-c", f"import sys; sys.path.insert(0, 'examples/baked')\n{text}"
    )


# The networks find what they are for


def answer(name: str, example: Mapping[str, ModuleType], picture: np.ndarray) -> Any:
    """What numpy's module gives round the network."""
    module = build((EXAMPLE / f"{name}.proc").read_text(), ["numpy"]).modules["numpy"]
    with torch.no_grad():
        raw = example["bake"].made(name)(torch.from_numpy(module.preprocess(picture))[None])[0]
    return module.postprocess(raw.numpy(), picture.shape[:2])


def overlap(one: Any, other: Any) -> float:
    """Intersection over union of two boxes."""
    sides = [min(one[i + 2], other[i + 2]) - max(one[i], other[i]) for i in (0, 1)]
    shared = max(sides[0], 0) * max(sides[1], 0)
    areas = ((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))
    return shared / (sum(areas) - shared)


def test_the_detector_finds_what_is_drawn_where_it_is_drawn(
    example: Mapping[str, ModuleType],
) -> None:
    """In the pixels of a picture that is neither square nor of the network's size."""
    drawn = {
        (40, 30, 63, 55): "cold",
        (150, 44, 190, 62): "warm",
        (260, 120, 269, 129): "cold",
        (90, 160, 120, 205): "warm",
        (300, 30, 324, 54): "warm",
    }
    picture = Image.new("RGB", (371, 227), (8, 8, 12))
    pen = ImageDraw.Draw(picture)
    for box, colour in drawn.items():
        pen.rectangle(box, fill=(250, 190, 130) if colour == "warm" else (130, 190, 250))
    output = answer("galaxies", example, np.array(picture))
    found = list(zip(output.found.boxes.tolist(), output.colours, strict=True))
    assert len(found) == len(drawn)
    for (left, top, right, bottom), colour in drawn.items():
        whole = (left, top, right + 1, bottom + 1)
        near = [c for box, c in found if overlap(box, whole) > 0.6]
        assert near == [colour]


def test_the_segmenter_knows_the_stains_that_a_tissue_was_given(
    example: Mapping[str, ModuleType],
) -> None:
    """Light that passes a stain is weakened by a power of its colours: a label for each pixel."""
    blue, brown = np.array(example["networks"].STAINS)
    light = [np.ones(3), 10**-blue, 10**-brown]
    picture = np.concatenate([np.full((60, 40, 3), 255 * x) for x in light], 1).astype(np.uint8)
    output = answer("stains", example, picture)
    assert output.labels.shape == output.confidence.shape == picture.shape[:2]
    for label in range(3):
        part = np.s_[:, 40 * label + 4 : 40 * label + 36]
        assert (output.labels[part] == label).all()
        assert output.confidence[part].min() > 0.8


# The files


def recipe() -> list[list[str]]:
    """The commands of `make baked`, as the Makefile has them."""
    text = (ROOT / "Makefile").read_text().partition("\nbaked:")[2].partition("\n\n")[0]
    lines = [shlex.split(line) for line in text.splitlines()[1:]]
    return [[*PYTHON[program], *words] for program, *words in lines]


@pytest.mark.integrations
def test_one_file_from_pixels_to_boxes(work: Path) -> None:
    """Baked as the example does it, and served where nothing of procdsl is imported."""
    printed(*PYTHON["$(BIN)/procdsl"], "compile", "examples/baked/galaxies.proc", "-o", "build")
    told = python("import bake; bake.bake('galaxies', 'onnx')")
    assert "procdsl bake " in told
    told = python(
        "import serve\nprint(*serve.served('galaxies', 'onnx'))\n"
        "assert 'procdsl' not in sys.modules"
    )
    warm, cold, largest = re.fullmatch(r"(\d+) warm and (\d+) cold galaxies (\S+)\n", told).groups()  # type: ignore[union-attr]
    assert int(warm) > 20
    assert int(cold) > 10
    assert float(largest) == 0
    boxes = python(f"{shown()[0]}\nassert 'procdsl' not in sys.modules")
    assert len(boxes.splitlines()) == int(warm) + int(cold)


def shown() -> list[str]:
    """The Python of the example's page."""
    return [block.text for block in blocks(BAKED) if block.language == "python"]


@pytest.mark.slow
def test_three_models_in_three_formats(work: Path) -> None:
    """All agree with the three modules, or `serve.py` fails."""
    *before, serving = recipe()
    for command in before:
        printed(*command)
    lines = printed(*serving).splitlines()
    pattern = r"(\w+) +(\w+) +(.*), (?:with the bits of|within (\S+) of) the modules"
    found = [re.fullmatch(pattern, line) for line in lines[:-1]]
    rows = [match.groups() for match in found if match]
    assert [row[:2] for row in rows] == [
        (name, to)
        for name in ("photographs", "galaxies", "stains")
        for to in ("onnx", "torchscript", "pt2")
    ]
    assert all(float(row[3] or 0) < 2e-7 for row in rows)
    assert len({row[2] for row in rows}) == 3, "all formats see the same"
    assert lines[-1] == "nothing of procdsl was imported"
    onnx, torchscript = shown()
    boxes = python(f"{onnx}\n{torchscript}\nassert 'procdsl' not in sys.modules")
    count = sum(map(int, re.findall(r"\d+", rows[3][2])))
    assert len(boxes.splitlines()) == 2 * count


def test_a_file_that_answers_otherwise_is_told(example: Mapping[str, ModuleType]) -> None:
    """The comparison of the example can fail."""
    serve = example["serve"]
    stated = {"label": {"text": "cat"}, "p": {"bound": 6e-8}, "n": {"sha256": ""}}
    manifest = {"pipeline": "q", "self_check": {"postprocess": stated}}
    right = {"label": "cat", "p": np.float32(0.5), "n": np.arange(3)}
    assert serve.check(manifest, right, right) == 0
    assert serve.check(manifest, right, {**right, "p": np.float32(0.5) + 6e-8}) > 0
    for name, x in {"label": "dog", "p": np.float32(0.6), "n": np.arange(4)}.items():
        with pytest.raises(ValueError, match=f"q, {name}: .* apart"):
            serve.check(manifest, right, {**right, name: x})


@pytest.mark.integrations
@pytest.mark.parametrize("name", ["photographs", "galaxies", "stains"])
def test_the_same_in_openvino(name: str, work: Path, example: Mapping[str, ModuleType]) -> None:
    """A file for OpenVINO against the modules, with the network between run by OpenVINO, too."""
    import openvino

    def opened(path: Path) -> Any:
        exact = {"INFERENCE_PRECISION_HINT": "f32"}
        model = openvino.Core().compile_model(str(path), "CPU", exact)
        named = {key: port for port in model.outputs for key in port.names}
        seen = [key for key in named if key in results]

        def run(x: np.ndarray) -> dict[str, np.ndarray]:
            found = model.create_infer_request().infer([x])
            return {key: found[named[key]] for key in seen}

        return run

    bake, serve = example["bake"], example["serve"]
    words = ("--to", "onnx", "--runtime", "openvino", "--model", str(bake.export(name)))
    path = Path("build/baked.onnx")
    code, _, told = ran("bake", str(bake.PIPELINES[name]), *words, "-o", str(path))
    assert code == 0, told
    assert f"by openvino {openvino.__version__.partition('-')[0]}" in told
    assert ran("compile", str(bake.PIPELINES[name]), "-o", "build", "--target", "numpy")[0] == 0
    module, host = (imported(Path(f"build/{name}{kind}_numpy.py")) for kind in ("", "_host"))
    plan = host.MANIFEST["plan"]
    results = {text.partition(":")[0] for text in plan["gives"]} | {"raw"}
    file, between = opened(path), opened(Path(f"build/{name}_network.onnx"))
    for photograph in sorted((EXAMPLE.parent / "photographs" / "photographs").glob("*.jpg")):
        given: Any = photograph.read_bytes()
        if name != "photographs":
            given = np.array(Image.open(photograph).convert("RGB"))
        found = serve.by_file(host, file, given)
        wanted = serve.by_module(module, between, given)
        serve.check(module.MANIFEST, found, wanted)
