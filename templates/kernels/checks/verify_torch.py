import ctypes
import hashlib
from typing import Any

import torch


def verify(name: str, value: Any, record: dict[str, Any]) -> None:
    """Hold a result against what the compiler computed by the reference."""
    wanted = record[name]
    if "text" in wanted:
        found, expected = value, wanted["text"]
    elif "sha256" in wanted:
        found, expected = digest(value), wanted["sha256"]
    else:
        found, expected = list(value.shape), wanted["shape"]
        if found == expected:
            count = len(wanted["values"])
            some = value.reshape(-1)[[i * value.numel() // count for i in range(count)]]
            values = [float("nan") if number is None else number for number in wanted["values"]]
            stated = torch.tensor(values, dtype=torch.float64)
            numbers = stated.isfinite()
            off = (some[numbers].to(torch.float64) - stated[numbers]).abs()
            apart = max([0.0, *off.tolist()])
            if not torch.equal(some.isfinite(), numbers):
                found, expected = "other values are no numbers", "those of the record"
            elif not apart <= wanted["bound"]:
                found, expected = f"{apart:.3g} off", f"{wanted['bound']:.3g} at most"
    if found != expected:
        raise RuntimeError(
            f"self_check: `{name}` is not what the compiler computed ({found}, not {expected}): "
            "a library computes something else than the one this module was tested with"
        )


def digest(x: torch.Tensor) -> str:
    """SHA-256 of dtype, shape and bytes; all NaN are one."""
    if x.is_floating_point() and x.sum().isnan():  # else there is none in it
        x = x.masked_fill(x.isnan(), float("nan"))
    found = hashlib.sha256(f"{str(x.dtype).removeprefix('torch.')} {list(x.shape)} ".encode())
    flat = x.cpu().contiguous().reshape(-1).view(torch.uint8)
    found.update(ctypes.string_at(flat.data_ptr(), flat.numel()))  # a copy, while `flat` lives
    return found.hexdigest()
