"""The proof before a baked file is written: it is run, and compared where its model is cut out.

What enters the model is held against the reference of `pre`; what is made of the outputs that the
model gave in that very run, against the reference of `post` on them. So no bound is needed for the
model, of which only is told how far it moved. A difference names the step where it begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from procdsl.bake.difference import largest
from procdsl.bake.reference import Known, Watched
from procdsl.bake.steps import Steps
from procdsl.bake.target import Arrays, BakedFile, BakeTarget, Run
from procdsl.ir.pipeline import Value, tolerance
from procdsl.lazy import np
from procdsl.plan.halves import Halves
from procdsl.records import dataclass
from procdsl.reference.interpreter import postprocess
from procdsl.types.value import Record

BATCHES = (1, 2, 8)


class NotEqual(ValueError):
    """Where a baked file does not compute what it must."""


@dataclass(frozen=True)
class Held:
    """A value at a seam: how far it was off at most, and how far it may be."""

    name: str
    largest: float
    bound: float


@dataclass(frozen=True)
class Proof:
    runtime: str
    pictures: tuple[tuple[int, int], ...]
    fed: tuple[Held, ...]
    """What enters the model."""
    results: tuple[Held, ...]
    """What is made of its outputs."""
    model: tuple[Held, ...]
    """The model itself in the file and before, which has no bound."""
    batches: tuple[int, ...]

    def plain(self) -> dict[str, Any]:
        """As data, for the provenance of the manifest."""
        return {
            "runtime": self.runtime,
            "pictures": [list(size) for size in self.pictures],
            "enters_the_model": {h.name: _plain(h) for h in self.fed},
            "made_of_its_outputs": {h.name: _plain(h) for h in self.results},
            "model_before_and_after": {h.name: {"largest": h.largest} for h in self.model},
            "batches": list(self.batches),
        }


def _plain(held: Held) -> dict[str, float]:
    return {"largest": held.largest, "bound": held.bound}


class Prover:
    """Holds one baked file against the reference."""

    def __init__(
        self, target: BakeTarget, file: BakedFile, halves: Halves, runtime: str, model: Any
    ) -> None:
        self.target = target
        self.file = file
        self.halves = halves
        self.model = model
        self.steps = Steps(target, halves, runtime)

    def proof(self, samples: Sequence[Known], batch: int | None) -> Proof:
        """Run every sample; a `NotEqual` says what differs, and from which step on."""
        fed: dict[str, Held] = {}
        results: dict[str, Held] = {}
        model: dict[str, Held] = {}
        for known in samples:
            run = self.file.run([np.stack([x] * (batch or 1)) for x in known.given])
            for held in self._fed(known, run):
                _keep(fed, held)
            for held in self._results(known, run):
                _keep(results, held)
            for held in self._model(run):
                _keep(model, held)
        if batch is None:
            for known in (samples[0], samples[-1]):
                self._check_batches(known)
        return Proof(
            self.file.runtime,
            tuple(next(iter(known.sizes.values()), (0, 0)) for known in samples),
            tuple(fed.values()),
            tuple(results.values()),
            tuple(model.values()),
            (batch,) if batch else BATCHES,
        )

    def _fed(self, known: Known, run: Run) -> Iterator[Held]:
        baked = self.halves.baked
        values = zip(baked.model.inputs, baked.fed, known.fed, run.fed, strict=True)
        for contract, value, wanted, found in values:
            bound = bound_of(value, wanted, known.watched)
            held = Held(contract.name, largest(found[0], wanted), bound)
            if not held.largest <= bound:
                raise NotEqual(
                    f"{known.sample.name}: what enters the model, `{held.name}`, is "
                    f"{_off(held)}{self.steps.begins_in_pre(known)}"
                )
            yield held

    def _results(self, known: Known, run: Run) -> Iterator[Held]:
        baked, watched = self.halves.baked, Watched()
        raw = {v.name: x[0] for v, x in zip(baked.model.outputs, run.raw, strict=True)}
        raw |= {v.name: known.watched.values[v.number] for v in baked.past_model}
        wanted = postprocess(baked, raw, known.sizes, watch=watched)
        for name, value, found, x in results_of(self.halves, run.results, baked.outputs, wanted):
            bound = bound_of(value, x, watched)
            held = Held(name, largest(found, x), bound)
            if not held.largest <= bound:
                began = self.steps.begins_in_post(known, [x[:1] for x in run.raw], watched)
                raise NotEqual(
                    f"{known.sample.name}: what is made of the model's outputs, `{name}`, is "
                    f"{_off(held)}{began}"
                )
            yield held

    def _model(self, run: Run) -> Iterator[Held]:
        contract = self.halves.baked.model
        before = self.target.run_alone(self.model, contract, run.fed)
        for value, was, now in zip(contract.outputs, before, run.raw, strict=True):
            apart = largest(now, was)
            if apart == np.inf:
                raise NotEqual(
                    f"the model gives `{value.name}` of another shape in the file, or NaN elsewhere"
                )
            yield Held(value.name, apart, np.inf)

    def _check_batches(self, known: Known) -> None:
        """Samples together have the bits of one by one."""
        count = max(BATCHES)
        told = len(known.given) - len(self.halves.baked.inputs)
        samples = [
            [_moved(x, i) for x in known.given[: len(known.given) - told]] for i in range(count)
        ]
        each = [[*sample, *known.given[len(sample) :]] for sample in samples]
        alone = [self.file.run([x[None] for x in one]) for one in each]
        for size in BATCHES:
            run = self.file.run([np.stack(column) for column in zip(*each[:size], strict=True)])
            for i, one in enumerate(alone[:size]):
                self._check_equal(f"{size}: sample {i + 1}", run.fed, one.fed, i)
                raw = [x[i : i + 1] for x in run.raw]
                same = self.file.run([x[None] for x in each[i]], raw).results
                results = [run.results[name] for name in same]
                self._check_equal(f"{size}: sample {i + 1}", results, list(same.values()), i)

    def _check_equal(self, what: str, together: Arrays, alone: Arrays, i: int) -> None:
        for x, y in zip(together, alone, strict=True):
            if largest(x[i], y[0]):
                raise NotEqual(f"in a batch of {what} is not what it is alone")


def bound_of(value: Value, wanted: np.ndarray, watched: Watched) -> float:
    """How far a result may be off, for numbers as large as the run met; decisions may not."""
    if wanted.dtype.kind != "f":
        return 0.0 if isinstance(value.type, Record) else tolerance(value)
    return tolerance(value) * watched.magnitude.largest


def results_of(
    halves: Halves, found: Mapping[str, np.ndarray], values: Sequence[Value], wanted: Sequence[Any]
) -> Iterator[tuple[str, Value, np.ndarray, np.ndarray]]:
    """Each array that the file gives for the first sample, with what the reference says of it."""
    named: dict[str, tuple[Value, Any]] = {}
    for value, data in zip(values, wanted, strict=True):
        fields = data.items() if isinstance(data, dict) else ()
        named |= {f"{value.name}.{field}": (value, x) for field, x in fields}
        if not isinstance(data, dict):
            named[value.name] = (value, np.asarray(data))
    for result in halves.results:
        value, x = named[result.name]
        rows = np.asarray(found[result.name][0])
        if result.count:
            count = int(found[result.count][0])
            rows, behind = result.split(rows, count)
            if behind.any():
                raise NotEqual(f"`{result.name}` is not 0 behind the {count} rows that it counts")
        yield result.name, value, rows, x


def _keep(found: dict[str, Held], held: Held) -> None:
    """The worst of what was seen of a value."""
    before = found.get(held.name, held)
    bound = max(before.bound, held.bound)
    found[held.name] = Held(held.name, max(before.largest, held.largest), bound)


def _off(held: Held) -> str:
    if held.largest == np.inf:
        return "of another dtype or shape, or NaN elsewhere"
    return f"{held.largest:.3g} off, {held.bound:.3g} is allowed"


def _moved(x: np.ndarray, by: int) -> np.ndarray:
    """Another picture of the same size: its numbers, some places on."""
    return np.roll(x.reshape(-1), 13 * by).reshape(x.shape)
