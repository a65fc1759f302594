import torch


def boxes_of_tiles(boxes: torch.Tensor, rows: list[int], columns: list[int]) -> torch.Tensor:
    """Boxes [..., tile, n, 4] in the picture that was cut at these rows and columns, in a row."""
    if boxes.shape[-3] != len(rows) * len(columns):
        raise ValueError(
            f"boxes: expected those of {len(rows) * len(columns)} tiles, got {boxes.shape[-3]}"
        )
    device = boxes.device
    y = torch.tensor(rows, dtype=torch.float32, device=device).repeat_interleave(len(columns))
    x = torch.tensor(columns, dtype=torch.float32, device=device).repeat(len(rows))
    corners = torch.stack([x, y, x, y], dim=-1)
    return (boxes + corners[:, None]).flatten(-3, -2)
