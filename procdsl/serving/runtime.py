"""What runs the models in files: to add a runtime is to add its file to `procdsl/runtimes/`.

A runtime's file gives an object as `RUNTIME`; its library is imported when a model is opened.
"""

from __future__ import annotations

import importlib.util
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cache
from typing import ClassVar

from procdsl import discovery
from procdsl.serving.session import Session


class Runtime(ABC):
    """A library that runs models, on the processor."""

    library: ClassVar[str]
    """What is imported, and installed, by this name."""
    formats: ClassVar[tuple[str, ...]]
    """The titles of the formats that it opens; each format has one runtime."""

    @abstractmethod
    def open(self, path: str) -> Session:
        """The model in a file. Raises whatever the library does."""


@cache
def runtimes() -> Sequence[Runtime]:
    """Every runtime, installed or not."""
    return [discovery.module("runtimes", name).RUNTIME for name in discovery.modules("runtimes")]


def opened(path: str, format: str) -> Session:
    """The model in a file of a format, by the runtime that is for it.

    A ValueError says that the file holds no model that can be run, or that its runtime cannot open
    it; an ImportError that the runtime is not installed.
    """
    runtime = next((one for one in runtimes() if format in one.formats), None)
    if runtime is None:
        raise ValueError(
            f"{path} ({format}) holds no model that can be run: give procdsl.load a function, "
            "model=, that takes a batch of the model's inputs and gives its outputs"
        )
    if importlib.util.find_spec(runtime.library) is None:
        raise ImportError(
            f"running {path} ({format}) needs {runtime.library}, which is not installed: "
            f"pip install {runtime.library}, or give procdsl.load a function, model=",
            name=runtime.library,
        )
    try:
        return runtime.open(path)
    except Exception as error:  # runtimes have errors of their own
        raise ValueError(f"{path}: {runtime.library} cannot open it: {error}") from error
