import torch


def clip_of(images: list[torch.Tensor]) -> torch.Tensor:
    """The images as the frames of a clip; they must have one size."""
    for image in images:
        if image.shape != images[0].shape:
            sizes = [[image.shape[0], image.shape[1]] for image in images]
            raise ValueError(f"images of one size make a clip, not of {sizes}")
    return torch.stack(images)
