"""The table of cases as graphs, and how a module's `Preprocess` becomes one."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from support import Built, arrays, build, same, source_of

from procdsl import registry
from procdsl.ir.pipeline import tolerance
from procdsl.opdef.op import Case
from procdsl.types.numerics import EXACT

Tensors = tuple[torch.Tensor, ...]


def cases() -> list[Any]:
    """Every case with a `pre`; a tenth, which turns with the ops, is not slow."""
    found = []
    for op in registry.op_names():
        for number, case in enumerate(registry.op(op).cases()):
            name = f"{op}-{number}"
            marks = [] if zlib.crc32(name.encode()) % 10 == 3 else [pytest.mark.slow]
            if case.pre and case.image != "bytes":  # no graph decodes
                found.append(pytest.param(case, id=name, marks=marks))
    return found


def samplers() -> list[Any]:
    """Every sampler and dtype; a twelfth is not slow."""
    found = []
    for name in registry.sampler_names():
        for dtype in ("u8", "f32"):
            if dtype in registry.sampler(name).numerics:
                told = f"{name}-{dtype}"
                marks = [] if zlib.crc32(told.encode()) % 12 == 3 else [pytest.mark.slow]
                found.append(pytest.param(name, dtype, id=told, marks=marks))
    return found


def built_of(case: Case) -> tuple[Built, Tensors, Tensors]:
    """The module of a case, what it is given, and what it gives."""
    built = build(source_of(case), ["torch"])
    inputs, _ = arrays(case, built.pipeline)
    given = tuple(torch.from_numpy(x) for x in inputs.values())
    return built, given, results(built.modules["torch"].Preprocess()(*given))


def results(found: Any) -> Tensors:
    return tuple(found) if isinstance(found, tuple) else (found,)


def check_equal(built: Built, found: Any, wanted: Tensors, what: str) -> None:
    """Results equal to the eager ones, or within what the manifest allows each."""
    values = (*built.pipeline.fed, *built.pipeline.kept)
    for value, x, y in zip(values, results(found), wanted, strict=True):
        largest = float(y.double().nan_to_num(0, 0, 0).abs().max()) if y.numel() else 0.0
        bound = 2 * tolerance(value) * max(1.0, largest)
        same(x.detach().numpy(), y.detach().numpy(), bound, f"{what}, {value.name}")


def scripted(module: torch.nn.Module, _: Tensors) -> Callable[..., Any]:
    return torch.jit.script(module)


def exported(module: torch.nn.Module, given: Tensors) -> Callable[..., Any]:
    return torch.export.export(module, given).module()


def compiled(
    module: torch.nn.Module,
    _: Tensors,
    backend: str = "aot_eager",
    dynamic: bool | None = None,
) -> Callable[..., Any]:
    torch._dynamo.reset()
    graph: Callable[..., Any] = torch.compile(
        module, fullgraph=True, backend=backend, dynamic=dynamic
    )
    return graph


GRAPHS: dict[str, Callable[[torch.nn.Module, Tensors], Callable[..., Any]]] = {
    "script": scripted,
    "export": exported,
    "compile": compiled,
}


def opened(
    module: torch.nn.Module,
    given: Tensors,
    sides: Sequence[int],
    batch: bool = False,
    strict: bool = False,
) -> Callable[..., Any]:
    """An export in which these axes of each input, and a batch in front, may have any size."""
    axes = {at: torch.export.Dim(f"n{at}", min=2, max=16384) for at in sides}
    if batch:
        axes[0] = torch.export.Dim("samples", min=1, max=512)
    return torch.export.export(
        module, given, dynamic_shapes=tuple(axes for _ in given), strict=strict
    ).module()


def refused(sampler: str) -> bool:
    """Whether a graph of this sampler is for one size of picture."""
    return sampler == "cv2.area"


def as_graphs() -> str:
    """What the samplers are as graphs, as the page of graphs shows it."""
    lines = ["| sampler | u8 | f32 | ONNX, u8 | ONNX, f32 |", "|---|---|---|---|---|"]
    for name in registry.sampler_names():
        numerics = registry.sampler(name).numerics
        cells = []
        for dtype in ("u8", "f32"):
            held = "1" if refused(name) else "=" if numerics.get(dtype) is EXACT else "~"
            cells.append(held if dtype in numerics else "-")
        lines.append(f"| `{name}` | {' | '.join(cells + cells)} |")
    return "".join(f"{line}\n" for line in lines)
