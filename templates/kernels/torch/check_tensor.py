import torch


def check_tensor(
    name: str, value: torch.Tensor, dtype: torch.dtype, shape: list[int], wanted: str
) -> None:
    """Refuse what is not a tensor of this dtype and shape; -1 stands for any size above 0."""
    if not torch.jit.is_scripting() and not isinstance(value, torch.Tensor):
        raise TypeError(f"{name}: expected a torch tensor, got {type(value).__name__}")
    if value.dtype != dtype:
        raise TypeError(f"{name}: expected dtype {dtype}, got {value.dtype}")
    fits = value.dim() == len(shape)
    if fits:
        for i, size in enumerate(shape):
            fits = fits and (value.shape[i] == size or (size == -1 and value.shape[i] > 0))
    if not fits:
        raise ValueError(f"{name}: expected shape {wanted}, got {list(value.shape)}")
