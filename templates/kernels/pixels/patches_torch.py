import torch


def patches(
    x: torch.Tensor, h: int, w: int, frames: int, merge: int, order: list[int], pad_to: int = 0
) -> torch.Tensor:
    """An image [t, h, w, c] as rows of values, one for each patch; `order` is that of the values.

    The last frame is repeated where the frames do not come out even. Patches follow each other in
    blocks of `merge` x `merge`; with `pad_to`, rows of zeros follow them.
    """
    high, wide = x.shape[1], x.shape[2]
    if high % (h * merge) != 0 or wide % (w * merge) != 0:
        raise ValueError(
            f"an image of {high} x {wide} is no whole number of patches "
            f"of {h * merge} x {w * merge}"
        )
    short = -x.shape[0] % frames
    if short > 0:
        x = torch.cat([x, x[-1:].expand([short] + list(x.shape[1:]))])
    rows, columns = high // (h * merge), wide // (w * merge)
    split = x.reshape(-1, frames, rows, merge, h, columns, merge, w, x.shape[3])
    count = split.shape[0] * rows * merge * columns * merge
    if pad_to > 0 and pad_to < count:
        raise ValueError(f"the image is too large: {count} patches, {pad_to} wanted")
    found = split.permute([0, 2, 5, 3, 6] + order).reshape(count, -1)
    if pad_to <= count:
        return found
    return torch.cat([found, found.new_zeros(pad_to - count, found.shape[1])])
