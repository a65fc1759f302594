import torch


def taken(
    x: torch.Tensor, index: torch.Tensor, axis: int, rank: int, index_rank: int, of_none: bool
) -> torch.Tensor:
    """The places of an axis, counted from the last one, that an index names.

    The values have so many axes each, behind those of a batch. `of_none` is whether an axis may
    hold nothing: in a batch it has a place of zeros, which stands behind what the index has found.
    """
    if of_none:
        shape = list(x.shape)
        shape[axis] = 1
        x = torch.cat([x, torch.zeros(shape, dtype=x.dtype, device=x.device)], dim=axis)
    n = max(x.shape[axis] - 1, 1) if of_none else x.shape[axis]
    checked = torch.jit.is_scripting() or not torch.compiler.is_compiling()  # no graph can raise
    if checked and index.numel() > 0 and (int(index.min()) < 0 or int(index.max()) >= n):
        raise ValueError(f"an index outside the {n} places of an axis")
    lead = x.dim() - rank
    rows = x.movedim(axis, lead)
    behind = rows.shape[lead + 1 :]
    flat = index.to(torch.int64).reshape(list(index.shape[:lead]) + [-1, 1])
    picked = rows.reshape(list(rows.shape[: lead + 1]) + [-1])
    picked = picked.gather(lead, flat.expand([-1] * (lead + 1) + [picked.shape[-1]]))
    found = picked.reshape(index.shape + behind)
    places = [lead + i for i in range(index_rank)]
    return found.movedim(places, [x.dim() + axis + i for i in range(index_rank)])
