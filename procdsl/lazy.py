"""Modules that are imported when something of them is first used.

`procdsl check` must not wait for numpy, nor for tables that only mistakes need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from procdsl.importers import known_names
else:

    class _Lazy:
        def __init__(self, module: str) -> None:
            self._module = module

        def __getattr__(self, name: str) -> Any:
            import importlib

            value = getattr(importlib.import_module(self._module), name)
            setattr(self, name, value)
            return value

    np = _Lazy("numpy")
    known_names = _Lazy("procdsl.importers.known_names")

__all__ = ["known_names", "np"]
