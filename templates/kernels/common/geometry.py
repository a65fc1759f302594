from typing import NamedTuple


class Geometry(NamedTuple):
    """The size of a step's result and where its input lies in it, axis by axis.

    A coordinate v of the input is v * content / source + offset in the result; a mirrored axis has
    a negative content.
    """

    h: int
    w: int
    source_h: int
    source_w: int
    content_h: int
    content_w: int
    top: int
    left: int
