"""Depth, flow, larger pictures, saliency: each backend and the graph against plain numpy."""

from __future__ import annotations

import numpy as np
import torch
from family import answers, bilinear, disk, forward, letterboxed, placed
from PIL import Image

SIZE = (75, 101)


def test_depth_and_a_picture_of_it() -> None:
    """DPT's `post_process_depth_estimation`: torch's own bicubic; as a picture
    `(depth - min) / (max - min) * 255`, whose fraction `astype("uint8")` cuts off."""
    y, x = np.mgrid[:56, :70]
    depth = (2 + 0.05 * y + np.sin(x / 9)).astype(np.float32)
    resampled = torch.nn.functional.interpolate(
        torch.from_numpy(depth)[None, None], SIZE, mode="bicubic", align_corners=False
    )
    wanted = resampled[0, 0].numpy()
    stretched = (wanted - wanted.min()) / (wanted.max() - wanted.min()) * 255.0
    clear = np.abs(stretched - stretched.round()) > 1e-3
    assert clear.mean() > 0.99
    for name, found in answers("depth", {"depth": depth}, SIZE):
        assert np.abs(found["metres"] - wanted).max() < 1e-5, name
        assert np.array_equal(found["shown"][clear], stretched.astype(np.uint8)[clear]), name
        assert (found["shown"].min(), found["shown"].max()) == (0, 255), name


def test_flow_moves_as_far_as_the_picture_did() -> None:
    """A picture that moves by a vector, and faster in one part; the model sees it in a letterbox.

    RAFT and others bring flow to a size by `interpolate`, and multiply by the ratio of the sizes.
    """
    moved = np.stack([np.full(SIZE, 3.0), np.full(SIZE, -5.0)])
    top, left, h, w = letterboxed(SIZE, 64, 96)
    ratios = np.array([w / SIZE[1], h / SIZE[0]])
    inside = bilinear(moved, 8, 12) * ratios[:, None, None]
    inside[0, :, 8:] *= 2
    motion = (inside / 8).astype(np.float32)  # in places of the map
    large = bilinear(motion * np.float32(8), 64, 96)[:, top : top + h, left : left + w]
    wanted = bilinear(large, *SIZE) / ratios[:, None, None]
    ends = forward(placed("flow", SIZE), np.array([(0, 0), (3, -5)], np.float32))
    assert np.allclose(ends[1] - ends[0], motion[:, 0, 0] * 8, atol=1e-5), "the model sees that"
    for name, found in answers("flow", {"motion": motion}, SIZE):
        assert found["motion"].shape == (2, *SIZE), name
        assert np.abs(found["motion"] - wanted).max() < 1e-5, name
        assert np.allclose(found["motion"][:, :, :60], moved[:, :, :60], atol=1e-5), name
        assert np.allclose(found["motion"][0, :, 90:], 6, atol=1e-5), name


def test_a_larger_picture() -> None:
    """Real-ESRGAN: `clamp_(0, 1)`, BGR, `(output * 255.0).round()` of float32, as uint8."""
    rng = np.random.default_rng(1)
    larger = rng.uniform(-0.1, 1.1, (3, 40, 60)).astype(np.float32)
    larger[0, 0, :4] = np.array([0.5, 1.5, 2.5, 254.5], np.float32) / np.float32(255)
    scaled = np.clip(larger, 0, 1)[[2, 1, 0]].transpose(1, 2, 0) * np.float32(255)
    wanted = scaled.round().astype(np.uint8)
    for name, found in answers("super_resolution", {"larger": larger}, (10, 15)):
        assert found["larger"].dtype == np.uint8, name
        assert np.array_equal(found["larger"], wanted), name


def test_saliency() -> None:
    """U2-Net: `normPRED`, times 255 as a picture of Pillow, `resize` by BILINEAR."""
    raw = disk(64, 64, np.array([40.0, 20.0]), np.array([30.0, 18.0])).astype(np.float32)
    stretched = (raw - raw.min()) / (raw.max() - raw.min()) * 255
    clear = np.abs(stretched - stretched.round()) > 1e-3
    assert clear.mean() > 0.99
    small = Image.fromarray(stretched.astype(np.uint8))
    wanted = np.array(small.resize(SIZE[::-1], Image.Resampling.BILINEAR)).astype(int)
    for name, found in answers("saliency", {"raw": raw}, SIZE):
        assert found["shown"].dtype == np.uint8, name
        assert np.abs(found["shown"].astype(int) - wanted).max() <= 1, name
        assert (found["shown"] != wanted).mean() < 0.01, name
