import torch


def matmul(
    x: torch.Tensor, y: torch.Tensor, axes: tuple[int, int], ranks: tuple[int, int]
) -> torch.Tensor:
    """The sum of products over one axis of each, in float64, rounded to float32 once.

    The values have so many axes each, behind those of a batch.
    """
    rows = x.movedim(axes[0], -1).to(torch.float64)
    columns = y.movedim(axes[1], -ranks[1]).to(torch.float64)
    shape = rows.shape[:-1] + columns.shape[columns.dim() - ranks[1] + 1 :]
    rows = rows.flatten(-ranks[0], -2) if ranks[0] > 1 else rows.unsqueeze(-2)
    columns = columns.flatten(1 - ranks[1], -1) if ranks[1] > 1 else columns.unsqueeze(-1)
    return torch.matmul(rows, columns).to(torch.float32).reshape(shape)
