"""Finds the targets: to add one is to add a folder beside `python/` with a file `targets.py`."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from functools import cache

from procdsl import codegen
from procdsl.codegen.target import Target


@cache
def targets() -> Mapping[str, Target]:
    """Every target by name, those that are standard first."""
    found: list[Target] = []
    for family in sorted(module.name for module in pkgutil.iter_modules(codegen.__path__)):
        name = f"{codegen.__name__}.{family}.targets"
        package = importlib.import_module(f"{codegen.__name__}.{family}")
        if hasattr(package, "__path__") and importlib.util.find_spec(name):
            found += importlib.import_module(name).TARGETS
    found.sort(key=lambda target: not target.standard)
    return {target.name: target for target in found}


def standard() -> tuple[str, ...]:
    """The names of those that are written where none is named."""
    return tuple(name for name, target in targets().items() if target.standard)
