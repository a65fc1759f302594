"""What generated modules are given: wrong arguments, and right ones of every shape and memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from support import BACKENDS, Built, as_input, build, compare, picture, run, source_of

from procdsl.opdef.op import Case

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
        (picture()[:0], ValueError, r"sides of 1 to 16384 pixels, got \(0, 30, 3\)"),
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


# Ids, and pictures that grow


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


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_picture_that_would_become_too_large_is_refused(backend: str) -> None:
    case = Case("resize(short=256, sampler=cv2.nearest)\ncrop(center, h=224, w=224)")
    module = build(source_of(case), [backend]).modules[backend]
    with pytest.raises(ValueError, match="would become 256 x 2048000, too large: 16384 a side"):
        run(module, {"image": np.zeros((1, 8000, 3), np.uint8)})
