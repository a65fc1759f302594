import torch


def check_size(name: str, size: tuple[int, int]) -> None:
    """Refuse what is not a height and a width in pixels."""
    fits = torch.jit.is_scripting() or (len(size) == 2 and isinstance(size[0] + size[1], int))
    if not fits or size[0] < 1 or size[1] < 1:
        raise ValueError(f"{name}: expected (height, width) in pixels, above 0, got {size}")
