import torch


def cropped_masks(
    masks: torch.Tensor, boxes: torch.Tensor, sides: tuple[int, int] | None
) -> torch.Tensor:
    """Masks [..., n, h, w] with 0 outside of their boxes, which are in a picture of these sides.

    Without sides it has those of the masks.
    """
    h, w = masks.shape[-2], masks.shape[-1]
    x, y = boxes[..., 0::2], boxes[..., 1::2]
    if sides is not None:
        x = x * w / torch.full_like(x, sides[1])
        y = y * h / torch.full_like(y, sides[0])
    columns = torch.arange(w, dtype=torch.float32, device=boxes.device)
    rows = torch.arange(h, dtype=torch.float32, device=boxes.device)
    across = (columns >= x[..., 0:1]) & (columns < x[..., 1:2])
    down = (rows >= y[..., 0:1]) & (rows < y[..., 1:2])
    inside = down[..., :, None] & across[..., None, :]
    return torch.where(inside, masks, torch.zeros_like(masks))
