"""Put maps of tiles together to one of the whole picture; where tiles overlap, their mean.

`logits = untile_map(logits, image)` of f32[tile, class, h=640, w=640] gives f32[class, h, w] of the
picture that `tile` has cut. The values of the tiles are added in float32 in their order and divided
by how many there are; what a padded tile has outside the picture is left out. An `argmax` comes
after it. The maps have the size of the tiles.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from procdsl.lazy import np
from procdsl.opdef.argument_types import INPUT
from procdsl.opdef.arguments import arg
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype, expect_sides
from procdsl.opdef.op import Case, Op
from procdsl.ops.tiles._cut import Cut, cut_of
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.value import PictureSize, Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result, Variable


@dataclass(frozen=True, kw_only=True)
class UntileMap(Op):
    inputs: ClassVar[tuple[str, ...]] = ("x",)

    frame: Word = arg(INPUT, positional=True)

    def infer(self, x: Type, size: PictureSize) -> Array:
        x = expect_dtype(expect_sides(x, self.name), self.name, "f32")
        cut = cut_of(x, size, self.name)
        whole = x.without("tile").resized(h=Axis("h"), w=Axis("w")).with_(space=cut.whole)
        sides = (x.shape[x.at("h")], x.shape[x.at("w")])
        if cut.within or sides != (cut.tile.h, cut.tile.w):
            raise Problem(
                "E318",
                "maps that are not of the tiles as they were cut",
                found=x.described(),
                wanted=f"h={cut.tile.h}, w={cut.tile.w}, and no step on each tile moves pixels",
                help="declare the maps with the sides of the tiles; what moves the pixels of a "
                "tile (`resize`, `flip`, ...) goes before `tile`, where the whole picture is moved",
                then=whole,
            )
        return whole

    def of_one_size(self, x: Array, size: PictureSize) -> bool:
        return True

    def cut(self, types: tuple[Array, PictureSize]) -> Cut:
        return cut_of(types[0], types[1], self.name)

    def sides(self, types: tuple[Array, PictureSize]) -> list[int]:
        """Where h and w are, counted from the last axis."""
        return [types[0].from_end(name) for name in ("h", "w")]

    def lower(self, build: Builder, x: Variable, size: Variable) -> tuple[Result, ...]:
        cut = cut_of(x.array, size.size, self.name)
        h, w = cut.lower_sides(build, size)
        sides = tuple(self.sides((x.array, size.size)))
        attributes = {**cut.tile.attributes_of_cut, "axes": sides, "tile": x.array.from_end("tile")}
        named = {"h": h, "w": w}
        return build.call(self.template, [x], attributes=attributes, named=named)

    def least_sizes(self, x: Array, size: PictureSize) -> Mapping[str, int]:
        return {"tile": 1}

    def reference(self, types: Any, x: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        cut = self.cut(types)
        h, w = cut.size(size)
        corners = cut.tile.corners(h, w)
        if len(corners) != len(x):
            raise ValueError(f"maps: expected those of {len(corners)} tiles, got {len(x)}")
        sides = self.sides(types)
        tiles = np.moveaxis(x, sides, (1, 2))
        total = np.zeros((h, w, *tiles.shape[3:]), np.float32)
        count = np.zeros((h, w), np.float32)
        for (top, left), tile in zip(corners, tiles, strict=True):
            place = total[top : top + cut.tile.h, left : left + cut.tile.w]
            place += tile[: place.shape[0], : place.shape[1]]
            count[top : top + cut.tile.h, left : left + cut.tile.w] += 1
        mean = total / count.reshape(h, w, *(1,) * (total.ndim - 2))
        return np.moveaxis(mean, (0, 1), sides)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        def values() -> dict[str, np.ndarray]:
            rng = np.random.default_rng(4)
            return {"y": np.asarray(rng.normal(0, 3, (9, 5, 16, 20)), np.float32)}

        outputs = {"y": "f32[tile, class=5, h=16, w=20]"}
        return (
            *(
                Case(
                    f"tile(h=16, w=20, overlap={overlap}, last={last})",
                    "y = untile_map(y, image)\ni = argmax(y, over=class)\n"
                    "z = layout(y, h, w, class)",
                    outputs=outputs,
                    values=values,
                )
                for overlap, last in (("4", "shifted"), ("(4, 6)", "padded, fill=0"))
            ),
            Case(
                "resize(h=31, w=45, sampler=cv2.nearest)\n"
                "tile(h=16, w=20, overlap=4, last=shifted)",
                "y = untile_map(y, image)",
                outputs=outputs,
                values=values,
                size=(40, 50),
            ),
        )
