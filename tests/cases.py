"""Holds the case of an op against the reference: on every backend, and in torch as a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any

import numpy as np
import torch
from support import (
    HUGE,
    INFINITIES,
    NANS,
    NOT_FINITE,
    TINY,
    Built,
    arrays,
    build,
    compare,
    run,
    run_post,
    same,
    source_of,
    specked,
    to_backend,
    to_numpy,
)

from procdsl.codegen.targets import targets
from procdsl.ir.decoding import decodings
from procdsl.ir.pipeline import Pipeline
from procdsl.lower import lower
from procdsl.opdef.op import Case
from procdsl.types.array import Array


def check_case(case: Case, seed: int = 0, scripted: bool = False) -> None:
    """The case on every backend; on floats also with NaN, infinities, the tiny and the huge.

    In torch also as a batch, which may be that of a scripted module. Warnings are errors here:
    where there is a result, no library warns of what another computes.
    """
    built = build(source_of(case))
    inputs, outputs = arrays(case, built.pipeline, seed)
    compare(built, inputs, outputs)
    if decodings(built.pipeline):
        return  # torch's modules take pictures, and files have no odd floats
    check_memory(built, inputs, outputs, case.size)
    samples = [arrays(case, built.pipeline, seed + i) for i in range(3)]
    compare_batch(built, [given for given, _ in samples], scripted)
    if built.pipeline.outputs:
        compare_batch_after(
            built, [given for _, given in samples], [case.size] * len(samples), scripted
        )
    for values in (NANS, INFINITIES, NOT_FINITE, TINY, HUGE):
        odd = [
            {k: specked(x, values, seed) if x.dtype.kind == "f" else x for k, x in given.items()}
            for given in (inputs, outputs)
        ]
        if any(x.dtype.kind == "f" for given in odd for x in given.values()):
            compare(built, *odd)


def check_memory(
    built: Built,
    inputs: Mapping[str, np.ndarray],
    outputs: Mapping[str, np.ndarray],
    size: tuple[int, int],
) -> None:
    """What `preprocess` gives has memory of its own, and what `postprocess` gives where no step on
    the way may give a view; in torch also of a batch."""
    for backend, module in built.modules.items():
        before, after = (to_backend(module, x.values()) for x in (inputs, outputs))
        holds = targets()[backend].holds
        if inputs:
            own = [False] * len((*built.pipeline.fed, *built.pipeline.kept))
            hold_apart(before, module.preprocess(*before), own)
            if backend == "torch":
                batch = [x[None] for x in before]
                hold_apart(batch, module.Preprocess()(*batch), own)
        if built.pipeline.outputs:
            shared = lower.postprocess(built.pipeline, holds).shared
            sizes = [size] * (len(signature(module.postprocess).parameters) - len(after))
            hold_apart(after, module.postprocess(*after, *sizes), shared)
            if backend == "torch":
                batch = [x[None] for x in after]
                hold_apart(batch, module.Postprocess()(*batch, *sizes), shared)


def hold_apart(given: Sequence[Any], found: Any, shared: Sequence[bool]) -> None:
    """No result lies in the memory of an argument or of one before it, but where it may."""
    seen = [x for value in given for x in arrays_in(value)]
    results = found if isinstance(found, tuple) else (found,)
    for i, (result, may) in enumerate(zip(results, shared, strict=True)):
        made = arrays_in(result)
        one = may or not any(np.shares_memory(x, y) for x in made for y in seen)
        assert one, f"result {i} shares memory"
        seen += made


def arrays_in(value: Any) -> list[np.ndarray]:
    """The arrays of a result, of the fields of a record, or of many samples."""
    if isinstance(value, tuple | list):
        return [x for part in value for x in arrays_in(part)]
    return [] if isinstance(value, str) else [np.asarray(to_numpy(value))]


def compare_batch(
    built: Built, samples: Sequence[Mapping[str, np.ndarray]], scripted: bool = False
) -> None:
    """torch's `Preprocess` of samples of one size: the bits of one by one, and of none no error."""
    module = built.modules["torch"]
    if not samples[0]:
        return
    wanted = [np.stack(column) for column in zip(*(run(module, x) for x in samples), strict=True)]
    given = [np.stack(column) for column in zip(*(x.values() for x in samples), strict=True)]
    kept = [x.copy() for x in given]
    values = (*built.pipeline.fed, *built.pipeline.kept)
    preprocess = module.Preprocess()
    if scripted:
        preprocess = torch.jit.script(preprocess)
    for count in (len(samples), 0):
        found = preprocess(*(torch.from_numpy(x[:count]) for x in given))
        found = found if isinstance(found, tuple) else (found,)
        for value, x, y in zip(values, found, wanted, strict=True):
            same(x.numpy(), y[:count], 0, f"{count} in a batch, {value.name}")
            assert x.is_contiguous(), f"{value.name} does not lie in one piece"
    assert all(np.array_equal(x, y, equal_nan=True) for x, y in zip(given, kept, strict=True))


