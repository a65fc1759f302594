"""pt2: what is baked is exported by `torch.export`, for any batch, height and width.

What a graph of open sizes cannot hold is not listed: each step that leaves a size open is exported
alone, and what is refused stays on the host.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procdsl.bake.source import BadSource, ModelSource
from procdsl.bake.target import Arrays, BakedFile, Graph, Run
from procdsl.bake.targets import _torch
from procdsl.bake.targets._export import SEAMS, exported, in_order, in_tuple, refusal
from procdsl.bake.targets._torch import Opened, arrays, by_name, tensors
from procdsl.formats.pt2 import Pt2
from procdsl.ir.pipeline import Model, Pipeline, Step, Value
from procdsl.lazy import np
from procdsl.plan.halves import Halves, given_to
from procdsl.serving import session

if TYPE_CHECKING:
    import torch


class ToPt2(_torch.TorchTarget):
    format = Pt2.title

    def why_not(self, step: Step, runtime: str, given: Sequence[Value]) -> str:
        return super().why_not(step, runtime, given) or refusal(step, given)

    def of_file(self, source: ModelSource, contract: Model) -> Opened:
        try:
            program = _loaded(source.path)
        except Exception as error:  # such as of what AOTInductor compiled
            raise BadSource(f"{source.path}: torch.export cannot load it: {error}") from error
        names = [{name} for name in program.graph_signature.user_inputs]
        places = session.places("input", [value.name for value in contract.inputs], names)
        order = tuple(places.index(i) for i in range(len(places)))
        return Opened(program.module(), order, source.batch)

    def write(
        self, path: str, halves: Halves, runtime: str, model: Opened, example: Arrays, fed: Arrays
    ) -> None:
        import torch

        with _torch.quiet():
            call, _ = _torch.answered(model, halves.baked.model, tensors(fed))
            whole = _torch.code(halves.baked).Baked(in_order(model.network, call))
            if len(fed) > 1:
                whole.preprocess = in_tuple(whole.preprocess)
            try:
                program = exported(whole, halves.file.inputs, example, model.batch, seams=SEAMS)
            except Exception as error:  # of many kinds
                said = " ".join(str(error).split())
                raise BadSource(f"torch.export cannot export it: {said[:600]}") from error
            with Path(path).open("wb") as file:
                torch.export.save(program, file)

    def read(self, path: str, halves: Halves, runtime: str) -> BakedFile:
        with _torch.quiet():
            return _Exported(_loaded(path), halves)

    def graph(
        self, pipeline: Pipeline, block: str, runtime: str, given: Arrays, raw: Arrays
    ) -> Graph:
        import torch

        module, values, taken = _torch.code(pipeline), pipeline.inputs, list(given)
        part = module.Preprocess()
        if block == "post":
            part = module.After()
            values, taken = (*given_to(pipeline), *pipeline.model.outputs), [*given, *raw]
        with _torch.quiet():
            run = exported(part, values, [np.concatenate([x, x]) for x in taken], None).module()
        arguments = tensors(taken)

        def results() -> dict[str, np.ndarray]:
            with torch.no_grad():
                return _torch.results(run(*arguments), pipeline)

        return results


class _Exported(BakedFile):
    """The program, and the same with its model as a module of its own."""

    def __init__(self, program: torch.export.ExportedProgram, halves: Halves) -> None:
        import torch

        self.runtime = _torch.version()
        self._contract = halves.baked.model
        self._whole: Any = program.module()
        self._cut: Any = torch.export.unflatten(program)
        self._met: dict[str, Any] = {}
        for seam in SEAMS:
            self._cut.get_submodule(seam).register_forward_hook(self._meeting(seam))

    def _meeting(self, seam: str) -> Any:
        def meet(module: Any, given: Any, found: Any) -> Any:
            self._met[seam] = [found] if hasattr(found, "detach") else list(found)
            return self._met.get(f"instead of {seam}")

        return meet

    def run(self, inputs: Arrays, raw: Arrays | None = None) -> Run:
        import torch

        given, contract = tensors(inputs), self._contract
        self._met = {}
        if raw is not None:
            instead = _torch.modelled(contract.outputs, tensors(raw))
            self._met["instead of model"] = tuple(instead)
        with torch.no_grad(), _torch.quiet():
            found = self._cut(*given)
            if raw is None:
                found = self._whole(*given)
        outputs = _torch.of_samples(contract.outputs, self._met["model"], len(inputs[0]))
        return Run(arrays(self._met["preprocess"]), raw or arrays(outputs), by_name(found))


def _loaded(path: str) -> torch.export.ExportedProgram:
    import torch

    with Path(path).open("rb") as file:  # a path must end in .pt2
        return torch.export.load(file)


TARGET = ToPt2()
