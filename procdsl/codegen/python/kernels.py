"""The kernels: real Python files that are copied into the modules that use them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from procdsl import assets

SIDES = {"numpy": ("numpy",), "cv2": ("cv2", "numpy"), "torch": ("torch",)}
"""The endings of the files that each backend takes, as in `resize/cv2_linear_torch.py`. A file
without one of these endings is for all backends."""


SUBJECTS = {
    "checks": "Arguments and self_check",
    "runtime": "Batches, memory and what runs on the host",
    "geometry": "Where a step puts its picture",
    "resize": "Samplers",
    "pixels": "Borders, crops, planes and frames",
    "levels": "Look-ups of levels of uint8",
    "colour": "Colours",
    "values": "Values",
    "scores": "Scores",
    "boxes": "Boxes",
    "tiles": "Tiles",
}
"""The folders of kernels in the order in which modules have them, and their titles there."""


@dataclass(frozen=True)
class Kernel:
    """One file: what it defines, what it imports, which other kernels it needs."""

    name: str
    subject: str
    defines: tuple[str, ...]
    imports: tuple[str, ...]
    needs: tuple[str, ...]
    body: str

    @property
    def is_type(self) -> bool:
        """Whether the file is a class, which signatures name."""
        return "\nclass " in f"\n{self.body}"


@cache
def library(backend: str) -> dict[str, Kernel]:
    """Each name that a kernel of the backend defines, with its file."""
    found: dict[str, Kernel] = {}
    for side in (*SIDES[backend], ""):
        for path in sorted((assets.folder("templates") / "kernels").glob("*/*.py")):
            if side_of(path) != side:
                continue
            kernel = _read(path)
            for name in kernel.defines:
                if name in found:
                    raise ValueError(f"two kernels for {backend} define `{name}`: {path}")
                found[name] = kernel
    return found


def side_of(path: Path) -> str:
    """The library that a kernel is written for; empty where it needs none."""
    return _side(path.stem)


def _side(file: str) -> str:
    ending = file.rpartition("_")[2]
    return ending if ending in SIDES else ""


def names() -> set[str]:
    """Every name that any kernel defines."""
    return {name for backend in SIDES for name in library(backend)}


def _read(path: Path) -> Kernel:
    text = path.read_text(encoding="utf-8")
    nodes = ast.parse(text).body
    imports, defines, rest = [], [], []
    needed: list[tuple[str, str, list[str]]] = []
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kernels."):
            file = (node.module or "").rpartition(".")[2]
            needed.append((_side(file), file, [alias.name for alias in node.names]))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(ast.unparse(node))
        else:
            rest.append(node)
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                defines.append(node.name)
    first = rest[0]
    decorators = first.decorator_list if isinstance(first, ast.FunctionDef | ast.ClassDef) else []
    start = min([first.lineno, *(decorator.lineno for decorator in decorators)])
    body = "\n".join(text.splitlines()[start - 1 :])
    needs = tuple(name for *_, names in sorted(needed) for name in names)
    return Kernel(path.stem, path.parent.name, tuple(defines), tuple(imports), needs, body)
