import torch


def align_matrix(
    points: torch.Tensor, x: list[float], y: list[float], middle: tuple[float, float]
) -> torch.Tensor:
    """The similarities [..., 2, 3] that bring points [..., k, 2] closest to places, by the least
    squares.

    The places are given less their `middle`.
    """
    px, py = points.to(torch.float64).unbind(-1)
    mx, my = added_up(px) / len(x), added_up(py) / len(x)
    px, py = px - mx[..., None], py - my[..., None]
    qx = torch.tensor(x, dtype=torch.float64, device=points.device)
    qy = torch.tensor(y, dtype=torch.float64, device=points.device)
    spread = added_up(px * px + py * py)
    a, b = added_up(px * qx + py * qy) / spread, added_up(px * qy - py * qx) / spread
    first = [a, -b, middle[0] - (a * mx - b * my)]
    second = [b, a, middle[1] - (b * mx + a * my)]
    return torch.stack(first + second, dim=-1).to(torch.float32).unflatten(-1, (2, 3))


def added_up(numbers: torch.Tensor) -> torch.Tensor:
    """The sum along the last axis in the order of the numbers, which torch's own is not."""
    total = numbers[..., 0]
    for i in range(1, numbers.shape[-1]):
        total = total + numbers[..., i]
    return total
