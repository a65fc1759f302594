import torch

from kernels.scores.largest_torch import largest
from kernels.text.kept_confidence_torch import kept_confidence
from kernels.text.kept_first_torch import kept_first


def ctc_decoded(
    x: torch.Tensor, over: int, blank: int, product: bool
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """The ids of characters that the best class of each step spells, with their scores, the
    confidence, and how many they are. Characters are counted without the blank.
    """
    scores, ids = largest(x, over)
    before = torch.cat([torch.full_like(ids[..., :1], -1), ids[..., :-1]], dim=-1)
    kept = (ids != blank) & (ids != before)
    found, of_found, count = kept_first(ids, scores, kept, blank)
    return found, of_found, kept_confidence(scores, kept, product), count
