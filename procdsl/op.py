"""What an op is.

An op is one module in `procdsl/ops/` with one frozen dataclass that derives from `Op`: its fields
are the arguments, its methods the type rule, the reference and what else the op knows of itself.
The module's name is the op's, its docstring is the op's page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from procdsl.diagnostics import nearest
from procdsl.geometry import Geometry
from procdsl.numerics import EXACT, Bound
from procdsl.problem import Mend, Problem
from procdsl.types import INTEGERS, LIMITS, Array, Axis, Frame, Type
from procdsl.values import Number, show

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Constant:
    """An array that a generated module holds once: its numbers in order, and its shape."""

    dtype: str
    values: tuple[float, ...] | tuple[int, ...] | tuple[str, ...]
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """An example that is run on every backend and compared with the reference.

    `pre` are steps on an input `image` of type `image`, of the size `size` where its type leaves
    that open; `post` are steps on the model's outputs `outputs` (name to type). `values` makes the
    arrays of inputs and outputs by name, where random ones would not do.
    """

    pre: str = ""
    post: str = ""
    image: str = "u8[h, w, c=3] bgr"
    size: tuple[int, int] = (31, 45)
    outputs: Mapping[str, str] | None = None
    values: Callable[[], dict[str, np.ndarray]] | None = None


@dataclass(frozen=True, kw_only=True)
class Op:
    """A step's operation with its arguments."""

    inputs: ClassVar[tuple[str, ...]] = ("x",)
    """What the values are called that the op takes."""

    variadic: ClassVar[bool] = False
    """Whether it takes any number of values more, as the last of `inputs`."""

    outputs: ClassVar[int] = 1
    """How many values it gives."""

    random: ClassVar[bool] = False
    """Whether it draws random numbers; such a step belongs in `train { }`."""

    views: ClassVar[bool] = False
    """Whether the result may be a view of what the op is given."""

    pointwise: ClassVar[bool] = False
    """Whether a number of the result depends on one number of the input and on its channel."""

    framewise: ClassVar[bool] = False
    """Whether the op takes an image, and of a clip [t, ...] each frame."""

    gain: ClassVar[float] = 1.0
    """By how much the op may enlarge an error of its input."""

    roundings: ClassVar[int] = 0
    """How often a number is rounded to float; an error of the input may turn each of these."""

    @property
    def name(self) -> str:
        return self.room[1]

    @property
    def room(self) -> tuple[str, str]:
        """The folder and the name of the op's template."""
        _, folder, name = type(self).__module__.split(".")
        return folder, name

    def infer(self, *types: Any) -> Type | tuple[Type, ...]:
        """The type of the result, or a `Problem`."""
        raise NotImplementedError  # every op has a type rule

    def reference(self, types: Any, *values: Any) -> Any:
        """The op's meaning, in plain numpy; `types` are those of the values."""
        raise NotImplementedError  # every op that can be run has a reference

    def numerics(self, *types: Any) -> Bound | None:
        """Exact (None), or by how much a backend may differ from the reference."""
        return EXACT

    def constants(self, *types: Any) -> Mapping[str, Constant]:
        """The arrays that the op's macros use, by name."""
        return {}

    @staticmethod
    def cases() -> tuple[Case, ...]:
        """Examples that the tests run on every backend."""
        return ()

    def channelwise(self, *types: Any) -> bool:
        """Whether the op treats all channels alike, each for itself."""
        return False

    def reorders(self, *types: Any) -> tuple[int, ...] | None:
        """For each channel of the result the one it was, where the op only moves channels."""
        return None

    def missing(self) -> str | None:
        """Why no backend has the op yet, or None."""
        return "random steps are checked, but not generated yet" if self.random else None


@dataclass(frozen=True)
class Kernel:
    """A call of a kernel in `templates/kernels/common/`, after its first two arguments h and w."""

    name: str
    arguments: tuple[int | float, ...]
    flags: Mapping[str, bool | str | int] = field(default_factory=dict)

    def on(self, h: str, w: str) -> str:
        """The call as code, on expressions for h and w."""
        flags = (f"{name}={value!r}" for name, value in self.flags.items())
        return f"{self.name}({', '.join((h, w, *map(repr, self.arguments), *flags))})"


@dataclass(frozen=True, kw_only=True)
class GeometricOp(Op):
    """An op that moves pixels: it makes a new frame of coordinates and knows the way back."""

    framewise: ClassVar[bool] = True

    @property
    def kernel(self) -> Kernel:
        """What computes `geometry` in a generated module."""
        raise NotImplementedError  # every geometric op has one

    def geometry(self, h: int, w: int) -> Geometry:
        """Where the pixels of an h x w picture go; a ValueError where the picture does not fit."""
        raise NotImplementedError  # every geometric op has one

    def extent(self, h: Axis, w: Axis) -> tuple[Axis, Axis]:
        """The result's axes where a size of the input is not known."""
        raise NotImplementedError  # every geometric op has one

    def placed(self, x: Array) -> Array:
        """The type of the result: other sizes, another frame."""
        h, w = x.axis("h"), x.axis("w")
        assert h is not None, "the type rule has asked for an image"
        assert w is not None, "the type rule has asked for an image"
        if h.size is not None and w.size is not None:
            geometry = self.geometry(h.size, w.size)
            h, w = Axis.of("h", geometry.h), Axis.of("w", geometry.w)
        else:
            h, w = self.extent(h, w)
        frame = Frame(self.name, x.frame, self) if x.frame else None
        return x.resized(h=h, w=w).with_(frame=frame)


def want_image(x: Type, op: str) -> Array:
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


def want_sides(x: Type, op: str) -> Array:
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


def want_untiled(x: Type, op: str) -> None:
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


def want_dtype(x: Type, op: str, *dtypes: str, mend: Mend, then: Type | None = None) -> Array:
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


def want_axis(x: Type, name: str, op: str, argument: str) -> Array:
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


def want_fill(
    fill: Number | tuple[Number, ...], x: Array, then: Array | None = None
) -> tuple[float, ...]:
    """The numbers of a fill, one for each channel of `x` or one for all; or a `Problem`."""
    numbers = fill if isinstance(fill, tuple) else (fill,)
    if isinstance(fill, tuple) and len(fill) != x.channels:
        wanted = x.channels or 1
        raise Problem(
            "E213",
            "`fill` does not have one number for each channel",
            found=f"{len(fill)} numbers for {x.channels} channels",
            wanted=f"{wanted} numbers, or one for all channels",
            mend=Mend("value", show(fill[0])),
            at="fill",
            then=then,
        )
    for number in numbers:
        low, high = LIMITS.get(x.dtype, (-math.inf, math.inf))
        if not low <= number <= high or (x.dtype in INTEGERS and number != int(number)):
            fitting = min(max(int(number), low), high)
            raise Problem(
                "E211",
                f"a fill that {x.dtype} cannot hold",
                found=f"`{show(number)}`",
                wanted=f"whole numbers from {low} to {high}",
                mend=Mend("value", str(fitting)),
                at="fill",
                then=then,
            )
    return tuple(map(float, numbers))


def fill_constant(fill: Number | tuple[Number, ...], x: Array) -> Constant:
    """The fill as numbers of the dtype of `x`."""
    numbers = want_fill(fill, x)
    values = tuple(int(n) for n in numbers) if x.dtype in INTEGERS else numbers
    return Constant(x.dtype, values, (len(values),) if isinstance(fill, tuple) else ())
