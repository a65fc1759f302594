import torch


def check_tensor(
    name: str,
    value: torch.Tensor,
    dtype: torch.dtype,
    shape: list[int],
    wanted: str,
    least: list[int] | None = None,
    batch: bool = False,
) -> None:
    """Refuse what is not a tensor of this dtype and shape, or a batch of them in one tensor.

    In the shape -1 stands for any size, and another -n for 1 to n pixels.

    `least` says how long each axis must be.
    """
    if not torch.jit.is_scripting():
        if not isinstance(value, torch.Tensor):
            raise TypeError(f"{name}: expected a torch tensor, got {type(value).__name__}")
        if value.is_nested or value.layout != torch.strided:
            came = "a nested one" if value.is_nested else value.layout
            raise TypeError(f"{name}: expected a dense tensor, got {came}")
    if value.dtype != dtype:
        raise TypeError(f"{name}: expected dtype {dtype}, got {value.dtype}")
    sizes = list(value.shape)
    if batch:
        sizes = sizes[1:]
    fits = value.dim() == len(shape) + int(batch)
    if fits:
        for i, size in enumerate(shape):
            fits = fits and (size < 0 or sizes[i] == size)
    if not fits:
        raise ValueError(f"{name}: expected shape {wanted}, got {list(value.shape)}")
    for i, size in enumerate(shape):
        if size < -1 and not 0 < sizes[i] <= -size:  # refused before memory is taken for it
            raise ValueError(
                f"{name}: expected sides of 1 to {-size} pixels, got {list(value.shape)}"
            )
        if least is not None and sizes[i] < least[i]:
            raise ValueError(
                f"{name}: expected {least[i]} or more along axis {i}, got {list(value.shape)}"
            )
