from procdsl.codegen.onnx.graph import Size

from .padded_to_onnx import padded_to
from .placement_onnx import Placement


def padded_multiple(
    h: Size, w: Size, multiple: int, anchor: str, always: bool = False
) -> Placement:
    """An h x w image padded up to multiples of a number; with `always`, beyond what is one."""
    more = multiple if always else multiple - 1
    to_h, to_w = ((side + more) // multiple * multiple for side in (h, w))
    return padded_to(h, w, to_h, to_w, anchor)
