from procdsl.codegen.onnx.axes import running_total
from procdsl.codegen.onnx.graph import Tensor

from ..scores.largest_onnx import largest
from .kept_confidence_onnx import kept_confidence
from .kept_first_onnx import kept_first


def decoded_to_end(
    x: Tensor, over: int, end: int, product: bool, with_end: bool
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The ids of characters up to the first step of x [n, t, class] whose best class is the end,
    with their scores, the confidence, and how many they are. Characters are counted without it.
    """
    scores, ids = largest(x, over)
    at_end = ids.equals(end).cast("i64")
    ends = running_total(at_end, -1)
    kept = ends.equals(0)
    found, of_found, count = kept_first(ids, scores, kept, end)
    counted = (ends - at_end).equals(0) if with_end else kept
    return found, of_found, kept_confidence(scores, counted, product), count
