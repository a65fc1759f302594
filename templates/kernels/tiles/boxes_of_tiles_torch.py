import torch


def boxes_of_tiles(boxes: torch.Tensor, rows: list[int], columns: list[int]) -> torch.Tensor:
    """Boxes [..., tile, n, 4] in the picture that was cut at these rows and columns, in a row."""
    if boxes.shape[-3] != len(rows) * len(columns):
        raise ValueError(
            f"boxes: expected those of {len(rows) * len(columns)} tiles, got {boxes.shape[-3]}"
        )
    x = torch.tensor(columns, dtype=torch.float32, device=boxes.device).repeat(len(rows))
    y = torch.tensor(rows, dtype=torch.float32, device=boxes.device)
    y = y.repeat_interleave(len(columns))
    corners = torch.stack([x, y, x, y], dim=-1)
    return (boxes + corners[:, None]).flatten(-3, -2)
