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
NEVER_SCRIPTED = ("checks", "model_files", "runtime", "imagefile")
MORE = {
    "run_on_host": {"numpy"},
    "decoded_by_pillow": {"PIL"},
    "decoded_by_opencv": {"cv2", "numpy"},
}
"""What kernels import beside what their ending says, each by its name on the page."""


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
    modules = {"numpy": {"numpy"}, "cv2": {"numpy", "cv2"}, "torch": {"torch"}, "": set()}
    assert {**modules, "onnx": set()} == IMPORTS


@pytest.mark.parametrize("path", FILES, ids=title)
def test_a_kernel_imports_what_its_ending_says(path: Path) -> None:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    allowed = IMPORTS[side_of(path)] | MORE.get(path.stem, set())
    assert found - {"kernels", "procdsl", *sys.stdlib_module_names} <= allowed
    assert all(f"`{name}.py`" in TEXT for name in MORE)


@pytest.mark.parametrize("path", FILES, ids=title)
def test_a_kernel_takes_of_procdsl_what_the_page_names(path: Path) -> None:
    """The readers of files, which are kernels, too; for a graph what that is built of."""
    text = path.read_text(encoding="utf-8")
    taken = set(re.findall(r"^ *(?:from|import) (procdsl[\w.]*)", text, re.M))
    if side_of(path) == "onnx":
        named = TEXT.partition("`procdsl.codegen.onnx`: ")[2].partition(" |")[0]
        parts = re.findall(r"`(\w+)`", named)
        assert taken <= {f"procdsl.codegen.onnx.{part}" for part in parts}
    else:
        assert all(module.startswith("procdsl.imagefile.") for module in taken)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "procdsl" / "imagefile").glob("*.py")), ids=lambda path: path.stem
)
def test_readers_of_files_need_the_standard_library_alone(path: Path) -> None:
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    others = {name for name in imported if not name.startswith("procdsl.imagefile.")}
    assert others <= sys.stdlib_module_names


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
