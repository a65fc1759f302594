"""Servers that tests of trackers start and stop, and the file that W&B writes offline."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

SECONDS = 300
"""How long a server may take until it answers, on a machine that is busy."""


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


@contextlib.contextmanager
def served(
    words: Sequence[str], alive: str, folder: Path, environment: Mapping[str, str]
) -> Iterator[None]:
    """A server that runs in a folder until it is left; `alive` is an address that it answers."""
    log = folder / "server.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            list(words),
            cwd=folder,
            env={**os.environ, **environment},
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + SECONDS
        while not answers(alive):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.5)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def without_procdsl(folder: Path) -> Path:
    """The Python of an environment that has all packages of this one but procdsl; uvicorn, which
    MLflow calls, lies beside it."""
    venv.create(folder, with_pip=False)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = folder / "lib" / version / "site-packages"
    # a path in a .pth file is not searched for such files, of which an editable install is one
    (site / "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python, uvicorn = (folder / "bin" / name for name in ("python", "uvicorn"))
    uvicorn.write_text(f'#!/bin/sh\nexec "{python}" -m uvicorn "$@"\n')
    uvicorn.chmod(0o755)
    done = subprocess.run([python, "-c", "import procdsl.version"], cwd=folder, capture_output=True)
    assert b"No module named 'procdsl" in done.stderr
    return python


# Weights & Biases

_HEADER, _BLOCK = 7, 32_768


def offline_records(path: Path) -> list[Any]:
    """The records in a `.wandb` file, which is a log as LevelDB has it."""
    from wandb.proto import wandb_internal_pb2

    data, at, held = path.read_bytes(), _HEADER, b""
    assert data[:4] == b":W&B"
    found = []
    while at < len(data):
        if _BLOCK - at % _BLOCK < _HEADER:  # too little is left of the block for another header
            at += _BLOCK - at % _BLOCK
            continue
        _, size, kind = struct.unpack_from("<IHB", data, at)
        held += data[at + _HEADER : at + _HEADER + size]
        at += _HEADER + size
        if kind in (1, 4):  # a whole record, or the last part of one
            record = wandb_internal_pb2.Record()
            record.ParseFromString(held)
            found.append(record)
            held = b""
    return found
