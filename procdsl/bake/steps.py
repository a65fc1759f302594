"""The steps of a baked file one by one: where a difference begins, and what each step costs."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from procdsl.bake.difference import largest
from procdsl.bake.reference import Known, Watched
from procdsl.bake.target import Arrays, BakeTarget
from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.compiler import files_of_manifest
from procdsl.ir.pipeline import Model, Pipeline, Step, Value, tolerance
from procdsl.ir.unparse import call_text
from procdsl.lazy import np
from procdsl.plan.halves import Halves, given_to
from procdsl.records import dataclass, replace
from procdsl.types.array import Array

_HOSTS = ("numpy", "cv2")
_SECONDS = 0.03
"""For how long a step is run again and again."""


@dataclass(frozen=True)
class Cost:
    """How long a run takes longer with a step in it, in milliseconds, by what runs it."""

    block: str
    step: Step
    graph: float
    host: dict[str, float]


class Steps:
    def __init__(self, target: BakeTarget, halves: Halves, runtime: str) -> None:
        self._target = target
        self._runtime = runtime
        self._baked = halves.baked

    def begins_in_pre(self, known: Known) -> str:
        """In which step of `pre` a difference begins, as the end of a message."""
        for count, step in enumerate(self._baked.pre, start=1):
            assert isinstance(step, Step), "what is baked serves"
            pipeline, _, given = self._first(known, "pre", count)
            found = self._target.graph(pipeline, "pre", self._runtime, given, ())()
            for value, x in zip(pipeline.fed, found.values(), strict=True):
                wanted = known.watched.values[value.number]
                bound = tolerance(value) * known.watched.magnitude.largest
                if not largest(x[0], wanted) <= bound:
                    return f": it begins in `{call_text(step)}`"
        return ": in no step of it alone"

    def begins_in_post(self, known: Known, raw: Arrays, watched: Watched) -> str:
        """In which step of `post` a difference begins."""
        for count, step in enumerate(self._baked.post, start=1):
            pipeline, _, given = self._first(known, "post", count)
            found = self._target.graph(pipeline, "post", self._runtime, given, raw)()
            for value in pipeline.outputs:
                for name, wanted in _fields(value, watched.values[value.number]):
                    x = found[name][0]
                    if f"{value.name}.counts" in found:
                        x = _rows(value, x, int(found[f"{value.name}.counts"][0]))
                    exact = wanted.dtype.kind != "f"
                    bound = 0.0 if exact else tolerance(value) * watched.magnitude.largest
                    if not largest(np.asarray(x), wanted) <= bound:
                        return f": it begins in `{call_text(step)}`"
        return ": in no step of it alone"

    def costs(self, known: Known, raw: Arrays) -> Iterator[Cost]:
        """What each step costs in the file and on the host, for one sample and on one thread."""
        hosts = [name for name in _HOSTS if importlib.util.find_spec(name)]
        for block, steps in (("pre", self._baked.pre), ("post", self._baked.post)):
            before = dict.fromkeys(["graph", *hosts], 0.0)
            for count, step in enumerate(steps, start=1):
                assert isinstance(step, Step), "what is baked serves"
                pipeline, of, given = self._first(known, block, count)
                runs = {"graph": self._target.graph(pipeline, of, self._runtime, given, raw)}
                runs |= {name: _on_host(pipeline, of, name, known, raw) for name in hosts}
                with self._target.one_thread(), _one_thread_of_cv2():
                    now = {name: _timed(run) for name, run in runs.items()}
                took = {name: max(0.0, now[name] - before[name]) for name in now}
                yield Cost(block, step, took.pop("graph"), took)
                before = now

    def _first(self, known: Known, block: str, count: int) -> tuple[Pipeline, str, Arrays]:
        """A pipeline of so many steps of a block, and what the file is given."""
        baked = self._baked
        named = zip((value.name for value in given_to(baked)), known.given, strict=True)
        given = {name: x[None] for name, x in named}
        if block == "post":
            post = baked.post[:count]
            first = replace(baked, post=post, outputs=_distinct(post[-1].outputs))
            made = [known.watched.values[value.number][None] for value in first.made_past_model]
            return first, block, [*(given[value.name] for value in given_to(first)), *made]
        steps = baked.pre[:count]
        last = steps[-1]
        assert isinstance(last, Step), "what is baked serves"
        none = Value("none", -1, Array("f32", ()))
        model = Model(_distinct(last.outputs), (none,), ("",))
        first = replace(baked, pre=steps, fed=last.outputs, model=model, post=(), outputs=(none,))
        return first, block, [given[value.name] for value in baked.inputs]


def _distinct(values: Sequence[Value]) -> tuple[Value, ...]:
    """Values with names of their own: `_, best = max(...)` may give one name to two."""
    names = [value.name for value in values]
    return tuple(
        value if names.count(value.name) == 1 else replace(value, name=f"{value.name}_{i}")
        for i, value in enumerate(values)
    )


def _fields(value: Value, data: Any) -> list[tuple[str, np.ndarray]]:
    if isinstance(data, dict):
        return [(f"{value.name}.{name}", x) for name, x in data.items()]
    return [(value.name, np.asarray(data))]


def _rows(value: Value, x: np.ndarray, count: int) -> np.ndarray:
    """The rows that are found; of the fields of a record they lie first."""
    axis = value.type.open_axis if isinstance(value.type, Array) else 0
    return np.split(x, [count], axis=axis)[0]


def _on_host(
    pipeline: Pipeline, block: str, backend: str, known: Known, raw: Arrays
) -> Callable[[], Any]:
    """The same steps as the host would do them."""
    h, w = next(iter(known.sizes.values()), (1, 1))
    options = Options(format=False, specialize=False)
    stub = {"self_check": {"size": [h, w]}}
    (text,) = files_of_manifest(pipeline, stub, backend, options).values()
    module = load(text, f"procdsl_cost_{backend}")
    if block == "pre":
        given = list(known.given[: len(pipeline.inputs)])
        return lambda: module.preprocess(*given)
    outputs = [np.ascontiguousarray(x[0]) for x in raw]
    outputs += [known.watched.values[value.number] for value in pipeline.past_model]
    sizes = _sizes(pipeline, known)
    return lambda: module.postprocess(*outputs, *sizes)


def _sizes(pipeline: Pipeline, known: Known) -> list[tuple[int, int]]:
    from procdsl.lower.lower import sizes_of

    return [known.sizes[size.type.input] for size in sizes_of(pipeline.post)]  # type: ignore[union-attr]  # only sizes are taken so


@contextmanager
def _one_thread_of_cv2() -> Iterator[None]:
    if importlib.util.find_spec("cv2") is None:
        yield
        return
    import cv2

    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _timed(run: Callable[[], Any]) -> float:
    """The least time that a run takes, in milliseconds."""
    for _ in range(3):  # torch specialises in the first ones
        run()
    least, end = float("inf"), time.perf_counter() + _SECONDS
    while True:
        start = time.perf_counter()
        run()
        now = time.perf_counter()
        least = min(least, now - start)
        if now > end:
            return least * 1000
