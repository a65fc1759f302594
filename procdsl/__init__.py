"""One checked file for what comes before and after a model.

`check` finds what is wrong with the text of a `.proc` file; `generate` gives the files that it
compiles to. Neither touches a file. `load` serves from a model file, and is what reads one;
`log` logs the pipeline of a file into the active run of an experiment tracker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from procdsl.version import VERSION

if TYPE_CHECKING:
    from procdsl.checker.check import check
    from procdsl.checker.checked import Checked
    from procdsl.compiler import generate
    from procdsl.serving.load import load
    from procdsl.serving.processor import Processor
    from procdsl.source import Source
    from procdsl.trackers.log import log

__version__ = VERSION

__all__ = ["Checked", "Processor", "Source", "__version__", "check", "generate", "load", "log"]

_HOMES = {
    "Checked": "procdsl.checker.checked",
    "Processor": "procdsl.serving.processor",
    "Source": "procdsl.source",
    "check": "procdsl.checker.check",
    "generate": "procdsl.compiler",
    "load": "procdsl.serving.load",
    "log": "procdsl.trackers.log",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: a checker must start at once."""
    if name not in _HOMES:
        raise AttributeError(f"module 'procdsl' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
