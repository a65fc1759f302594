import numpy as np


def clip_of(names: list[str], images: list[np.ndarray]) -> np.ndarray:
    """The images as the frames of a clip; they must have one size."""
    wanted = images[0].shape
    for i, image in enumerate(images):
        if image.shape != wanted:
            raise ValueError(
                f"{names[i]}: images of one size make a clip: expected the shape {list(wanted)}, "
                f"as {names[0]} has, got {list(image.shape)}"
            )
    return np.stack(images)
