"""What goes past the model: `post` takes inputs and values of `pre`, on every backend."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import jsonschema
import numpy as np
import onnx
import onnx.parser
import pytest
import torch
from onnx_graphs import Graph, check_post, check_pre, graphs
from planning import crossing, of, places
from support import (
    as_input,
    build,
    compare,
    compiled,
    past_model,
    picture,
    run,
    run_post,
    same,
    to_numpy,
)
from torch import nn

import procdsl
from procdsl.bake.bake import bake
from procdsl.bake.samples import built_in
from procdsl.bake.source import ModelSource
from procdsl.bake.target import target
from procdsl.checker.check import check
from procdsl.compare.change import Side
from procdsl.compare.compare import compare as diff
from procdsl.ir.pipeline import Pipeline
from procdsl.manifest import schema
from procdsl.plan.places import plan
from procdsl.records import replace
from procdsl.source import Source

PAST = """proc 1
pipeline past
input image: u8[h, w, c=3] rgb
input person: f32[side=4]
pre {
    x = letterbox(image, h=12, w=16, fill=0, sampler=cv2.nearest)
    x = to_float(x, scale=1/255)
    mask = select(x, c, index=0)
    near = scale(person, multiply=2)
    x = layout(x, c, h, w)
}
model x: f32[c=3, h=12, w=16] rgb, mask: f32[h=12, w=16]
    -> y: f32[side=4], boxes: f32[n=5, box=4] boxes(xyxy, pixels) @x
