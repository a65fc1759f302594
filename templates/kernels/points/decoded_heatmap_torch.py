import torch

from kernels.points.newton_step_torch import newton_step
from kernels.scores.largest_torch import largest


def decoded_heatmap(
    x: torch.Tensor, refine: str, sides: list[float], cells: list[float], kernel: list[float]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Where each map [..., h, w] is largest, in a picture of these sides, and how large it is."""
    h, w = x.shape[-2], x.shape[-1]
    maps = x.flatten(-2)
    scores, index = largest(maps, -1)
    rows = index.div(w, rounding_mode="floor")
    columns = index - rows * w
    places = torch.stack([columns, rows], dim=-1).to(torch.float64)
    if refine == "quarter":
        across = quarter_step(maps, index, (columns > 1) & (columns < w - 1) & (rows > 0), 1)
        down = quarter_step(maps, index, (rows > 1) & (rows < h - 1) & (columns > 0), w)
        places = places + torch.stack([across, down], dim=-1)
    if refine == "dark" or refine == "udp":
        places = places + newton_step(x, rows, columns, scores, refine == "udp", kernel)
    none = torch.full_like(places, -1)
    places = torch.where(scores[..., None] > 0, places, none).to(torch.float32)
    scale = torch.tensor([sides, cells], dtype=torch.float64, device=x.device)
    return (places.to(torch.float64) * scale[0] / scale[1]).to(torch.float32), scores


def quarter_step(
    maps: torch.Tensor, index: torch.Tensor, inside: torch.Tensor, step: int
) -> torch.Tensor:
    """A quarter of a place towards the larger neighbour, inside of a map [..., n]."""
    last = maps.shape[-1] - 1
    after = maps.gather(-1, (index + step).clamp(max=last)[..., None])[..., 0]
    before = maps.gather(-1, (index - step).clamp(min=0)[..., None])[..., 0]
    larger = ((after > before) & inside).to(torch.float64)
    return 0.25 * larger - 0.25 * ((after < before) & inside).to(torch.float64)
