from procdsl.codegen.onnx.axes import pad, part
from procdsl.codegen.onnx.graph import Tensor

from ..scores.largest_onnx import largest
from .kept_confidence_onnx import kept_confidence
from .kept_first_onnx import kept_first


def ctc_decoded(
    x: Tensor, over: int, blank: int, product: bool
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The ids of characters that the best class of each step of x [n, t, class] spells, with their
    scores, the confidence, and how many they are. Characters are counted without the blank.
    """
    scores, ids = largest(x, over)
    before = part(pad(ids, [1], [0], -1), 0, ids.size(-1), -1)
    kept = ~ids.equals(blank) & ~ids.equals(before)
    found, of_found, count = kept_first(ids, scores, kept, blank)
    return found, of_found, kept_confidence(scores, kept, product), count
