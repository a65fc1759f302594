"""OpenCV's own functions, for the samplers and colours that are named after it."""

from __future__ import annotations

import cv2
import numpy as np
from named_after.ways import Way, Ways

CODES = {name.removeprefix("COLOR_").upper(): name for name in dir(cv2) if name[:6] == "COLOR_"}


def resize(kernel: str, x: np.ndarray, h: int, w: int) -> np.ndarray:
    how = getattr(cv2, f"INTER_{kernel.upper()}")
    cv2.ipp.setUseIPP(False)
    found = cv2.resize(x, (w, h), interpolation=how).reshape(h, w, x.shape[2])
    cv2.ipp.setUseIPP(True)
    return found


def by_code(code: str) -> Way | None:
    """`cv2.cvtColor` with a code, in whatever case it is written; None where there is none."""
    name = CODES.get(code.upper())
    return (lambda x: cv2.cvtColor(x, getattr(cv2, name))) if name else None


def colour(name: str) -> Ways:
    return by_code(f"RGB2{name}"), by_code(f"{name}2RGB")


def frame(name: str) -> Ways:
    return by_code(f"RGB2YUV_{name}"), by_code(f"YUV2RGB_{name}")
