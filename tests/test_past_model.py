"""What goes past the model: `post` takes inputs and values of `pre`, on every backend."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import jsonschema
import numpy as np
import pytest
import torch
from onnx_graphs import Graph, check_post, check_pre, graphs
from past_model import PAST, Network, raw, sample
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

import procdsl
from procdsl.manifest import schema


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
