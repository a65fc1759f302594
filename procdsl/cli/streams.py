"""The streams of the process, which may be closed, full or without a reader, and its interrupts."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any


def open_closed() -> None:
    """Give the streams that are closed to nothing: what is opened next would be in their place."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDONLY if mode == "r" else os.O_WRONLY)
            if handle != number:
                os.dup2(handle, number)
                os.close(handle)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - it stays


def flush() -> None:
    """Write what is still held, while a failure can be told."""
    sys.stdout.flush()
    sys.stderr.flush()


def drop() -> None:
    """Let go what cannot be written, or Python fails with it when it ends."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(nothing, stream.fileno())
    os.close(nothing)


class Interrupts:
    """Whether the user has interrupted; it raises a KeyboardInterrupt all the same."""

    def __init__(self) -> None:
        self.seen = False

    def __enter__(self) -> Interrupts:
        self._usual = signal.getsignal(signal.SIGINT)
        self._ours = (
            self._usual is signal.default_int_handler
            and threading.current_thread() is threading.main_thread()
        )
        if self._ours:
            signal.signal(signal.SIGINT, self._take)
        return self

    def __exit__(self, *_: object) -> None:
        if self._ours:
            signal.signal(signal.SIGINT, self._usual)

    def _take(self, number: int, frame: Any) -> None:
        self.seen = True
        raise KeyboardInterrupt
