import torch


def put_frame(
    clip: torch.Tensor, frame: torch.Tensor, i: int, count: int, axis: int
) -> torch.Tensor:
    """The clip of `count` frames with its frame `i`; the first one tells how large it is."""
    if i == 0:
        shape = list(frame.shape[:axis]) + [count] + list(frame.shape[axis:])
        clip = torch.empty(shape, dtype=frame.dtype, device=frame.device)
    clip.select(axis, i).copy_(frame)
    return clip
