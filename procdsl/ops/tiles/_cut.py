"""What the ops after a model share that put tiles together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procdsl.opdef.errors import Problem
from procdsl.opdef.geometric import AffineOp, GeometricOp
from procdsl.ops.tiles.tile import Tile
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.value import PictureSize

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder, Sides
    from procdsl.lower.program import Variable


@dataclass(frozen=True)
class Cut:
    """How a picture was cut: the steps before, the tiles, and the steps on each tile."""

    before: tuple[GeometricOp, ...]
    tile: Tile
    within: tuple[GeometricOp, ...]
    whole: CoordinateSpace
    """The coordinate space of the picture that was cut."""

    def size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The height and width of the picture that is cut, by the size of the original one."""
        for step in self.before:
            size = step.picture(*size)
        return size

    def lower_sides(self, build: Builder, size: Variable) -> Sides:
        """The same in a program."""
        placements = build.follow(self.before, build.sides(size))
        return build.sides_of(placements[-1]) if placements else build.sides(size)


def cut_of(x: Array, size: PictureSize, op: str) -> Cut:
    """How the tiles were cut that a value speaks of; or a `Problem`."""
    space: CoordinateSpace | None = x.space
    steps = space.steps_from(size.input) if space else None
    within: list[GeometricOp] = []
    while space is not None and not isinstance(space.step, Tile):
        within[:0] = [space.step] if isinstance(space.step, GeometricOp) else []
        space = space.parent
    if any(isinstance(step, AffineOp) for step in steps or ()):
        raise Problem(
            "E318",
            f"`{op}` of tiles of a picture that a matrix has moved",
            found=x.described(),
            wanted="tiles of a picture whose size follows from that of the input",
            help="cut the tiles without `warp`, or bring them together by a function of your own",
        )
    if steps is None or space is None or space.parent is None or x.names[:1] != ("tile",):
        raise Problem(
            "E318",
            f"`{op}` of a value that is in no tiles of `{size.input}`",
            found=x.described(),
            wanted=f"an array [tile, ...] that stems from a `tile` of `{size.input}`",
            help="put `tile` into `pre`, and declare the model's output with the axis `tile` in "
            f"front; name the input whose tiles it saw (here `{size.input}`)",
        )
    assert isinstance(space.step, Tile), "the walk has ended at it"
    before = tuple(step for step in steps if isinstance(step, GeometricOp))
    return Cut(before[: len(before) - len(within)], space.step, tuple(within), space.parent)
