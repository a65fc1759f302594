import torch


def pairs_to_rgb(frame: torch.Tensor, red: int, u_at: int) -> torch.Tensor:
    """A 4:2:0 frame uint8 [..., rows, w] of luma over pairs of chroma, U at `u_at` of each."""
    h = frame.shape[-2] // 3 * 2
    u, v = frame[..., h:, u_at::2], frame[..., h:, 1 - u_at :: 2]
    return frame_to_rgb(frame[..., :h, :], u, v, red)


def planes_to_rgb(frame: torch.Tensor, red: int) -> torch.Tensor:
    """A 4:2:0 frame uint8 [..., rows, w] of luma over the plane U over the plane V to RGB."""
    h, w = frame.shape[-2] // 3 * 2, frame.shape[-1]
    chroma = frame[..., h:, :].flatten(-2).unflatten(-1, (2, h // 2, w // 2))
    return frame_to_rgb(frame[..., :h, :], chroma.select(-3, 0), chroma.select(-3, 1), red)


def frame_to_rgb(luma: torch.Tensor, u: torch.Tensor, v: torch.Tensor, red: int) -> torch.Tensor:
    """uint8 [..., h, w, 3] with red in the channel `red`: BT.601, studio range, as OpenCV does it.

    Each u and v [..., h / 2, w / 2] stands for a square of 2 x 2 pixels.
    """
    w = luma.shape[-1]
    row = max(1, luma[..., 0, :].numel())
    step = max(1, 16384 // row) if luma.device.type == "cpu" else u.shape[-2]
    parts: list[torch.Tensor] = []
    for top in range(0, u.shape[-2], step):
        rows = luma[..., 2 * top : 2 * (top + step), :]
        of_u = u[..., top : top + step, :].to(torch.int32).sub_(128)
        of_v = v[..., top : top + step, :].to(torch.int32).sub_(128)
        r, g, b = of_v * 1673527, (of_v * -852492).sub_(of_u, alpha=409993), of_u * 2116026
        y = rows.to(torch.int32).clamp_(min=16).sub_(16).mul_(1220542).add_(1 << 19)
        squares = y.unflatten(-1, (w // 2, 2)).unflatten(-3, (of_u.shape[-2], 2))
        planes = [
            (squares + colour.unsqueeze(-1).unsqueeze(-3))
            .bitwise_right_shift_(20)
            .clamp_(0, 255)
            .to(torch.uint8)
            .reshape(rows.shape)
            for colour in ([r, g, b] if red == 0 else [b, g, r])
        ]
        parts.append(torch.stack(planes, dim=-1))
    return torch.cat(parts, dim=-3)