def compare_batch_after(
    built: Built,
    samples: Sequence[Mapping[str, np.ndarray]],
    sizes: Sequence[tuple[int, int]],
    scripted: bool = False,
) -> None:
    """torch's `Postprocess` of a batch: the bits of one by one; in a graph with room for more."""
    module = built.modules["torch"]
    count = len(signature(module.postprocess).parameters) - len(samples[0])
    wanted = [run_post(module, x, [s] * count) for x, s in zip(samples, sizes, strict=True)]
    given = [np.stack(column) for column in zip(*(x.values() for x in samples), strict=True)]
    post = module.Postprocess()
    graph = torch.jit.script(post) if scripted else getattr(post, "in_graph", post)
    for of in (torch.tensor(sizes), sizes[0]) if len(set(sizes)) == 1 else (torch.tensor(sizes),):
        found = post(*map(torch.from_numpy, given), *[of] * count)
        inside = graph(*map(torch.from_numpy, given), *[of] * count)
        for i, one in enumerate(wanted):
            for name, value in one.items():
                same_result(getattr(found, name)[i], value, name)
                same_in_graph(inside, name, i, value, rows_of(built.pipeline, name))


def same_result(found: Any, wanted: Any, name: str) -> None:
    """One result, which may be a record or a text, with the bits of another."""
    if isinstance(wanted, dict):
        for part, x in wanted.items():
            same(to_numpy(getattr(found, part)), x, 0, f"{name}.{part}")
    elif isinstance(wanted, np.ndarray):
        same(to_numpy(found), wanted, 0, name)
    else:
        assert found == wanted, name


def rows_of(pipeline: Pipeline, name: str) -> int:
    """The axis of a result along which rows are found."""
    types = {value.name: value.type for value in pipeline.outputs}
    found = types.get(name)
    axes = found.axes if isinstance(found, Array) else ()
    rows = [i for i, a in enumerate(axes) if a.size is None and a.name not in ("h", "w")]
    return rows[0] if rows else 0


def same_in_graph(found: Any, name: str, i: int, wanted: Any, axis: int) -> None:
    """A result of a graph: its first rows are what is found, and the rest is zeros."""
    value = getattr(found, name)
    count = getattr(found, f"{name}_counts", None)
    if isinstance(wanted, dict):
        assert int(value.counts[i]) == len(next(iter(wanted.values())))
        for part, x in wanted.items():
            rows = to_numpy(getattr(value, part)[i])
            same(rows[: len(x)], x, 0, f"{name}.{part} in a graph")
            assert not rows[len(x) :].any()
    elif isinstance(wanted, np.ndarray):
        rows = to_numpy(value[i])
        if count is not None:
            assert int(count[i]) == wanted.shape[axis]
            rows, behind = np.split(rows, [wanted.shape[axis]], axis)
            assert not behind.any()
        same(rows, wanted, 0, f"{name} in a graph")
    else:
        assert value.dtype in (torch.int32, torch.int64), f"{name}: a graph has ids for texts"
