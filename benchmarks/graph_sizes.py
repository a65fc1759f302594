"""How large graphs are, beside what `torch.onnx.export` writes of the torch module.

Sizes do not depend on the machine. The manifest is no part of ours. The exporter notes on each node
the lines of Python that it comes from; so its graphs are counted with these notes and without.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import torch
from onnx import ModelProto

from benchmarks import detector_post, imagenet_pil
from benchmarks.harness import RESULTS
from procdsl import Source, check
from procdsl.codegen.onnx.whole import Network, whole
from procdsl.codegen.python.loading import load
from procdsl.codegen.target import Options
from procdsl.codegen.targets import targets
from procdsl.compiler import generate
from procdsl.ir.pipeline import Pipeline

FILE = RESULTS / "graph_sizes.json"
IMAGES = torch.zeros((2, 375, 500, 3), dtype=torch.uint8)
RAW = torch.zeros((2, 84, 8400))
OPEN = dict.fromkeys(range(3), torch.export.Dim.DYNAMIC)
"""Batch, height and width."""


class Model(torch.nn.Module):
    """A few nodes in the place of a detector."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean(dim=(1, 2, 3))[:, None, None].expand(-1, 84, 8400)


def ours(pipeline: Pipeline, part: str) -> int:
    """The bytes of a graph of ours, without the manifest."""
    if part == "whole":
        model = bare(exported(Model(), (torch.zeros((2, 3, 640, 640)),), ({0: OPEN[0]},)))
        named = (model.graph.input[0].name,), (model.graph.output[0].name,)
        opset = model.opset_import[0].version
        made = whole(pipeline, (), targets()["onnx"].holds, Network(model, *named), opset)
    else:
        made = ModelProto.FromString(generate(pipeline, ["onnx"])[f"{pipeline.name}_{part}.onnx"])
        del made.metadata_props[:]
    return len(made.SerializeToString())


def theirs(pipeline: Pipeline, part: str) -> ModelProto:
    """torch's export of the module's part."""
    name = f"{pipeline.name}_torch"
    module = load(generate(pipeline, ["torch"], options=Options(format=False))[f"{name}.py"], name)
    if part == "post":
        given = RAW, (720, 1280)  # in a graph they are numbers
        return exported(module.Postprocess(), given, ({0: OPEN[0]}, (None, None)))
    made = module.Preprocess() if part == "pre" else module.WithProcessing(Model())
    return exported(made, (IMAGES,), (OPEN,))


def exported(module: torch.nn.Module, given: tuple[Any, ...], axes: Any) -> ModelProto:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module.eval(), given, dynamo=True, dynamic_shapes=axes, verbose=False
        )
    assert program is not None, "torch exported nothing"
    found: ModelProto = program.model_proto
    return found


def bare(model: ModelProto) -> ModelProto:
    """The model without notes on what it holds."""
    graph = model.graph
    for held in (graph.node, graph.value_info, graph.input, graph.output, [graph, model]):
        for one in held:
            del one.metadata_props[:]
            one.doc_string = ""
    return model


def sizes() -> dict[str, Mapping[str, int]]:
    """By graph the bytes of ours and of the exporter's, with its notes and without."""
    detector = compiled(detector_post.TEXT)
    parts = {"YOLOv8, `pre`": "pre", "YOLOv8, `post`": "post", "YOLOv8 in one file": "whole"}
    given = [(title, detector, part) for title, part in parts.items()]
    for title, library in (("Pillow", "pil"), ("torch", "torch")):
        text = imagenet_pil.pipeline(library)
        given.append((f"ImageNet by {title}", compiled(text), "pre"))
    found: dict[str, Mapping[str, int]] = {}
    for title, pipeline, part in given:
        other = theirs(pipeline, part)
        found[title] = {
            "ours": ours(pipeline, part),
            "exported": len(other.SerializeToString()),
            "without notes": len(bare(other).SerializeToString()),
        }
        print(f"{title:20}", *found[title].values())
    return found


def compiled(text: str) -> Pipeline:
    pipeline = check(Source("benchmark.proc", text)).pipeline
    assert pipeline is not None, "the benchmark's pipeline has something wrong with it"
    return pipeline


def main() -> None:
    versions = {name: version(name) for name in ("onnx", "onnxscript", "torch")}
    FILE.write_text(json.dumps({"versions": versions, "bytes": sizes()}, indent=2) + "\n")


if __name__ == "__main__":
    main()
