import torch

from kernels.geometry.placement import Placement
from kernels.graphs.open_sizes_torch import is_open
from kernels.pixels.place_torch import place_in_graph


def boxed_where_open(
    x: torch.Tensor, at: Placement, fill: torch.Tensor
) -> tuple[torch.Tensor, Placement]:
    """Images [..., h, w, c] and where they lie in a box, as they are.

    Where a graph leaves that open, it is the whole box, in which they were put already: what is
    written round and into it would hold for borders of those sizes alone.
    """
    if is_open([at.top, at.left, at.content_h, at.content_w]):
        whole = Placement(at.h, at.w, at.source_h, at.source_w, at.h, at.w, 0, 0)
        return place_in_graph(x, at, fill), whole
    return x, at
