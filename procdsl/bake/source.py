"""Which model is baked round: a file, or what a function of the user's own makes."""

from __future__ import annotations

import importlib
import re
from collections.abc import Sequence
from typing import Any

from procdsl.records import dataclass

_FACTORY = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)


class BadSource(ValueError):
    """Why nothing can be baked round a model, in words."""


@dataclass(frozen=True)
class ModelSource:
    """What `--model` and `--factory` name, of which one may be missing."""

    path: str
    format: str
    """The title of the file's format; empty without a file."""
    factory: str
    """`package.module:function`."""
    batch: int | None = None
    """The one size of batch that the file states."""


def made(factory: str, given: Sequence[Any]) -> Any:
    """What a function gives; it is found where Python imports from."""
    if not _FACTORY.fullmatch(factory):
        raise BadSource(f"{factory}: expected package.module:function")
    module, _, name = factory.partition(":")
    try:
        function = getattr(importlib.import_module(module), name)
        return function(*given)
    except Exception as error:  # it is code of the user's
        raise BadSource(f"{factory} raises {type(error).__name__}: {error}") from error
