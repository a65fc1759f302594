"""The peak of new memory during one call, its result included.

A fresh process runs contestants one after the other, each warmed up, with glibc told to give back
at once what is freed; the kernel's high-water mark of resident memory (Linux) is set back before a
call and read after it. That sees what numpy, OpenCV, Pillow and torch allocate alike; it counts
pages in batches, so it is good to about 0.2 MB.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

GIVE_BACK = {
    "MALLOC_MMAP_THRESHOLD_": "65536",
    "MALLOC_TRIM_THRESHOLD_": "65536",
    "MALLOC_TOP_PAD_": "0",
    "NUMPY_MADVISE_HUGEPAGE": "0",
}
CLEAR = Path("/proc/self/clear_refs")


def of(workload: int, contestants: list[str]) -> dict[str, int]:
    """The peaks of contestants of the running script's nth workload, in a process of their own."""
    script = sys.modules["__main__"].__spec__
    if not CLEAR.exists() or script is None:
        return {}
    done = subprocess.run(
        [sys.executable, "-m", script.name, "--memory-of", str(workload), *contestants],
        env={**os.environ, **GIVE_BACK},
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, int] = json.loads(done.stdout)
    return found


def peak(run: Callable[[], Any]) -> int:
    """Bytes; the median of nine calls."""
    for _ in range(3):
        run()
    gc.collect()
    found = []
    for _ in range(9):
        CLEAR.write_text("5")
        before = _status("VmRSS")
        result = run()
        found.append(_status("VmHWM") - before)
        del result
    return round(statistics.median(found))


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
