"""Measures contestants in one process, turn by turn, and writes what came out as JSON.

How calls are timed, warm and cold, says `timing`. A row's time is the median of its turns, its
spread their quartiles, its ratio the quotient of its time and the limit's; its cold time is the
median of its cold calls, its cold ratio that to the limit's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import torch

from benchmarks import machine, memory, timing
from benchmarks.timing import Call

RESULTS = Path(__file__).parent / "results"

Kind = Literal["limit", "ours", "by hand", "peer"]
Run = Callable[..., Any]
"""What is timed: it takes a picture, or nothing in a workload without pictures."""


def as_it_is(picture: Any) -> Any:
    return picture


@dataclass(frozen=True)
class Contestant:
    """A way to do the work. `make` does what is done once; what it returns is timed.

    What gives None answers another question, and is compared with nothing.
    """

    name: str
    kind: Kind
    make: Callable[[], Run]
    equal: bool
    """Whether it must give the pipeline's bits; a run stops where one that must does not."""
    note: str
    prepare: Callable[[Any], Any] = as_it_is
    """Makes of a picture what the timed function takes; it is not timed."""


@dataclass
class Workload:
    """One job, what it must give, and who takes part."""

    name: str
    title: str
    wanted: Callable[..., np.ndarray] | None = None
    """Takes what a contestant takes, before that is prepared."""
    pictures: Sequence[Any] = ()
    """Of one size, but other bytes: warm calls are on the first, cold ones on each in turn."""
    contestants: list[Contestant] = field(default_factory=list)
    beside: Callable[[], AbstractContextManager[Any]] = nullcontext
    """What goes on while the contestants run."""
    weighed: bool = True
    """Whether the memory is of interest that the contestants take."""

    def add(
        self,
        name: str,
        kind: Kind = "peer",
        *,
        equal: bool = False,
        note: str = "",
        prepare: Callable[[Any], Any] = as_it_is,
    ) -> Callable[[Callable[[], Run]], Callable[[], Run]]:
        """Enter the function below as a contestant."""

        def enter(make: Callable[[], Run]) -> Callable[[], Run]:
            self.contestants.append(Contestant(name, kind, make, equal, note, prepare))
            return make

        return enter

    def calls(self, contestant: Contestant) -> list[Call]:
        """What is timed of a contestant: a call for each picture, or the one without."""
        run = contestant.make()
        pictures = [contestant.prepare(picture) for picture in self.pictures]
        return [partial(run, picture) for picture in pictures] or [run]


@dataclass
class Row:
    """What was measured of a contestant: times in milliseconds, memory in bytes.

    `worst` is the longest warm call; cold times are None without several pictures.
    """

    name: str
    kind: Kind
    ms: float
    low: float
    high: float
    ratio: float | None
    equal: bool
    difference: float | None
    note: str
    worst: float
    cold_ms: float | None = None
    cold_ratio: float | None = None
    memory: int | None = None


def ready(workload: Workload) -> tuple[dict[str, list[Call]], dict[str, str]]:
    """Those that run here, and why the others do not: a peer may be missing, nobody else may."""
    calls: dict[str, list[Call]] = {}
    left_out: dict[str, str] = {}
    for contestant in workload.contestants:
        try:
            made = workload.calls(contestant)
            made[0]()
        except Exception as error:
            if contestant.kind != "peer":
                raise
            said = str(error).strip().partition("\n")[0]
            left_out[contestant.name] = f"{type(error).__name__}: {said}"
        else:
            calls[contestant.name] = made
    return calls, left_out


def difference(contestant: Contestant, result: Any, wanted: np.ndarray) -> float:
    """How far a result is off; 0 is given for equal bits alone."""
    found = np.asarray(result)
    found = found.reshape(wanted.shape) if found.size == wanted.size else found
    same = found.dtype == wanted.dtype and found.shape == wanted.shape
    if same and found.tobytes() == wanted.tobytes():
        return 0.0
    assert not contestant.equal, f"{contestant.name} does not give what the pipeline means"
    assert same, f"{contestant.name}: {found.dtype} {found.shape}, not {wanted.shape}"
    apart = float(np.abs(found.astype(np.float64) - wanted).max())
    return max(apart, float(np.finfo(np.float64).tiny))


