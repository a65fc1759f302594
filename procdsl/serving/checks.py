"""What is held of a model file before it is served, and by `procdsl verify`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from procdsl.checker.externs import CannotFind
from procdsl.ir.extern import Extern
from procdsl.ir.pipeline import Pipeline
from procdsl.modelfile.contract import differences
from procdsl.plan.halves import halves
from procdsl.records import dataclass
from procdsl.workspace import externs as sources
from procdsl.workspace.models import Carried


@dataclass(frozen=True)
class Finding:
    """What one check found: `wrong` where it failed, else why it was not made, or what holds."""

    check: str
    holds: str = ""
    unchecked: str = ""
    wrong: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        if self.wrong:
            yield from (f"FAILED       {self.check}: {said}" for said in self.wrong)
        elif self.unchecked:
            yield f"not checked  {self.check}: {self.unchecked}"
        else:
            yield f"ok           {self.check}: {self.holds}"

    def plain(self) -> dict[str, object]:
        verdict = "failed" if self.wrong else "not checked" if self.unchecked else "ok"
        said = list(self.wrong) or [self.unchecked or self.holds]
        return {"check": self.check, "verdict": verdict, "said": said}


def contract(pipeline: Pipeline, carried: Carried) -> Finding:
    """The contract against the inputs and outputs that the file states."""
    if carried.interface is None:
        return Finding("contract", unchecked=carried.unstated)
    model = halves(pipeline, pipeline.plan).file if pipeline.plan else pipeline.model
    wrong = differences(model, carried.interface)
    return Finding("contract", "the inputs and outputs of the model are those", wrong=tuple(wrong))


def externs(called: Sequence[Extern], near: Sequence[Path]) -> Finding:
    """The sources of the user's own Python, looked for in these folders and on Python's path."""
    missing, changed = _sources(called, near)
    return Finding("externs", "their sources are those", wrong=(*missing, *changed))


def externs_of_training(called: Sequence[Extern], near: Sequence[Path]) -> Finding:
    """The same of what training alone calls, which is missing where a model is served."""
    missing, changed = _sources(called, near)
    return Finding(
        "externs of training",
        "their sources are those",
        unchecked="; ".join(missing),
        wrong=tuple(changed),
    )


def _sources(called: Sequence[Extern], near: Sequence[Path]) -> tuple[list[str], list[str]]:
    """Which externs have no source here, and which have another."""
    missing, changed = [], []
    for extern in called:
        said = f"`{extern.name}` ({extern.target})"
        try:
            found = sources.find_near(extern.module, extern.function, near)
        except CannotFind as error:
            missing.append(f"{said}: {error}")
            continue
        if found != extern.sha256:
            changed.append(
                f"{said} has the SHA-256 {found}, and was {extern.sha256} when the pipeline was "
                "compiled"
            )
    return missing, changed
