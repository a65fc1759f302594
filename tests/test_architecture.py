"""The page of the architecture: what it names exists, and who imports whom is as it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from documents import ROOT

PACKAGE = ROOT / "procdsl"
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
TABLE = re.findall(r"^\| `procdsl/(\w+)/` \| [^|]+ \|((?: `\w+`)*) \|$", TEXT, re.M)
FOLDERS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
EDGES = ("workspace", "serving", "runtimes", "bake", "trackers", "cli")


def imported(path: Path) -> set[str]:
    """What a module imports of procdsl, as `package.module`, wherever it does so."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "procdsl":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").removeprefix("procdsl."))
        elif isinstance(node, ast.Import):
            found |= {alias.name.removeprefix("procdsl.") for alias in node.names}
    return found


def packages(folder: str) -> set[str]:
    """The packages that a package imports."""
    names = {
        name.partition(".")[0]
        for path in (PACKAGE / folder).rglob("*.py")
        for name in imported(path)
    }
    return names & set(FOLDERS) - {folder}


def called(path: Path) -> Iterator[str]:
    """The names of what a module calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)


def core() -> list[Path]:
    return [
        path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in EDGES
    ]


def test_every_file_and_folder_that_is_named_exists() -> None:
    named = re.findall(r"`((?:procdsl|templates|grammar|tests)/[\w./]*)`", TEXT)
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert len(named) > len(FOLDERS)


def test_every_package_is_in_the_table() -> None:
    assert sorted(name for name, _ in TABLE) == FOLDERS


def test_every_module_at_the_root_is_named() -> None:
    section = TEXT.partition("## The modules at the root")[2].partition("\n## ")[0]
    named = re.findall(r"`procdsl/(\w+\.py)`", section)
    assert sorted(named) == sorted(path.name for path in PACKAGE.glob("*.py"))


def test_every_folder_of_templates_is_named() -> None:
    section = TEXT.partition("## Templates")[2].partition("\n## ")[0]
    named = re.findall(r"`templates/(\w+)/`", section)
    assert sorted(named) == sorted(p.name for p in (ROOT / "templates").iterdir() if p.is_dir())


@pytest.mark.parametrize(("folder", "said"), TABLE, ids=[name for name, _ in TABLE])
def test_a_package_imports_what_the_page_says(folder: str, said: str) -> None:
    assert sorted(packages(folder)) == re.findall(r"\w+", said)


def test_the_picture_names_packages_that_exist() -> None:
    picture = (ROOT / "docs" / "architecture.svg").read_text(encoding="utf-8")
    titles = re.findall(r'class="title"[^>]*>([^<]+)<', picture)
    drawn = {word for title in titles for word in re.findall(r"\b[a-z]+\b", title)}
    assert drawn >= {"syntax", "checker", "ir", "passes", "lower", "codegen", "reference"}
    assert (
        drawn - {*FOLDERS, "templates", "messages", "modules", "manifest", "json", "proc"} == set()
    )


def test_only_the_edges_import_the_edges() -> None:
    """And what leads to them: `python -m procdsl`, `procdsl.load` and `procdsl.log`."""
    importing = {
        str(path.relative_to(PACKAGE))
        for path in core()
        if {name.partition(".")[0] for name in imported(path)} & set(EDGES)
    }
    assert importing == {"__main__.py", "__init__.py"}
    assert packages("workspace") & {*EDGES} == set()
    assert {folder for folder in FOLDERS if "cli" in packages(folder)} == set()


def test_only_commands_print() -> None:
    printing = {p.parent.name for p in PACKAGE.rglob("*.py") if {"print", "input"} & {*called(p)}}
    assert printing == {"cli"}


def test_only_the_edges_touch_files_and_screens() -> None:
    """The core reads files of its own: the grammar, the pages, the templates, the schema, and what
    is kept between processes, which it alone writes.

    `Image.open` of the reference opens bytes that it is given.
    """
    own = {
        "assets.py",
        "codegen/onnx/rooms.py",
        "codegen/python/kernels.py",
        "diagnostics/pages.py",
        "discovery.py",
        "kept.py",
        "manifest/schema.py",
        "ops/files/_libraries.py",
    }
    touching = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "print", "input"}
    found = {str(p.relative_to(PACKAGE)) for p in core() if touching & set(called(p))}
    assert found == own
    writing = {"write_text", "write_bytes", "print", "input"}
    assert [p for p in core() if writing & set(called(p))] == []


def test_nothing_but_codegen_reads_templates() -> None:
    reading = {
        path.relative_to(PACKAGE).parts[0]
        for path in core()
        if "templates" in re.findall(r'assets\.folder\("(\w+)"\)', path.read_text(encoding="utf-8"))
    }
    assert reading == {"codegen"}
