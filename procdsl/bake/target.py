"""What bakes a pipeline into model files: to add a target is to add its file to
`procdsl/bake/targets/`, which gives an object as `TARGET`; its name is that of the file.

What a target needs of other libraries is imported when something is baked. Arrays are numpy's and
have the batch in front.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from procdsl import discovery
from procdsl.bake.source import ModelSource
from procdsl.codegen.targets import targets
from procdsl.ir.pipeline import Model, Pipeline, Step, Value
from procdsl.plan.halves import Halves
from procdsl.records import dataclass
from procdsl.serving.runtime import runtimes

if TYPE_CHECKING:
    import numpy as np

FOLDER = "bake/targets"

Arrays: TypeAlias = "Sequence[np.ndarray]"


Graph: TypeAlias = "Callable[[], Mapping[str, np.ndarray]]"
"""Runs steps, and gives their results by name."""


@dataclass(frozen=True, eq=False)
class Run:
    """What a baked file computed for a batch, and what crossed the seams of its model."""

    fed: Arrays
    """What the model was given, in the order of the contract."""
    raw: Arrays
    """What it gave."""
    results: Mapping[str, np.ndarray]
    """What the file gave, by name."""


class BakedFile(ABC):
    """A baked file that its own runtime has opened."""

    runtime: str
    """The runtime and its version."""

    @abstractmethod
    def run(self, inputs: Arrays, raw: Arrays | None = None) -> Run:
        """What it computes; of `raw` in the place of what its model gives, where there is some."""


class BakeTarget(ABC):
    """A format of model files that a pipeline is baked into."""

    codegen: ClassVar[str]
    """The target whose macros write the steps."""
    format: ClassVar[str]
    """The title of the format."""

    def why_not(self, step: Step, runtime: str, given: Sequence[Value]) -> str:
        """Why a step cannot be in the file with its declared numerics; empty where it can.

        For a step of `post` these values are what the file is given: the size of another picture
        comes as an input of its own.
        """
        why = targets()[self.codegen].unsupported(step)
        return "" if why is None else why.reason

    @property
    def runtimes(self) -> Sequence[str]:
        """The runtimes that run the format, by name."""
        return [one.library for one in runtimes() if self.format in one.formats]

    def untried(self, runtime: str) -> str:
        """What is not known of a runtime that is not run; empty of one that is."""
        return ""

    @property
    @abstractmethod
    def library(self) -> str:
        """What must be installed, by the name that it is imported and installed by."""

    @abstractmethod
    def opened(self, source: ModelSource, contract: Model) -> Any:
        """The model that is baked round. A `BadSource` says why it cannot be."""

    @abstractmethod
    def run_alone(self, model: Any, contract: Model, fed: Arrays) -> Arrays:
        """What the model gives for what the contract says, before anything is baked."""

    @abstractmethod
    def write(
        self, path: str, halves: Halves, runtime: str, model: Any, example: Arrays, fed: Arrays
    ) -> None:
        """Write the file for a runtime, without a manifest. `example` is a batch that the file will
        be given, and `fed` what its model then is."""

    @abstractmethod
    def read(self, path: str, halves: Halves, runtime: str) -> BakedFile:
        """The file, opened by its runtime."""

    @abstractmethod
    def one_thread(self) -> AbstractContextManager[None]:
        """In which the runtime computes on one thread."""

    @abstractmethod
    def graph(
        self, pipeline: Pipeline, block: str, runtime: str, given: Arrays, raw: Arrays
    ) -> Graph:
        """The steps of `pre` or `post` alone, as the file would hold them for a runtime. They are
        run on what the file is given, and `post` on what the model gave for it."""


def names() -> Sequence[str]:
    """Every target by name."""
    return tuple(discovery.modules(FOLDER))


@cache
def target(name: str) -> BakeTarget:
    """The target of this name, which must be one of `names`."""
    found: BakeTarget = discovery.module(FOLDER, name).TARGET
    return found
