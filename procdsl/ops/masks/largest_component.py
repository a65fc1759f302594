"""The largest connected part of a mask: what hangs together with most pixels, and nothing else.

`mask = largest_component(mask, neighbours=8)` of bool[h, w], or of each mask of [n, h, w], leaves
out specks and second blobs. With 8 neighbours pixels that touch by a corner hang together, with 4
those that touch by a side. Of two parts of one size the one whose first pixel, row by row, comes
first is the largest. A mask without a pixel stays one.

OpenCV's module takes `connectedComponentsWithStats`. numpy and torch have no such thing: there, and
in a graph, labels spread over the mask until none changes, which takes as many rounds as the
longest way within a part has turns; for many large pictures it is a step for the host.
`torch.compile` breaks its graph at it, and `torch.export` refuses it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from procdsl.lazy import np
from procdsl.opdef.arguments import arg, whole
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_dtype
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.value import Type


@dataclass(frozen=True, kw_only=True)
class LargestComponent(Op):
    neighbours: int = arg(whole(4, 8, 8))

    def one_by_one(self, x: Array) -> bool:
        return {"h", "w"} < {*x.names} and len(x.axes) == 3

    def axes_order(self, x: Array) -> tuple[str, ...]:
        if not {"h", "w"} <= {*x.names}:
            return x.names
        return (*(name for name in x.names if name not in ("h", "w")), "h", "w")

    def infer(self, x: Type) -> Array:
        x = expect_dtype(x, self.name, "bool")
        if x.names != ("h", "w"):
            raise Problem(
                "E319",
                f"`{self.name}` works on masks",
                found=x.described(),
                wanted="a mask bool[h, w], or masks of objects bool[n, h, w]",
                help="`threshold` makes a mask of scores; give it one with the axes h and w, and "
                "one axis more at most",
            )
        if self.neighbours not in (4, 8):
            raise Problem(
                "E211",
                "a pixel has 4 neighbours or 8",
                found=f"neighbours={self.neighbours}",
                wanted="4 or 8",
                help="4: pixels that touch by a side hang together; 8: also those that touch by a "
                "corner",
                at="neighbours",
                then=x,
            )
        return x

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {"corners": self.neighbours == 8}

    def work(self, types: object, *shapes: tuple[int, ...]) -> int:
        return 1000 * math.prod(shapes[0])  # a walk from pixel to pixel

    def reference(self, types: object, x: np.ndarray) -> np.ndarray:
        left, best = {(int(r), int(c)) for r, c in np.argwhere(x)}, set[tuple[int, int]]()
        around = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]
        steps = [(dy, dx) for dy, dx in around if self.neighbours == 8 or not dy or not dx]
        for start in sorted(left):
            if start not in left:
                continue
            found, ahead = {start}, [start]
            left.remove(start)
            while ahead:
                row, column = ahead.pop()
                near = {(row + dy, column + dx) for dy, dx in steps} & left
                left -= near
                found |= near
                ahead += near
            best = found if len(found) > len(best) else best
        mask = np.zeros_like(x)
        for place in best:
            mask[place] = True
        return mask

    @staticmethod
    def cases() -> tuple[Case, ...]:
        def values() -> dict[str, np.ndarray]:
            masks = np.random.default_rng(12).random((5, 9, 12)) > 0.55
            masks[1], masks[2], masks[3] = False, True, False
            masks[3, 2, 2:5], masks[3, 5, 1:4] = True, True  # of one size
            winding = np.array([list(row) for row in _WINDING]) == "#"
            masks[4, :5, :9] = winding
            return {"m": masks}

        return tuple(
            Case(
                post=f"m = largest_component(m, neighbours={n})",
                outputs={"m": "bool[n=5, h=9, w=12]"},
                values=values,
            )
            for n in (4, 8)
        )


_WINDING = ("#########", "........#", "#######.#", "#.....#.#", "#######.#")
"""A way with turns, and a ring within it that it does not touch."""
