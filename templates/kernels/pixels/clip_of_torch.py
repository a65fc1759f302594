import torch


def clip_of(names: list[str], images: list[torch.Tensor], axis: int) -> torch.Tensor:
    """The images as the frames of a clip, along its `axis`; they must have one size."""
    wanted = images[0].shape
    for i, image in enumerate(images):
        if image.shape != wanted:
            raise ValueError(
                f"{names[i]}: images of one size make a clip: expected {wanted[axis + 1]} x "
                f"{wanted[axis + 2]}, as {names[0]} has, got {image.shape[axis + 1]} x "
                f"{image.shape[axis + 2]}"
            )
    return torch.stack(images, dim=axis)
