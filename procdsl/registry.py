"""Finds ops and samplers by the names of their files: to add one is to add its file."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from procdsl.numerics import Bound
from procdsl.op import Op

if TYPE_CHECKING:
    import numpy as np

_PACKAGE = Path(__file__).parent


@dataclass(frozen=True)
class Sampler:
    """A named way to resize: `reference(x, h, w)` on [h, w, c], and its numerics by dtype."""

    numerics: Mapping[str, Bound | None]
    reference: Callable[[np.ndarray, int, int], np.ndarray]
    per_channel: bool = True
    """Whether a channel comes out the same whatever its place among the others."""


def _modules(folder: str) -> list[str]:
    files = (_PACKAGE / folder).glob("[a-z]*.py")
    return sorted(file.stem for file in files)


@cache
def op_names() -> tuple[str, ...]:
    """Every op, in the order of the alphabet."""
    return tuple(_modules("ops"))


@cache
def op(name: str) -> type[Op]:
    """The class of the op of this name, which must be one of `op_names`."""
    module = importlib.import_module(f"procdsl.ops.{name}")
    return next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Op) and value.__module__ == module.__name__
    )


def op_page(name: str) -> str:
    """The documentation of an op."""
    return (importlib.import_module(f"procdsl.ops.{name}").__doc__ or "").strip()


@cache
def sampler_names() -> tuple[str, ...]:
    """Every sampler as the language writes it: `cv2.linear`."""
    return tuple(sorted(name.replace("_", ".", 1) for name in _modules("samplers")))


@cache
def sampler(name: str) -> Sampler:
    """The sampler of this name, which must be one of `sampler_names`."""
    found: Sampler = _sampler_module(name).SAMPLER
    return found


def sampler_page(name: str) -> str:
    """The documentation of a sampler."""
    return (_sampler_module(name).__doc__ or "").strip()


def _sampler_module(name: str) -> ModuleType:
    return importlib.import_module(f"procdsl.samplers.{name.replace('.', '_', 1)}")
