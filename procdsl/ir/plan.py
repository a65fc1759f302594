"""A plan: where each step of a pipeline runs once it is baked into a model file.

The file does what it can hold with the declared numerics, closed towards the model; the host does
the rest. Steps are named by block and number, as the manifest numbers them.
"""

from __future__ import annotations

from procdsl.records import dataclass

HOST, MODEL = "host", "model"
"""The places: what stays outside of the file, and what is in it."""


@dataclass(frozen=True)
class PlannedStep:
    block: str
    """`pre` or `post`."""
    number: int
    place: str
    reason: str

    @property
    def title(self) -> str:
        """What `--keep` calls it: `pre.2`."""
        return f"{self.block}.{self.number}"


@dataclass(frozen=True)
class Plan:
    """Where every step of serving runs; steps of training alone have no place."""

    target: str
    runtime: str
    steps: tuple[PlannedStep, ...]
    order: str = ""
    """The order of channels that the file takes, where an input of it may come in two."""

    @property
    def places(self) -> dict[tuple[str, int], str]:
        """The place of each step, by block and number."""
        return {(step.block, step.number): step.place for step in self.steps}

    def numbers(self, block: str, place: str) -> set[int]:
        """The steps of a block that run in a place."""
        return {s.number for s in self.steps if (s.block, s.place) == (block, place)}
