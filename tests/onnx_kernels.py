"""Runs a kernel of graphs alone in ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from onnx import checker, helper, numpy_helper
from onnx_graphs import Graph

from procdsl.codegen.onnx.dtypes import DTYPES, element_type
from procdsl.codegen.onnx.functions import DOMAIN, Functions
from procdsl.codegen.onnx.graph import Block, Tensor
from procdsl.codegen.onnx.operators import tensor
from procdsl.codegen.onnx.site import Kernels

NAMES = {np.dtype(of): name for name, of in DTYPES.items()}


def call_of(kernel: str, *static: Any, **named: Any) -> Callable[..., Any]:
    """A call of a kernel with what is known behind its tensors."""
    return lambda *tensors: getattr(Kernels(), kernel)(*tensors, *static, **named)


def run(
    call: Callable[..., Any], given: Mapping[str, np.ndarray], opset: int = 17
) -> list[np.ndarray]:
    """What it gives for arrays; numbers are given as arrays of one."""
    return opened(call, given, opset)(given)


def opened(
    call: Callable[..., Any], given: Mapping[str, np.ndarray], opset: int = 17
) -> Callable[[Mapping[str, np.ndarray]], list[np.ndarray]]:
    """The graph of a call for arrays like these, of whose sizes it knows the channels alone."""
    block = Block(opset, Functions())
    formal = [block.given(name, NAMES[x.dtype], open_sizes(x)) for name, x in given.items()]
    with block.writing():
        found = call(*formal)
        items = found if isinstance(found, tuple) else (found,)
        results = [
            block.called(tensor(x), f"result_{i}") for i, x in enumerate(items) if is_number(x)
        ]
    graph = helper.make_graph(
        block.nodes,
        "kernel",
        [info(x) for x in formal],
        [info(x) for x in results],
        [numpy_helper.from_array(value, name) for name, value in block.values.items()],
    )
    imports = [helper.make_opsetid("", opset), helper.make_opsetid(DOMAIN, 1)]
    functions = block.functions.protos
    model = helper.make_model(graph, functions=functions, opset_imports=imports, ir_version=8)
    checker.check_model(model, full_check=True)
    session = Graph(model.SerializeToString())
    return lambda arrays: [*session(arrays).values()]


def open_sizes(x: np.ndarray) -> list[int | None]:
    return [*[None] * (x.ndim - 1), x.shape[-1]] if x.ndim > 2 else [None] * x.ndim


def is_number(x: Any) -> bool:
    return isinstance(x, Tensor | int | float) and not isinstance(x, bool)


def info(x: Tensor) -> Any:
    return helper.make_tensor_value_info(x.name, element_type(x.dtype), x.shape)
