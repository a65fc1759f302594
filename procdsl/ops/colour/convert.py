"""Change what the channels of an image are.

`convert(rgb)` of a BGR image swaps its channels. A colour that is computed is named after the
library whose arithmetic is meant: `convert(cv2.hsv)`, `convert(cv2.lab)`, `convert(pil.ycbcr)`, on
u8. Each has a page (`procdsl explain cv2.hsv`) that says what it computes and whether there is a
way back. They come from and go to rgb and bgr; from one to another `convert(rgb)` stands between.
4:2:0 frames of a decoder or camera are such colours, too: `input frame: u8[rows, w] cv2.nv12`.

To gray the luma is named: `luma=cv2`, `luma=pil` and `luma=torchvision` are the arithmetic of those
libraries (`procdsl explain gray`). From gray each channel is a copy.

An alpha channel that is added is opaque (255). One that is taken away is dropped (`alpha=drop`), or
the image is blended over a ground: `convert(rgb, alpha=over, fill=255)`, or `fill=(124, 116, 104)`
with a number for each channel of the result. With `t = x * alpha + fill * (255 - alpha) + 128` a
channel becomes `((t >> 8) + t) >> 8`: what Pillow's `paste` gives on a solid ground with the image
as its own mask. To gray it is blended first, then weighed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from procdsl.colours.gray import LUMA, weighed
from procdsl.diagnostics.suggest import choices
from procdsl.discovery import file_of
from procdsl.lazy import np
from procdsl.opdef.arguments import arg, per_channel, real, words
from procdsl.opdef.arguments import colour as colour_word
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.expect import expect_dtype, expect_image, rows_first
from procdsl.opdef.fill import expect_fill
from procdsl.opdef.op import Attribute, Case, ConstantArray, Op
from procdsl.ops.colour import _options
from procdsl.records import dataclass
from procdsl.types.array import Array
from procdsl.types.axis import Axis, Range
from procdsl.types.colour import Colour, colour, colour_names
from procdsl.types.constants import Number, Word
from procdsl.types.subsampled import picture_axis, rows_axis
from procdsl.types.value import Type

if TYPE_CHECKING:
    from procdsl.lower.builder import Builder
    from procdsl.lower.program import Result, Variable


@dataclass(frozen=True, kw_only=True)
class Convert(Op):
    may_alias: ClassVar[bool] = True
    framewise: ClassVar[bool] = True

    to: Word = arg(colour_word(), positional=True)
    luma: Word | None = arg(words("cv2", "pil", "torchvision"), default=None)
    alpha: Word | None = arg(words("drop", "over"), default=None)
    fill: Number | tuple[Number, ...] | None = arg(per_channel(real(example=255)), default=None)

    def axes_order(self, x: Array) -> tuple[str, ...]:
        return rows_first(x)

    def infer(self, x: Type) -> Array:
        frame = isinstance(x, Array) and x.subsampled and x.names == ("rows", "w")
        image = x if isinstance(x, Array) and frame else expect_image(x, self.name)
        if image.colour is None:
            raise Problem(
                "E309",
                "the colour of this value is not known",
                found=image.described(),
                wanted=f"an image whose type names its colour: {', '.join(colour_names())}",
                help="name what the input holds in its type: `bgr` from cv2.imread, `rgb` from "
                "Pillow",
            )
        after = self._after(image)
        if image.colour == self.to:
            for name in ("luma", "alpha", "fill"):
                self._check_option(name, needed=False, after=after)
            return after
        self._check_way(image, after)
        self._check_options(image, after)
        if (
            self.computed_colour(image)
            or self.luma
            or self.alpha == "over"
            or self.adds_alpha(image)
        ):
            expect_dtype(image, self.name, "u8", help=_options.ON_U8, then=after)
        return after

    def doubts(self, x: Array) -> Iterator[Problem]:
        if x.colour == self.to:
            yield Problem(
                "E320",
                "this step changes nothing",
                found=f"an image that is {x.colour} already",
                wanted="another colour",
                fix=Proposal.without_step(),
                help="where it is not, the input is another than its type says: cv2.imread gives "
                "bgr, Pillow rgb",
            )

    def _after(self, x: Array) -> Array:
        target, source = colour(self.to), colour(x.colour or "")
        axes = [axis for axis in x.axes if axis.name != "c"]
        if source.subsampled and not target.subsampled:
            axes = [picture_axis(axes[0]), axes[1]]
        if target.subsampled and not source.subsampled:
            axes = [rows_axis(axes[0]), axes[1]]
        if not target.subsampled:
            axes.append(Axis.of("c", len(target.channels)))
        return x.with_(axes=tuple(axes), colour=str(self.to), range=self._range(x))

    def _range(self, x: Array) -> Range | None:
        if x.range is None:
            return None
        if self.computed_colour(x):
            return Range(0, 255)
        values = [x.range.low, x.range.high, *map(float, self.ground)]
        if self.adds_alpha(x):
            values.append(255)
        if self.luma == "torchvision":  # its weights add up to 0.9999
            values.append(max(x.range.low - 1, 0))
        return Range(min(values), max(values), x.range.standardized)

    def _check_way(self, x: Array, after: Array) -> None:
        """Refuse two colours between which no library goes in one step."""
        source, target = colour(x.colour or ""), colour(self.to)
        if target.subsampled and not source.subsampled:
            self._check_even(x, after)
        if (source.moved and target.moved) or self.computed_colour(x):
            return
        fix: Proposal | None = Proposal.before("convert(rgb)")
        wanted, help = "`convert(rgb)` between the two", ""
        if source.alpha:
            fix, help = (
                None,
                f"add a `convert(rgb)` before this step, and say in it {_options.ALPHA}",
            )
        for one, way in ((source, source.to_rgb), (target, target.from_rgb)):
            if not one.moved and way is None:
                fix, wanted = None, f"another colour: {one.one_way}"
                help = (
                    "take a colour to which or from which there is a way: `procdsl explain convert`"
                )
        raise Problem(
            "E324",
            f"nothing leads from {x.colour} to {self.to}",
            found=x.described(),
            wanted=wanted,
            fix=fix,
            help=help,
            then=after,
        )

    def _check_even(self, x: Array, after: Array) -> None:
        odd = [axis for axis in x.axes if axis.name in ("h", "w") and (axis.size or 0) % 2]
        if odd:
            raise Problem(
                "E323",
                "a picture with an odd side makes no 4:2:0 frame",
                found=x.described(),
                wanted="an even height and width",
                help=choices(
                    "make the sides even before",
                    "`pad(multiple=2, anchor=top_left, mode=edge)`: the last row or column twice",
                    "`resize(multiple=2, sampler=...)`: the whole picture, a pixel smaller or "
                    "larger",
                    "`crop(...)`: without the last row or column",
                ),
                then=after,
            )

    def _check_options(self, x: Array, after: Array) -> None:
        drops = colour(x.colour or "").alpha and not colour(self.to).alpha
        self._check_option("luma", needed=self.to == "gray", after=after)
        self._check_option("alpha", needed=drops, after=after)
        self._check_option("fill", needed=self.alpha == "over", after=after)
        if self.fill is not None:
            expect_fill(self.fill, after, after)

    def _check_option(self, name: str, *, needed: bool, after: Array) -> None:
        given = getattr(self, name) is not None
        words = _options.WORDS[name]
        if needed and not given:
            raise Problem(
                "E209",
                f"`convert` does not say which {name}",
                found=f"no `{name}`",
                wanted=words.wanted,
                help=words.missing,
                then=after,
            )
        if given and not needed:
            raise Problem(
                "E214",
                f"`{name}` has no effect here",
                found=f"`{name}` for these colours",
                wanted="`fill` with `alpha=over`" if name == "fill" else "no such argument",
                help=words.idle,
                at=name,
                then=after,
            )

    def computed_colour(self, x: Array) -> str | None:
        """The colour that computes: the target, or on the way back to RGB the source."""
        if x.colour in _RGB and colour(self.to).from_rgb:
            return str(self.to)
        return x.colour if self.to in _RGB and colour(x.colour or "").to_rgb else None

    @property
    def ground(self) -> tuple[Number, ...]:
        """The numbers of `fill`."""
        if self.fill is None:
            return ()
        return self.fill if isinstance(self.fill, tuple) else (self.fill,)

    def back(self, x: Array) -> bool:
        """Whether a colour that computes goes to RGB."""
        return self.computed_colour(x) == x.colour

    def adds_alpha(self, x: Array) -> bool:
        return colour(self.to).alpha and not colour(x.colour or "").alpha

    def alpha_at(self, x: Array) -> int:
        """The channel that is alpha."""
        return colour(x.colour or "").channels.index("a")

    def constants(self, x: Array) -> Mapping[str, ConstantArray]:
        if self.computed_colour(x):
            return {}
        order = self.order(x)
        constants = {"order": ConstantArray("i64", order, (len(order),))}
        if self.luma in LUMA:
            weights = dict(zip("rgb", LUMA[str(self.luma)][0], strict=True))
            channels = "rgb" if self.ground else colour(x.colour or "").channels
            values = tuple(weights.get(channel, 0) for channel in channels)
            constants["luma"] = ConstantArray("i32", values, (len(values),))
        if self.ground:
            fill = tuple(map(int, self.ground)) * (len(order) // len(self.ground))
            constants["fill"] = ConstantArray("i32", fill, (len(fill),))
        return constants

    def reorders(self, x: Array) -> tuple[int, ...] | None:
        source, target = colour(x.colour or ""), colour(self.to)
        moves = source.moved and target.moved and not self.luma and self.alpha != "over"
        return self.order(x) if moves and not self.adds_alpha(x) and "c" in x.names else None

    def order(self, x: Array) -> tuple[int, ...]:
        """The source channel of each channel of the result; to gray, those of R, G and B."""
        source = colour(x.colour or "").channels
        wanted = ("r", "g", "b") if self.to == "gray" else colour(self.to).channels
        if source == ("gray",):
            return (0,) * sum(channel != "a" for channel in wanted)
        return tuple(source.index(channel) for channel in wanted if channel in source)

    def lower(self, build: Builder, x: Variable) -> Result | tuple[Result, ...]:
        computed = self.computed_colour(x.array)
        if computed is None:
            return super().lower(build, x)
        back = self.back(x.array)
        rgb = str(self.to if back else x.array.colour).upper()
        template = f"colours/{file_of(computed)}"
        rows = "rows" if x.array.subsampled else "h"
        sides = {"h": build.length(x, rows), "w": build.length(x, "w")}
        return build.call(template, [x], attributes={"rgb": rgb, "back": back}, named=sides)

    def attributes(self, x: Array) -> Mapping[str, Attribute]:
        return {
            "order": self.order(x),
            "luma": None if self.luma is None else str(self.luma),
            "shift": LUMA[str(self.luma)][1] if self.luma in LUMA else None,
            "alpha": self.alpha_at(x) if self.ground else None,
            "adds_alpha": self.adds_alpha(x),
            "channels": "c" in x.names,
            "from": x.colour,
            "to": str(self.to),
            "dtype": x.dtype,
        }

    def reference(self, types: tuple[Array], x: np.ndarray) -> np.ndarray:
        if room := self.computed_colour(*types):
            return self._computed(colour(room), types[0].colour, x)
        if x.ndim == 2:
            x = x[:, :, None]
        moved = x[:, :, self.order(*types)]
        if self.ground:
            alpha = x[:, :, self.alpha_at(*types), None].astype(np.int64)
            fill = np.array(self.constants(*types)["fill"].values, np.int64)
            total = moved * alpha + fill * (255 - alpha) + 128
            moved = ((total >> 8) + total >> 8).astype(np.uint8)
        if self.luma is not None:
            return weighed(moved, self.luma)
        if not self.adds_alpha(*types):
            return moved
        opaque = np.full((*x.shape[:2], 1), 255, x.dtype)
        return np.concatenate([moved, opaque], axis=2)

    def _computed(self, room: Colour, source: str | None, x: np.ndarray) -> np.ndarray:
        if self.to in _RGB and room.to_rgb:
            rgb = room.to_rgb(x)
            return rgb[..., ::-1] if self.to == "bgr" else rgb
        assert room.from_rgb, "a room goes at least one way"
        return room.from_rgb(x[..., ::-1] if source == "bgr" else x)

    @staticmethod
    def cases() -> tuple[Case, ...]:
        moved = [name for name in colour_names() if colour(name).moved]
        spaces = [name for name in colour_names() if not colour(name).moved]
        return (
            *(
                Case(f"convert({to}{options})", image=_image(source))
                for source in moved
                for to in moved
                for luma, drop in [(to == "gray", source[-1] == "a" and to[-1] != "a")]
                for options in [", luma=pil" * luma + ", alpha=drop" * drop]
                if source != to
            ),
            *(
                Case(f"convert({to}{luma}, alpha=over, fill={fill})", image=_image(source))
                for source in ("rgba", "bgra")
                for to, luma, fill in (
                    ("rgb", "", "255"),
                    ("bgr", "", "(124, 116, 104)"),
                    ("gray", ", luma=pil", "77"),
                    ("gray", ", luma=torchvision", "0"),
                )
            ),
            *(
                Case(f"convert({to})", image=_image(source), size=size)
                for space in spaces
                for rgb in _RGB
                for source, to, way in (
                    (rgb, space, colour(space).from_rgb),
                    (space, rgb, colour(space).to_rgb),
                )
                for size in ((62, 46), (2, 2))
                if way
            ),
            Case("convert(rgb)", image="u8[t=2, rows, w] cv2.nv12"),
            Case("convert(cv2.hsv)", image="u8[t=2, h, w, c=3] rgb", size=(7, 1)),
            Case("convert(cv2.lab)\nresize(h=8, w=9, sampler=cv2.area)"),
            Case("convert(gray, luma=cv2)", image="u8[h, w, c=3] rgb"),
            Case("convert(gray, luma=cv2)"),
            Case("convert(gray, luma=torchvision)"),
            Case("convert(rgb)", image="u8[h, w] gray"),
            Case("to_float(scale=1/255)\nconvert(rgb)"),
            Case("convert(gray, luma=cv2)\nresize(h=8, w=9, sampler=cv2.area)"),
        )


_RGB = ("rgb", "bgr")
"""What the colours that compute come from and go to."""


def _image(name: str) -> str:
    """The type of an image of this colour."""
    axes = "rows, w" if colour(name).subsampled else f"h, w, c={len(colour(name).channels)}"
    return f"u8[{axes}] {name}"
