"""What the page of the kernels says of them: their folders, what they import, what is scripted."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from documents import ROOT

from procdsl.codegen.python.kernels import side_of

FOLDER = ROOT / "templates" / "kernels"
FILES = sorted(FOLDER.glob("*/*.py"))
TEXT = (FOLDER / "README.md").read_text(encoding="utf-8")
IMPORTS = {
    side.strip("_"): set(re.findall(r"numpy|cv2|torch", imports))
    for side, imports in re.findall(r"^\| `x(\w*)\.py` \| [^|]+ \| ([^|]+) \|", TEXT, re.M)
}
NEVER_SCRIPTED = ("checks", "model_files", "runtime")


def title(path: Path) -> str:
    return str(path.relative_to(FOLDER))


def functions(path: Path) -> Iterator[Callable[..., Any]]:
    """The functions that a kernel's file defines."""
    module = importlib.import_module(f"kernels.{path.parent.name}.{path.stem}")
    for value in vars(module).values():
        if inspect.isfunction(value) and value.__module__ == module.__name__:
            yield value


def test_every_folder_is_named() -> None:
    named = re.findall(r"`(\w+)/`", TEXT.partition("| folder |")[2].partition("\n\n")[0])
    assert sorted(named) == sorted({path.parent.name for path in FILES})


def test_the_table_has_every_ending() -> None:
    assert {"numpy": {"numpy"}, "cv2": {"numpy", "cv2"}, "torch": {"torch"}, "": set()} == IMPORTS


@pytest.mark.parametrize("path", FILES, ids=title)
def test_a_kernel_imports_what_its_ending_says(path: Path) -> None:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    allowed = IMPORTS[side_of(path)] | ({"numpy"} if path.name == "run_on_host.py" else set())
    assert found - {"kernels", *sys.stdlib_module_names} <= allowed


@pytest.mark.parametrize("path", [path for path in FILES if not side_of(path)], ids=title)
def test_kernels_of_all_three_are_scripted(path: Path) -> None:
    if path.parent.name not in NEVER_SCRIPTED:
        for function in functions(path):
            torch.jit.script(function)


def test_what_is_never_scripted_is_named() -> None:
    """The folders whose kernels TorchScript cannot compile, of those that torch's module takes."""
    refused = set()
    for path in FILES:
        if side_of(path) in ("", "torch"):
            for function in functions(path):
                try:
                    torch.jit.script(function)
                except (RuntimeError, torch.jit.frontend.FrontendError):
                    refused.add(path.parent.name)
    said = TEXT.partition("What `checks/`")[2].partition("\n\n")[0]
    assert refused == {"checks", *re.findall(r"`(\w+)/`", said)}
