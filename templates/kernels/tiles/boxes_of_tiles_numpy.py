import numpy as np


def boxes_of_tiles(boxes: np.ndarray, rows: list[int], columns: list[int]) -> np.ndarray:
    """Boxes [tile, n, 4] in the picture that was cut at these rows and columns, as one list."""
    if len(boxes) != len(rows) * len(columns):
        raise ValueError(
            f"boxes: expected those of {len(rows) * len(columns)} tiles, got {len(boxes)}"
        )
    corners = np.array([[x, y, x, y] for y in rows for x in columns], np.float32)
    return (boxes + corners[:, None]).reshape(-1, 4)
