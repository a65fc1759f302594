"""What a library has for a colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

Way: TypeAlias = Callable[[np.ndarray], np.ndarray]
Ways: TypeAlias = tuple[Way | None, Way | None]
"""From RGB and back to it; None where the library has no such function."""
