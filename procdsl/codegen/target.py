"""What a target is: something that a pipeline is compiled to.

A target is an object that says what it can hold and why not, and makes files of what it holds.
`procdsl/codegen/<family>/targets.py` gives those of a family as `TARGETS`; a new family is a new
folder, and nothing else names it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from procdsl.ir.pipeline import Pipeline, Step
from procdsl.ir.plan import Plan
from procdsl.opdef.op import Op
from procdsl.records import dataclass
from procdsl.reference.golden_record import GoldenRecord


@dataclass(frozen=True)
class Unsupported:
    """Why a target cannot hold a step with its declared numerics, and what would work."""

    reason: str
    instead: str


@dataclass(frozen=True)
class Options:
    """How the files of a pipeline are made."""

    optimize: bool = True
    """Whether rewrites may be made that only make it faster."""
    format: bool = True
    """Whether the text is laid out for readers."""
    specialize: bool = True
    """Whether helpers lose what the arguments of a module's own calls make dead."""
    shared_kernels: bool = False
    """Whether helpers are written once for several pipelines, beside them."""
    check_externs: bool = True
    """Whether `self_check` holds the sources of externs against the manifest."""
    in_package: bool = False
    """Whether the files are to lie in a package, and import each other as its parts."""
    opset: int = 17
    """The version of ONNX's operators in which a graph is written."""
    inline: bool = False
    """Whether a graph is written without functions, for runtimes that know none."""
    order: str | None = None
    """The order of channels that a graph takes, where a file leaves that to the caller."""


@dataclass(frozen=True)
class Unit:
    """What the files of a pipeline are made of."""

    pipeline: Pipeline
    golden: GoldenRecord
    manifest: str
    """The text of the manifest."""
    identity: str
    serving_identity: str
    source_digest: str
    fingerprint: str
    """That of the manifest, which heads of modules state."""
    options: Options
    plan: Plan | None = None
    """Where the pipeline is what stays on the host of a baked file: the plan of the whole."""


class Target(ABC):
    """Something that a pipeline is compiled to."""

    standard: ClassVar[bool] = False
    """Whether it is written where no target is named."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What `--target` calls it."""

    @abstractmethod
    def unsupported(self, step: Step) -> Unsupported | None:
        """Why a step cannot be held with its declared numerics; None where it can."""

    def holds(self, op: Op, form: str) -> bool:
        """Whether it has an op in another form, which passes ask for: `part`, `plane`, `clip`."""
        return False

    @abstractmethod
    def files(self, unit: Unit) -> Mapping[str, str | bytes]:
        """The files by name, as they are written: text, or what is none."""
