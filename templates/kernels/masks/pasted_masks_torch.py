import torch
from torch.nn.functional import pad


def pasted_masks(masks: torch.Tensor, boxes: torch.Tensor, h: int, w: int, by: str) -> torch.Tensor:
    """Masks [..., n, h, w] in a picture of this size, each where its box is; elsewhere 0."""
    ringed = pad(masks, [1, 2, 1, 2])
    places, t = mask_places(boxes, boxes[..., 0::2], masks.shape[-1], w, by)
    places = places[..., None, :].expand(list(ringed.shape[:-1]) + [w])
    t = t[..., None, :]
    columns = ringed.gather(-1, places) * (1 - t) + ringed.gather(-1, places + 1) * t
    places, t = mask_places(boxes, boxes[..., 1::2], masks.shape[-2], h, by)
    places = places[..., None].expand(list(masks.shape[:-2]) + [h, w])
    t = t[..., None]
    return columns.gather(-2, places) * (1 - t) + columns.gather(-2, places + 1) * t


def mask_places(
    boxes: torch.Tensor, ends: torch.Tensor, of: int, size: int, by: str
) -> tuple[torch.Tensor, torch.Tensor]:
    """Along an axis for each pixel the first of two places in a mask with 0 round it, and the share
    of the second; outside of the box both are behind the mask."""
    first, last = ends[..., 0:1], ends[..., 1:2]
    pixels = torch.arange(size, dtype=torch.float32, device=boxes.device)
    if by == "torchvision":
        middle = (last + first) * 0.5
        reach = (last - first) * 0.5 * ((of + 2) / of)
        start, end = (middle - reach).trunc(), (middle + reach).trunc()
        wide = (end - start + 1).clamp(min=1)
        scale = torch.full_like(wide, of + 2) / wide
        at = ((pixels - start + 0.5) * scale - 0.5).clamp(min=0)
        inside = (pixels >= start) & (pixels <= end)
    else:
        grid = (pixels + 0.5 - first) / (last - first) * 2 - 1
        at = ((grid + 1) * of - 1) / 2 + 1
        inside = (at > 0) & (at < of + 1) & (first < last)
    inside = inside & (boxes.abs() <= 16777216).all(dim=-1, keepdim=True)
    at = torch.where(inside, at, torch.full_like(at, of + 1))
    place = at.floor()
    return place.to(torch.int64), at - place
