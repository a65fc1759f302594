"""What an op is.

An op is one module in `procdsl/ops/` with one frozen dataclass that derives from `Op`: its fields
are the arguments, its methods the type rule, the reference and what else the op knows of itself.
The module's name is the op's, its docstring is the op's page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from procdsl.opdef.errors import Problem
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.numerics import EXACT, ErrorBound
from procdsl.types.value import Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result

Attribute: TypeAlias = "int | float | str | bool | None | tuple[Attribute, ...]"
"""What an op tells the templates of a target: plain values, the same for every target."""


@dataclass(frozen=True)
class ConstantArray:
    """An array that a generated module holds once: its numbers in order, and its shape."""

    dtype: str
    values: tuple[float, ...] | tuple[int, ...] | tuple[str, ...]
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """An example that is run on every backend and compared with the reference.

    `pre` are steps on an input `image` of type `image`, of the size `size` where its type leaves
    that open; `post` are steps on the model's outputs `outputs` (name to type). `values` makes the
    arrays of inputs and outputs by name, or the files, where random ones would not do. Where `pre`
    takes more than the image, `inputs` are these, and `fed` is what the model takes, as it declares
    it.
    """

    pre: str = ""
    post: str = ""
    image: str = "u8[h, w, c=3] bgr"
    size: tuple[int, int] = (31, 45)
    outputs: Mapping[str, str] | None = None
    values: Callable[[], dict[str, Any]] | None = None
    inputs: Mapping[str, str] | None = None
    fed: str = ""


@dataclass(frozen=True, kw_only=True)
class Op:
    """A step's operation with its arguments."""

    inputs: ClassVar[tuple[str, ...]] = ("x",)
    """What the values are called that the op takes."""

    variadic: ClassVar[bool] = False
    """Whether it takes any number of values more, as the last of `inputs`."""

    leads: ClassVar[bool] = False
    """Whether it leads from one picture to another, and has a `way`."""

    outputs: ClassVar[int] = 1
    """How many values it gives, where no argument asks for more."""

    finds: ClassVar[bool] = False
    """Whether its first value has as many rows as it finds; how many may be told beside them."""

    decodes: ClassVar[bool] = False
    """Whether it makes a picture of the content of a file; no other op takes one."""

    random: ClassVar[bool] = False
    """Whether it draws random numbers; such a step belongs in `train { }`."""

    may_alias: ClassVar[bool] = False
    """Whether the result may be a view of what the op is given."""

    pointwise: ClassVar[bool] = False
    """Whether a number of the result depends on one number of the input and on its channel."""

    framewise: ClassVar[bool] = False
    """Whether the op takes an image, and of a clip each frame: `t` is first in its order."""

    gain: ClassVar[float] = 1.0
    """By how much the op may enlarge an error of its input."""

    roundings: ClassVar[int] = 0
    """How often a number is rounded to float; an error of the input may turn each of these."""

    result_name: ClassVar[str] = ""
    """What the result is called in a program; empty for the name that the file gives it."""

    writes: ClassVar[bool] = False
    """Whether it writes into memory that it is given, while its source is read."""

    @property
    def name(self) -> str:
        return type(self).__module__.rpartition(".")[2]

    @property
    def gives(self) -> int:
        """How many values it gives."""
        return self.outputs

    def way(self, *types: Any) -> tuple[CoordinateSpace, ...]:
        """The spaces of coordinates that it leads through, in the order in which steps made them.

        Values that say how a step has moved its picture it is given behind all others, in this
        order.
        """
        return ()

    @property
    def template(self) -> str:
        """The template whose macros write the op; it lies where the op's module does."""
        return "/".join(type(self).__module__.split(".")[1:])

    def one_by_one(self, x: Array) -> bool:
        """Whether it works on each of what stands along the first axis, such as frames."""
        return self.framewise and x.names[:1] == ("t",)

    def of_one_size(self, *types: Any) -> bool:
        """Whether the pictures of a batch are of one size, for a target that takes many samples."""
        return False

    def axes_order(self, x: Array) -> tuple[str, ...]:
        """The order in which it takes the axes of its first value; that of the value, where it
        finds them by their names."""
        return x.names

    def infer(self, *types: Any) -> Type | tuple[Type, ...]:
        """The type of the result, or a `Problem`."""
        raise NotImplementedError  # every op has a type rule

    def doubts(self, *types: Any) -> Iterable[Problem]:
        """What can be computed and is most likely a mistake (guards), or changes nothing (E320).

        Asked of types that `infer` has taken; the first that the step does not allow is reported.
        """
        return ()

    def reference(self, types: Any, *values: Any) -> Any:
        """The op's meaning, in plain numpy; `types` are those of the values."""
        raise NotImplementedError  # every op that can be run has a reference

    def error_bound(self, *types: Any) -> ErrorBound | None:
        """Exact (None), or by how much a backend may differ from the reference."""
        return EXACT

    def constants(self, *types: Any) -> Mapping[str, ConstantArray]:
        """The arrays that the op's macros use, by name."""
        return {}

    def attributes(self, *types: Any) -> Mapping[str, Attribute]:
        """What else the op's macros see of it, by name."""
        return {}

    def lower(self, build: Builder, *operands: Any) -> Result | tuple[Result, ...]:
        """The op in a program: here a call of the macro of its own template."""
        types = [operand.type for operand in operands]
        return build.call(
            self.template,
            operands,
            attributes=self.attributes(*types),
            constants=self.constants(*types),
        )

    @property
    def parts(self) -> tuple[Any, ...] | None:
        """The steps that a rewrite has made the op of, if any; None for an op of the language."""
        return None

    @staticmethod
    def cases() -> tuple[Case, ...]:
        """Examples that the tests run on every backend."""
        return ()

    def channelwise(self, *types: Any) -> bool:
        """Whether the op treats all channels alike, each for itself, whatever else it is given."""
        return False

    def reorders(self, *types: Any) -> tuple[int, ...] | None:
        """For each channel of the result the one it was, where the op only moves channels."""
        return None

    def check_size(self, h: int, w: int) -> None:
        """A `ValueError` where a picture of h x w does not fit."""

    def axis_sizes(self, h: int, w: int) -> Mapping[str, int]:
        """How long the axes are that the op makes of a picture of h x w, beside its sides."""
        return {}

    def least_sizes(self, *types: Any) -> Mapping[str, int]:
        """How long an axis must be at least, by its name, for the op to have something to take.

        Any other axis may be empty where its size is open: no boxes are found as some are.
        """
        return {}

    def work(self, types: Any, *shapes: tuple[int, ...]) -> int:
        """How many numbers the reference makes on the way, of arrays of these shapes, where that is
        more than a few for each that it takes and gives: where every box meets every other."""
        return 0

    def built_in(self) -> Mapping[str, bytes]:
        """Files that `self_check` decodes, by what each is called; for an op that decodes."""
        return {}

    def missing(self) -> str | None:
        """Why no backend has the op yet, or None."""
        return "a random step, which is checked, and not generated yet" if self.random else None
