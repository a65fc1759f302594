"""The streams of the process, which may be closed, full or without a reader, and its interrupts."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from typing import Any


def prepare() -> None:
    """Make the streams of the process such that printing to them ends no command half-way.

    Those that are closed are given to nothing: what is opened next would be in their place. One
    whose reader goes away is, from there on. What a terminal's encoding lacks is shown by its code.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            handle = os.open(os.devnull, os.O_RDONLY if mode == "r" else os.O_WRONLY)
            if handle != number:
                os.dup2(handle, number)
                os.close(handle)
            stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - it stays
        elif mode == "w" and stream is getattr(sys, f"__{name}__"):
            stream = _Text(
                io.BufferedWriter(_Output(number, "w", closefd=False)),
                stream.encoding,
                line_buffering=stream.line_buffering or stream.write_through,
            )
        if mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
        setattr(sys, name, stream)


_CONTROLS = {n: f"\\x{n:02x}" for n in (*range(9), *range(11, 32), *range(127, 160))}


class _Text(io.TextIOWrapper):
    """Shows the code of what a terminal would carry out, in a name that was not ours to choose."""

    def write(self, text: str) -> int:
        super().write(text.translate(_CONTROLS))
        return len(text)


class _Output(io.FileIO):
    """The output or the error stream."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except ConnectionError:  # nobody reads it any more, and the command has more to do
            _give_to_nothing(self.fileno())
            return memoryview(data).nbytes
        except OSError as error:
            name = {1: "output", 2: "error stream"}[self.fileno()]
            raise OSError(f"the {name} cannot be written: {error.strerror}") from None


def flush() -> None:
    """Write what is still held, while a failure can be told."""
    sys.stdout.flush()
    sys.stderr.flush()


def drop() -> None:
    """Let go what cannot be written, or Python fails with it when it ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _give_to_nothing(stream.fileno())


def _give_to_nothing(number: int) -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, number)
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
