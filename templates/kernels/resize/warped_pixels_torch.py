import torch


def warped_pixels(
    x: torch.Tensor, rows: torch.Tensor, columns: torch.Tensor, fill: torch.Tensor
) -> torch.Tensor:
    """The pixels of [..., h, w, c] in these rows and columns; outside the picture the fill."""
    h, w = x.shape[-3], x.shape[-2]
    outside = (rows < 0) | (rows >= h) | (columns < 0) | (columns >= w)
    places = torch.where(outside, torch.zeros_like(rows), rows * w + columns)
    flat, index = x.flatten(-3, -2), places.flatten(-2)[..., None]
    found = flat.gather(-2, index.expand(list(index.shape[:-1]) + [x.shape[-1]]))
    found = found.unflatten(-2, (rows.shape[-2], rows.shape[-1]))
    return torch.where(outside[..., None], fill, found)
