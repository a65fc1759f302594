import torch


def patches(
    x: torch.Tensor, h: int, w: int, frames: int, merge: int, order: list[int], pad_to: int = 0
) -> torch.Tensor:
    """Images [..., t, h, w, c] as rows of values, one for each patch; `order` is that of these.

    The last frame is repeated where the frames do not come out even. Patches follow each other in
    blocks of `merge` x `merge`; with `pad_to`, rows of zeros follow them.
    """
    leading, high, wide = list(x.shape[:-4]), x.shape[-3], x.shape[-2]
    if high % (h * merge) != 0 or wide % (w * merge) != 0:
        raise ValueError(
            f"an image of {high} x {wide} is no whole number of patches "
            f"of {h * merge} x {w * merge}"
        )
    short = -x.shape[-4] % frames
    if short > 0:
        last = x[..., -1:, :, :, :]
        x = torch.cat([x, last.expand(leading + [short] + list(x.shape[-3:]))], dim=-4)
    groups, rows, columns = x.shape[-4] // frames, high // (h * merge), wide // (w * merge)
    split = x.reshape(leading + [groups, frames, rows, merge, h, columns, merge, w, x.shape[-1]])
    count = groups * rows * merge * columns * merge
    if pad_to > 0 and pad_to < count:
        raise ValueError(f"the image is too large: {count} patches, {pad_to} wanted")
    places = list(range(len(leading)))
    for place in [0, 2, 5, 3, 6] + order:
        places.append(len(leading) + place)
    found = split.permute(places).reshape(leading + [count, frames * h * w * x.shape[-1]])
    if pad_to <= count:
        return found
    rest = found.new_zeros(leading + [pad_to - count, found.shape[-1]])
    return torch.cat([found, rest], dim=-2)
