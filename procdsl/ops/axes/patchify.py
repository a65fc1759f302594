"""Cut an image into patches, one row of numbers each: `[patch, d]`.

`patchify(h=16, w=16, order=(c, h, w))` cuts from left to right and from top to bottom; `order` says
how the values of a patch follow each other, the last axis running fastest. Height and width must be
multiples of the patch: `resize` with `multiple=` makes them so.

| who | what is written |
|---|---|
| SigLIP2, NaFlex | `h=16, w=16, order=(h, w, c), pad_to=256` |
| the kernel of ViT's first convolution, flattened | `h=16, w=16, order=(c, h, w)` |
| Qwen2-VL | `h=14, w=14, order=(c, t, h, w), frames=2, merge=2` |

`pad_to=256` adds rows of zeros up to that number. `merge=2` takes the patches block by block of
2 x 2. `frames=2` makes a patch of that many frames of a clip `[t, h, w, c]`; where they do not come
out even, and for a single image, the last one is repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from procdsl.diagnostics.suggest import choices
from procdsl.lazy import np
from procdsl.limits import AXIS
from procdsl.opdef.argument_types import Many
from procdsl.opdef.arguments import arg, axis, side, whole
from procdsl.opdef.errors import Problem
from procdsl.opdef.expect import expect_sides
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis, Range
from procdsl.types.constants import Word, show
from procdsl.types.value import Type

_PLACES = {"t": 1, "h": 4, "w": 7, "c": 8}
"""Where each axis of a patch is, once an image [t, h, w, c] is split."""


@dataclass(frozen=True, kw_only=True)
class Patchify(Op):
    may_alias: ClassVar[bool] = True

    h: int = arg(side("height of a patch"))
    w: int = arg(side("width of a patch"))
    order: tuple[Word, ...] = arg(
        Many("the axes of a patch, in parentheses", (Word("c"), Word("h"), Word("w")), axis())
    )
    frames: int | None = arg(whole(1, 1024, 2), default=None)
    merge: int = arg(whole(1, 1024, 2), default=1)
    pad_to: int | None = arg(whole(1, AXIS, 256), default=None)

    def infer(self, x: Type) -> Array:
        x = expect_sides(x, self.name)
        wanted = [*("t" for _ in range(self.frames is not None)), "h", "w"]
        wanted += [name for name in x.names if name not in ("h", "w", "t")]
        if "t" in x.names and self.frames is None or set(x.names) - {"t", "h", "w", "c"}:
            raise Problem(
                "E307",
                "`patchify` of a value that is no image",
                found=x.described(),
                wanted="the axes h, w and c, or t with `frames`",
                help=choices(
                    "say how many frames of the clip make one patch",
                    "`frames=1`: each frame has patches of its own",
                    "`frames=2`: one patch of two frames each (Qwen2-VL); the last frame is "
                    "repeated",
                )
                if "t" in x.names
                else "bring the axes to h, w and c before; a `layout` names them in another order",
            )
        if sorted(self.order) != sorted(wanted):
            raise Problem(
                "E315",
                "`order` does not name the axes of a patch",
                found=show(self.order),
                wanted=f"each of {', '.join(wanted)} once",
                help="name them in the order in which the model's first layer was trained, the "
                "last one running fastest",
                at="order",
                then=self._after(x),
            )
        for name, part in (("h", self.h * self.merge), ("w", self.w * self.merge)):
            size = x.shape[x.at(name)]
            if size is not None and size % part:
                raise Problem(
                    "E326",
                    "this image is no whole number of patches",
                    found=f"{name}={size}",
                    wanted=f"a multiple of {part}",
                    help=choices(
                        "make its sides multiples before",
                        f"`resize(multiple={part}, sampler=...)`: the whole image, a little "
                        "smaller or larger",
                        f"`pad(multiple={part}, anchor=..., fill=...)`: the image as it is, with "
                        "a border",
                        f"`crop(center, {self._cropped(x)})`: without what is left over",
                    ),
                    then=self._after(x),
                )
        return self._after(x)

    def _cropped(self, x: Array) -> str:
        h, w = (x.axis(name) for name in "hw")
        sizes = {
            name: axis.low // (part * self.merge) * part * self.merge or part * self.merge
            for name, axis, part in (("h", h, self.h), ("w", w, self.w))
            if axis is not None
        }
        return ", ".join(f"{name}={size}" for name, size in sizes.items())

    def _after(self, x: Array) -> Array:
        h, w, t = (x.axis(name) for name in "hwt")
        channels = x.channels
        values = self.h * self.w * (self.frames or 1)
        depth = Axis("d") if channels is None else Axis.of("d", values * channels)
        patch = Axis("patch")
        sizes = (h and h.size, w and w.size, 1 if t is None else t.size)
        if self.pad_to is not None:
            patch = Axis.of("patch", self.pad_to)
        elif all(sizes):
            rows, columns, frames = (size or 1 for size in sizes)
            groups = -(-frames // (self.frames or 1))
            patch = Axis.of("patch", rows // self.h * (columns // self.w) * groups or 1)
        spread = x.range
        if self.pad_to is not None and spread is not None:
            spread = Range(min(spread.low, 0), max(spread.high, 0), spread.standardized)
        return Array(x.dtype, (patch, depth), range=spread)

    def places(self) -> list[int]:
        """Where the axes of a patch are, in the order in which its values follow each other."""
        absent = [name for name in ("t", "c") if name not in self.order]
        return [_PLACES[name] for name in (*absent, *self.order)]

    def canonical(self, x: Array) -> tuple[int, ...]:
        """The axes of `x` in the order t, h, w, c, as far as it has them, counted from the last."""
        return tuple(x.from_end(name) for name in ("t", "h", "w", "c") if name in x.names)

    def check_size(self, h: int, w: int) -> None:
        self._merged(h, w)

    def _merged(self, h: int, w: int) -> tuple[int, int]:
        """The sides of what merges into one patch; a ValueError where they do not divide h x w."""
        high, wide = self.h * self.merge, self.w * self.merge
        if h % high or w % wide:
            raise ValueError(
                f"an image of {h} x {w} is no whole number of patches of {high} x {wide}"
            )
        return high, wide

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        axes = self.canonical(x)
        return {
            "axes": axes,
            "places": tuple(range(-len(axes), 0)),
            "moves": axes != tuple(range(-len(axes), 0)),
            "clip": "t" in x.names,
            "channels": "c" in x.names,
            "h": self.h,
            "w": self.w,
            "frames": self.frames or 1,
            "merge": self.merge,
            "order": tuple(self.places()),
            "pad_to": self.pad_to,
        }

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        (type_,) = types
        x = np.transpose(x, self.canonical(type_))
        x = x if "t" in type_.names else x[None]
        x = x if "c" in type_.names else x[..., None]
        high, wide = self._merged(x.shape[1], x.shape[2])
        frames = self.frames or 1
        x = np.concatenate([x, *[x[-1:]] * (-len(x) % frames)])
        at = ["thwc".index(name) for name in self.order]
        at = [place for place in range(4) if place not in at] + at
        rows = []
        for t in range(0, len(x), frames):
            for top in range(0, x.shape[1], high):
                for left in range(0, x.shape[2], wide):
                    for i in range(self.merge):
                        for j in range(self.merge):
                            y, across = top + i * self.h, left + j * self.w
                            patch = x[t : t + frames, y : y + self.h, across : across + self.w]
                            rows.append(patch.transpose(at).ravel())
        found = np.stack(rows)
        if self.pad_to is None:
            return found
        if len(found) > self.pad_to:
            raise ValueError(f"the image is too large: {len(found)} patches, {self.pad_to} wanted")
        return np.pad(found, ((0, self.pad_to - len(found)), (0, 0)))

    @staticmethod
    def cases() -> tuple[Case, ...]:
        size = (48, 32)
        return (
            *(
                Case(f"patchify(h=16, w=8, order={order})", size=size)
                for order in ("(c, h, w)", "(h, w, c)", "(w, c, h)")
            ),
            Case("patchify(h=4, w=32, order=(h, w, c))", size=size),  # these two are views
            Case("patchify(h=1, w=1, order=(c, h, w))", size=size),
            Case("patchify(h=4, w=4, order=(h, w))", image="u8[h, w] gray", size=size),
            Case("patchify(h=4, w=8, order=(w, h), merge=2)", image="f32[w, h] gray", size=size),
            Case("patchify(h=4, w=4, order=(c, t, h, w), frames=2, merge=2)", size=size),
            *(
                Case(
                    "layout(t, c, h, w)\n"
                    f"patchify(h=4, w=4, order=(c, t, h, w), frames={frames}, merge=2)",
                    image="u8[t=5, h, w, c=3] rgb",
                    size=size,
                )
                for frames in (1, 2, 5, 7)
            ),
            Case(
                "to_float(scale=1/255)\npatchify(h=16, w=16, order=(h, w, c), pad_to=20)",
                image="u8[h=48, w=32, c=3] rgb",
            ),
            Case(
                "resize(multiple=4, max_patches=20, sampler=pil.bilinear)\n"
                "to_float(scale=1/255)\n"
                "normalize(mean=0.5, std=0.5)\n"
                "patchify(h=4, w=4, order=(h, w, c), pad_to=20)"
            ),
        )
