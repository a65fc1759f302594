import torch


def boxes_xyxy(boxes: torch.Tensor, form: str) -> torch.Tensor:
    """Boxes f32[..., 4] of another form as corners (x1, y1, x2, y2), each in one piece."""
    a, b, c, d = boxes.unbind(-1)
    if form == "cxcywh":
        half_w, half_h = c * 0.5, d * 0.5
        return torch.stack([a - half_w, b - half_h, a + half_w, b + half_h]).movedim(0, -1)
    if form == "xywh":
        return torch.stack([a, b, a + c, b + d]).movedim(0, -1)
    if form == "yxyx":
        return torch.stack([b, a, d, c]).movedim(0, -1)
    return torch.stack([a, b, c, d]).movedim(0, -1)
