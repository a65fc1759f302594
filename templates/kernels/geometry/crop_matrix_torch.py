import torch


def crop_matrix(box: torch.Tensor, h: int, w: int, grow: float) -> torch.Tensor:
    """The maps [..., 2, 3] that bring boxes (x1, y1, x2, y2) to h x w pixels.

    Before they are `grow` times as large, and in the shape of h x w.
    """
    x1, y1, x2, y2 = box.to(torch.float64).unbind(-1)
    width, fitted = (x2 - x1) * grow, (y2 - y1) * grow * (w / h)
    width = torch.where(fitted > width, fitted, width)
    s = torch.full_like(width, w) / width
    x, y = w / 2 - s * ((x1 + x2) / 2), h / 2 - s * ((y1 + y2) / 2)
    none = torch.zeros_like(s)
    rows = torch.stack([s, none, x, none, s, y], dim=-1)
    return rows.to(torch.float32).unflatten(-1, (2, 3))
