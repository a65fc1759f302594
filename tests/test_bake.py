"""`procdsl bake`: files of torch that do their processing themselves, and what is beside them."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import torch
from baking import (
    PIPELINES,
    Bakery,
    baked,
    bakery,
    network,
    opened,
    photograph,
    ran,
    same_numbers,
    studio,
)
from command_line import imported, names
from support import Built, build, compiled

import procdsl
from procdsl.compiler import generate
from procdsl.manifest import schema
from procdsl.manifest.read import read

__all__ = ["bakery", "studio"]

SLOW = pytest.mark.slow
FILES = [
    pytest.param("classifier", marks=SLOW),
    pytest.param("segmenter", marks=SLOW),
    pytest.param("detector", marks=SLOW),
]


def manifest_of(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("extra/procdsl.json"))
        return json.loads(archive.read(name))


def whole(name: str) -> tuple[Built, torch.nn.Module]:
    """The compiled pipeline, and torch's module of it round its network."""
    built = build(PIPELINES[name])
    return built, built.modules["torch"].WithProcessing(network(name))


def flat(output: Any) -> dict[str, Any]:
    """The results of an `Output` by name, field by field."""
    found: dict[str, Any] = {}
    for name, value in output._asdict().items():
        parts = value._asdict().items() if hasattr(value, "_asdict") else [("", value)]
        found |= {f"{name}.{part}".rstrip("."): x for part, x in parts}
    return found


@pytest.mark.parametrize("name", ["classifier", pytest.param("segmenter", marks=SLOW), "detector"])
def test_torchscript_gives_what_with_processing_gives(name: str, bakery: Bakery) -> None:
    """Raw pictures in, results by name out, by torch alone; and the same by `procdsl.load`."""
    path, told = bakery(name, "torchscript")
    built, module = whole(name)
    graph = opened(path, "torchscript")
    for image in (photograph(), photograph(61, 83)):
        with torch.no_grad():
            found = graph(torch.from_numpy(image[None].copy()))
            wanted = flat(module(torch.from_numpy(image.copy())))
        check_found(found, wanted)
        for backend in ("numpy", "cv2"):
            served = procdsl.load(path, backend=backend)(image)
            for key, x in flat(served).items():
                assert x == wanted[key] if isinstance(x, str | list) else same(x, wanted[key])
    assert "the same bits" in told
    assert names(path.parent) == sorted(
        [f"{name}.torchscript", f"{name}_host.manifest.json"]
        + [f"{name}_host_{backend}.py" for backend in ("cv2", "numpy", "torch")]
    )


def same(found: Any, wanted: Any) -> bool:
    same_numbers(found, wanted)
    return True


def check_found(found: dict[str, torch.Tensor], wanted: dict[str, Any]) -> None:
    """What a file gives for one picture against the `Output` of it."""
    for key, x in found.items():
        value, dot, field = key.partition(".")
        counts = found.get(f"{value}.counts")
        if field == "counts":
            assert int(x[0]) == len(wanted[f"{value}.scores"]) > 0
            continue
        rows = x[0] if counts is None else x[0][: int(counts[0])]
        same_numbers(rows, wanted[key])
        assert counts is None or not x[0][int(counts[0]) :].any()


@pytest.mark.parametrize("name", FILES)
def test_pt2_gives_what_with_processing_gives(name: str, bakery: Bakery) -> None:
    path, _ = bakery(name, "pt2")
    _, module = whole(name)
    processor = procdsl.load(path)
    for image in (photograph(), photograph(61, 83)):
        with torch.no_grad():
            wanted = flat(module(torch.from_numpy(image.copy())))
        for key, x in flat(processor(image)).items():
            assert x == wanted[key] if isinstance(x, str | list) else same(x, wanted[key])
    assert processor.plan is not None
    places = {(s.block, s.number): s.place for s in processor.plan.steps}
    assert [title for title, place in places.items() if place == "host"] == (
        [] if name == "segmenter" else [("post", 3 if name == "classifier" else 5)]
    )
    said_ = [line for finding in processor.checks for line in finding.lines()]
    assert said_[0] == "ok           contract: the inputs and outputs of the model are those"


