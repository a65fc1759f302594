import torch


def probe(shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    """The built-in input of `self_check`: a hash of each index, zeros for int32 and int64."""
    n = torch.arange(torch.Size(shape).numel(), dtype=torch.int64)
    mixed = ((n + 1) * 2654435761 & 0xFFFFFFFF) >> 8
    if dtype.is_floating_point:
        values = mixed.to(torch.float32) / 2**21 - 4
    else:
        values = mixed >> {torch.uint8: 16, torch.uint16: 8}.get(dtype, 32)
    return values.to(dtype).reshape(shape)
