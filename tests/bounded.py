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


if __name__ == "__main__":
    found = [cost(words) for words in json.load(sys.stdin)]
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    json.dump({"commands": found, "megabytes": largest}, sys.stdout)
