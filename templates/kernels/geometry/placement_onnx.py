from typing import NamedTuple

from procdsl.codegen.onnx.graph import Size


class Placement(NamedTuple):
    """The size of a step's result and where its input lies in it, axis by axis.

    As in `placement.py`, for all samples or each a number for itself.
    """

    h: Size
    w: Size
    source_h: Size
    source_w: Size
    content_h: Size
    content_w: Size
    top: Size
    left: Size
    transposed: bool = False
    flipped_h: bool = False
    flipped_w: bool = False
    """Whether `content_w` is negative, which is known where its number is open."""
