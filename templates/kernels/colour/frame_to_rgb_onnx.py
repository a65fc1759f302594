from procdsl.codegen.onnx.axes import KEPT, concat, one, part, reshape, stack, unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip, maximum, quotient, shifted_right

from .even_part_onnx import even_part


def pairs_to_rgb(frame: Tensor, red: int, u_at: int) -> Tensor:
    """A 4:2:0 frame uint8 [..., rows, w] of luma over pairs of chroma, U at `u_at` of each."""
    luma, chroma = luma_and_chroma(frame)
    pairs = reshape(chroma, [*[KEPT] * (frame.rank - 1), -1, 2])
    return frame_to_rgb(luma, one(pairs, u_at, -1), one(pairs, 1 - u_at, -1), red)


def planes_to_rgb(frame: Tensor, red: int) -> Tensor:
    """A 4:2:0 frame uint8 [..., rows, w] of luma over the plane U over the plane V."""
    luma, chroma = luma_and_chroma(frame)
    leading = [KEPT] * (frame.rank - 2)
    planes = reshape(chroma, [*leading, 2, chroma.size(-2), even_part(frame.size(-1), 2)])
    return frame_to_rgb(luma, one(planes, 0, -3), one(planes, 1, -3), red)


def luma_and_chroma(frame: Tensor) -> tuple[Tensor, Tensor]:
    """The rows of luma and those under them."""
    h = even_part(frame.size(-2), 3) * 2
    return part(frame, 0, h, -2), part(frame, h, frame.size(-2), -2)


def frame_to_rgb(luma: Tensor, u: Tensor, v: Tensor, red: int) -> Tensor:
    """uint8 [..., 3, h, w] with red in the plane `red`: BT.601, studio range, as OpenCV does it.

    Each u and v [..., h / 2, w / 2] stands for a square of 2 x 2 pixels.
    """
    of_u, of_v = (twice(x).cast("i32") - 128 for x in (u, v))
    y = (maximum(luma.cast("i32"), 16) - 16) * 1220542 + (1 << 19)
    leading = [KEPT] * (luma.rank - 2)
    y = reshape(y, [*leading, quotient(luma.size(-2), 2), 2, luma.size(-1)])
    r, g, b = of_v * 1673527, of_v * -852492 - of_u * 409993, of_u * 2116026
    sides = luma.size(-2), luma.size(-1)
    planes = []
    for colour in (r, g, b) if red == 0 else (b, g, r):
        total = clip(y + unsqueeze(colour, -2), 0, (256 << 20) - 1).cast("u32")
        planes.append(reshape(shifted_right(total, 20).cast("u8"), [*leading, *sides]))
    return stack(planes, -3)


def twice(x: Tensor) -> Tensor:
    """Each number of a row twice."""
    standing = unsqueeze(x, -1)
    return reshape(concat([standing, standing], -1), [*[KEPT] * (x.rank - 1), -1])
