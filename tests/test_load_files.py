"""`procdsl.load` of pipelines that begin with files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from image_files import exif, noise, saved, smooth
from support import BACKENDS, build, to_numpy

import procdsl

DETECTOR = """proc 1
pipeline detector
input photo: bytes
pre {
    decode(rgb, by=pil, formats=(jpeg, png), exif=apply, alpha=drop, depth=u8)
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
STEREO = """proc 1
pipeline stereo
input left: bytes
input right: bytes
pre {
    a = decode(left, rgb, by=pil, formats=jpeg, exif=apply)
    a = resize(a, h=8, w=8, sampler=cv2.linear)
    b = decode(right, rgb, by=pil, formats=jpeg, exif=ignore)
    b = resize(b, h=8, w=8, sampler=cv2.linear)
}
model a: u8[h=8, w=8, c=3] rgb, b: u8[h=8, w=8, c=3] rgb
    -> found: f32[n, box=4] boxes(xyxy, pixels) @b
post {
    found = back_to(found, right)
}
output found
"""
TURNED = saved(smooth(21, 34), "jpeg", exif=exif(6))
PNG = saved(noise(30, 20, 3), "png")
BOXES = np.array([[0, 0, 8, 8], [1, 2, 3, 4]], np.float32)


def gives(boxes: np.ndarray) -> Callable[..., Any]:
    """A model that finds the same in each picture, in arrays of the backend."""

    def model(*given: Any) -> Any:
        found = np.repeat(boxes[None], len(given[0]), 0)
        return torch.from_numpy(found) if isinstance(given[0], torch.Tensor) else found

    return model


@pytest.mark.parametrize("backend", BACKENDS)
def test_boxes_come_back_to_a_file(backend: str, tmp_path: Path) -> None:
    """Alone and in a batch, with the size of the picture as it is turned by EXIF."""
    (tmp_path / "a.proc").write_text(DETECTOR)
    processor = procdsl.load(tmp_path / "a.proc", backend=backend, model=gives(8 * BOXES))
    assert processor.image_size(TURNED) == processor.image_size(TURNED, "photo") == (34, 21)
    post = build(DETECTOR, ["numpy"]).modules["numpy"].postprocess
    alone = [to_numpy(processor(photo).found) for photo in (TURNED, PNG)]
    for found, size in zip(alone, [(34, 21), (30, 20)], strict=True):
        assert np.array_equal(found, post(8 * BOXES, size).found)
    batch = processor([TURNED, PNG])
    assert [to_numpy(one.found).tolist() for one in batch] == [found.tolist() for found in alone]


def test_each_of_several_files_has_its_size(tmp_path: Path) -> None:
    (tmp_path / "a.proc").write_text(STEREO)
    processor = procdsl.load(tmp_path / "a.proc", model=gives(BOXES))
    assert processor.image_size(TURNED, "left") == (34, 21)
    assert processor.image_size(TURNED, of="right") == (21, 34)
    found = processor(TURNED, TURNED).found
    assert found[0].tolist() == [0, 0, 34, 21]
    with pytest.raises(ValueError, match="of: expected one of left, right, got ''"):
        processor.image_size(TURNED)
    with pytest.raises(ValueError, match="of: expected one of left, right, got 'photo'"):
        processor.image_size(TURNED, "photo")
    with pytest.raises(ValueError, match="left: the JPEG is cut off"):
        processor.image_size(TURNED[:200], "left")


def test_a_picture_has_no_file(tmp_path: Path) -> None:
    text = DETECTOR.replace("photo: bytes", "photo: u8[h, w, c=3] rgb")
    lines = [line for line in text.splitlines() if "decode" not in line]
    (tmp_path / "a.proc").write_text("\n".join(lines) + "\n")
    processor = procdsl.load(tmp_path / "a.proc", model=gives(8 * BOXES))
    wanted = build(DETECTOR, ["numpy"]).modules["numpy"].postprocess(8 * BOXES, (21, 34)).found
    assert np.array_equal(processor(smooth(21, 34)).found, wanted)
    with pytest.raises(ValueError, match="of: expected no call: no input is a file, got ''"):
        processor.image_size(TURNED)
