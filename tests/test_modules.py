"""Generated modules as callers use them: bad arrays, `out`, batches, threads, torch's formats."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from support import BACKENDS, Built, build, compare, manifest_of, run, same, source_of
from torch import nn

from procdsl.interpret import preprocess
from procdsl.op import Case

CLASSIFIER = """proc 1
pipeline classifier
input image: u8[h, w, c=3] bgr
pre {
    convert(rgb)
    resize(h=32, w=48, sampler=cv2.linear)
    to_float(scale=1/255)
    normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    layout(c, h, w)
}
model x: f32[c=3, h=32, w=48] rgb -> logits: f32[class=4]
post {
    probabilities = softmax(logits, over=class)
    confidence, prediction = max(probabilities, over=class)
    label = lookup(prediction, table=("cat", "dog", "bird", "fish"))
}
output prediction, confidence, label, probabilities
"""
DETECTOR = """proc 1
pipeline detector
input image: u8[h, w, c=3] rgb
pre {
    letterbox(h=64, w=64, fill=114, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}
model x: f32[c=3, h=64, w=64] rgb -> raw: f32[feature=7, anchor=40]
post {
    boxes, scores = decode_yolo(raw, classes=3, box=cxcywh)
    found = nms(boxes, scores, score=0.25, iou=0.45, per=class, limit=20)
    found = back_to(found, image)
    found = clip_to(found, image)
}
output found
"""
OPEN = """proc 1
pipeline open_sized
input image: u8[h, w, c=3] rgb
pre {
    to_float(scale=1/255)
}
model x: f32[h, w, c=3] rgb -> y: f32[]
"""
TWO = """proc 1
pipeline two
input left: u8[h, w] gray
input right: u8[h, w] gray
pre {
    a = flip(left, horizontal)
    b = to_float(right, scale=1/255)
}
model a: u8[h, w] gray, b: f32[h, w] gray -> y: f32[n=2], z: f32[n=3]
post {
    best = argmax(y, over=n)
}
output best, z
"""


@pytest.fixture(scope="module")
def classifier() -> Built:
    return build(CLASSIFIER)


@pytest.fixture(scope="module")
def detector() -> Built:
    return build(DETECTOR)


@pytest.fixture(scope="module")
def open_sized() -> Built:
    return build(OPEN)


@pytest.fixture(scope="module")
def two() -> Built:
    return build(TWO)


def picture(h: int = 20, w: int = 30, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (h, w, 3), dtype=np.uint8)


ARRAYS = ["numpy", "cv2"]

# Bad arrays


class Fake:
    """Looks like an array from afar."""

    shape = (20, 30, 3)
    dtype = np.dtype(np.uint8)


@pytest.mark.parametrize("backend", ARRAYS)
@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        (None, TypeError, "image: expected a numpy array, got NoneType"),
        ([[1, 2], [3, 4]], TypeError, "image: expected a numpy array, got list"),
        (Fake(), TypeError, "image: expected a numpy array, got Fake"),
        (np.ma.masked_array(picture()), TypeError, "expected a numpy array, got MaskedArray"),
        (torch.zeros(20, 30, 3), TypeError, "image: expected a numpy array, got Tensor"),
        (picture().astype(np.float32), TypeError, "image: expected dtype uint8, got float32"),
        (picture().astype(np.int8), TypeError, "image: expected dtype uint8, got int8"),
        (picture().astype(object), TypeError, "image: expected dtype uint8, got object"),
        (picture()[..., 0], ValueError, r"expected shape \(h, w, 3\), got \(20, 30\)"),
        (picture()[None], ValueError, r"expected shape \(h, w, 3\), got \(1, 20, 30, 3\)"),
        (picture()[..., :2], ValueError, r"expected shape \(h, w, 3\), got \(20, 30, 2\)"),
        (picture()[:0], ValueError, r"expected shape \(h, w, 3\), got \(0, 30, 3\)"),
        (picture().transpose(2, 0, 1), ValueError, r"got \(3, 20, 30\)"),
    ],
)
def test_what_is_no_picture_is_refused(
    classifier: Built, backend: str, value: Any, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        classifier.modules[backend].preprocess(value)


@pytest.mark.parametrize("backend", ARRAYS)
def test_other_byte_order_is_refused(classifier: Built, backend: str) -> None:
    swapped = np.zeros(4, np.float32).astype(">f4")
    with pytest.raises(TypeError, match="logits: expected dtype float32, got >f4"):
        classifier.modules[backend].postprocess(swapped)


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        (picture(), TypeError, "image: expected a torch tensor, got ndarray"),
        (torch.zeros(20, 30, 3), TypeError, "expected dtype torch.uint8, got torch.float32"),
        (torch.zeros(20, 30, dtype=torch.uint8), ValueError, r"\(h, w, 3\), got \[20, 30\]"),
        (torch.zeros(0, 30, 3, dtype=torch.uint8), ValueError, r"got \[0, 30, 3\]"),
    ],
)
def test_what_is_no_tensor_is_refused(
    classifier: Built, value: Any, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        classifier.modules["torch"].preprocess(value)


@pytest.mark.parametrize("backend", ARRAYS)
def test_views_of_every_kind_work_and_stay_as_they_were(classifier: Built, backend: str) -> None:
    base = np.random.default_rng(1).integers(0, 256, (40, 60, 4), dtype=np.uint8)
    read_only = picture()
    read_only.flags.writeable = False
    for view in (
        base[::2, ::2, :3],
        base[::-1, ::-1, 2::-1],
        np.asfortranarray(base[:, :, :3]),
        base[3:17, 5:19, 1:],
        read_only,
    ):
        before = view.copy()
        found = classifier.modules[backend].preprocess(view)
        assert np.array_equal(found, classifier.modules[backend].preprocess(before))
        assert np.array_equal(view, before)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (2, 3), (32, 48)])
def test_pictures_of_one_pixel_and_strips(classifier: Built, size: tuple[int, int]) -> None:
    compare(classifier, {"image": picture(*size)})


# Results and where they go


def as_input(module: ModuleType, value: np.ndarray) -> Any:
    return torch.from_numpy(value) if hasattr(module, "torch") else value


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_out_is_written_and_returned(classifier: Built, backend: str) -> None:
    module = classifier.modules[backend]
    image = as_input(module, picture())
    wanted = module.preprocess(image)
    out = module.preprocess(image) * 0
    assert module.preprocess(image, out=out) is out
    assert (out == wanted).all()


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_out_of_another_kind_is_refused(classifier: Built, backend: str) -> None:
    module = classifier.modules[backend]
    image = as_input(module, picture())
    good = module.preprocess(image)
    for bad in (good[:2], good[None], [1.0], as_input(module, np.zeros((3, 32, 48)))):
        with pytest.raises((TypeError, ValueError), match="^out: expected an? (array|tensor) of"):
            module.preprocess(image, out=bad)


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_out_may_be_part_of_a_larger_array(classifier: Built, backend: str) -> None:
    module = classifier.modules[backend]
    image = as_input(module, picture())
    wanted = module.preprocess(image)
    batch = as_input(module, np.zeros((2, 3, 32, 96), np.float32))
    module.preprocess(image, out=batch[1, :, :, ::2] if backend != "torch" else batch[1, :, :, :48])
    written = batch[1, :, :, ::2] if backend != "torch" else batch[1, :, :, :48]
    assert (written == wanted).all()
    assert (batch[0] == 0).all()


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_result_shares_no_memory_with_the_picture(backend: str) -> None:
    for step in ("flip(horizontal)", "crop(top=0, left=0, h=4, w=30)", "layout(h, w, c)", ""):
        pre = f"pre {{\n{step}\n}}\n" if step else ""
        h = "h=4, w=30" if "crop" in step else "h, w"
        text = "proc 1\npipeline p\ninput image: u8[h, w, c=3] rgb\n"
        text += f"{pre}model x: u8[{h}, c=3] rgb -> y: f32[]\n"
        module = build(text, [backend]).modules[backend]
        image = np.ascontiguousarray(picture(20, 30))
        found = module.preprocess(as_input(module, image))
        found[:] = 0
        assert np.array_equal(image, picture(20, 30)), step


@pytest.mark.parametrize("workers", [1, 2, 4])
@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_batch_of_mixed_sizes(classifier: Built, backend: str, workers: int) -> None:
    module = classifier.modules[backend]
    images = [as_input(module, picture(10 + n, 40 - n, n)) for n in range(9)]
    found = module.preprocess_batch(images, workers=workers)
    assert tuple(found.shape) == (9, 3, 32, 48)
    for image, x in zip(images, found, strict=True):
        assert (x == module.preprocess(image)).all()


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_batch_as_one_array_and_into_out(classifier: Built, backend: str) -> None:
    module = classifier.modules[backend]
    images = as_input(module, np.stack([picture(seed=n) for n in range(3)]))
    found = module.preprocess_batch(images)
    out = found * 0
    assert module.preprocess_batch(images, out=out) is out
    assert (out == found).all()


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_batch_names_the_sample_that_is_wrong(classifier: Built, backend: str) -> None:
    module = classifier.modules[backend]
    images = [as_input(module, x) for x in (picture(), picture(), picture()[..., :2].copy())]
    for workers in (1, 2):
        with pytest.raises(ValueError, match="^sample 2: image: expected shape"):
            module.preprocess_batch(images, workers=workers)
    with pytest.raises(ValueError, match="workers: expected a whole number above 0, got 0"):
        module.preprocess_batch(images, workers=0)
    out = module.preprocess_batch(images[:2])
    with pytest.raises(ValueError, match=r"^out: .* .1, 3, 32, 48., got .* .2, 3, 32, 48"):
        module.preprocess_batch(images[:1], out=out)


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_empty_batch(classifier: Built, open_sized: Built, backend: str) -> None:
    assert tuple(classifier.modules[backend].preprocess_batch([]).shape) == (0, 3, 32, 48)
    with pytest.raises(ValueError, match="no samples"):
        open_sized.modules[backend].preprocess_batch([])


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_batch_of_open_size_wants_one_shape(open_sized: Built, backend: str) -> None:
    module = open_sized.modules[backend]
    same = [as_input(module, picture(seed=n)) for n in range(2)]
    assert tuple(module.preprocess_batch(same).shape) == (2, 20, 30, 3)
    with pytest.raises(ValueError, match="a batch needs samples of one shape"):
        module.preprocess_batch([*same, as_input(module, picture(8, 9))])


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_several_inputs_and_outputs(two: Built, backend: str) -> None:
    module = two.modules[backend]
    left, right = (as_input(module, picture(seed=n)[..., 0].copy()) for n in (1, 2))
    found = module.preprocess(left, right)
    assert found._fields == ("a", "b")
    outs = type(found)(found.a * 0, found.b * 0)
    again = module.preprocess(left, right, out=outs)
    assert again.b is outs.b
    assert (outs.a == found.a).all()
    batch = module.preprocess_batch([left, left], [right, right])
    assert tuple(batch.b.shape) == (2, 20, 30)
    result = module.postprocess(
        as_input(module, np.array([1, 2], np.float32)), as_input(module, np.zeros(3, np.float32))
    )
    assert int(result.best) == 1
    assert result._fields == ("best", "z")


def test_postprocess_batch(classifier: Built, detector: Built) -> None:
    logits = np.random.default_rng(0).standard_normal((5, 4)).astype(np.float32)
    for backend in ARRAYS:
        module = classifier.modules[backend]
        found = module.postprocess_batch(logits)
        assert [r.prediction for r in found] == logits.argmax(1).tolist()
        assert isinstance(found[0].prediction, np.int64)
        assert isinstance(found[0].confidence, np.float32)
    raw = np.random.default_rng(0).random((2, 7, 40), dtype=np.float32)
    module = detector.modules["numpy"]
    found = module.postprocess_batch(raw, [(20, 30), (64, 48)])
    assert len(found) == 2
    alone = module.postprocess(raw[1], image_size=(64, 48))
    assert np.array_equal(found[1].found.boxes, alone.found.boxes)
    with pytest.raises(ValueError, match="got raws 2, image_sizes 1"):
        module.postprocess_batch(raw, [(20, 30)])


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
@pytest.mark.parametrize("size", [(0, 30), (20, -1), (20,), (20.5, 30), None, "ab"])
def test_a_size_that_is_none(detector: Built, backend: str, size: Any) -> None:
    module = detector.modules[backend]
    raw = as_input(module, np.zeros((7, 40), np.float32))
    with pytest.raises((ValueError, TypeError)):
        module.postprocess(raw, size)


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_nothing_found(detector: Built, backend: str) -> None:
    module = detector.modules[backend]
    raw = as_input(module, np.zeros((7, 40), np.float32))
    found = module.postprocess(raw, (20, 30)).found
    assert tuple(found.boxes.shape) == (0, 4)
    assert len(found.scores) == len(found.classes) == 0


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_an_id_outside_the_table(backend: str) -> None:
    text = """proc 1
pipeline p
model x: f32[n=1] -> id: i64[], ids: i64[m=2]
post {
    a = lookup(id, table=("cat", "dog"))
    b = lookup(ids, table=(5, 6))
}
output a, b
"""
    module = build(text, [backend]).modules[backend]
    good, goods = (as_input(module, np.array(v, np.int64)) for v in (1, [0, 1]))
    bad, bads = (as_input(module, np.array(v, np.int64)) for v in (2, [-1, 0]))
    found = module.postprocess(good, goods)
    assert found.a == "dog"
    assert found.b.tolist() == [5, 6]
    for arguments in ((bad, goods), (good, bads)):
        with pytest.raises(ValueError, match="an id outside the table of 2 entries"):
            module.postprocess(*arguments)


# torch


def test_modules_script_and_save(classifier: Built) -> None:
    module = classifier.modules["torch"]
    image = torch.from_numpy(picture())
    scripted = torch.jit.script(module.Preprocess())
    stored = io.BytesIO()
    torch.jit.save(scripted, stored)
    stored.seek(0)
    loaded = torch.jit.load(stored)  # type: ignore[no-untyped-call]
    assert torch.equal(loaded(image), module.preprocess(image))
    post = torch.jit.script(module.Postprocess())
    logits = torch.tensor([0.1, 3.0, -1.0, 0.5])
    found, wanted = post(logits), module.postprocess(logits)
    assert found.label == wanted.label == "dog"
    assert torch.equal(found.probabilities, wanted.probabilities)
    with pytest.raises(torch.jit.Error, match="expected shape"):
        scripted(image[..., 0])


def test_detector_scripts(detector: Built) -> None:
    module = detector.modules["torch"]
    raw = torch.rand(7, 40, generator=torch.Generator().manual_seed(0))
    raw[:4] *= 64
    found = torch.jit.script(module.Postprocess())(raw, (20, 30)).found
    wanted = module.postprocess(raw, (20, 30)).found
    assert len(wanted.scores) > 1
    assert torch.equal(found.boxes, wanted.boxes)


def test_preprocess_exports(classifier: Built) -> None:
    module = classifier.modules["torch"]
    image = torch.from_numpy(picture())
    exported = torch.export.export(module.Preprocess(), (image,))
    other = torch.from_numpy(picture(seed=5))
    assert torch.equal(exported.module()(other), module.preprocess(other))
    assert torch.equal(module.preprocess(image), module.Preprocess()(image))


@pytest.mark.parametrize(
    "step",
    [
        "resize(h=16, w=20, sampler=pil.bilinear)",
        "resize(h=40, w=20, sampler=pil.bicubic)",
        "resize(h=13, w=17, sampler=cv2.area)",
        "resize(h=40, w=50, sampler=cv2.area)",
        "resize(h=13, w=17, sampler=torch.bilinear)",
        "letterbox(h=32, w=32, fill=114, sampler=cv2.linear)",
        "crop(center, h=10, w=11)",
        "convert(gray, luma=pil)",
    ],
)
def test_steps_export_and_script(step: str) -> None:
    text = f"proc 1\npipeline p\ninput image: u8[h=20, w=30, c=3] rgb\npre {{\n{step}\n}}\n"
    size = "h=20, w=30, c=1] gray" if "gray" in step else "h=%s, w=%s, c=3] rgb"
    numbers = [int(n) for n in __import__("re").findall(r"[hw]=(\d+)", step)]
    text += f"model x: u8[{size % tuple(numbers) if numbers else size} -> y: f32[]\n"
    module = build(text, ["torch"]).modules["torch"]
    image = torch.from_numpy(picture())
    wanted = module.preprocess(image)
    assert torch.equal(torch.jit.script(module.Preprocess())(image), wanted)
    exported = torch.export.export(module.Preprocess(), (image,))
    assert torch.equal(exported.module()(image), wanted)


def test_with_processing_wraps_a_model(classifier: Built) -> None:
    torch.manual_seed(0)
    module = classifier.modules["torch"]
    model = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 4)).eval()
    whole = module.WithProcessing(model)
    image = torch.from_numpy(picture())
    with torch.no_grad():
        found = whole(image)
        wanted = module.postprocess(model(module.preprocess(image)[None])[0])
        scripted = torch.jit.script(whole)(image)
    assert found.label == wanted.label == scripted.label
    assert torch.equal(found.probabilities, wanted.probabilities)
    assert set(whole.state_dict()) == {"model.2.weight", "model.2.bias"}


def test_preprocess_module_takes_a_batch(classifier: Built) -> None:
    module = classifier.modules["torch"]
    images = torch.from_numpy(np.stack([picture(seed=n) for n in range(3)]))
    assert torch.equal(module.Preprocess()(images), module.preprocess_batch(images))


# self_check


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_self_check_passes_and_catches_drift(backend: str) -> None:
    built = build(CLASSIFIER, [backend])
    module = built.modules[backend]
    module.self_check()
    changed = dict(manifest_of(built)["self_check"])
    changed["preprocess"] = {"x": {"sha256": "0" * 64}}
    module.MANIFEST["self_check"] = changed
    with pytest.raises(RuntimeError, match="self_check: `x` is not what the compiler computed"):
        module.self_check()


@pytest.mark.parametrize("backend", ["numpy", "cv2", "torch"])
def test_self_check_holds_bounded_results_to_their_bound(backend: str) -> None:
    module = build(CLASSIFIER, [backend]).modules[backend]
    wanted = module.MANIFEST["self_check"]["postprocess"]["probabilities"]
    wanted["values"][0] += 3e-8
    module.self_check()
    wanted["values"][0] += 1e-6
    with pytest.raises(RuntimeError, match="`probabilities` is not what .* off, not 6e-08 at most"):
        module.self_check()


def test_a_library_that_changes_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    module = build(CLASSIFIER, ["cv2"]).modules["cv2"]
    resize = module.cv2.resize
    monkeypatch.setattr(module.cv2, "resize", lambda *a, **k: resize(*a, **k) ^ 1)
    with pytest.raises(RuntimeError, match="a library computes something else"):
        module.self_check()


# Training


def test_train_branch_has_a_function_of_its_own() -> None:
    text = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {
    train {
        crop(top=0, left=0, h=8, w=8)
    }
    serve {
        resize(h=8, w=8, sampler=cv2.nearest)
    }
    flip(horizontal)
}
model x: u8[h=8, w=8, c=3] rgb -> y: f32[]
"""
    built = build(text)
    image = picture()
    compare(built, {"image": image})
    for module in built.modules.values():
        found = module.preprocess_train(as_input(module, image))
        assert np.array_equal(np.asarray(found), image[:8, :8][:, ::-1])


@pytest.mark.parametrize("fuse", [True, False])
def test_branches_of_training_alone_and_of_serving_alone(fuse: bool) -> None:
    text = """proc 1
pipeline p
input image: u8[h, w, c=3] rgb
pre {
    train {
        flip(horizontal)
        crop(top=0, left=2, h=5, w=5)
    }
    serve {
        crop(top=1, left=0, h=5, w=5)
    }
    train {
        crop(top=0, left=1, h=5, w=4)
    }
    serve {
        crop(top=0, left=0, h=5, w=4)
    }
    train {
        flip(horizontal)
    }
    serve {
        flip(vertical)
    }
    train {
        flip(vertical)
    }
}
model x: u8[h=5, w=4, c=3] rgb -> y: f32[]
"""
    image = picture()
    train = image[:, ::-1][:5, 2:7][:5, 1:5][:, ::-1][::-1]
    serve = image[1:6, :5][:5, :4][::-1]
    built = build(text, fuse=fuse)
    same(preprocess(built.pipeline, {"image": image}, train=True)[0], train, 0, "reference")
    for module in built.modules.values():
        given = as_input(module, image)
        assert np.array_equal(np.asarray(module.preprocess_train(given)), train)
        assert np.array_equal(np.asarray(module.preprocess(given)), serve)
    alone = build(source_of(Case("train {\nflip(horizontal)\n}")))
    for module in alone.modules.values():
        given = as_input(module, image)
        assert np.array_equal(np.asarray(module.preprocess_train(given)), image[:, ::-1])
        assert np.array_equal(np.asarray(module.preprocess(given)), image)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_picture_that_would_become_too_large_is_refused(backend: str) -> None:
    case = Case("resize(short=256, sampler=cv2.nearest)\ncrop(center, h=224, w=224)")
    module = build(source_of(case), [backend]).modules[backend]
    with pytest.raises(ValueError, match="would become 256 x 2048000, too large: 16384 a side"):
        run(module, {"image": np.zeros((1, 8000, 3), np.uint8)})


@pytest.mark.parametrize("used", [True, False])
def test_opencv_is_left_as_it_was_found(used: bool) -> None:
    """The switch for IPP is put back, and another thread never sees it move."""
    module = build(source_of(Case("resize(h=300, w=301, sampler=cv2.cubic)")), ["cv2"]).modules[
        "cv2"
    ]
    image = np.zeros((200, 200, 3), np.uint8)
    seen: set[bool] = set()
    cv2.ipp.setUseIPP(used)
    try:
        with ThreadPoolExecutor(2) as pool:
            work = pool.submit(lambda: [module.preprocess(image) for _ in range(20)])
            while not work.done():
                seen.add(cv2.ipp.useIPP())
            work.result()
        module.preprocess(image)
        assert seen | {cv2.ipp.useIPP()} == {used}
    finally:
        cv2.ipp.setUseIPP(True)


@pytest.mark.parametrize("steps", ["crop(center, h=90, w=100)", "tile(h=90, w=100, overlap=10)"])
def test_an_input_of_one_size_that_is_larger_than_the_probe(steps: str) -> None:
    if steps.startswith("tile"):
        steps = steps.replace(")", ", last=shifted)")
    built = build(source_of(Case(steps, image="u8[h=120, w=120, c=3] rgb")))
    for module in built.modules.values():
        module.self_check()
    compare(built, {"image": np.zeros((120, 120, 3), np.uint8)})


CLIP = "u8[t, h, w, c=3] rgb"


@pytest.mark.parametrize(
    ("steps", "size"),
    [
        ("resize(fit=(23, 14), sampler=cv2.linear)\ncrop(top=1, left=0, h=14, w=7)", [83, 61]),
        ("crop(center, h=600, w=900)", [694, 945]),
    ],
)
def test_the_probe_is_of_a_size_that_passes(steps: str, size: list[int]) -> None:
    built = build(source_of(Case(steps, image=CLIP)))
    assert manifest_of(built)["self_check"]["size"] == size


@pytest.mark.parametrize(
    "steps",
    [
        "pad(multiple=64, fill=0)\npad(h=50, w=50, fill=0)",
        "resize(long=24, sampler=cv2.area)\npatchify(h=25, w=1, order=(c, t, h, w), frames=1)",
    ],
)
def test_no_size_passes(steps: str) -> None:
    """That is found by the geometry alone: the largest clips would fill the memory."""
    with pytest.raises(ValueError, match="no size of picture passes the steps of `pre`: an? "):
        build(source_of(Case(steps, image=CLIP)))
