"""Each folder of tests/golden: a source and the files it compiles to, byte for byte.

After a change that was meant, `make golden` writes them anew; the diff is the review.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from command_line import MYPY_CACHE

from procdsl.checker.check import check
from procdsl.codegen.python.loading import load
from procdsl.compiler import generate
from procdsl.workspace import files, sources

GOLDEN = Path(__file__).parent / "golden"
SOURCES = sorted(GOLDEN.glob("*/*.proc"))
MODULES = sorted(GOLDEN.glob("*/*.py"))
DECODERS = {"pil": {"PIL"}, "cv2": {"cv2", "numpy"}}
LIBRARIES = {"numpy": {"numpy"}, "cv2": {"numpy", "cv2"}, "torch": {"torch"}}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_same_source_same_bytes(source: Path) -> None:
    checked = check(sources.read_source(str(source)), sources.load)
    assert checked.pipeline is not None
    generated = generate(checked.pipeline)
    assert len(generated) == 4
    found = {source.parent / name: text for name, text in generated.items()}
    assert files.stale(found) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_module_imports_its_own_library_and_the_standard_one(path: Path) -> None:
    """And those that its file names to decode by."""
    allowed = LIBRARIES[path.stem.rpartition("_")[2]] | set(sys.stdlib_module_names)
    for step in load(path.read_text(), f"golden_{path.stem}").MANIFEST["pre"]:
        if step["operation"] == "decode":
            allowed |= DECODERS[step["parameters"]["by"]]
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert {name.partition(".")[0] for name in names} <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_module_checks_itself(path: Path) -> None:
    load(path.read_text(), f"golden_{path.stem}").self_check()


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--isolated"],
        ["black", "--check", "--quiet", "--line-length", "100"],
        ["mypy", "--config-file=", f"--cache-dir={MYPY_CACHE}"],
    ],
    ids=lambda command: command[0],
)
def test_modules_pass_as_hand_written_code_does(command: Sequence[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command, *map(str, MODULES)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
