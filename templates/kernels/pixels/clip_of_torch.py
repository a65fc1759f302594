import torch


def clip_of(names: list[str], images: list[torch.Tensor], axis: int) -> torch.Tensor:
    """The images as the frames of a clip, along its `axis`; they must have one size."""
    wanted = images[0].shape
    for i, image in enumerate(images):
        if image.shape != wanted:
            raise ValueError(
                f"{names[i]}: images of one size make a clip: expected the shape {list(wanted)}, "
                f"as {names[0]} has, got {list(image.shape)}"
            )
    return torch.stack(images, dim=axis)