def wanted_of(workload: Workload) -> list[np.ndarray]:
    """What the workload must give of each picture; nothing where that is not known."""
    if workload.wanted is None:
        return []
    return [workload.wanted(picture) for picture in workload.pictures] or [workload.wanted()]


def furthest(contestant: Contestant, calls: list[Call], wanted: list[np.ndarray]) -> float | None:
    """How far the results are off; None where there is nothing to compare."""
    pairs = ((call(), one) for call, one in zip(calls, wanted, strict=bool(wanted)))
    return max(
        (difference(contestant, result, one) for result, one in pairs if result is not None),
        default=None,
    )


def measure(workload: Workload, rounds: int, seconds: float) -> tuple[list[Row], dict[str, str]]:
    """The rows of those that run, in the order of entry, and those left out with the reasons."""
    with workload.beside():
        calls, left_out = ready(workload)
        warm, cold = timing.measured(calls, rounds, seconds)
    entered = [c for c in workload.contestants if c.name in calls]
    ms = {name: statistics.median(map(statistics.median, turns)) for name, turns in warm.items()}
    cold_ms = {name: statistics.median(times) for name, times in cold.items() if times}
    limits = [c.name for c in entered if c.kind == "limit"]
    limit, cold_limit = (
        min((times[name] for name in limits if name in times), default=None)
        for times in (ms, cold_ms)
    )
    wanted = wanted_of(workload)
    rows = []
    for contestant in entered:
        name, turns = contestant.name, warm[contestant.name]
        medians = [statistics.median(times) for times in turns]
        low, _, high = statistics.quantiles(medians, n=4) if rounds > 1 else medians * 3
        apart = None
        if contestant.kind != "limit" or contestant.equal:
            apart = furthest(contestant, calls[name], wanted)
        row = Row(
            name,
            contestant.kind,
            ms[name],
            low,
            high,
            ms[name] / limit if limit else None,
            apart == 0,
            apart,
            contestant.note,
            max(map(max, turns)),
        )
        if name in cold_ms:
            row.cold_ms = cold_ms[name]
            row.cold_ratio = row.cold_ms / cold_limit if cold_limit else None
        rows.append(row)
    return rows, left_out


def main(workloads: Iterable[Callable[[], Workload]], rounds: int = 15) -> None:
    """Run a script's workloads, so many rounds unless it is told, and write a file of each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--seconds", type=float, default=0.02, help="of a contestant's turn")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="FOLDER")
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--memory-of", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    makers = list(workloads)
    if given.memory_of:
        number, *names = given.memory_of
        workload = makers[int(number)]()
        weighed = [c for c in workload.contestants if c.name in names]
        print(json.dumps({c.name: memory.peak(workload.calls(c)[0]) for c in weighed}))
        return
    for number, make in enumerate(makers):
        workload = make()
        rows, left_out = measure(workload, given.rounds, given.seconds)
        if workload.weighed and workload.wanted and not given.no_memory:
            found = memory.of(number, [row.name for row in rows if row.kind in ("ours", "by hand")])
            for row in rows:
                row.memory = found.get(row.name)
        write(workload, rows, left_out, given.out)


def write(workload: Workload, rows: list[Row], left_out: dict[str, str], folder: Path) -> None:
    """One file of results; and the rows on the screen."""
    folder.mkdir(parents=True, exist_ok=True)
    data = {
        "workload": workload.name,
        "title": workload.title,
        "machine": machine.described(),
        "rows": [asdict(row) for row in rows],
        "left_out": left_out,
    }
    (folder / f"{workload.name}.json").write_text(json.dumps(data, indent=2) + "\n")
    print(f"\n{workload.title}")
    for row in sorted(rows, key=lambda row: row.ms):
        ratio = f"{row.ratio:6.2f}" if row.ratio else ""
        cold = f"{row.cold_ms:10.3f} ms {row.cold_ratio or 0:6.2f}" if row.cold_ms else ""
        print(f"{row.ms:10.3f} ms {ratio}{cold}  {row.name}")
    for name, reason in left_out.items():
        print(f"  left out: {name} ({reason})", file=sys.stderr)
