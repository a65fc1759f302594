"""Small models of ONNX, written by hand, for the pipelines that tests bake."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from procdsl.codegen.python.macros import DTYPES
from procdsl.ir.pipeline import Pipeline
from procdsl.types.array import Array

CONTRACTS = {
    "classifier": ((3, 32, 48), (4,)),
    "detector": ((3, 64, 64), (7, 40)),
    "segmenter": ((3, 48, 64), (5, 24, 32)),
}
"""What each takes and gives, without the batch."""

OUTPUTS = {"classifier": "logits", "detector": "raw", "segmenter": "logits"}


def network(name: str, opset: int = 17, batch: int | str = "n") -> onnx.ModelProto:
    """The network of a pipeline; its names are those that the steps' nodes would like, too."""
    rng = np.random.default_rng(5)
    takes, gives = CONTRACTS[name]
    held: dict[str, np.ndarray] = {
        "weight": rng.standard_normal((8, 3, 3, 3)).astype(np.float32) / 4
    }
    nodes = [
        helper.make_node("Conv", ["x", "weight"], ["image"], "pre/1", strides=[2, 2], pads=[1] * 4)
    ]
    if name == "segmenter":
        held["weight"] = rng.standard_normal((5, 3, 3, 3)).astype(np.float32)
    else:
        size = int(np.prod(gives))
        held["matrix"] = rng.standard_normal((8, size)).astype(np.float32) * 4
        held["shape"] = np.array([-1, *gives])
        nodes += [
            helper.make_node("Relu", ["image"], ["f32_0"]),
            helper.make_node("GlobalAveragePool", ["f32_0"], ["pooled"]),
            helper.make_node("Flatten", ["pooled"], ["flat"]),
            helper.make_node("MatMul", ["flat", "matrix"], ["found"]),
            helper.make_node("Reshape", ["found", "shape"], ["shaped"]),
        ]
    if name == "detector":
        held |= {"split": np.array([4, 3]), "side": np.array(64, np.float32)}
        nodes += [
            helper.make_node("Sigmoid", ["shaped"], ["within"]),
            helper.make_node("Split", ["within", "split"], ["places", "scores"], axis=1),
            helper.make_node("Mul", ["places", "side"], ["pixels"]),
            helper.make_node("Concat", ["pixels", "scores"], ["joined"], axis=1),
        ]
    nodes.append(helper.make_node("Identity", [nodes[-1].output[0]], [OUTPUTS[name]]))
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, *takes])],
        [helper.make_tensor_value_info(OUTPUTS[name], TensorProto.FLOAT, [batch, *gives])],
        [numpy_helper.from_array(value, key) for key, value in held.items()],
    )
    imports = [helper.make_opsetid("", opset)]
    model = helper.make_model(graph, opset_imports=imports, ir_version=7, producer_name="a trainer")
    helper.set_model_props(model, {"author": "somebody"})
    onnx.checker.check_model(model, full_check=True)
    return model


def saved(name: str, folder: Path, opset: int = 17, batch: int | str = "n") -> str:
    """The file of a network, relative to the folder."""
    onnx.save(network(name, opset, batch), folder / f"{name}_network.onnx")
    return f"{name}_network.onnx"


def constant(pipeline: Pipeline, outputs: Mapping[str, np.ndarray]) -> onnx.ModelProto:
    """A network that gives these outputs for each picture, whatever it shows."""
    first = pipeline.model.inputs[0]
    assert isinstance(first.type, Array)
    held = {"axes": np.arange(1, len(first.type.axes) + 1), "none": np.zeros(1, np.float32)}
    nodes = [
        helper.make_node("Cast", [first.name], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["numbers", "axes"], ["sums"], keepdims=0),
        helper.make_node("Mul", ["sums", "none"], ["zeros"]),
    ]
    given = []
    for name, x in outputs.items():
        kind = helper.np_dtype_to_tensor_dtype(x.dtype)
        held |= {f"{name}.held": x[None], f"{name}.axes": np.array([-1] + [1] * x.ndim)}
        nodes += [
            helper.make_node("Reshape", ["zeros", f"{name}.axes"], [f"{name}.shaped"]),
            helper.make_node("Cast", [f"{name}.shaped"], [f"{name}.zeros"], to=kind),
            helper.make_node("Add", [f"{name}.held", f"{name}.zeros"], [name]),
        ]
        given.append(helper.make_tensor_value_info(name, kind, ["n", *x.shape]))
    taken = []
    for value in pipeline.model.inputs:
        assert isinstance(value.type, Array)
        sizes = [axis.size or f"{value.name}.{axis.name}" for axis in value.type.axes]
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(DTYPES[value.type.dtype]))
        taken.append(helper.make_tensor_value_info(value.name, kind, ["n", *sizes]))
    initial = [numpy_helper.from_array(x, name) for name, x in held.items()]
    graph = helper.make_graph(nodes, "network", taken, given, initial)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
