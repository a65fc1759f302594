import torch


def rows_of_all(index: torch.Tensor, pictures: int, source: int) -> torch.Tensor:
    """Source rows [taps, h] as [taps, n * h] of n pictures, `source` rows each, one below another.

    Pictures of one size are worked on as one, so that a strip of rows may reach over several.
    """
    first = torch.arange(pictures, device=index.device)[:, None] * source
    return (index[:, None] + first).flatten(1)
