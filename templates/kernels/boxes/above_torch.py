import torch
from torch.nn.functional import pad

from kernels.runtime.zeros_behind_torch import zeros_behind


def above(
    scores: torch.Tensor, score: float, limit: int, every_label: bool
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The rows and columns of the scores [..., n, class] above the bound, best first.

    There is room for `limit`, with zeros behind, and told how many there are. No shape depends on
    what the scores are, so that it is the same in a graph.
    """
    usable = torch.where(scores.isnan(), torch.full_like(scores, float("-inf")), scores)
    values = usable.flatten(-2) if every_label else usable.amax(-1)
    none = torch.full_like(values, float("-inf"))
    values = pad(
        torch.where(values.to(torch.float64) > score, values, none), [0, limit], value=float("-inf")
    )
    ordered, order = values.sort(stable=True, dim=-1, descending=True)
    there = ordered[..., :limit] > float("-inf")
    order = torch.where(there, order[..., :limit], 0)
    if every_label:
        rows = order.div(scores.shape[-1], rounding_mode="floor")
        columns = order - rows * scores.shape[-1]
    else:
        rows = order
        columns = pad(usable.argmax(-1), [0, 1]).gather(-1, rows)
        columns = torch.where(there, columns, 0)
    return rows, columns, there.sum(dim=-1)


def rows_of(x: torch.Tensor, rows: torch.Tensor, count: torch.Tensor) -> torch.Tensor:
    """Those rows of `x` [..., n, m], with zeros behind the first `count`."""
    places = rows[..., None].expand(list(rows.shape) + [x.shape[-1]])
    # one row more, for where there is none
    return zeros_behind(pad(x, [0, 0, 0, 1]).gather(-2, places), count, 0)


def numbers_of(
    x: torch.Tensor, rows: torch.Tensor, columns: torch.Tensor, count: torch.Tensor
) -> torch.Tensor:
    """The numbers of `x` [..., n, m] in those rows and columns, with zeros behind."""
    places = rows * x.shape[-1] + columns
    return zeros_behind(pad(x.flatten(-2), [0, 1]).gather(-1, places), count, 0)
