import torch


def grid_points(h: int, w: int, strides: list[int], device: torch.device) -> torch.Tensor:
    """The column, the row and the stride of each place, level by level, f32[3, n]."""
    levels: list[torch.Tensor] = []
    for stride in strides:
        rows = torch.arange(h // stride, dtype=torch.float32, device=device)[:, None]
        columns = torch.arange(w // stride, dtype=torch.float32, device=device)[None]
        rows, columns = torch.broadcast_tensors(rows, columns)
        level = [columns.flatten(), rows.flatten(), torch.full_like(rows, stride).flatten()]
        levels.append(torch.stack(level))
    return torch.cat(levels, dim=1)
