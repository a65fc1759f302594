"""Cut a big image into overlapping tiles of one size: `[tile, h, w, ...]`.

`tile(h=640, w=640, overlap=128, last=shifted)` begins a tile every 640 - 128 pixels, row by row,
until the image is covered. `last=shifted` moves the last tile of a row or column inwards, to where
the image ends (SAHI); `last=padded` leaves it and fills what lies outside. An image smaller than a
tile is filled too, below and right, and refused where there is no `fill`. `overlap` is one number,
or one for each direction, (h, w). An image makes at most 65,536 tiles; one that would make more is
an error.

The contract says that the model takes tiles: `x: f32[tile, c=3, h=640, w=640]`. After the model
`untile_boxes` brings boxes to the pixels of the image that was cut, and `untile_map` puts maps
together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from procdsl.lazy import np
from procdsl.limits import SIDE, TILES
from procdsl.opdef.argument_types import OneOrMany
from procdsl.opdef.arguments import arg, per_channel, real, side, whole, words
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_sides
from procdsl.opdef.fill import doubts_of_fill, expect_fill, fill_constant, with_fill
from procdsl.opdef.op import Attribute, Case, ConstantArray, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis
from procdsl.types.constants import Number, Word, show
from procdsl.types.coordinates import CoordinateSpace
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class Tile(Op):
    h: int = arg(side("height"))
    w: int = arg(side("width"))
    overlap: int | tuple[int, ...] = arg(
        OneOrMany(
            "an overlap in pixels, or one for h and w in parentheses", 128, whole(0, SIDE, 128)
        )
    )
    last: Word = arg(words("shifted", "padded"))
    fill: Number | tuple[Number, ...] | None = arg(per_channel(real(example=114)), default=None)

    @property
    def overlaps(self) -> tuple[int, ...]:
        """The overlap in each direction: h, w."""
        return self.overlap if isinstance(self.overlap, tuple) else (self.overlap, self.overlap)

    def infer(self, x: Type) -> Array:
        x = expect_sides(x, self.name)
        if len(self.overlaps) != 2 or self.overlaps[0] >= self.h or self.overlaps[1] >= self.w:
            raise Problem(
                "E211",
                "tiles that do not move on",
                found=f"`{show(self.overlap)}` for tiles of {self.h} x {self.w}",
                wanted="an overlap below the side of a tile, or one for h and w",
                help="the next tile begins `h - overlap` below and `w - overlap` to the right of "
                "the last one: an overlap is a part of a tile, often a quarter or less",
                at="overlap",
            )
        after = self._after(x)
        tile = after.axes[0]
        if tile.size is not None and tile.size > TILES:
            raise Problem(
                "E211",
                "more tiles than an image may be cut into",
                found=f"{tile.size} tiles",
                wanted=f"at most {TILES}",
                help="cut larger tiles, or with less overlap; or resize the picture before",
                then=after,
            )
        sides = {"h": self.h, "w": self.w}
        small = any(
            axis.high is not None and axis.high < sides[axis.name]
            for axis in x.axes
            if axis.name in sides
        )
        if self.fill is None and (self.last == "padded" or small):
            raise Problem(
                "E209",
                "`tile` needs `fill`",
                found="`last=padded`" if self.last == "padded" else f"tiles larger than {x}",
                wanted="a number, or one for each channel",
                help="add the `fill` that training used for what lies outside the picture, such as "
                "`fill=114` (Ultralytics) or `fill=0`",
                then=after,
            )
        if self.fill is None:
            return after
        fill = expect_fill(self.fill, x, after)
        return after.with_(range=with_fill(x.range, fill))

    def doubts(self, x: Array) -> Iterable[Problem]:
        return doubts_of_fill(self.fill, x)

    def _after(self, x: Array) -> Array:
        cut = x.resized(h=Axis.of("h", self.h), w=Axis.of("w", self.w))
        h, w = x.axis("h"), x.axis("w")
        tile = Axis("tile")
        if h is not None and w is not None and h.size is not None and w.size is not None:
            rows, columns = self._starts(h.size, w.size)
            tile = Axis.of("tile", len(rows) * len(columns))
        space = CoordinateSpace(self.name, x.space, self) if x.space else None
        return cut.with_(axes=(tile, *cut.axes), space=space)

    def corners(self, h: int, w: int) -> list[tuple[int, int]]:
        """The row and the column at which each tile of an h x w image begins."""
        if self.fill is None and (h < self.h or w < self.w):
            raise ValueError(f"an image of {h} x {w} is too small for tiles of {self.h} x {self.w}")
        rows, columns = self._starts(h, w)
        if len(rows) * len(columns) > TILES:
            raise ValueError(f"an image of {h} x {w} is too large: more than {TILES} tiles")
        return [(row, column) for row in rows for column in columns]

    def _starts(self, h: int, w: int) -> tuple[list[int], list[int]]:
        """Where the tiles begin along each axis."""
        found = []
        for size, tile, overlap in zip((h, w), (self.h, self.w), self.overlaps, strict=True):
            starts = list(range(0, max(size - tile, 0) + tile - overlap, tile - overlap))
            while len(starts) > 1 and starts[-2] + tile >= size:
                starts.pop()
            if self.last == "shifted":
                starts[-1] = min(starts[-1], max(0, size - tile))
            found.append(starts)
        return found[0], found[1]

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        if self.fill is None:
            return {}
        fill = fill_constant(self.fill, x)
        names = [name for name in x.names if name not in ("h", "w")]
        behind = len(names) - 1 - names.index("c") if "c" in names else 0
        shape = (*fill.shape, *(1,) * behind) if fill.shape else ()
        return {"fill": ConstantArray(fill.dtype, fill.values, shape)}

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        axes = (x.from_end("h"), x.from_end("w"))
        return {**self.attributes_of_cut, "axes": axes, "tile": -1 - len(x.axes)}

    @property
    def attributes_of_cut(self) -> Mapping[str, Attribute]:
        """What tells where the tiles are, for the ops that put them together again."""
        return {
            "h": self.h,
            "w": self.w,
            "overlaps": self.overlaps,
            "shifted": self.last == "shifted",
        }

    def picture(self, h: int, w: int) -> tuple[int, int]:
        return self.h, self.w

    def check_size(self, h: int, w: int) -> None:
        self.corners(h, w)

    def axis_sizes(self, h: int, w: int) -> Mapping[str, int]:
        return {"tile": len(self.corners(h, w))}

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        at = types[0].at("h"), types[0].at("w")
        x = np.moveaxis(x, at, (0, 1))
        tiles = []
        for top, left in self.corners(*x.shape[:2]):
            part = x[top : top + self.h, left : left + self.w]
            tile = np.zeros((self.h, self.w, *x.shape[2:]), x.dtype)
            if self.fill is not None:
                fill = self.constants(*types)["fill"]
                tile[:] = np.array(fill.values, x.dtype).reshape(fill.shape)
            tile[: part.shape[0], : part.shape[1]] = part
            tiles.append(np.moveaxis(tile, (0, 1), at))
        return np.stack(tiles)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return (
            *(
                Case(f"tile(h=16, w=20, {rest})", size=size)
                for rest in (
                    "overlap=0, last=shifted",
                    "overlap=5, last=shifted, fill=114",
                    "overlap=(15, 3), last=padded, fill=(1, 2, 3)",
                )
                for size in ((31, 45), (32, 40), (16, 20), (16, 90))
            ),
            Case("tile(h=16, w=20, overlap=4, last=shifted, fill=7)", size=(9, 50)),
            Case("tile(h=16, w=20, overlap=4, last=padded, fill=(1, 2, 3))", size=(9, 7)),
            Case("layout(c, h, w)\ntile(h=16, w=20, overlap=4, last=padded, fill=(1, 2, 3))"),
            Case("layout(w, c, h)\ntile(h=16, w=20, overlap=4, last=shifted)\nflip(horizontal)"),
            Case("tile(h=8, w=9, overlap=2, last=shifted)", image="f32[h, w] gray"),
            Case(
                "convert(rgb)\nto_float(scale=1/255)\nlayout(c, h, w)\n"
                "tile(h=16, w=16, overlap=3, last=shifted)"
            ),
        )