@pytest.mark.slow
def test_pt2_takes_any_batch_and_size_where_torch_is_alone(bakery: Bakery) -> None:
    path, _ = bakery("segmenter", "pt2")
    script = (
        "import sys, torch\n"
        f"program = torch.export.load(open({str(path)!r}, 'rb'))\n"
        "assert program.example_inputs is None\n"
        "graph = program.module()\n"
        "for n, h, w in ((1, 33, 47), (3, 90, 31), (2, 1, 1)):\n"
        "    found = graph(torch.zeros(n, h, w, 3, dtype=torch.uint8))\n"
        "    print(type(found).__name__, {k: list(v.shape) for k, v in found.items()})\n"
        "assert not {'procdsl', 'cv2', 'numpy.testing'} & {m.split('.')[0] for m in sys.modules}\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"dict {{'labels': [{n}, 24, 32]}}" for n in (1, 3, 2)]


# The model


def test_a_checkpoint_and_a_factory(studio: Path) -> None:
    trained = network("classifier")
    torch.nn.init.constant_(trained.get_parameter("linear.bias"), 3.0)
    torch.save({"model": trained.state_dict(), "epoch": 3}, "weights.pt")
    words = ("--model", "weights.pt", "--factory", "networks:classifier")
    path, _ = baked("classifier", "torchscript", *words)
    module = build(PIPELINES["classifier"], ["torch"]).modules["torch"].WithProcessing(trained)
    image = photograph(80, 70)
    with torch.no_grad():
        wanted = module(torch.from_numpy(image.copy()))
    same_numbers(procdsl.load(path)(image).probabilities, wanted.probabilities)
    assert read(json.dumps(manifest_of(path))).plan is not None


def test_a_torchscript_file_is_taken_as_it_is(studio: Path) -> None:
    """Also one that was traced: it is the user's own, and our processing round it is scripted."""
    traced = torch.jit.trace(network("classifier"), torch.zeros(1, 3, 32, 48))
    torch.jit.save(traced, "model.ts")
    path, _ = baked("classifier", "torchscript", "--model", "model.ts")
    graph = opened(path, "torchscript")
    assert graph.model.code == torch.jit.load("model.ts").code
    found = graph(torch.from_numpy(np.stack([photograph(50, 60)] * 3)))
    assert found["probabilities"].shape == (3, 4)


@SLOW
def test_an_exported_program(studio: Path) -> None:
    batch = torch.export.Dim("batch", min=1)
    program = torch.export.export(
        network("classifier"), (torch.zeros(2, 3, 32, 48),), dynamic_shapes=({0: batch},)
    )
    torch.export.save(program, "model.pt2")
    path, _ = baked("classifier", "pt2", "--model", "model.pt2")
    image = photograph(80, 70)
    _, module = whole("classifier")
    with torch.no_grad():
        wanted = module(torch.from_numpy(image.copy()))
    same_numbers(procdsl.load(path)(image).confidence, wanted.confidence)


@SLOW
def test_a_program_for_one_picture_at_a_time(studio: Path) -> None:
    program = torch.export.export(network("classifier"), (torch.zeros(1, 3, 32, 48),))
    torch.export.save(program, "model.pt2")
    path, told = baked("classifier", "pt2", "--model", "model.pt2")
    assert "batches of                   1 " in told
    image = photograph(40, 50)
    processor = procdsl.load(path)
    three = processor([image, image, photograph(30, 30)])
    assert [one.label for one in three[:2]] == [processor(image).label] * 2


@pytest.mark.parametrize("to", ["torchscript", pytest.param("pt2", marks=SLOW)])
def test_several_inputs_and_outputs_by_name(to: str, studio: Path) -> None:
    (studio / "pair.proc").write_text(
        "proc 1\npipeline pair\n"
        "input left: u8[h, w, c=3] rgb\ninput right: u8[h=20, w=30]\n"
        "pre {\n    a = resize(left, h=8, w=12, sampler=cv2.linear)\n"
        "    b = to_float(right, scale=1/255)\n}\n"
        "model a: u8[h=8, w=12, c=3] rgb, b: f32[h=20, w=30]\n"
        "    -> y: f32[class=3], boxes: f32[n=4, box=4] boxes(xyxy, pixels) @a\n"
        "post {\n    best = argmax(y, over=class)\n    boxes = back_to(boxes, left)\n}\n"
        "output best, boxes, y\n"
    )
    (studio / "networks.py").write_text(
        "import torch\nfrom typing import Dict\n\n\n"
        "class Pair(torch.nn.Module):\n"
        "    def forward(self, a: torch.Tensor, b: torch.Tensor) -> Dict[str, torch.Tensor]:\n"
        "        corner = a[:, 0, :4, :1].float().expand(-1, -1, 4) / 32\n"
        "        return {'boxes': corner, 'unused': b, 'y': b[:, 0, :3]}\n\n\n"
        "def pair():\n    return Pair()\n"
    )
    path, _ = baked("pair", to)
    left, right = photograph(33, 41), photograph(20, 30)[..., 0].copy()
    built = build((studio / "pair.proc").read_text(), ["numpy"])
    a, b = built.modules["numpy"].preprocess(left, right)
    corner = np.broadcast_to(a[0, :4, :1].astype(np.float32) / 32, (4, 4))
    wanted = built.modules["numpy"].postprocess(b[0, :3], np.ascontiguousarray(corner), left)
    processor = procdsl.load(path)
    for found in (processor(left, right), processor([left, left], [right, right])[1]):
        for key, x in flat(found).items():
            same_numbers(x, getattr(wanted, key))


# The manifest, and the modules of what stays


def test_the_plan_and_the_proof_stand_in_the_file(bakery: Bakery) -> None:
    path, _ = bakery("detector", "torchscript", "--keep", "letterbox", "--set", "epoch=7")
    data = manifest_of(path)
    jsonschema.validate(data, json.loads(schema.text()))
    pipeline = read(json.dumps(data))
    assert (
        data["id"]
        == json.loads(generate(compiled(PIPELINES["detector"]), [])["detector.manifest.json"])["id"]
    )
    assert data["plan"]["target"] == "torchscript"
    assert data["plan"]["takes"] == [
        "after_letterbox: u8[h=64, w=64, c=3] rgb",
        "image_size: i64[side=2]",
    ]
    assert [s["place"] for s in data["plan"]["steps"]] == ["host", *["model"] * 6, "host"]
    assert pipeline.plan is not None
    assert pipeline.plan.steps[0].reason == "kept"
    proof = data["provenance"]["bake"]
    assert data["provenance"]["epoch"] == 7
    assert proof["runtime"] == f"torch {torch.__version__}"
    assert len(proof["pictures"]) == 8
    assert all(side % 2 for size in proof["pictures"] for side in size)
    assert proof["enters_the_model"] == {"x": {"largest": 0.0, "bound": 0.0}}
    assert proof["batches"] == [1, 2, 8]
    assert set(proof["made_of_its_outputs"]) == {"found.boxes", "found.scores", "found.classes"}


def test_the_modules_beside_the_file_serve_it_without_procdsl(bakery: Bakery) -> None:
    path, _ = bakery("detector", "torchscript", "--keep", "letterbox", "--set", "epoch=7")
    graph, image = opened(path, "torchscript"), photograph(61, 83)
    wanted = procdsl.load(path)(image)
    for backend in ("numpy", "cv2", "torch"):
        host = imported(path.parent / f"detector_host_{backend}.py")
        host.self_check()
        host.check_model(path)
        given = torch.from_numpy(image.copy()) if backend == "torch" else image
        x = torch.as_tensor(host.preprocess(given))
        assert (x.dtype, tuple(x.shape)) == (torch.uint8, (64, 64, 3))
        with torch.no_grad():
            found = graph(x[None], torch.tensor([[61, 83]]))
        count = int(found["found.counts"][0])
        rows = [found[f"found.{field}"][0][:count] for field in ("boxes", "scores", "classes")]
        rows = rows if backend == "torch" else [x.numpy() for x in rows]
        output = host.postprocess(*rows)
        assert output.names == wanted.names
        for one, other in zip(output.found, wanted.found, strict=True):
            same_numbers(one, other)


@SLOW
def test_the_same_bytes_are_written_again_and_compile_agrees(studio: Path) -> None:
    path, _ = baked("classifier", "torchscript", laid=True)
    modules = [path for path in (studio / "out").iterdir() if path.suffix in (".py", ".json")]
    first = {path: path.read_bytes() for path in modules}
    assert len(first) == 4
    checked = ran("compile", str(path), "-o", "out", "--check", laid=True)
    assert checked == (0, "", "")
    ran("compile", str(path), "-o", "again", laid=True)
    assert {p: (studio / "again" / p.name).read_bytes() for p in first} == first
    head = (studio / "again" / "classifier_host_numpy.py").read_text()[:400]
    assert "    procdsl bake classifier.proc --to torchscript\n" in head


def test_what_nobody_needs_is_left_out_of_a_module_of_the_host(bakery: Bakery) -> None:
    """All but the label is in the file: the host's code is a look-up of texts."""
    path, _ = bakery("classifier", "torchscript")
    text = (path.parent / "classifier_host_numpy.py").read_text()
    assert "_lookup_text" in text
    assert "softmax" not in text.partition("MANIFEST_TEXT = ")[0]


def test_pictures_of_the_user(studio: Path) -> None:
    from PIL import Image

    (studio / "photos").mkdir()
    Image.fromarray(photograph(44, 71)).save("photos/a.png")
    Image.fromarray(photograph(20, 30)).save("photos/b.png")
    path, told = baked("segmenter", "torchscript", "--pictures", "photos")
    assert told.startswith("8 pictures, by torch")
    proved = manifest_of(path)["provenance"]["bake"]["pictures"]
    assert (proved[:2], len(proved)) == ([[44, 71], [20, 30]], 8)


def test_the_cost_of_each_step_is_printed(bakery: Bakery) -> None:
    _, told = bakery("classifier", "torchscript")
    rows = told.partition("ms, one thread")[2].splitlines()
    assert rows[0].split() == ["graph", "numpy", "cv2"]
    assert [row.split()[0] for row in rows[1:]] == ["pre"] * 5 + ["post"] * 2
    assert all(float(n) >= 0 for row in rows[1:] for n in row.split()[-3:])
    assert float(rows[2].split()[-3]) > 0  # the resize
