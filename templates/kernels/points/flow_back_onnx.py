from procdsl.codegen.onnx.axes import one, stack
from procdsl.codegen.onnx.graph import Tensor

from ..geometry.for_samples_onnx import for_samples
from ..geometry.placement_onnx import Placement


def flow_back(flow: Tensor, at: Placement) -> Tensor:
    """Vectors [..., xy=2, h, w] in pixels of a step's result in those of its input."""
    u, v = one(flow, 0, -3), one(flow, 1, -3)
    if at.transposed:
        u, v = v, u
    u = u * for_samples(at.source_w, u) / for_samples(at.content_w, u)
    return stack([u, v * for_samples(at.source_h, v) / for_samples(at.content_h, v)], -3)
