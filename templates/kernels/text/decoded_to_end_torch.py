import torch

from kernels.scores.largest_torch import largest
from kernels.text.kept_confidence_torch import kept_confidence
from kernels.text.kept_first_torch import kept_first


def decoded_to_end(
    x: torch.Tensor, over: int, end: int, product: bool, with_end: bool
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """The ids of characters up to the first step whose best class is the end, with their scores,
    the confidence, and how many they are. Characters are counted without the end.
    """
    scores, ids = largest(x, over)
    at_end = (ids == end).to(torch.int64)
    ends = at_end.cumsum(dim=-1)
    kept = ends == 0
    found, of_found, count = kept_first(ids, scores, kept, end)
    counted = ends == at_end if with_end else kept
    return found, of_found, kept_confidence(scores, counted, product), count
