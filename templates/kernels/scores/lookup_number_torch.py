import torch


def lookup_number(ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """The entry of each id."""
    checked = torch.jit.is_scripting() or not torch.compiler.is_compiling()  # no graph can raise
    if checked and ids.numel() > 0 and (int(ids.min()) < 0 or int(ids.max()) >= table.shape[0]):
        raise ValueError(f"an id outside the table of {table.shape[0]} entries")
    return table.index_select(0, ids.flatten()).reshape(ids.shape)
