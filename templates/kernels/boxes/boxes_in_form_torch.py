import torch


def boxes_in_form(corners: torch.Tensor, form: str) -> torch.Tensor:
    """Corners (x1, y1, x2, y2) in another form."""
    x1, y1, x2, y2 = corners.unbind(-1)
    if form == "cxcywh":
        return torch.stack([(x1 + x2) * 0.5, (y1 + y2) * 0.5, x2 - x1, y2 - y1], dim=-1)
    if form == "xywh":
        return torch.stack([x1, y1, x2 - x1, y2 - y1], dim=-1)
    return torch.stack([y1, x1, y2, x2], dim=-1)
