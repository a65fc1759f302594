"""Small models of ONNX, written by hand, for the pipelines that tests bake."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

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
