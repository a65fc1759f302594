from typing import NamedTuple


class Placement(NamedTuple):
    """The size of a step's result and where its input lies in it, axis by axis.

    A coordinate v of the input is v * content / source + offset in the result; a mirrored axis has
    a negative content. Where it is transposed, the input's rows are the result's columns: `top` and
    the sizes of `h` then speak of its x axis, `left` and those of `w` of its y axis.
    """

    h: int
    w: int
    source_h: int
    source_w: int
    content_h: int
    content_w: int
    top: int
    left: int
    transposed: bool = False
