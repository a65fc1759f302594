from collections.abc import Callable, Sequence
from typing import Any

import torch

from kernels.checks.probe_torch import probe
from kernels.checks.verify_torch import verify
from kernels.runtime.run_on_host import run_on_host
from kernels.runtime.stand_in import StandIn


def run_extern(
    names: Sequence[str],
    name: str,
    target: str,
    function: Callable[..., Any],
    given: Sequence[torch.Tensor],
    wanted: Sequence[tuple[str, Sequence[int | str]]],
    rank: int,
    alike: Sequence[tuple[str, Sequence[int]]] = (),
) -> list[torch.Tensor]:
    """What an extern gives on the host for each sample, back on the device of its first value.

    `rank` is how many axes that has of one sample; the function knows no others.
    In `self_check` a probe stands for each result. Errors tell the `names` of its values in the
    `.proc` file.
    """
    extern = f"`{name}` ({target})"
    if torch.jit.is_tracing() or torch.compiler.is_exporting():
        raise RuntimeError(
            f"the extern {extern} is Python that runs on the host, and cannot be traced or "
            "exported: run `preprocess` beside the exported model"
        )
    check = StandIn.active.get()
    if check is not None:
        for entry, x in zip(check.names(name, len(given)), given, strict=True):
            verify(entry, x, check.record)
        return [probe(check.shape(shape), getattr(torch, dtype)) for dtype, shape in wanted]
    leading = given[0].shape[: given[0].dim() - rank]
    columns = [x.detach().cpu().reshape(-1, *x.shape[len(leading) :]).numpy() for x in given]
    of = f"{', '.join(names)}: the extern {extern}"
    if not len(columns[0]):
        raise ValueError(f"{of}: expected samples, got a batch of none")
    found = [
        run_on_host(names, extern, function, sample, wanted, alike)
        for sample in zip(*columns, strict=True)
    ]
    results: list[torch.Tensor] = []
    for samples in zip(*found, strict=True):
        shapes = sorted({x.shape for x in samples})
        if len(shapes) > 1:
            raise ValueError(f"{of}: expected results of one shape in a batch, got {shapes}")
        stacked = torch.stack([torch.from_numpy(x) for x in samples])
        results.append(stacked.reshape(leading + shapes[0]).to(given[0].device))
    return results
