"""What ops expect of the values that they take; each gives the value, or raises what is wrong."""

from __future__ import annotations

from procdsl.diagnostics.suggest import nearest
from procdsl.opdef.errors import Mend, Problem
from procdsl.types.array import Array
from procdsl.types.value import Type


def expect_image(x: Type, op: str) -> Array:
    """The value as an image with the axes h, w and, where it has channels, c; or a `Problem`."""
    if isinstance(x, Array) and x.names in (("h", "w", "c"), ("h", "w")):
        return x
    mend = Mend("remove")
    if isinstance(x, Array) and x.subsampled:
        mend = Mend("before", "convert(rgb)")
    elif isinstance(x, Array) and set(x.names) - {"t"} == {"h", "w", "c"}:
        mend = Mend("before", f"layout({'t, ' * ('t' in x.names)}h, w, c)")
    elif isinstance(x, Array) and {"h", "w"} < set(x.names[1:]) <= {"h", "w", "c"}:
        batch = (
            f"`{x.axes[0]}` is an axis too many: types are those of one sample, `preprocess_batch` "
            "makes the batch"
        )
        mend = Mend("say", said=f"{batch}; write the input without it, or call it `t` in a clip")
    raise Problem(
        "E316",
        f"`{op}` works on an image with its rows first",
        found=x.described(),
        wanted="an array [h, w, c] or [h, w]",
        mend=mend,
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
        mend=Mend("before", "convert(rgb)")
        if isinstance(x, Array) and x.subsampled
        else Mend("remove"),
    )


def expect_untiled(x: Type, op: str) -> None:
    """Refuse tiles where an op takes the numbers of an image together."""
    if isinstance(x, Array) and "tile" in x.names:
        raise Problem(
            "E316",
            f"`{op}` of tiles, which are no images of their own",
            found=x.described(),
            wanted="the whole image: this step before `tile`",
            mend=Mend("remove"),
            then=x.with_(dtype="f32", range=None),
        )


def expect_dtype(x: Type, op: str, *dtypes: str, mend: Mend, then: Type | None = None) -> Array:
    """The value as an array of one of the dtypes, or a `Problem`."""
    if isinstance(x, Array) and x.dtype in dtypes:
        return x
    raise Problem(
        "E301",
        f"`{op}` does not take this dtype",
        found=x.described(),
        wanted=" or ".join(dtypes),
        mend=mend,
        then=then,
    )


def expect_axis(x: Type, name: str, op: str, argument: str) -> Array:
    """The value as an array that has the axis, or a `Problem` about the argument that names it."""
    if isinstance(x, Array) and name in x.names:
        return x
    axes = x.names if isinstance(x, Array) else ()
    others = [axis for axis in axes if axis not in ("h", "w")]
    fitting = nearest(name, axes) or (others or [*axes, ""])[0]
    raise Problem(
        "E307",
        f"`{op}` over an axis that is not there",
        found=f"`{name}`, on {x.described()}",
        wanted="one of the axes " + ", ".join(axes) if axes else "an array with axes",
        mend=Mend("value", fitting) if axes else Mend("remove"),
        at=argument,
    )
