"""Key points: each backend and the graph against plain numpy, and the points as they were drawn."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from family import answers, forward, letterboxed, placed, softmax

SIZE = (120, 70)
JOINTS = np.array([(35, 60), (20, 30), (50, 31), (12, 100), (60, 95), (34, 8)], np.float32)
"""In the picture."""


def to_picture(points: np.ndarray) -> np.ndarray:
    """MMPose: `keypoints / input_size * input_scale + input_center - 0.5 * input_scale`, of a
    picture in the middle of the input."""
    top, left, h, w = letterboxed(SIZE, 96, 64)
    found: np.ndarray = (points - [left, top]) * [SIZE[1] / w, SIZE[0] / h]
    return found


def heatmaps(sigma: float) -> np.ndarray:
    """`generate_gaussian_heatmaps`, but slanting, of joints at any place; the last is not seen."""
    places = forward(placed("hrnet_quarter", SIZE), JOINTS) / 4
    y, x = np.mgrid[:24, :16]
    dx, dy = x - places[:, 0, None, None], y - places[:, 1, None, None]
    apart = dx * dx + dy * dy + 0.6 * dx * dy
    maps = np.exp(-apart / (2 * sigma**2)) * np.linspace(1, 0.5, 6)[:, None, None]
    maps[5] = -0.1
    return maps.astype(np.float32)


def quarters(maps: np.ndarray) -> np.ndarray:
    """`get_heatmap_maximum` and `refine_keypoints`, in pixels of the input."""
    found = []
    for one in maps:
        y, x = np.unravel_index(one.argmax(), one.shape)
        place = np.array([x, y], float) if one.max() > 0 else np.full(2, -1.0)
        if one.max() > 0 and 1 < x < 15 and y > 0:
            place[0] += 0.25 * np.sign(one[y, x + 1] - one[y, x - 1])
        if one.max() > 0 and 1 < y < 23 and x > 0:
            place[1] += 0.25 * np.sign(one[y + 1, x] - one[y - 1, x])
        found.append(place * 4)
    return np.array(found)


def blurred(one: np.ndarray) -> np.ndarray:
    """`gaussian_blur` with OpenCV's own blur of float32, the largest number kept."""
    framed = cv2.GaussianBlur(np.pad(one, 5), (11, 11), 0)[5:-5, 5:-5]
    return np.asarray(framed * (one.max() / framed.max()), np.float64)


