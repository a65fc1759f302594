"""What ops expect of the values that they take; each gives the value, or raises what is wrong."""

from __future__ import annotations

from procdsl.diagnostics.suggest import nearest
from procdsl.opdef.errors import Problem, Proposal
from procdsl.types.array import Array
from procdsl.types.value import Type


def expect_image(x: Type, op: str) -> Array:
    """The value as an image with the axes h, w and, where it has channels, c; or a `Problem`."""
    if isinstance(x, Array) and x.names in (("h", "w", "c"), ("h", "w")):
        return x
    fix: Proposal | None = rows_first(x) or Proposal.without_step()
    help = ""
    if isinstance(x, Array) and x.subsampled:
        fix = Proposal.before("convert(rgb)")
    elif isinstance(x, Array) and {"h", "w"} < set(x.names[1:]) <= {"h", "w", "c"}:
        batch = (
            f"`{x.axes[0]}` is an axis too many: types are those of one sample, `preprocess_batch` "
            "makes the batch"
        )
        fix, help = None, f"{batch}; write the input without it, or call it `t` in a clip"
    raise Problem(
        "E316",
        f"`{op}` works on an image with its rows first",
        found=x.described(),
        wanted="an array [h, w, c] or [h, w]",
        fix=fix,
        help=help,
    )


def rows_first(x: Type) -> Proposal | None:
    """The step that puts the rows of an image or a clip first, where they are not."""
    if not isinstance(x, Array) or set(x.names) - {"t"} != {"h", "w", "c"}:
        return None
    wanted = (*(["t"] if "t" in x.names else []), "h", "w", "c")
    return None if x.names == wanted else Proposal.before(f"layout({', '.join(wanted)})")


def expect_sides(x: Type, op: str) -> Array:
    """The value as an array with the axes h and w, in any order with others; or a `Problem`."""
    if isinstance(x, Array) and {"h", "w"} <= set(x.names):
        return x
    raise Problem(
        "E307",
        f"`{op}` of a value that is not an image",
        found=x.described(),
        wanted="an array with the axes h and w",
        fix=Proposal.before("convert(rgb)")
        if isinstance(x, Array) and x.subsampled
        else Proposal.without_step(),
    )


def expect_untiled(x: Type, op: str) -> None:
    """Refuse tiles where an op takes the numbers of an image together."""
    if isinstance(x, Array) and "tile" in x.names:
        raise Problem(
            "E316",
            f"`{op}` of tiles, which are no images of their own",
            found=x.described(),
            wanted="the whole image: this step before `tile`",
            fix=Proposal.without_step(),
            then=x.with_(dtype="f32", range=None),
        )


def expect_dtype(x: Type, op: str, *dtypes: str, fix: Proposal, then: Type | None = None) -> Array:
    """The value as an array of one of the dtypes, or a `Problem`."""
    if isinstance(x, Array) and x.dtype in dtypes:
        return x
    raise Problem(
        "E301",
        f"`{op}` does not take this dtype",
        found=x.described(),
        wanted=" or ".join(dtypes),
        fix=fix,
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
        fix=Proposal.value(fitting) if axes else Proposal.without_step(),
        at=argument,
    )
