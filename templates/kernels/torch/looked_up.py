import torch


def looked_up(x: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """What a table has for each level of x."""
    return table.index_select(0, x.to(torch.int32).flatten()).reshape(x.shape)
