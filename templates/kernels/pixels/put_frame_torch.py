import torch

from kernels.checks.check_out_torch import check_out


def frame_of(clip: torch.Tensor, i: int, axis: int) -> torch.Tensor | None:
    """The memory of frame `i`, once the first one has told how large the clip is."""
    return clip.select(axis, i) if i > 0 else None


def put_frame(
    clip: torch.Tensor,
    frame: torch.Tensor,
    i: int,
    x: torch.Tensor,
    axis: int,
    out: torch.Tensor | None,
) -> torch.Tensor:
    """The clip made of the frames of `x`, with its frame `i`; in `out`, where that can be."""
    if i == 0:
        shape = list(frame.shape[:axis]) + [x.shape[0]] + list(frame.shape[axis:])
        clip = torch.empty([0], dtype=frame.dtype, device=frame.device)
        if out is not None:
            check_out("out", out, shape, frame.dtype)
            if x.dtype != out.dtype and out.device == x.device:  # else it could be the same memory
                clip = out
        if clip.dim() == 1:
            clip = torch.empty(shape, dtype=frame.dtype, device=frame.device)
    place = clip.select(axis, i)
    if not frame.is_set_to(place):  # else it was written there
        place.copy_(frame)
    return clip
