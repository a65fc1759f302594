"""ONNX Runtime runs ONNX."""

from __future__ import annotations

from typing import Any

from procdsl.formats.onnx import Onnx
from procdsl.serving.runtime import Runtime
from procdsl.serving.session import Session


class OnnxRuntime(Runtime):
    library = "onnxruntime"
    formats = (Onnx.title,)

    def open(self, path: str) -> Session:
        import onnxruntime

        model = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        inputs = [value.name for value in model.get_inputs()]
        outputs = [value.name for value in model.get_outputs()]

        def run(*arrays: Any) -> Any:
            return model.run(outputs, dict(zip(inputs, arrays, strict=True)))

        return Session(run, False, [{name} for name in inputs], [{name} for name in outputs])


RUNTIME = OnnxRuntime()
