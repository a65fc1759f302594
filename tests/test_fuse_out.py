"""Rewritten steps write into the `out` that they are given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from fusing import NORMAL
from support import BACKENDS, build, run, source_of

from procdsl.opdef.op import Case


@pytest.mark.parametrize("backend", BACKENDS)
def test_pixels_are_written_into_out_in_one_pass(backend: str) -> None:
    built = build(source_of(Case(NORMAL, image="u8[h, w, c=3] rgb")), [backend])
    assert "pixels = _empty_pixels(image, out)" in built.files[f"case_{backend}.py"]
    module = built.modules[backend]
    image: Any = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
    (wanted,) = run(module, {"image": image})
    whole: Any = np.full((2, 4, 5, 3), np.nan, np.float32)
    wide: Any = np.zeros((4, 10, 3), np.float32)
    if backend == "torch":
        image, whole, wide = (torch.from_numpy(x) for x in (image, whole, wide))
    for out in (whole[0], whole[1], wide[:, ::2]):
        assert module.preprocess(image, out=out) is out
        assert np.asarray(out).tobytes() == wanted.tobytes()


@pytest.mark.parametrize("backend", BACKENDS)
def test_out_is_what_the_planes_are_written_into(backend: str) -> None:
    built = build(source_of(Case(NORMAL + "layout(c, h, w)", image="u8[h, w, c=3] rgb")), [backend])
    module = built.modules[backend]
    image: Any = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
    (wanted,) = run(module, {"image": image})
    out: Any = np.full((2, 3, 4, 5), np.nan, np.float32)
    if backend == "torch":
        image, out = torch.from_numpy(image), torch.from_numpy(out)
    for view in (out[1], out[0]):
        assert module.preprocess(image, out=view) is view
        assert np.asarray(view).tobytes() == wanted.tobytes()
    wide: Any = np.zeros((3, 4, 10), np.float32)
    strided = wide[:, :, ::2]
    if backend == "torch":
        strided = torch.from_numpy(wide)[:, :, ::2]
    assert module.preprocess(image, out=strided) is strided
    assert np.array_equal(np.asarray(strided), wanted)


@pytest.mark.parametrize("backend", ["numpy", "cv2"])
def test_an_out_that_cannot_hold_the_result_is_refused(backend: str) -> None:
    built = build(source_of(Case(NORMAL + "layout(c, h, w)", image="u8[h, w, c=3] rgb")), [backend])
    module = built.modules[backend]
    image = np.zeros((4, 5, 3), np.uint8)
    row = np.empty((4, 5), np.float32)
    locked = np.empty((3, 4, 5), np.float32)
    locked.flags.writeable = False
    for out, wanted in (
        (np.broadcast_to(row, (3, 4, 5)).copy()[:2], "got float32"),
        (np.lib.stride_tricks.as_strided(row, (3, 4, 5), (0, 20, 4)), "memory of its own"),
        (locked, "read-only"),
        (np.ma.zeros((3, 4, 5), np.float32), "MaskedArray"),
        ([1], "list"),
    ):
        with pytest.raises((TypeError, ValueError), match=wanted):
            module.preprocess(image, out=out)
