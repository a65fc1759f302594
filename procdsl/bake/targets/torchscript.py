"""TorchScript: what is baked is scripted and never traced, so that any batch and size is right.

A model that is a TorchScript file is taken as it is.
"""

from __future__ import annotations

from typing import Any

from procdsl.bake.source import BadSource, ModelSource
from procdsl.bake.target import Arrays, BakedFile, Graph, Run
from procdsl.bake.targets import _torch
from procdsl.bake.targets._torch import Opened, arrays, by_name, tensors
from procdsl.bake.tiles import as_batch, of_samples
from procdsl.formats.torchscript import TorchScript
from procdsl.ir.pipeline import Model, Pipeline
from procdsl.lazy import np
from procdsl.plan.halves import Halves


class ToTorchScript(_torch.TorchTarget):
    format = TorchScript.title

    def of_file(self, source: ModelSource, contract: Model) -> Opened:
        import torch

        network = torch.jit.load(source.path, map_location="cpu").eval()
        return Opened(network, tuple(range(len(contract.inputs))))

    def write(
        self, path: str, halves: Halves, runtime: str, model: Opened, example: Arrays, fed: Arrays
    ) -> None:
        import torch

        with _torch.quiet():
            call, _ = _torch.answered(model, halves.baked.model, tensors(fed))
            try:
                network = torch.jit.script(model.network)
            except Exception as error:  # the compiler has errors of many kinds
                raise BadSource(
                    "its network cannot be scripted, and is not traced: a trace would be right for "
                    f"one size alone; give a TorchScript file ({_first_line(error)})"
                ) from error
            whole = torch.jit.script(_torch.code(halves.baked, call).Baked(network).eval())
            torch.jit.save(whole, path)

    def read(self, path: str, halves: Halves, runtime: str) -> BakedFile:
        import torch

        with _torch.quiet():
            return _Scripted(torch.jit.load(path, map_location="cpu").eval(), halves)

    def graph(
        self, pipeline: Pipeline, block: str, runtime: str, given: Arrays, raw: Arrays
    ) -> Graph:
        import torch

        module = _torch.code(pipeline)
        with _torch.quiet():
            part = torch.jit.script(module.Preprocess() if block == "pre" else module.After())
        taken = tensors(given) if block == "pre" else tensors([*given, *raw])

        def run() -> dict[str, np.ndarray]:
            with torch.no_grad():
                return _torch.results(part(*taken), pipeline)

        return run


class _Scripted(BakedFile):
    def __init__(self, whole: Any, halves: Halves) -> None:
        self.runtime = _torch.version()
        self._whole = whole
        self._model = Opened(whole.model, tuple(range(len(halves.baked.model.inputs))))
        self._halves = halves

    def run(self, inputs: Arrays, raw: Arrays | None = None) -> Run:
        import torch

        given, contract = tensors(inputs), self._halves.baked.model
        pictures = given[: len(self._halves.host.model.inputs)]
        with torch.no_grad(), _torch.quiet():
            found = self._whole.preprocess(*pictures)
            gives = [found] if isinstance(found, torch.Tensor) else list(found)
            fed = gives[: len(contract.inputs)]
            if raw is not None:
                baked = self._halves.baked
                numbers = [value.number for value in (*baked.fed, *baked.kept)]
                past = [gives[numbers.index(value.number)] for value in baked.made_past_model]
                outputs = as_batch(contract.outputs, tensors(raw))
                return Run(arrays(fed), raw, by_name(self._whole.after(*given, *past, *outputs)))
            results = by_name(self._whole(*given))
            call, answer = _torch.answered(self._model, contract, fed)
        outputs = _torch.taken_apart(answer, call)
        return Run(arrays(fed), arrays(of_samples(contract.outputs, outputs, len(fed[0]))), results)


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "")


TARGET = ToTorchScript()
