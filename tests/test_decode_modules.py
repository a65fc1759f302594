"""What modules offer of files: one, a batch, the size, `self_check`, and torch's modules behind."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

import cv2
import jsonschema
import numpy as np
import pytest
import torch
from image_files import exif, noise, saved, smooth
from support import BACKENDS, Built, build, compiled, same, to_numpy

from procdsl.compiler import generate
from procdsl.manifest import golden, schema
from procdsl.manifest.read import pipeline_of, read
from procdsl.reference.interpreter import preprocess

DETECTOR = """proc 1
pipeline detector
## What was uploaded.
input photo: bytes
pre {
    decode(rgb, by=cv2, formats=(jpeg, png), exif=apply, alpha=drop, depth=u8)
    letterbox(h=64, w=64, fill=114, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}
model x: f32[c=3, h=64, w=64] rgb -> found: f32[n, box=4] boxes(xyxy, pixels)
post {
    found = back_to(found, photo)
}
output found
"""
MIXED = """proc 1
pipeline mixed
input photo: bytes
input guide: f32[h, w, c=3] rgb 0..1
pre {
    a = decode(photo, bgr, by=pil, formats=jpeg, exif=ignore)
    a = convert(a, rgb)
    a = to_float(a, scale=1/255)
    b = resize(guide, h=8, w=8, sampler=torch.bilinear)
}
model a: f32[h, w, c=3] rgb, b: f32[h=8, w=8, c=3] rgb -> y: f32[n=4]
"""
BRANCHES = (
    "    train {\n        flip(horizontal)\n    }\n    serve {\n        flip(vertical)\n    }\n"
)
TRAINED = DETECTOR.replace("    letterbox", f"{BRANCHES}    letterbox")
JPEG = saved(smooth(), "jpeg", exif=exif(6))
PNG = saved(noise(30, 20, 3), "png")


@cache
def built(text: str) -> Built:
    return build(text)


@pytest.mark.parametrize("backend", BACKENDS)
def test_one_file_and_many(backend: str) -> None:
    module = built(DETECTOR).modules[backend]
    pipeline = built(DETECTOR).pipeline
    wanted = [np.asarray(preprocess(pipeline, {"photo": data})[0]) for data in (JPEG, PNG)]
    for data, x in zip((JPEG, PNG), wanted, strict=True):
        same(to_numpy(module.preprocess(data)), x, 0, backend)
    for workers in (1, 2):
        found = module.preprocess_batch([JPEG, PNG], workers=workers)
        same(to_numpy(found), np.stack(wanted), 0, backend)
    out = module.preprocess(JPEG)
    out[:] = 0
    assert module.preprocess(JPEG, out=out) is out
    same(to_numpy(out), wanted[0], 0, backend)
    assert module.preprocess_batch([]).shape == (0, 3, 64, 64)


@pytest.mark.parametrize("backend", BACKENDS)
def test_boxes_go_back_to_the_turned_picture(backend: str) -> None:
    module = built(DETECTOR).modules[backend]
    assert module.image_size(JPEG) == (34, 21)
    whole = np.array([[(64 - 40) / 2, 0, (64 + 40) / 2, 64]], np.float32)
    given = torch.from_numpy(whole) if backend == "torch" else whole
    found = to_numpy(module.postprocess(given, module.image_size(JPEG)).found)
    assert np.allclose(found, [[0, 0, 21, 34]])


@pytest.mark.parametrize("backend", BACKENDS)
def test_batches_that_are_none(backend: str) -> None:
    module = built(DETECTOR).modules[backend]
    for given in (JPEG, "photo.jpg", {"photo": JPEG}):
        with pytest.raises(TypeError, match="photos: expected a sequence of samples"):
            module.preprocess_batch(given)
    with pytest.raises(TypeError, match="sample 0: photo: expected bytes"):
        module.preprocess_batch(["photo.jpg"])
    with pytest.raises(ValueError, match="sample 1: photo: the JPEG is cut off"):
        module.preprocess_batch([JPEG, JPEG[:-2]], workers=2)


@pytest.mark.parametrize("backend", BACKENDS)
def test_files_beside_arrays(backend: str) -> None:
    made = built(MIXED)
    module = made.modules[backend]
    guide = np.random.default_rng(0).random((12, 10, 3), np.float32)
    given = torch.from_numpy(guide) if backend == "torch" else guide
    wanted = preprocess(made.pipeline, {"photo": JPEG, "guide": guide})
    found = module.preprocess(JPEG, given)
    for x, y in zip(found, wanted, strict=True):
        same(to_numpy(x), y, 1e-6, backend)
    many = module.preprocess_batch([JPEG, JPEG], [given, given])
    assert many.a.shape == (2, 21, 34, 3)
    module.check_ranges(given)
    with pytest.raises(ValueError, match=r"guide: expected values in 0..1"):
        module.check_ranges(given + 1)


@pytest.mark.parametrize("backend", BACKENDS)
def test_training_decodes_alike(backend: str) -> None:
    made = built(TRAINED)
    for train in (False, True):
        function = (
            made.modules[backend].preprocess_train if train else made.modules[backend].preprocess
        )
        wanted = preprocess(made.pipeline, {"photo": JPEG}, train)[0]
        same(to_numpy(function(JPEG)), wanted, 0, backend)


def test_torch_modules_start_behind_the_picture() -> None:
    module = built(DETECTOR).modules["torch"]
    picture = cv2.imdecode(np.frombuffer(JPEG, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    rgb = torch.from_numpy(picture[..., ::-1].copy())
    pre = module.Preprocess()
    for made in (pre, torch.jit.script(pre)):
        assert torch.equal(made(rgb), module.preprocess(JPEG))
        assert torch.equal(made(torch.stack([rgb, rgb]))[1], module.preprocess(JPEG))
    exported = torch.export.export(pre, (rgb,)).module()
    assert torch.equal(exported(rgb), module.preprocess(JPEG))
    for refusing in (pre, module.WithProcessing(torch.nn.Identity())):
        with pytest.raises(
            TypeError, match="photo: expected the decoded picture, got bytes: a mod"
        ):
            refusing(JPEG)


@pytest.mark.parametrize("by", ["pil", "cv2"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_another_library_is_found(by: str, backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that gives one number otherwise, of a JPEG or of a PNG alone."""
    module = build(DETECTOR.replace("by=cv2", f"by={by}"), [backend]).modules[backend]
    module.self_check()
    decode = module._decode_photo
    for begin, name in ((b"\xff\xd8", "jpeg"), (b"\x89PNG", "png")):

        def other(data: bytes, begin: bytes = begin) -> object:
            found = decode(data).clone() if backend == "torch" else decode(data).copy()
            found[0, 0, 0] += data.startswith(begin)
            return found

        monkeypatch.setattr(module, "_decode_photo", other)
        with pytest.raises(RuntimeError, match=f"`photo, {name}` is not what the compiler"):
            module.self_check()


def test_the_libraries_that_are_installed_give_known_bits() -> None:
    """Those that the golden files were made with; of another libjpeg this tells first."""
    record = json.loads((Path(__file__).parent / "golden/photo/photo.manifest.json").read_text())
    assert list(record["self_check"]["decode"]) == ["photo, jpeg", "photo, png", "depth, png"]
    digests = [entry["sha256"][:16] for entry in record["self_check"]["decode"].values()]
    assert digests == ["5fb2fecad7d94dbb", "fc9d37e9e9587d55", "2e0f94a7822b359c"]


def test_the_manifest_holds_it_all() -> None:
    pipeline = compiled(DETECTOR)
    text = generate(pipeline, ["numpy"])["detector.manifest.json"]
    data = json.loads(text)
    jsonschema.validate(data, json.loads(schema.text()))
    assert data["inputs"] == [{"value": "photo: bytes", "doc": "What was uploaded."}]
    step = data["pre"][0]
    assert step["operation"] == "decode"
    assert step["parameters"] == {
        "to": "rgb", "by": "cv2", "formats": ["jpeg", "png"], "exif": "apply", "alpha": "drop",
        "depth": "u8", "frames": "refuse",
    }  # fmt: skip
    assert (step["input"], step["output"]) == (["bytes"], ["u8[h, w, c=3] rgb, 0..255"])
    assert sorted(data["self_check"]["decode"]) == ["photo, jpeg", "photo, png"]
    assert read(text) == pipeline
    assert golden.differences(data["self_check"], pipeline_of(data)) == []
    data["self_check"]["decode"]["photo, png"] = {"sha256": "0" * 64}
    (difference,) = golden.differences(data["self_check"], pipeline)
    assert difference.startswith("self_check/decode/photo, png: ")


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(ValueError, match="what decodes must be installed to compile: .*cv2"):
        generate(compiled(DETECTOR), ["numpy"])


@pytest.mark.parametrize("backend", BACKENDS)
def test_files_of_neither_built_in_kind(backend: str) -> None:
    """`self_check` decodes nothing then, and checks the rest."""
    text = DETECTOR.replace("formats=(jpeg, png)", "formats=webp").replace(", depth=u8", "")
    made = build(text, [backend])
    made.modules[backend].self_check()
    assert json.loads(made.files["detector.manifest.json"])["self_check"]["decode"] == {}