post {
    moved = add(y, person)
    moved = multiply(moved, near)
    shown = multiply(x, mask)
    boxes = back_to(boxes, image)
}
output moved, shown, boxes, near
"""
"""An input, what the model is fed, and what `pre` makes for `post` alone."""
RNG = np.random.default_rng(0)


def sample(h: int = 20, w: int = 30, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {"image": picture(h, w, seed), "person": rng.normal(0, 9, 4).astype(np.float32)}


def raw(seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        "y": rng.normal(0, 3, 4).astype(np.float32),
        "boxes": rng.normal(0, 9, (5, 4)).astype(np.float32),
    }


def as_graph() -> onnx.ModelProto:
    """The network in ONNX."""
    text = """<ir_version: 8, opset_import: ["" : 17]>
    network (float[n, 3, 12, 16] x, float[n, 12, 16] mask) => (float[n, 4] y, float[n, 5, 4] boxes)
    <int64[1] zero = {0}, int64[1] one = {1}, int64[3] first = {0, 0, 0}, int64[3] a = {1, 1, 4},
     int64[2] b = {1, 0}, int64[2] c = {2, 4}, int64[3] d = {1, 0, 0}, int64[3] e = {2, 5, 4},
     int64[3] channels = {1, 2, 3}, int64[2] rows = {1, 2}, float twenty = {20}>
    {
        corner = Slice (x, first, a, channels)
        corner_row = Squeeze (corner, rows)
        masked = Slice (mask, b, c, rows)
        mask_row = Squeeze (masked, one)
        y = Sub (corner_row, mask_row)
        part = Slice (x, d, e, channels)
        found = Squeeze (part, one)
        boxes = Mul (found, twenty)
    }"""
    return onnx.parser.parse_model(text)


class Network(nn.Module):
    """Numbers of both of its inputs."""

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return x[:, 0, 0, :4] - mask[:, 1, :4], 20 * x[:, 1, :5, :4]


def test_what_is_given_and_taken() -> None:
    built = build(PAST)
    for module in built.modules.values():
        module.self_check()
        fed = module.preprocess(*(as_input(module, x) for x in sample().values()))
        assert type(fed).__name__ == "Preprocessed"
        assert fed._fields == ("x", "mask", "near")
        wanted = "y, boxes, person, mask, near, x, image_size"
        names = module.postprocess.__code__.co_varnames[: module.postprocess.__code__.co_argcount]
        assert ", ".join(names) == wanted
    assert [v.name for v in built.pipeline.kept] == ["near"]


def test_the_manifest_says_it() -> None:
    manifest = build(PAST, ["numpy"]).modules["numpy"].MANIFEST
    jsonschema.validate(manifest, json.loads(schema.text()))
    assert manifest["past_model"] == [
        {"value": "person: f32[side=4]", "from": "input"},
        {"value": "mask: f32[h=12, w=16] 0..1", "from": "pre"},
        {"value": "near: f32[side=4]", "from": "pre"},
        {"value": "x: f32[c=3, h=12, w=16] rgb 0..1", "from": "pre"},
    ]


def test_on_every_backend() -> None:
    built, given = build(PAST), sample()
    compare(built, given, raw() | past_model(built.pipeline, given))


def test_in_batches() -> None:
    built = build(PAST)
    samples = [sample(20 + i, 30 - i, i) for i in range(3)]
    outputs = [raw(i) for i in range(3)]
    for module in built.modules.values():
        columns = zip(*(x.values() for x in samples), strict=True)
        fed = module.preprocess_batch(*([as_input(module, x) for x in c] for c in columns))
        taken = [o | past_model(built.pipeline, s) for o, s in zip(outputs, samples, strict=True)]
        arrays = zip(*(x.values() for x in taken), strict=True)
        sizes = [x["image"].shape[:2] for x in samples]
        found = module.postprocess_batch(
            *([as_input(module, np.array(x)) for x in column] for column in arrays), sizes
        )
        for i, one in enumerate(samples):
            for x, y in zip(fed, run(module, one), strict=True):
                same(to_numpy(x)[i], y, 0, "fed")
            alone = run_post(module, taken[i], [sizes[i]])
            for name, y in alone.items():
                same(to_numpy(getattr(found[i], name)), y, 0, name)


def answers(module: ModuleType, given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """By the functions and the network, one by one."""
    fed = module.preprocess(*(as_input(module, x) for x in given.values()))
    outputs = [x[0] for x in Network()(fed.x[None], fed.mask[None])]
    person, size = as_input(module, given["person"]), given["image"].shape[:2]
    found = module.postprocess(*outputs, person, fed.mask, fed.near, fed.x, size)
    return {name: x.numpy() for name, x in found._asdict().items()}


def test_round_a_model() -> None:
    module = build(PAST, ["torch"]).modules["torch"]
    whole = module.WithProcessing(Network())
    scripted = torch.jit.script(whole)
    given = sample()
    tensors = [torch.from_numpy(x) for x in given.values()]
    for one in (whole, scripted):
        for batch in (False, True):
            found = one(*([x[None] for x in tensors] if batch else tensors))
            for name, wanted in answers(module, given).items():
                x = getattr(found, name)
                same((x[0] if batch else x).numpy(), wanted, 0, name)


def test_in_graphs() -> None:
    pipeline = compiled(PAST)
    made = {part: Graph(data) for part, data in graphs(pipeline).items()}
    samples = [sample(seed=i) for i in range(2)]
    check_pre(pipeline, made["pre"], samples)
    after = [raw(i) | past_model(pipeline, x) for i, x in enumerate(samples)]
    check_post(pipeline, made["post"], after, [{"image": (20, 30)}] * 2)


@pytest.fixture
def served(tmp_path: Path) -> Path:
    path = tmp_path / "past.proc"
    path.write_text(PAST)
    return path


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_loaded(served: Path, backend: str) -> None:
    processor = procdsl.load(served, backend=backend, model=Network().eval())
    module = build(PAST, ["torch"]).modules["torch"]
    samples = [sample(20 + i, 30, i) for i in range(3)]
    made = torch.from_numpy if backend == "torch" else np.asarray
    columns = [[made(x) for x in c] for c in zip(*(x.values() for x in samples), strict=True)]
    batch = processor(*columns)
    for i, one in enumerate(samples):
        for found in (batch[i], processor(*(made(x) for x in one.values()))):
            for name, wanted in answers(module, one).items():
                same(np.asarray(getattr(found, name)), wanted, 0, name)
    fed = processor.preprocess(*(column[0] for column in columns))
    for given in (fed, tuple(fed)[:2]):
        assert tuple(processor.run(given)[0].shape) == (4,)
    with pytest.raises(ValueError, match="expected 2 inputs of the model, got 4"):
        processor.run((*fed, fed.x))


TRAINED = """proc 1
pipeline trained
input image: f32[h=4, w=5] gray
pre {
    loud = norm(image, over=h)
    train {
        scale(multiply=2)
    }
    serve {
        scale(multiply=3)
    }
}
model x: f32[h=4, w=5] gray -> y: f32[w=5]
post {
    y = multiply(y, loud)
}
output y
"""


def test_training_gives_the_same_beside_what_it_feeds() -> None:
    x = np.random.default_rng(0).random((4, 5), dtype=np.float32)
    for module in build(TRAINED).modules.values():
        serving, training = (
            f(as_input(module, x)) for f in (module.preprocess, module.preprocess_train)
        )
        same(to_numpy(training.x) * np.float32(1.5), to_numpy(serving.x), 1e-6, "x")
        same(to_numpy(training.loud), to_numpy(serving.loud), 0, "loud")


def test_a_picture_past_the_model() -> None:
    """Of any size, in its own order of axes, with what post takes of its size beside it."""
    text = """proc 1
