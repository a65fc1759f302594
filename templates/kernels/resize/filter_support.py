def filter_support(filter_: str) -> float:
    """How far from its centre an antialiasing filter is not zero, at a reduction of 1."""
    return {"box": 0.5, "bilinear": 1.0, "hamming": 1.0, "bicubic": 2.0, "lanczos": 3.0}[filter_]


def filter_window(i: int, source: int, target: int, filter_: str) -> tuple[int, int]:
    """The first source pixel that target pixel `i` needs, and the one after the last."""
    scale = source / target
    reach = filter_support(filter_) * max(scale, 1.0)
    center = (i + 0.5) * scale
    return max(0, int(center - reach + 0.5)), min(source, int(center + reach + 0.5))
