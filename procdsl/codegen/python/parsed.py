"""The syntax trees of generated text and of kernels, each parsed once."""

from __future__ import annotations

import ast
from functools import lru_cache


@lru_cache(maxsize=512)
def parsed(text: str) -> ast.Module:
    """The syntax tree of a text; nobody changes it."""
    return ast.parse(text)
