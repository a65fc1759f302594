import torch


def border_places(size: int, before: int, to: int, mode: str, device: torch.device) -> torch.Tensor:
    """For each place of a padded axis the one it repeats: edge, reflect or symmetric."""
    place = torch.arange(to, device=device) - before
    if mode == "edge":
        return place.clamp(0, size - 1)
    if mode == "reflect":
        last = size - 1
        place = place % max(1, 2 * last)
        return torch.minimum(place, 2 * last - place)
    place = place % (2 * size)
    return torch.minimum(place, 2 * size - 1 - place)
