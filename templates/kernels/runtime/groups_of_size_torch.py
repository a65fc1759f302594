from collections.abc import Sequence
from typing import Any

import torch


def groups_of_size(
    columns: Sequence[Any], count: int, ranks: Sequence[int], workers: int
) -> list[list[int]]:
    """Samples that can be worked on together: of one size and device, in the order of the first.

    A group has 4 MiB of them at most, which stay in a processor's cache, on other devices 256, or
    one sample. Of many of one size as many groups are made as there are `workers`, at least. What
    is no sample is alone.
    """
    alike: dict[Any, list[int]] = {}
    for number in range(count):
        samples = [column[number] for column in columns]
        fits = are_samples(samples, ranks)
        key = tuple((x.shape, x.dtype, x.device) for x in samples) if fits else number
        alike.setdefault(key, []).append(number)
    groups: list[list[int]] = []
    for key, numbers in alike.items():
        size = 1
        if isinstance(key, tuple):
            first = [column[numbers[0]] for column in columns]
            held = sum(x.numel() * x.element_size() for x in first)
            most = 4 << 20 if first[0].device.type == "cpu" else 256 << 20
            size = max(1, min(most // max(1, held), -(-len(numbers) // workers)))
        groups += [numbers[i : i + size] for i in range(0, len(numbers), size)]
    return groups


def are_samples(values: Sequence[Any], ranks: Sequence[int]) -> bool:
    """Whether they are dense tensors of so many axes each."""
    return all(
        isinstance(x, torch.Tensor)
        and x.layout == torch.strided
        and not x.is_nested
        and x.dim() == rank
        for x, rank in zip(values, ranks, strict=True)
    )
