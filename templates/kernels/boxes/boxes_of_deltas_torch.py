import torch

from kernels.boxes.boxes_xyxy_torch import boxes_xyxy


def boxes_of_deltas(
    deltas: torch.Tensor,
    anchors: torch.Tensor,
    by: list[float],
    divided: bool,
    most: float | None,
    corners: bool,
) -> torch.Tensor:
    """Anchors f32[..., 4] moved and grown, as corners; `by` scales what is said of them."""
    scale = torch.tensor(by, dtype=torch.float32, device=deltas.device)
    deltas = deltas / scale if divided else deltas * scale
    place, size = anchors[..., :2], anchors[..., 2:]
    if corners:
        size = size - place
        place = place + 0.5 * size
    growth = deltas[..., 2:]
    if most is not None:
        growth = growth.clamp(max=most)
    grown = growth.to(torch.float64).exp().to(torch.float32) * size
    return boxes_xyxy(torch.cat([deltas[..., :2] * size + place, grown], dim=-1), "cxcywh")
