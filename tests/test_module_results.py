"""What generated modules give: one sample and batches, into an `out`, of several values."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import cv2
import numpy as np
import pytest
from support import (
    BACKENDS,
    Built,
    as_input,
    build,
    compare,
    converting,
    picture,
    run,
    same,
    source_of,
    to_numpy,
)

from procdsl.opdef.op import Case

OPEN = """proc 1
pipeline open_sized
input image: u8[h, w, c=3] rgb
pre {
    to_float(scale=1/255)
}
model x: f32[h, w, c=3] rgb -> y: f32[]
"""
STEREO = """proc 1
pipeline stereo
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
def open_sized() -> Built:
    return build(OPEN)


@pytest.fixture(scope="module")
def stereo() -> Built:
    return build(STEREO)


# Results and where they go


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


SEVERAL = """proc 1
pipeline several
input image: f32[h=6, w=8, c=3] rgb
pre {{
    a = {a}
    b = {b}
}}
model a: f32[h={h}, w=8, c=3] rgb, b: f32[h={k}, w=8, c=3] rgb -> y: f32[]
"""


def several(a: str, b: str, backend: str) -> Built:
    h, k = (4 if "h=4" in step else 6 for step in (a, b))
    return build(SEVERAL.format(a=a, b=b, h=h, k=k), [backend])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("crop(image, top=1, left=0, h=4, w=8)", "resize(image, h=4, w=8, sampler=cv2.linear)"),
        ("layout(image, h, w, c)", "scale(image, multiply=2)"),
        ("scale(image, multiply=2)", "layout(a, h, w, c)"),
        ("resize(image, h=6, w=8, sampler=pil.box)", "crop(a, top=1, left=0, h=4, w=8)"),
        ("flip(image, vertical)", "flip(image, horizontal)"),
    ],
)
def test_several_results_share_no_memory(a: str, b: str, backend: str) -> None:
    """With the picture, or with each other."""
    built = several(a, b, backend)
    module, x = built.modules[backend], np.random.default_rng(0).random((6, 8, 3), np.float32)
    compare(built, {"image": x})
    image = as_input(module, x)
    found = [image, *module.preprocess(image)]
    assert not any(np.shares_memory(*pair) for pair in combinations(map(to_numpy, found), 2))
    if backend == "torch":
        found = [image[None], *module.Preprocess()(image[None])]
        assert not any(np.shares_memory(*pair) for pair in combinations(map(to_numpy, found), 2))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_picture_s_memory_for_the_first_of_several_results(backend: str) -> None:
    """The others are no views of it any more when it is written."""
    built = several("scale(image, multiply=2)", "flip(image, vertical)", backend)
    module, x = built.modules[backend], np.random.default_rng(0).random((6, 8, 3), np.float32)
    wanted = run(module, {"image": x})
    image = as_input(module, x)
    out = module.ModelInputs(image, as_input(module, np.zeros_like(x)))
    for found, y in zip(module.preprocess(image, out=out), wanted, strict=True):
        same(to_numpy(found), y, 0, "a result")


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


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_batch_may_be_written_where_it_lies(backend: str) -> None:
    """A result would be written where a later sample is still read; of 4 MiB, in a later group."""
    text = converting("f32[h=300, w=400, c=3] rgb", "scale(multiply=2)", "layout(c, h, w)")
    module = build(text, [backend]).modules[backend]
    held = np.random.default_rng(0).random((6, 300, 400, 3), np.float32)
    wanted = held[1:5].transpose(0, 3, 1, 2) * np.float32(2)
    for of in (list, tuple, lambda x: x):
        for first in (0, 1, 2):
            memory = as_input(module, held.copy())
            out = memory[first : first + 4].reshape(4, 3, 300, 400)
            assert module.preprocess_batch(of(memory[1:5]), out=out) is out
            same(to_numpy(out), wanted, 0, f"{of}, {first}")
    if backend != "torch":  # which has no tensors turned round
        memory = held.copy()
        found = module.preprocess_batch(memory[4:0:-1], out=memory[1:5].reshape(4, 3, 300, 400))
        same(found, wanted[::-1], 0, "from the last to the first")


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
def test_several_inputs_and_outputs(stereo: Built, backend: str) -> None:
    module = stereo.modules[backend]
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
    for backend in ("numpy", "cv2"):
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
def test_nothing_found(detector: Built, backend: str) -> None:
    module = detector.modules[backend]
    raw = as_input(module, np.zeros((7, 40), np.float32))
    found = module.postprocess(raw, (20, 30)).found
    assert tuple(found.boxes.shape) == (0, 4)
    assert len(found.scores) == len(found.classes) == 0


# What is left as it was


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
