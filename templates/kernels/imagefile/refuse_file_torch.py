import torch


def refuse_file(name: str, value: torch.Tensor) -> None:
    """Refuse the content of a file: no graph holds what decodes it."""
    if not torch.jit.is_scripting():
        kind = type(value).__name__
        if kind == "bytes":
            raise TypeError(
                f"{name}: expected the decoded picture, got bytes: a module is what a graph holds, "
                "and starts behind the decoding; `preprocess` takes the file"
            )
