"""Inputs of bytes: each is decoded once, before anything else is done with it."""

from __future__ import annotations

from collections.abc import Sequence

from procdsl.ir.pipeline import Value
from procdsl.opdef.errors import Problem
from procdsl.opdef.op import Op
from procdsl.types.array import Array

DECODE_FIRST = (
    "make a picture of the file first: `decode(rgb, by=pil, ...)` as Pillow reads it, or "
    "`decode(rgb, by=cv2, ...)` as OpenCV does (`procdsl explain decode`)"
)


def check_files(op: Op, values: Sequence[Value], decoded: set[int], mode: str) -> None:
    """Raise what is wrong with a step that takes a file, or with the place of one that decodes.

    `decoded` are the files of which a step has made a picture; this one is added. `mode` is that of
    the block.
    """
    file = next((v for v in values if isinstance(v.type, Array) and v.type.is_file), None)
    if file is None:
        return
    if not op.decodes:
        raise Problem(
            "E341",
            f"`{op.name}` of a file that is not decoded",
            found=f"`{file.name}`: {file.type}",
            wanted="a picture, or another array",
            help=DECODE_FIRST,
        )
    if mode != "both":
        raise Problem(
            "E342",
            f"`{op.name}` stands in `{mode}`",
            found="a file that training and serving may read in two ways",
            wanted=f"one `{op.name}`, before `train` and `serve`",
            help="put it before both: a picture has one size, and coordinates go back to that",
        )
    if file.number in decoded:
        raise Problem(
            "E342",
            f"`{file.name}` is decoded twice",
            found=f"a second `{op.name}` of `{file.name}`",
            wanted="one picture for each file: coordinates go back to that",
            help="take what the first one gives, and `convert` it where another colour is wanted",
        )
    decoded.add(file.number)
