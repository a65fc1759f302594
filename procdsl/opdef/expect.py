"""What ops expect of the values that they take; each gives the value, or raises what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from procdsl.diagnostics.suggest import choices, nearest
from procdsl.opdef.errors import Problem, Proposal
from procdsl.types.array import Array
from procdsl.types.dtypes import FLOATS, INTEGERS
from procdsl.types.value import Type


def expect_image(x: Type, op: str) -> Array:
    """The value as an image with the axes h, w and, where it has channels, c; or a `Problem`."""
    if isinstance(x, Array) and set(x.names) in ({"h", "w", "c"}, {"h", "w"}):
        return x
    raise Problem(
        "E316",
        f"`{op}` of a value that is no image",
        found=x.described(),
        wanted="an array with the axes h and w, and c where it has channels, in any order",
        help=_image_by(x),
    )


def rows_first(x: Array) -> tuple[str, ...]:
    """The axes of a picture in the order [t, h, w, c], as far as it has them; of what is no picture
    as they are."""
    order = tuple(name for name in ("t", "h", "w", "c") if name in x.names)
    return order if {"h", "w"} <= set(order) == set(x.names) else x.names


def frames_first(x: Array) -> tuple[str, ...]:
    """The axes of a picture with those of a clip first, and the others as they are."""
    if rows_first(x)[:1] != ("t",):
        return x.names
    return ("t", *(name for name in x.names if name != "t"))


def _image_by(x: Type) -> str:
    """How a value that is no image becomes one, in words."""
    if isinstance(x, Array) and x.subsampled:
        return as_picture(x)
    more = [a for a in x.axes if a.name not in "thwc"] if isinstance(x, Array) else []
    if isinstance(x, Array) and {"h", "w"} < set(x.names) and len(more) == 1:
        return (
            f"`{more[0]}` is an axis too many: types are those of one sample, "
            "`preprocess_batch` makes the batch; write the input without it, or call it `t` in a "
            "clip"
        )
    return "name the axes of an image h, w and c where the value is declared, or take another value"


def as_picture(x: Array) -> str:
    """How a 4:2:0 frame becomes a picture, in words."""
    return choices(
        f"`{x.colour}` is a frame of luma and chroma; before this step make a picture of it",
        "`convert(rgb)`: red, green, blue",
        "`convert(bgr)`: blue, green, red",
    )


def expect_sides(x: Type, op: str) -> Array:
    """The value as an array with the axes h and w, in any order with others; or a `Problem`."""
    if isinstance(x, Array) and {"h", "w"} <= set(x.names):
        return x
    raise Problem(
        "E307",
        f"`{op}` of a value that is not an image",
        found=x.described(),
        wanted="an array with the axes h and w",
        help=_image_by(x),
    )


def expect_untiled(x: Type, op: str) -> None:
    """Refuse tiles where an op takes the numbers of an image together."""
    if isinstance(x, Array) and "tile" in x.names:
        raise Problem(
            "E316",
            f"`{op}` of tiles, which are no images of their own",
            found=x.described(),
            wanted="the whole image: this step before `tile`",
            help="put this step before `tile`, where it takes all numbers of the image together; "
            "of each tile for itself nothing computes it",
            then=x.with_(dtype="f32", range=None),
        )


def expect_dtype(x: Type, op: str, *dtypes: str, help: str = "", then: Type | None = None) -> Array:
    """The value as an array of one of the dtypes, or a `Problem` that says how it becomes one."""
    if isinstance(x, Array) and x.dtype in dtypes:
        return x
    raise Problem(
        "E301",
        f"`{op}` does not take this dtype",
        found=x.described(),
        wanted=" or ".join(dtypes),
        help=help or _converted(x, dtypes),
        then=then,
    )


def _converted(x: Type, dtypes: tuple[str, ...]) -> str:
    """How a value comes to one of these dtypes, in words."""
    ways = conversions(x, dtypes)
    if not ways:
        return f"take a value of {' or '.join(dtypes)}"
    return choices("put this step where the value has such a dtype, or before it one of", *ways)


def conversions(x: Type, dtypes: Sequence[str]) -> list[str]:
    """The steps that give a value one of these dtypes, and what each computes."""
    if not isinstance(x, Array) or x.dtype == "text":
        return []
    whole = next((dtype for dtype in dtypes if dtype in INTEGERS), None)
    if x.dtype in INTEGERS and "f32" in dtypes:
        high = f"{x.range.high:g}" if x.range and x.range.high > 1 else "255"
        return [
            f"`to_float(scale=1/{high})`: divided by {high}",
            "`to_float(scale=1)`: the numbers as they are",
        ]
    if x.dtype in FLOATS and "f32" in dtypes:
        return ["`cast(f32)`: every number as it is"]
    if x.dtype == "bool" and ("f32" in dtypes or whole):
        return [f"`cast({'f32' if 'f32' in dtypes else whole})`: 0 and 1"]
    if x.dtype in FLOATS and whole:
        return [f"`cast({whole}, rounding=...)`: rounded as that says, and cut to its bounds"]
    if whole:
        return [f"`cast({whole})`: what {whole} cannot hold becomes its nearest bound"]
    return []


def expect_axis(x: Type, name: str, op: str, argument: str) -> Array:
    """The value as an array that has the axis, or a `Problem` about the argument that names it."""
    if isinstance(x, Array) and name in x.names:
        return x
    axes = x.names if isinstance(x, Array) else ()
    fitting = axes[0] if len(axes) == 1 else nearest(name, axes)
    raise Problem(
        "E307",
        f"`{op}` over an axis that is not there",
        found=f"`{name}`, on {x.described()}",
        wanted="one of the axes " + ", ".join(axes) if axes else "an array with axes",
        fix=Proposal.value(fitting) if fitting else None,
        help="" if fitting else "name the axis along which it is to be computed",
        at=argument,
    )
