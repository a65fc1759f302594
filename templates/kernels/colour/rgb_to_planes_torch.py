import torch


def rgb_to_planes(x: torch.Tensor, red: int) -> torch.Tensor:
    """uint8 [..., h, w, 3] to a 4:2:0 frame of luma over U over V, as OpenCV's I420.

    Red is the channel `red`; U and V are those of the upper left pixel of each 2 x 2.
    """
    h, w = x.shape[-3], x.shape[-2]
    r, g, b = (
        x[..., red].to(torch.int32),
        x[..., 1].to(torch.int32),
        x[..., 2 - red].to(torch.int32),
    )
    y = (r * 269484).add_(g, alpha=528482).add_(b, alpha=102760)
    y = y.add_((16 << 20) + (1 << 19)).bitwise_right_shift_(20)
    r, g, b = r[..., ::2, ::2], g[..., ::2, ::2], b[..., ::2, ::2]
    half = (128 << 20) + (1 << 19)
    u = (r * -155188 - g * 305135 + b * 460324 + half) >> 20
    v = (r * 460324 - g * 385875 - b * 74448 + half) >> 20
    planes = torch.cat([y.flatten(-2), u.flatten(-2), v.flatten(-2)], dim=-1)
    return planes.to(torch.uint8).unflatten(-1, (h // 2 * 3, w))
