"""Arrays that a step alone is tried on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procdsl.ir.pipeline import Pipeline, Value
from procdsl.lazy import np
from procdsl.reference import probe
from procdsl.types.array import Array

_NUMBERS = 20_000
"""How many numbers are tried at least: a last bit is not off everywhere."""


def tried(pipeline: Pipeline, values: Sequence[Value]) -> Iterator[list[np.ndarray]]:
    """Samples on which runtimes may differ: noise, then other floats, of which at last many are
    equal, for then runtimes order them as they like."""
    noise = twice_each(pipeline, values)
    yield noise
    rng = np.random.default_rng(0)
    count = max(2, _NUMBERS // max(x[0].size for x in noise))
    drawn = [np.stack([x[0]] * count) for x in noise]
    floats = [
        (3 * rng.standard_normal(x.shape)).astype(x.dtype) if x.dtype.kind == "f" else x
        for x in drawn
    ]
    yield floats
    yield [np.rint(x) + 0 if x.dtype.kind == "f" else x for x in floats]


def twice_each(pipeline: Pipeline, values: Sequence[Value]) -> list[np.ndarray]:
    """Two samples of a size that passes the step."""
    for size in probe.SIZES:
        try:
            probe.check_size(pipeline, size)
            break
        except ValueError:
            continue
    axes = probe.axis_sizes(pipeline, size)
    return [_twice(x) for x in _probes(values, size, axes)]


def _probes(
    values: Sequence[Value], size: probe.Size, axes: dict[str, int]
) -> Iterator[np.ndarray]:
    for value in values:
        assert isinstance(value.type, Array), "a file takes arrays"
        if value.type.names == ("side",):
            yield np.array(size)
        else:
            yield probe.noise(probe.shape_of(value.type, size, axes), value.type.dtype)


def _twice(x: np.ndarray) -> np.ndarray:
    return np.stack([x, x])
