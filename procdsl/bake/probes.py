"""Arrays that a step alone is tried on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from procdsl.ir.pipeline import Pipeline, Value
from procdsl.lazy import np
from procdsl.reference import probe
from procdsl.types.array import Array

_SIZES = [size for n in range(4, 200, 3) for size in ((n, n + 16), (n + 16, n))]
"""The heights and widths that a step is tried on: what is rounded otherwise is so for some."""

_ALIKE = 20
"""How often arrays of the same shapes are tried."""

_NUMBERS = 20_000
"""How many numbers are tried at least: a last bit is not off everywhere."""


def twice_each(pipeline: Pipeline, values: Sequence[Value]) -> list[np.ndarray]:
    """Two samples of a size that passes the step."""
    size = _first(pipeline)
    return [np.stack([x[0], x[0]]) for x in _probes(pipeline, values, size, 0)]


def of_many_sizes(pipeline: Pipeline, values: Sequence[Value]) -> Iterator[list[np.ndarray]]:
    """Again and again two samples, of each small size that passes the step, or else of one."""
    sizes = list(_passing(pipeline, _SIZES)) or [_first(pipeline)]
    tried: Counter[tuple[object, ...]] = Counter()
    for turn, size in enumerate(sizes):
        arrays = _probes(pipeline, values, size, turn)
        key = (*(x.shape for x in arrays), size if any(map(_is_size, values)) else ())
        tried[key] += 1
        if tried[key] <= _ALIKE:
            yield arrays


def of_many_numbers(pipeline: Pipeline, values: Sequence[Value]) -> Iterator[list[np.ndarray]]:
    """Samples of one size with many floats, and with many that are equal, which runtimes order as
    they like."""
    rng = np.random.default_rng(0)
    noise = twice_each(pipeline, values)
    count = max(2, _NUMBERS // max(x[0].size for x in noise))
    floats = [
        (3 * rng.standard_normal(x.shape)).astype(x.dtype) if x.dtype.kind == "f" else x
        for x in (np.stack([x[0]] * count) for x in noise)
    ]
    yield floats
    yield [np.rint(x) + 0 if x.dtype.kind == "f" else x for x in floats]


def _first(pipeline: Pipeline) -> probe.Size:
    return next(_passing(pipeline, probe.SIZES), probe.SIZES[-1])


def _passing(pipeline: Pipeline, sizes: Iterable[probe.Size]) -> Iterator[probe.Size]:
    """The sizes that the steps take, as far as their types tell."""
    for size in sizes:
        try:
            probe.check_size(pipeline, size)
        except ValueError:
            continue
        yield size


def _probes(
    pipeline: Pipeline, values: Sequence[Value], size: probe.Size, turn: int
) -> list[np.ndarray]:
    """Two samples of each value; those of each turn are others."""
    axes = probe.axis_sizes(pipeline, size)
    found = []
    for value in values:
        assert isinstance(value.type, Array), "a file takes arrays"
        if _is_size(value):
            found.append(np.array([size, size]))
        else:
            shape = (2, *probe.shape_of(value.type, size, axes))
            found.append(np.roll(_noise(shape, value.type), 7919 * turn))
    return found


def _noise(shape: tuple[int, ...], array: Array) -> np.ndarray:
    """Numbers of the array's dtype; ids are zeros, which are there whatever they are of."""
    if array.dtype in ("i32", "i64") and array.kind is None:
        return probe.noise(shape, "u16").astype(probe.DTYPES[array.dtype]) - 2**15
    return probe.noise(shape, array.dtype)


def _is_size(value: Value) -> bool:
    """Whether it is the height and the width of a picture."""
    return isinstance(value.type, Array) and value.type.names == ("side",)
