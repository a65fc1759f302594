import torch

from kernels.graphs.exact_number_torch import exact_number


def cast_rounded(rounded: torch.Tensor, dtype: torch.dtype, low: int, high: int) -> torch.Tensor:
    """Whole float64 numbers as integers: out of range becomes the nearest bound, NaN becomes 0."""
    limited = torch.where(rounded.isnan(), torch.zeros_like(rounded), rounded)
    least = exact_number(float(low), rounded.device)
    limited = limited.clamp(least, exact_number(float(high), rounded.device))
    too_large = limited >= 2.0**63  # the bound of int64 itself rounds up to 2**63
    whole = torch.where(too_large, torch.zeros_like(limited), limited).to(torch.int64)
    return torch.where(too_large, torch.full_like(whole, high), whole).to(dtype)
