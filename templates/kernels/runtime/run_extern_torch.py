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
    alike: Sequence[tuple[str, Sequence[int]]] = (),
) -> list[torch.Tensor]:
    """What an extern gives on the host, back on the device of its first value.

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
    arrays = [x.detach().cpu().numpy() for x in given]
    found = run_on_host(names, extern, function, arrays, wanted, alike)
    return [torch.from_numpy(x).to(given[0].device) for x in found]
