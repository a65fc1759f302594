"""A baked `.pt2` that AOTInductor compiles, as docs/bake.md says: its bits, and its manifest.

What enters the model is compared in a package of the same program that gives it as a result, too.
"""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from baking import PIPELINES, Bakery, bakery, photograph, ran, same_numbers, studio
from support import build
from torch import nn

import procdsl

__all__ = ["bakery", "studio"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("g++"), reason="AOTInductor needs a C++ compiler"),
]
EXAMPLE = torch.zeros(2, 87, 131, 3, dtype=torch.uint8)


def loaded(path: Path) -> torch.export.ExportedProgram:
    with path.open("rb") as file:
        return torch.export.load(file)


def compiled(program: torch.export.ExportedProgram, path: Path) -> Any:
    program.example_inputs = ((EXAMPLE,), {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch, about itself
        torch._inductor.aoti_compile_and_package(program, package_path=str(path))
        return torch._inductor.aoti_load_package(str(path))


class AndFed(nn.Module):
    """A baked program that gives what enters its model, before its own results."""

    def __init__(self, program: torch.export.ExportedProgram) -> None:
        super().__init__()
        whole: Any = program.module()
        model = next(one for one in program.module_call_graph if one.fqn == "model")
        assert model.signature is not None
        nodes = {node.name: node for node in whole.graph.nodes}
        (output,) = whole.graph.find_nodes(op="output")
        fed = [nodes[argument.name] for argument in model.signature.inputs]
        output.args = ((*fed, *output.args[0]),)
        laid_out = whole.graph._codegen.pytree_info._replace(out_spec=None)
        whole.graph._codegen.pytree_info = laid_out
        whole.recompile()
        self.whole = whole

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return tuple(self.whole(x))


def test_a_compiled_package_is_served_from_its_manifest(bakery: Bakery, tmp_path: Path) -> None:
    baked, _ = bakery("segmenter", "pt2")
    package = tmp_path / "package.pt2"
    run = compiled(loaded(baked), package)
    assert ran("embed", str(baked), str(package), "--force")[0] == 0
    processor, before = procdsl.load(package), loaded(baked).module()
    assert processor.plan is not None
    assert {step.place for step in processor.plan.steps} == {"model"}
    for h, w in ((61, 83), (120, 51)):
        image = photograph(h, w)
        batch = torch.from_numpy(np.stack([image] * 3))
        found, wanted = run(batch)["labels"], before(batch)["labels"]
        assert (found != wanted).float().mean() < 1e-3  # at near ties: the network is moved
        same_numbers(processor(image).labels, found[0])


def test_what_enters_a_compiled_model_has_the_bits(bakery: Bakery, tmp_path: Path) -> None:
    baked, _ = bakery("segmenter", "pt2")
    dims = dict.fromkeys(range(3), torch.export.Dim.DYNAMIC)
    program = torch.export.export(AndFed(loaded(baked)), (EXAMPLE,), dynamic_shapes=(dims,))
    run = compiled(program, tmp_path / "fed.pt2")
    module = build(PIPELINES["segmenter"], ["numpy"]).modules["numpy"]
    for h, w in ((61, 83), (120, 51)):
        image = photograph(h, w)
        fed, *_ = run(torch.from_numpy(np.stack([image] * 2)))
        for x in fed:
            same_numbers(x, module.preprocess(image))
