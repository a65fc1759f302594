"""What colours of OpenCV share: luma with two differences, and hue."""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.types.colour import Colour


def _limited(*planes: np.ndarray) -> np.ndarray:
    return np.stack(planes, axis=-1).clip(0, 255).astype(np.uint8)


def _planes(x: np.ndarray) -> list[np.ndarray]:
    return [x[..., i].astype(np.int64) for i in range(x.shape[-1])]


def _descaled(x: np.ndarray) -> np.ndarray:
    return (x + (1 << 13)) >> 14


def luma_and_differences(
    channels: tuple[str, str, str], to_red: int, to_blue: int, back: tuple[int, int, int, int]
) -> Colour:
    """The colour of these weights; `back` are those of red for R, of red and blue for G, for B."""
    swapped = channels[1] == "u"  # the difference of blue comes first

    def from_rgb(x: np.ndarray) -> np.ndarray:
        r, g, b = _planes(x)
        y = _descaled(4899 * r + 9617 * g + 1868 * b)
        red, blue = _descaled((r - y) * to_red) + 128, _descaled((b - y) * to_blue) + 128
        return _limited(y, blue, red) if swapped else _limited(y, red, blue)

    def to_rgb(x: np.ndarray) -> np.ndarray:
        y, first, second = _planes(x)
        red, blue = (second - 128, first - 128) if swapped else (first - 128, second - 128)
        r = y + _descaled(back[0] * red)
        g = y + _descaled(back[1] * red + back[2] * blue)
        return _limited(r, g, y + _descaled(back[3] * blue))

    return Colour(channels, from_rgb, to_rgb)


def hue(degrees: int) -> Colour:
    """Hue, saturation and value, with so many steps to the full circle."""

    def from_rgb(x: np.ndarray) -> np.ndarray:
        r, g, b = _planes(x)
        v = np.maximum(np.maximum(r, g), b)
        d = v - np.minimum(np.minimum(r, g), b)
        i = np.arange(1, 256)
        by_value = np.append(0, np.rint((255 << 12) / i)).astype(np.int64)
        by_difference = np.append(0, np.rint((degrees << 12) / (6 * i))).astype(np.int64)
        s = (d * by_value[v] + (1 << 11)) >> 12
        sector = np.where(v == r, g - b, np.where(v == g, b - r + 2 * d, r - g + 4 * d))
        h = (sector * by_difference[d] + (1 << 11)) >> 12
        return np.stack([np.where(h < 0, h + degrees, h), s, v], axis=-1).astype(np.uint8)

    return Colour(
        ("h", "s", "v"),
        from_rgb,
        one_way="OpenCV's way back rounds by the place of a pixel in its row",
        angle=True,
    )