def newton(gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    return -np.linalg.solve(hessian, gradient)


def dark(maps: np.ndarray) -> np.ndarray:
    """`refine_keypoints_dark`: differences over two places, inside of the map alone."""
    found = []
    for one in maps:
        y, x = np.unravel_index(one.argmax(), one.shape)
        if one.max() <= 0:
            found.append(np.full(2, -4.0))
            continue
        f = np.log(np.maximum(blurred(one), 1e-10))
        step = np.zeros(2)
        if 1 < x < 14 and 1 < y < 22:
            gradient = np.array([f[y, x + 1] - f[y, x - 1], f[y + 1, x] - f[y - 1, x]]) / 2
            across = (f[y, x + 2] - 2 * f[y, x] + f[y, x - 2]) / 4
            down = (f[y + 2, x] - 2 * f[y, x] + f[y - 2, x]) / 4
            both = f[y + 1, x + 1] - f[y - 1, x + 1] - f[y + 1, x - 1] + f[y - 1, x - 1]
            step = newton(gradient, np.array([[across, both / 4], [both / 4, down]]))
        found.append((np.array([x, y]) + step) * 4)
    return np.array(found)


def udp(maps: np.ndarray) -> np.ndarray:
    """`refine_keypoints_dark_udp` and `UDPHeatmap.decode`: over one place, edges repeated, and as
    wide as the input at the middle of the last place."""
    found = []
    for one in maps:
        y, x = np.unravel_index(one.argmax(), one.shape)
        place = np.full(2, -1.0)
        if one.max() > 0:
            f = np.pad(np.log(np.clip(blurred(one), 1e-3, 50)), 1, mode="edge")
            f = f[y : y + 3, x : x + 3]
            gradient = np.array([f[1, 2] - f[1, 0], f[2, 1] - f[0, 1]]) / 2
            across, down = (f[1, 2] - 2 * f[1, 1] + f[1, 0], f[2, 1] - 2 * f[1, 1] + f[0, 1])
            both = f[2, 2] - f[1, 2] - f[2, 1] + 2 * f[1, 1] - f[1, 0] - f[0, 1] + f[0, 0]
            hessian = np.array([[across, both / 2], [both / 2, down]]) + 2.0**-23 * np.eye(2)
            place = np.array([x, y]) + newton(gradient, hessian)
        found.append(place / [15, 23] * [64, 96])
    return np.array(found)


@pytest.mark.parametrize(
    ("family", "decoded", "near"),
    [("hrnet_quarter", quarters, 2.5), ("hrnet_dark", dark, 0.1), ("hrnet_udp", udp, 4.5)],
)
def test_heat_maps(family: str, decoded: object, near: float) -> None:
    """Equal to MMPose's arithmetic; of DARK within a tenth of a pixel of where they were drawn."""
    maps = heatmaps(2)
    wanted = to_picture(decoded(maps))  # type: ignore[operator]  # one of the three above
    for name, found in answers(family, {"heatmaps": maps}, SIZE):
        assert np.abs(found["joints"] - wanted).max() < 2e-3, name
        assert np.array_equal(found["scores"], maps.max((1, 2))), name
        assert np.abs(found["joints"] - JOINTS)[:3].max() < near, name


def test_two_rows_for_each_joint() -> None:
    """`get_simcc_maximum`, and `keypoints / simcc_split_ratio`."""
    places = forward(placed("simcc", SIZE), JOINTS) * 2
    across = np.exp(-((np.arange(128) - places[:, :1]) ** 2) / 72).astype(np.float32)
    down = (0.9 * np.exp(-((np.arange(192) - places[:, 1:]) ** 2) / 72)).astype(np.float32)
    across[5], down[4, 3] = 0, np.nan
    across[1, [40, 41]] = 2
    wanted = np.stack([across.argmax(1), np.nanargmax(down, 1)], 1).astype(float)
    scores = np.minimum(across.max(1), np.nanmax(down, 1))
    wanted[5] = -1
    assert wanted[1, 0] == 40
    for name, found in answers("simcc", {"across": across, "down": down}, SIZE):
        assert np.abs(found["joints"] - to_picture(wanted / 2)).max() < 1e-4, name
        assert np.array_equal(found["scores"], scores), name
        assert np.abs(found["joints"] - JOINTS)[[0, 2, 3, 4]].max() < 0.7, name


def test_the_mean_of_a_softmax() -> None:
    """Integral pose: each place weighed by what a softmax over all gives it."""
    maps = np.log(np.maximum(heatmaps(1.5), np.float32(1e-30)))
    p = softmax(maps.reshape(6, -1)).reshape(maps.shape)
    mean = np.stack([(p.sum(1) * np.arange(16)).sum(1), (p.sum(2) * np.arange(24)).sum(1)], 1)
    for name, found in answers("soft_argmax", {"heatmaps": maps}, SIZE):
        assert np.abs(found["joints"] - to_picture(mean * 4)).max() < 1e-3, name
        assert np.abs(found["joints"] - JOINTS)[:3].max() < 0.1, name


def test_yolo_pose() -> None:
    """Two persons, one of them twice: boxes, joints and how sure each is, in the picture."""
    size = (90, 137)
    places = placed("yolo_pose", size)
    joints = np.array(
        [[(20, 20), (30, 25), (25, 60), (18, 80), (33, 82)], [(90, 10)] * 5], np.float32
    )
    joints[1, :, 1] += np.arange(5) * 19
    corners = np.array([[(15, 12), (40, 88)], [(80, 5), (110, 85)]], np.float32)
    raw = np.full((20, 40), 0.01, np.float32)
    seen, box = forward(places, joints), forward(places, corners)
    for k, (anchor, score) in enumerate(((11, 0.7), (3, 0.9))):
        raw[:4, anchor] = *box[k].mean(0), *(box[k, 1] - box[k, 0])
        raw[4, anchor] = score
        sure = np.linspace(0.2, 1, 5)[:, None]
        raw[5:, anchor] = np.concatenate([seen[k], sure], 1).ravel()
    raw[:, 12] = raw[:, 11] - np.float32(0.2) * (np.arange(20) == 4)
    wanted = np.clip(joints[[1, 0]], 0, [137, 90])
    for name, found in answers("yolo_pose", {"raw": raw}, size):
        assert np.allclose(found["found"]["boxes"], corners[[1, 0]].reshape(2, 4), atol=1e-3), name
        assert np.allclose(found["joints"], wanted, atol=1e-3), name
        assert np.array_equal(found["confidence"], [np.linspace(0.2, 1, 5, dtype="f4")] * 2), name
    for name, found in answers("yolo_pose", {"raw": np.zeros_like(raw)}, size):
        assert found["joints"].shape == (0, 5, 2), name
        assert found["confidence"].shape == (0, 5), name
