"""Sessions of the runtimes that take part, on one thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Run


def onnx_graph(body: str, h: int, w: int) -> Run:
    """ONNX Runtime on a graph in ONNX's textual form, from u8[h, w, 3] `image` to f32 `y`."""
    import onnx.parser

    text = f"""<ir_version: 8, opset_import: ["" : 18]>
        graph (uint8[a, b, 3] image) => (float[3, {h}, {w}] y) {body}"""
    return session(onnx.parser.parse_model(text).SerializeToString())


def session(model: bytes) -> Run:
    """ONNX Runtime on a model from `image` to one result."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    opened = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda image: opened.run(None, {"image": image})[0]


def extensions_graph(shape: tuple[int, ...], steps: Sequence[Any]) -> Run:
    """onnxruntime-extensions' own graph of these steps, before a model that gives what it takes."""
    import onnx.parser
    from onnxruntime_extensions.tools import pre_post_processing as extensions

    sizes = ", ".join(map(str, shape))
    network = onnx.parser.parse_model(
        f"""<ir_version: 8, opset_import: ["" : 18]>
        graph (float[{sizes}] x) => (float[{sizes}] y) {{ y = Identity(x) }}"""
    )
    named = extensions.create_named_value("image", onnx.TensorProto.UINT8, ["h", "w", 3])
    made = extensions.PrePostProcessor([named], 18)
    made.add_pre_processing(steps)
    return session(made.run(network).SerializeToString())


def openvino_model(
    size: tuple[int, int], shape: tuple[int, ...], colour: str, steps: Callable[[Any, Any], None]
) -> Run:
    """OpenVINO's preprocessor of pictures of a size (h, w) before a model that does nothing.

    `steps` gets the preprocessing to fill in and the module of its enumerations.
    """
    import openvino
    from openvino import opset13, preprocess

    entry = opset13.parameter(list(shape), np.float32)
    wrapped = preprocess.PrePostProcessor(openvino.Model([opset13.result(entry)], [entry]))
    given = wrapped.input()
    given.tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    given.tensor().set_spatial_static_shape(*size)
    given.tensor().set_color_format(getattr(preprocess.ColorFormat, colour))
    given.model().set_layout(openvino.Layout("NCHW"))
    steps(given.preprocess(), preprocess)
    options = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(wrapped.build(), "CPU", options)
    return lambda image: compiled(image[None])[0]


def float_type() -> Any:
    """OpenVINO's name of f32."""
    import openvino

    return openvino.Type.f32
