import hashlib
from typing import Any

import numpy as np


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
            some = value.reshape(-1)[[i * value.size // count for i in range(count)]]
            values = np.array(wanted["values"], np.float64)  # NaN for a None, which is no number
            numbers = np.isfinite(values)
            off = np.abs(some[numbers].astype(np.float64) - values[numbers])
            apart = float(off.max(initial=0))
            if not np.array_equal(np.isfinite(some), numbers):
                found, expected = "other values are no numbers", "those of the record"
            elif not apart <= wanted["bound"]:
                found, expected = f"{apart:.3g} off", f"{wanted['bound']:.3g} at most"
    if found != expected:
        raise RuntimeError(
            f"self_check: `{name}` is not what the compiler computed ({found}, not {expected}): "
            "a library computes something else than the one this module was tested with"
        )


def digest(x: np.ndarray) -> str:
    """SHA-256 of dtype, shape and bytes; all NaN are one."""
    if x.dtype.kind == "f":
        x = np.where(np.isnan(x), x.dtype.type(np.nan), x)
    head = f"{x.dtype.name} {list(x.shape)} ".encode()
    return hashlib.sha256(head + np.ascontiguousarray(x).tobytes()).hexdigest()
