import numpy as np


def clip_of(images: list[np.ndarray]) -> np.ndarray:
    """The images as the frames of a clip; they must have one size."""
    sizes = sorted({image.shape[:2] for image in images})
    if len(sizes) > 1:
        raise ValueError(f"images of one size make a clip, not of {sizes}")
    return np.stack(images)