pipeline p
input image: u8[c=3, h, w] rgb
pre {
    x = resize(image, h=8, w=6, sampler=cv2.nearest)
}
model x: u8[c=3, h=8, w=6] rgb -> y: f32[h=4, w=3]
post {
    y = back_to(y, image, sampler=cv2.linear)
    shown = to_float(image, scale=1/255)
    shown = multiply(shown, y)
}
output shown
"""
    built = build(text)
    given = {"image": picture(20, 30).transpose(2, 0, 1).copy()}
    outputs = {"y": np.random.default_rng(0).random((4, 3), dtype=np.float32)}
    compare(built, given, outputs | past_model(built.pipeline, given))
    for module in built.modules.values():
        module.self_check()
        image = as_input(module, given["image"])
        found = module.postprocess(as_input(module, outputs["y"]), image, image)
        assert tuple(found.shown.shape) == (3, 20, 30)


# Between the host and a file


@pytest.mark.parametrize(
    ("refused", "placed", "takes", "gives"),
    [
        ("", "mmmmm mmmm", ["image", "person"], ["moved", "shown", "boxes", "near"]),
        (
            "add",
            "mmmmm hhmm",
            ["image", "person"],
            ["shown", "boxes", "near", "y"],
        ),
        (
            "scale",
            "mmmhm mmmm",
            ["image", "person", "after_scale"],
            ["moved", "shown", "boxes"],
        ),
        (
            "select",
            "hhhmm mmmm",
            ["person", "after_to_float", "mask", "image_size"],
            ["moved", "shown", "boxes", "near"],
        ),
        (
            "multiply",
            "mmmmm mhhm",
            ["image", "person"],
            ["boxes", "near", "moved", "x", "mask"],
        ),
    ],
)
def test_crossing(refused: str, placed: str, takes: list[str], gives: list[str]) -> None:
    found, two = of(PAST, refused)
    assert places(found) == placed
    assert crossing(two) == (takes, gives)


def baked(pipeline: Pipeline, to: str, keep: set[tuple[str, int]], folder: Path) -> Path:
    into = target(to)
    runtime = into.runtimes[0]
    found = plan(pipeline, to, runtime, lambda s, given: into.why_not(s, runtime, given), keep)
    path = folder / "model"
    if to == "onnx":
        onnx.save(as_graph(), path)
    else:
        torch.jit.save(torch.jit.script(Network()), path)
    source = ModelSource(str(path), target("onnx" if to == "onnx" else "torchscript").format, "")
    whole = replace(pipeline, plan=found)
    bake(whole, into, source, built_in(whole), str(folder / "baked"))
    return folder / "baked"


@pytest.mark.parametrize("to", ["onnx", "torchscript"])
@pytest.mark.parametrize(
    "keep",
    [
        set(),
        pytest.param({("post", 1)}, marks=pytest.mark.slow),
        pytest.param({("pre", 4)}, marks=pytest.mark.slow),
        {("pre", 3), ("post", 3)},
    ],
)
def test_baked(to: str, keep: set[tuple[str, int]], tmp_path: Path) -> None:
    """Each seam is held against the reference before the file is written."""
    assert baked(compiled(PAST), to, keep, tmp_path).stat().st_size


# In the language


def test_an_input_is_as_it_is_given() -> None:
    flow = """proc 1
