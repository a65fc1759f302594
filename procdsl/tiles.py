"""What the ops after a model share that put tiles together."""

from __future__ import annotations

from dataclasses import dataclass

from procdsl.op import GeometricOp
from procdsl.ops.tile import Tile
from procdsl.problem import Mend, Problem
from procdsl.types import Array, Frame, Size


@dataclass(frozen=True)
class Cut:
    """How a picture was cut: the steps before, the tiles, and the steps on each tile."""

    before: tuple[GeometricOp, ...]
    tile: Tile
    within: tuple[GeometricOp, ...]
    whole: Frame
    """The frame of the picture that was cut."""

    def size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The height and width of the picture that is cut, by the size of the original one."""
        for step in self.before:
            at = step.geometry(*size)
            size = at.h, at.w
        return size


def cut_of(x: Array, size: Size, op: str) -> Cut:
    """How the tiles were cut that a value speaks of; or a `Problem`."""
    frame: Frame | None = x.frame
    steps = frame.steps_from(size.input) if frame else None
    within: list[GeometricOp] = []
    while frame is not None and not isinstance(frame.step, Tile):
        within[:0] = [frame.step] if isinstance(frame.step, GeometricOp) else []
        frame = frame.parent
    if steps is None or frame is None or frame.parent is None or x.names[:1] != ("tile",):
        raise Problem(
            "E318",
            f"`{op}` of a value that is in no tiles of `{size.input}`",
            found=x.described(),
            wanted=f"an array [tile, ...] that stems from a `tile` of `{size.input}`",
            mend=Mend("remove"),
        )
    assert isinstance(frame.step, Tile), "the walk has ended at it"
    before = tuple(step for step in steps if isinstance(step, GeometricOp))
    return Cut(before[: len(before) - len(within)], frame.step, tuple(within), frame.parent)
