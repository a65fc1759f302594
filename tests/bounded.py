"""A process of its own that runs one command after the other, and tells what each has cost.

    python tests/bounded.py < commands.json

The commands are lists of words. Told are the exit code, the CPU seconds and the characters of
output of each, and at the end the largest memory, in megabytes.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any


def cost(words: list[str]) -> dict[str, Any]:
    """What a command costs."""
    from procdsl.cli.main import main

    said = io.StringIO()
    start = time.process_time()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(words)
    seconds = time.process_time() - start
    return {"code": code, "seconds": seconds, "said": len(said.getvalue())}


def largest_memory() -> float:
    """In megabytes; of Linux's getrusage the process that has started this one is a part."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024


if __name__ == "__main__":
    found = [cost(words) for words in json.load(sys.stdin)]
    json.dump({"commands": found, "megabytes": largest_memory()}, sys.stdout)
