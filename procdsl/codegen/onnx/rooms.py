"""The macros and kernels of graphs, which lie in `templates/` beside those of the other targets.

`templates/ops/values/normalize_onnx.py` has the macro `onnx(s)` of one template; a kernel is a
function in a file of `templates/kernels/` whose name ends in `_onnx`. They are imported as modules
of this one, under which no other package lies.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from procdsl import assets

__path__ = [assets.folder("templates")]

_DEFINED = re.compile(r"^def (\w+)", re.MULTILINE)


def macro(template: str) -> Callable[..., Any] | None:
    """The macro of a template, or None where it has none."""
    if not (Path(__path__[0]) / f"{template}_onnx.py").exists():
        return None
    found: Callable[..., Any] = _module(f"{template}_onnx").onnx
    return found


def kernel(name: str) -> Callable[..., Any]:
    """The kernel of this name."""
    found: Callable[..., Any] = getattr(_module(home(name)), name)
    return found


def home(name: str) -> str:
    """The file of the kernel of this name, `kernels/resize/cv2_linear_onnx`."""
    homes = _homes()
    if name not in homes:
        raise LookupError(f"no file templates/kernels/*/*_onnx.py defines `{name}`")
    return homes[name]


@cache
def _homes() -> Mapping[str, str]:
    """The file of each kernel."""
    found: dict[str, str] = {}
    for path in sorted((Path(__path__[0]) / "kernels").glob("*/*_onnx.py")):
        for name in _DEFINED.findall(path.read_text(encoding="utf-8")):
            if name in found:
                raise ValueError(f"two kernels for onnx define `{name}`: {path}")
            found[name] = f"kernels/{path.parent.name}/{path.stem}"
    return found


def _module(file: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{file.replace('/', '.')}")
