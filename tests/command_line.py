"""The command line, run on files in a folder."""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType

import pytest

from procdsl.cli.main import main

PROCDSL = [sys.executable, "-m", "procdsl"]
MYPY_CACHE = Path(__file__).parent.parent / ".mypy_cache" / "modules"
"""What mypy keeps of torch, which all checks of generated modules share."""
PHOTOGRAPH = Path(__file__).parent.parent / "examples" / "classifier" / "chelsea.png"
GOOD = """proc 1
pipeline small
param size = 8
input image: u8[h, w, c=3] rgb
pre {
    resize(h=size, w=size, sampler=cv2.linear)
    to_float(scale=1/255)
}
model x: f32[h=size, w=size, c=3] rgb -> y: f32[n=3]
"""
BAD = GOOD.replace("sampler=cv2.linear", "sampler=cv2.INTER_LINEAR").replace("1/255", "1/0")
WRITTEN = ["small.manifest.json", "small_cv2.py", "small_numpy.py", "small_torch.py"]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as error:  # argparse's own
        code = int(error.code or 0)
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err + captured.out
    return code, captured.out, captured.err


def imported(path: Path) -> ModuleType:
    """The module in a file, as a service imports it; no bytecode is left that the next one, of the
    same second, would be taken for."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        spec.loader.exec_module(module)
    return module


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Give the next command a standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
