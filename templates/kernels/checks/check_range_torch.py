import torch


def check_range(name: str, value: torch.Tensor, low: float, high: float) -> None:
    """Refuse values outside of `low` to `high`, and NaN."""
    if bool(((value >= low) & (value <= high)).all()):
        return
    numbers = value[~value.isnan()]
    came = [f"{float(numbers.min()):.6g}..{float(numbers.max()):.6g}"] if numbers.numel() else []
    came += ["NaN"] if numbers.numel() < value.numel() else []
    raise ValueError(f"{name}: expected values in {low:.6g}..{high:.6g}, got {' and '.join(came)}")
