"""The kernels that place pictures."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from procdsl.opdef.geometric import PlacementRule


def kernel_for(backend: str, rule: PlacementRule) -> Any:
    """The kernel of a rule, which may have a file of its own for a backend."""
    name = rule.name
    sided = f"kernels.geometry.{name}_{backend}"
    found = sided if importlib.util.find_spec(sided) else f"kernels.geometry.{name}"
    return getattr(importlib.import_module(found), name)
