"""OpenVINO runs OpenVINO IR, in the precision that the file states."""

from __future__ import annotations

from typing import Any

from procdsl.formats.openvino import OpenVino
from procdsl.serving.runtime import Runtime
from procdsl.serving.session import Session


class OpenVinoRuntime(Runtime):
    library = "openvino"
    formats = (OpenVino.title,)

    def open(self, path: str) -> Session:
        import openvino

        # Without the hint some processors compute in bf16 what the file has in f32.
        exact = {"INFERENCE_PRECISION_HINT": "f32"}
        model = openvino.Core().compile_model(path, "CPU", exact)

        def run(*arrays: Any) -> Any:
            found = model.create_infer_request().infer(list(arrays))  # threads share none
            return [found[port] for port in model.outputs]

        return Session(run, False, _names(model.inputs), _names(model.outputs))


def _names(ports: Any) -> list[set[str]]:
    """The names of tensors; an input that has none is called as its node is."""
    return [port.names or {port.node.friendly_name} for port in ports]


RUNTIME = OpenVinoRuntime()