pipeline p
input image: f32[side=4]
pre {
    scale(multiply=2)
}
model x: f32[side=4] -> y: f32[side=4]
post {
    z = add(y, image)
}
output z
"""
    built = build(flow)
    one, two = np.arange(1, 5, dtype=np.float32), np.arange(10, 50, 10, dtype=np.float32)
    for module in built.modules.values():
        assert type(module.preprocess(as_input(module, one))).__name__ != "Preprocessed"
        found = module.postprocess(as_input(module, two), as_input(module, one))
        assert to_numpy(found.z).tolist() == [11, 22, 33, 44]


def told(text: str) -> list[tuple[str, str, str]]:
    return [(d.code, d.message, d.found) for d in check(Source("t.proc", text)).diagnostics]


FILE = """proc 1
pipeline p
input photo: bytes
pre {
    decode(rgb, by=pil, exif=apply, alpha=drop, depth=u8)
    resize(h=4, w=6, sampler=cv2.nearest)
    to_float(scale=1/255)
}
model x: f32[h=4, w=6, c=3] rgb -> y: f32[h=4, w=6, c=3]
post {
    z = add(y, NAME)
}
output z
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (FILE.replace("NAME", "photo"), "`photo`: bytes, the content of a file"),
        (FILE.replace("NAME", "x"), "`x`, which the model takes, and which no step of `pre` has"),
        (
            FILE.replace("input photo: bytes", "input photo: u8[h=4, w=6, c=3] rgb|bgr")
            .replace("    decode(rgb, by=pil, exif=apply, alpha=drop, depth=u8)\n", "")
            .replace("NAME", "photo"),
            "whose channels come in the order that the caller names",
        ),
        (
            FILE.replace("    decode(", "    d = decode(photo, ")
            .replace("    resize(", "    r = resize(d, ")
            .replace("    to_float(", "    x = to_float(r, ")
            .replace("NAME", "d"),
            "as it is decoded",
        ),
    ],
)
def test_what_stays_in_pre(text: str, found: str) -> None:
    ((code, _, said),) = told(text)
    assert code == "E206"
    assert found in said


def test_what_nobody_has_named() -> None:
    ((code, message, _),) = told(PAST.replace("add(y, person)", "add(y, persona)"))
    assert (code, message) == ("E206", "there is no value `persona`")
    ((code, message, _),) = told(PAST.replace("add(y, person)", "add(y, near.boxes)"))
    assert (code, message) == ("E206", "no field `near.boxes`")


def test_another_value_breaks_the_contract() -> None:
    sides = (
        Side("a.proc", compiled(PAST)),
        Side(
            "b.proc",
            compiled(
                PAST.replace("near,", "close,")
                .replace("near =", "close =")
                .replace(", near)", ", close)")
                .replace("boxes, near", "boxes, close")
            ),
        ),
    )
    found = diff(*sides)
    assert [c.code for c in found.changes if c.code == "D311"] == ["D311", "D311"]
    same_names = diff(sides[0], Side("b.proc", compiled(PAST.replace("multiply=2", "multiply=3"))))
    assert not [c for c in same_names.changes if c.code == "D311"]
    assert same_names.verdict.said == "numerics changed"
