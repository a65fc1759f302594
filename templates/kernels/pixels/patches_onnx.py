from procdsl.codegen.onnx.axes import KEPT, arange, concat, full, gather, reshape, transpose
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import minimum, quotient


def patches(
    x: Tensor, h: int, w: int, frames: int, merge: int, order: tuple[int, ...], pad_to: int
) -> Tensor:
    """Images [..., t, h, w, c] as rows of values, one for each patch; `order` is that of these.

    The last frame is repeated where the frames do not come out even. Patches follow each other in
    blocks of `merge` x `merge`; with `pad_to`, rows of zeros follow them. A picture that is no
    whole number of patches fails where it is cut up, and one of too many where it is padded.
    """
    t, c = x.size(-4), x.size(-1)
    groups = quotient(t + (frames - 1), frames)
    if frames > 1:
        x = gather(x, minimum(arange(groups * frames), t - 1), -4)
    rows, columns = quotient(x.size(-3), h * merge), quotient(x.size(-2), w * merge)
    lead = [KEPT] * (x.rank - 4)
    split = reshape(x, [*lead, groups, frames, rows, merge, h, columns, merge, w, c])
    found = transpose(split, [0, 2, 5, 3, 6, *order])
    count = groups * rows * merge * columns * merge
    found = reshape(found, [*lead, count, frames * h * w * c])
    if not pad_to:
        return found
    leading = [x.size(axis) for axis in range(len(lead))]
    rest = full([*leading, pad_to - count, found.size(-1)], 0, x.dtype)
    return concat([found, rest], -2)
