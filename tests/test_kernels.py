"""Kernels: how a module groups them."""

from __future__ import annotations

import ast
from pathlib import Path

import black
import pytest

from procdsl import assets
from procdsl.codegen.python.code import Draft, settled
from procdsl.codegen.python.kernels import SIDES, SUBJECTS, Kernel, by_subject, library
from procdsl.codegen.python.laid_out import LINE

FOLDERS = {path.parent.name for path in (Path(assets.folder("templates")) / "kernels").glob("*/*")}


def kernel(subject: str) -> Kernel:
    return Kernel(f"{subject}/f", subject, ("f",), (), (), "", f"def {subject}(): ...")


def test_a_folder_without_a_title_follows_under_its_name() -> None:
    found = by_subject([kernel(s) for s in ("tiles", "key_points", "audio", "resize")])
    assert found == [
        ("Samplers", ["def resize(): ..."]),
        ("Tiles", ["def tiles(): ..."]),
        ("Audio", ["def audio(): ..."]),
        ("Key points", ["def key_points(): ..."]),
    ]


def test_every_title_is_of_a_folder() -> None:
    assert set(SUBJECTS) <= FOLDERS


@pytest.mark.parametrize("backend", SIDES)
def test_a_library_names_what_its_files_define(backend: str) -> None:
    """The names are found without parsing the files; a kernel that is used is parsed."""
    found = library(backend)
    assert {name for kernel in found.values() for name in kernel.defines} == set(found)
    for name, kernel in found.items():
        nodes = ast.parse(kernel.plain).body
        defined = [n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)]
        assert name in defined
        assert tuple(defined) == kernel.defines


def test_what_is_settled_is_as_black_writes_it() -> None:
    """A module's kernels are not formatted again."""
    kernels = {id(k): k for side in SIDES for k in library(side).values()}.values()
    parts = settled(kernel.body for kernel in kernels)
    assert len(parts) > len(kernels)
    together = "\n\n\n".join(sorted(parts)) + "\n"
    assert black.format_str(together, mode=black.Mode(line_length=LINE)) == together


def test_definitions_by_themselves_are_the_whole_formatted() -> None:
    """Imports before a title, constants between functions, comments before one and at the end."""
    for draft in (
        Draft(("import a\n\n\n# Types\n\n\n@x\nclass A: b=1\n# G\ndef g(): pass\nC=1",)),
        Draft(("def f(): pass\nA = [1,\n2]", "if A:\n    def g(): pass\n\n# The end")),
    ):
        whole = black.format_str(draft.text, mode=black.Mode(line_length=LINE))
        assert draft.formatted() == whole
    one = "def f(): pass"
    assert Draft((one,), frozenset({one})).formatted() == f"{one}\n"
