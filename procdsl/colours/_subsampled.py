"""4:2:0 frames as OpenCV reads and writes them: ITU-R BT.601 in the studio range 16..235.

`y = max(0, Y - 16) * 1220542`, u and v less 128, each for a square of 2 x 2 pixels:

    R = (y + 1673527 v + 2^19) >> 20
    G = (y - 852492 v - 409993 u + 2^19) >> 20
    B = (y + 2116026 u + 2^19) >> 20
"""

from __future__ import annotations

from collections.abc import Callable

from procdsl.lazy import np
from procdsl.types.colour import Colour
from procdsl.types.subsampled import picture_size


def subsampled(
    chroma: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    from_rgb: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Colour:
    """A colour of frames; `chroma` finds u and v [h / 2, w / 2] in the rows under the luma."""

    def to_rgb(x: np.ndarray) -> np.ndarray:
        h, _ = picture_size(*x.shape)
        u, v = (
            plane.astype(np.int64).repeat(2, axis=0).repeat(2, axis=1) - 128
            for plane in chroma(x[h:])
        )
        y = np.maximum(x[:h].astype(np.int64) - 16, 0) * 1220542 + (1 << 19)
        planes = (y + 1673527 * v, y - 852492 * v - 409993 * u, y + 2116026 * u)
        return (np.stack(planes, axis=-1) >> 20).clip(0, 255).astype(np.uint8)

    one_way = "" if from_rgb else "frames of this kind are read, not written"
    return Colour((), from_rgb, to_rgb, one_way, subsampled=True)
