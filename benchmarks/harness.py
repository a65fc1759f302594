"""Measures contestants in one process, turn by turn, and writes what came out as JSON.

In each round every contestant has one turn, in an order drawn anew: a call that is not timed, then
timed calls for some milliseconds, of which the turn keeps the median. So whatever slows the machine
for a while slows all of them. A row's time is the median of its turns, its spread their quartiles,
its ratio the quotient of its time and the limit's.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

import cv2
import numpy as np
import torch

from benchmarks import machine, memory

RESULTS = Path(__file__).parent / "results"

Kind = Literal["limit", "ours", "by hand", "peer"]
Run = Callable[[], Any]


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


@dataclass
class Workload:
    """One job, what it must give, and who takes part."""

    name: str
    title: str
    wanted: Callable[[], np.ndarray] | None = None
    contestants: list[Contestant] = field(default_factory=list)

    def add(
        self, name: str, kind: Kind = "peer", *, equal: bool = False, note: str = ""
    ) -> Callable[[Callable[[], Run]], Callable[[], Run]]:
        """Enter the function below as a contestant."""

        def enter(make: Callable[[], Run]) -> Callable[[], Run]:
            self.contestants.append(Contestant(name, kind, make, equal, note))
            return make

        return enter


@dataclass
class Row:
    """What was measured of a contestant: times in milliseconds, memory in bytes."""

    name: str
    kind: Kind
    ms: float
    low: float
    high: float
    ratio: float | None
    equal: bool
    difference: float | None
    note: str
    memory: int | None = None


def ready(workload: Workload) -> tuple[dict[str, Run], dict[str, str]]:
    """Those that run here, and why the others do not: a peer may be missing, nobody else may."""
    runs: dict[str, Run] = {}
    left_out: dict[str, str] = {}
    for contestant in workload.contestants:
        try:
            run = contestant.make()
            run()
        except Exception as error:
            if contestant.kind != "peer":
                raise
            said = str(error).strip().partition("\n")[0]
            left_out[contestant.name] = f"{type(error).__name__}: {said}"
        else:
            runs[contestant.name] = run
    return runs, left_out


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


def turn(run: Run, seconds: float) -> float:
    """The median of the calls of one turn, in milliseconds."""
    run()
    times: list[float] = []
    end = perf_counter() + seconds
    while not times or perf_counter() < end:
        start = perf_counter()
        result = run()
        times.append(perf_counter() - start)
        del result
    return 1e3 * statistics.median(times)


def measure(workload: Workload, rounds: int, seconds: float) -> tuple[list[Row], dict[str, str]]:
    """The rows of those that run, in the order of entry, and those left out with the reasons."""
    runs, left_out = ready(workload)
    turns: dict[str, list[float]] = {name: [] for name in runs}
    order = list(runs)
    drawn = random.Random(0)
    for _ in range(rounds):
        drawn.shuffle(order)
        gc.collect()
        gc.disable()
        for name in order:
            turns[name].append(turn(runs[name], seconds))
        gc.enable()
    entered = [c for c in workload.contestants if c.name in runs]
    wanted = workload.wanted() if workload.wanted else None
    times = {name: statistics.median(found) for name, found in turns.items()}
    limit = min((times[c.name] for c in entered if c.kind == "limit"), default=None)
    rows = []
    for contestant in entered:
        found = turns[contestant.name]
        low, _, high = statistics.quantiles(found, n=4) if rounds > 1 else found * 3
        ms = times[contestant.name]
        apart = None
        result = None if contestant.kind == "limit" else runs[contestant.name]()
        if wanted is not None and result is not None:
            apart = difference(contestant, result, wanted)
        ratio = ms / limit if limit else None
        values = (ms, low, high, ratio, apart == 0, apart)
        rows.append(Row(contestant.name, contestant.kind, *values, contestant.note))
    return rows, left_out


def main(workloads: Iterable[Callable[[], Workload]]) -> None:
    """Run a script's workloads and write a file of results for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.02, help="of a contestant's turn")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="FOLDER")
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--memory-of", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    for workload in (make() for make in workloads):
        if given.memory_of:
            if workload.name == given.memory_of[0]:
                named = {c.name: c for c in workload.contestants}
                print(memory.peak(named[given.memory_of[1]].make()))
            continue
        rows, left_out = measure(workload, given.rounds, given.seconds)
        for row in rows:
            if row.kind in ("ours", "by hand") and workload.wanted and not given.no_memory:
                row.memory = memory.of(workload.name, row.name)
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
        print(f"{row.ms:10.3f} ms {ratio}  {row.name}")
    for name, reason in left_out.items():
        print(f"  left out: {name} ({reason})", file=sys.stderr)
