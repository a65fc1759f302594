import torch


def lookup_text(ids: torch.Tensor, table: list[str]) -> list[str]:
    """The entry of each id."""
    entries: list[str] = []
    for item in ids.flatten().unbind(0):
        i = int(item)
        if i < 0 or i >= len(table):
            raise ValueError(f"an id outside the table of {len(table)} entries: {i}")
        entries.append(table[i])
    return entries
