import numpy as np


def check_range(name: str, value: np.ndarray, low: float, high: float) -> None:
    """Refuse values outside of `low` to `high`, and NaN."""
    if ((value >= low) & (value <= high)).all():
        return
    numbers = value[~np.isnan(value)]
    came = [f"{numbers.min():.6g}..{numbers.max():.6g}"] if numbers.size else []
    came += ["NaN"] if numbers.size < value.size else []
    raise ValueError(f"{name}: expected values in {low:.6g}..{high:.6g}, got {' and '.join(came)}")
