"""What bakes a pipeline into model files: to add a target is to add its file to
`procdsl/bake/targets/`, which gives an object as `TARGET`; its name is that of the file.

What a target needs of other libraries is imported when something is baked.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from functools import cache
from typing import ClassVar

from procdsl import discovery
from procdsl.codegen.targets import targets
from procdsl.ir.pipeline import Step
from procdsl.serving.runtime import runtimes

FOLDER = "bake/targets"


class BakeTarget(ABC):
    """A format of model files that a pipeline is baked into."""

    codegen: ClassVar[str]
    """The target whose macros write the steps."""
    format: ClassVar[str]
    """The title of the format."""

    def why_not(self, step: Step, runtime: str, told: bool) -> str:
        """Why a step cannot be in the file with its declared numerics; empty where it can.

        With `told` the sizes of pictures come as an input of their own.
        """
        why = targets()[self.codegen].unsupported(step)
        return "" if why is None else why.reason

    @property
    def runtimes(self) -> Sequence[str]:
        """The runtimes that run the format, by name."""
        return [one.library for one in runtimes() if self.format in one.formats]


def names() -> Sequence[str]:
    """Every target by name."""
    return tuple(discovery.modules(FOLDER))


@cache
def target(name: str) -> BakeTarget:
    """The target of this name, which must be one of `names`."""
    found: BakeTarget = discovery.module(FOLDER, name).TARGET
    return found
