"""The runtimes of ONNX that a baked file is proved in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from onnx import ModelProto


class Opened(ABC):
    """A model that a runtime has opened."""

    inputs: Sequence[str]
    outputs: Sequence[str]

    @abstractmethod
    def run(self, names: Sequence[str], fed: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """The results of these names."""


class OnnxRuntime(Opened):
    def __init__(self, model: ModelProto, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4  # what it says of errors is raised
        options.intra_op_num_threads = threads
        self._session: Any = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        self.inputs = [one.name for one in self._session.get_inputs()]
        self.outputs = [one.name for one in self._session.get_outputs()]

    def run(self, names: Sequence[str], fed: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        return self._session.run(list(names), dict(fed))


class OpenVino(Opened):
    """It knows no functions, so that it is given graphs without them."""

    def __init__(self, model: ModelProto, threads: int) -> None:
        import openvino
        from onnx import inliner

        flat = inliner.inline_local_functions(model)
        exact: dict[str, Any] = {"INFERENCE_PRECISION_HINT": "f32"}  # else bf16 on some processors
        if threads:
            exact["INFERENCE_NUM_THREADS"] = threads
        core = openvino.Core()
        read = core.read_model(flat.SerializeToString(), b"")
        self._model: Any = core.compile_model(read, "CPU", exact)
        self.inputs = [one.name for one in flat.graph.input]
        self.outputs = [one.name for one in flat.graph.output]

    def run(self, names: Sequence[str], fed: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        taken = {name for port in self._model.inputs for name in port.names}  # what is used
        given = {name: x for name, x in fed.items() if name in taken}
        found = self._model.create_infer_request().infer(given)
        ports = {name: port for port in self._model.outputs for name in port.names}
        return [found[ports[name]] for name in names]


RUNTIMES: Mapping[str, Callable[[Any, int], Opened]] = {
    "onnxruntime": OnnxRuntime,
    "openvino": OpenVino,
}
"""Each by the name that it is imported and installed by; the first is taken where none is named."""
