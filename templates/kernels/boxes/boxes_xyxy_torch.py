import torch


def boxes_xyxy(raw: torch.Tensor, box: str) -> torch.Tensor:
    """Four rows of box numbers, f32[..., 4, n], as f32[..., n, 4] of (x1, y1, x2, y2)."""
    a, b, c, d = raw.unbind(-2)
    if box == "cxcywh":
        half_w, half_h = c * 0.5, d * 0.5
        return torch.stack([a - half_w, b - half_h, a + half_w, b + half_h], dim=-1)
    if box == "xywh":
        return torch.stack([a, b, a + c, b + d], dim=-1)
    return torch.stack([a, b, c, d], dim=-1)
