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
from procdsl.bake.targets._export import exported, in_order, refusal
from procdsl.bake.targets._torch import Opened, arrays, by_name, tensors
from procdsl.bake.tiles import as_batch, of_samples
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
            try:
                program = exported(
                    whole, halves.file.inputs, example, model.batch, modules=("model",)
                )
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
            values = (*given_to(pipeline), *pipeline.made_past_model, *pipeline.model.outputs)
            taken = [*given, *raw]
        with _torch.quiet():
            run = exported(part, values, [np.concatenate([x, x]) for x in taken], None).module()
        arguments = tensors(taken)

        def results() -> dict[str, np.ndarray]:
            with torch.no_grad():
                return _torch.results(run(*arguments), pipeline)

        return results


class _Exported(BakedFile):
    """The program, run node by node where what crosses its seams is asked for."""

    def __init__(self, program: torch.export.ExportedProgram, halves: Halves) -> None:
        self.runtime = _torch.version()
        self._contract = halves.baked.model
        self._whole: Any = program.module()
        model = next(entry for entry in program.module_call_graph if entry.fqn == "model")
        assert model.signature is not None, "it is kept where the file is written"
        self._into = [argument.name for argument in model.signature.inputs]
        self._out = [argument.name for argument in model.signature.outputs]

    def run(self, inputs: Arrays, raw: Arrays | None = None) -> Run:
        import torch

        given, contract, met = tensors(inputs), self._contract, dict[str, Any]()
        instead: dict[str, Any] = {}
        if raw is not None:
            instead = dict(zip(self._out, as_batch(contract.outputs, tensors(raw)), strict=True))

        class Watched(torch.fx.Interpreter):
            def run_node(self, node: torch.fx.Node) -> Any:
                met[node.name] = instead.get(node.name)
                if met[node.name] is None:
                    met[node.name] = super().run_node(node)
                return met[node.name]

        with torch.no_grad(), _torch.quiet():
            found = Watched(self._whole).run(*given)
            if raw is None:
                found = self._whole(*given)
        crossing = ((contract.inputs, self._into), (contract.outputs, self._out))
        fed, outputs = (
            arrays(of_samples(values, [met[name] for name in names], len(inputs[0])))
            for values, names in crossing
        )
        return Run(fed, raw or outputs, by_name(found))


def _loaded(path: str) -> torch.export.ExportedProgram:
    import torch

    with Path(path).open("rb") as file:  # a path must end in .pt2
        return torch.export.load(file)


TARGET = ToPt2()
