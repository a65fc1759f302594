import torch


def boxes_of_tiles(boxes: torch.Tensor, rows: list[int], columns: list[int]) -> torch.Tensor:
    """Boxes [..., tile, n, 4] in the picture that was cut at these rows and columns, in a row."""
    if boxes.shape[-3] != len(rows) * len(columns):
        raise ValueError(
            f"boxes: expected those of {len(rows) * len(columns)} tiles, got {boxes.shape[-3]}"
        )
    corners = torch.tensor(
        [[x, y, x, y] for y in rows for x in columns], dtype=torch.float32, device=boxes.device
    )
    return (boxes + corners[:, None]).flatten(-3, -2)
