"""Make a picture of the content of an image file.

`decode(rgb, by=pil, exif=apply, alpha=drop, depth=refuse)` is the first step of an `input photo:
bytes`, and gives u8[h, w, c=3] (gray: u8[h, w]) as Pillow's `Image.open` and `convert` do; `by=cv2`
as OpenCV's `imdecode` does. The bits are those of the library that is installed, which
`self_check` holds: of a JPEG two libraries or versions may differ. Nothing here decodes by itself.

Where a file may have it, the author says what becomes of it:

- `formats` are the formats that are taken, by what the file begins with and never by its name.
- `exif=apply` turns the picture by its EXIF orientation, 1 to 8, as cv2.imread does and viewers do;
  `exif=ignore` leaves it as it is stored, as `Image.open` does. It is read here, in the first block
  of EXIF of a JPEG, PNG or WebP, so that both libraries turn alike; one that is damaged, 0 or above
  8 turns nothing. That of XMP and of texts in a PNG, which Pillow's `exif_transpose` also looks
  at, does not count. A TIFF that is turned is refused: the libraries do not agree on it.
- `alpha=drop` takes the colours as they are stored, `alpha=refuse` refuses what may be transparent;
  `rgba` keeps it, opaque (255) where there is none. What is seen on a ground is `rgba`, and
  `convert(rgb, alpha=over, fill=255)` behind it. A palette or a colour may be transparent, too; of
  gray with such a colour OpenCV tells nothing, and `rgba` refuses it.
- `depth=u8` takes of 16 bits the high byte (Pillow's `convert` would cut gray at 255; of a TIFF in
  colours OpenCV gives the nearest to `v / 257`), `depth=refuse` refuses them, `depth=u16` takes
  nothing else: gray by both, colours by OpenCV.
- `frames=refuse` refuses what has several, `frames=first` takes the first. Of a JPEG they are the
  views of a panorama or a stereo pair, as its index says (MPO). Its other pictures are the camera's
  own, a preview or a gain map (Ultra HDR), and are passed over, as both libraries do; so are frames
  of which the index does not say that they are views, as Pillow writes MPO.

`gray` is the library's: Pillow weighs the colours as `convert(gray, luma=pil)` does; OpenCV takes
the luma that a JPEG stores, and weighs a PNG by libpng. CMYK, in a JPEG as Adobe stores it, has no
one meaning without its profile: Pillow gives `255 - k - ((255 - k) * c + 127.5) / 255`, OpenCV
`k' - ((255 - c') * k' >> 8)` on the inverted numbers that the file holds. ICC profiles are ignored.

Before the library sees a file its structure is read: what it begins with, each segment or chunk up
to the last, the checksums of a PNG, 1 to 16384 pixels a side and 89478485 in all. So what is cut
off is refused, and so is what stands behind the end, but for zeros and further JPEGs, as cameras
append (a motion photo's film is refused), and a picture of a palette that is not there. What is
damaged inside of the coded data only the library can tell: both fill up a JPEG whose data stop
early although its end is there, and Pillow a PNG, without a word. A BMP is read where it is not
compressed, a TIFF of whole numbers in gray, RGB or a palette; other JPEGs than baseline and
progressive ones of 8 bits are refused.

Training and serving decode alike: the step stands before `train` and `serve`, once for each input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from procdsl.opdef.argument_types import OneOrMany
from procdsl.opdef.arguments import arg, words
from procdsl.opdef.errors import Problem, Proposal
from procdsl.opdef.op import Attribute, Case, Op
from procdsl.ops.files import _libraries, _options
from procdsl.records import dataclass
from procdsl.types.array import Array, implied_range
from procdsl.types.axis import Axis
from procdsl.types.constants import Word
from procdsl.types.value import Type

if TYPE_CHECKING:
    import numpy as np

    from procdsl.imagefile.image_file import ImageFile

_FORMATS = OneOrMany(
    f"formats of {', '.join(_options.FORMATS)}, in parentheses where there are several",
    Word("jpeg"),
    words(*_options.FORMATS),
)


@dataclass(frozen=True, kw_only=True)
class Decode(Op):
    inputs: ClassVar[tuple[str, ...]] = ("file",)
    decodes: ClassVar[bool] = True

    to: Word = arg(words("rgb", "bgr", "gray", "rgba"), positional=True)
    by: Word = arg(words("pil", "cv2"))
    formats: Word | tuple[Word, ...] = arg(_FORMATS, default=(Word("jpeg"), Word("png")))
    exif: Word | None = arg(words("apply", "ignore"), default=None)
    alpha: Word | None = arg(words("drop", "refuse"), default=None)
    depth: Word | None = arg(words("u8", "u16", "refuse"), default=None)
    frames: Word = arg(words("refuse", "first"), default=Word("refuse"))

    @property
    def allowed(self) -> tuple[str, ...]:
        """The formats, each once, in one order."""
        named = self.formats if isinstance(self.formats, tuple) else (self.formats,)
        return tuple(name for name in _options.FORMATS if name in named)

    @property
    def turns(self) -> bool:
        """Whether it turns the picture as EXIF says."""
        return self.exif == "apply"

    def infer(self, file: Type) -> Array:
        if not isinstance(file, Array) or not file.is_file:
            raise Problem(
                "E342",
                "`decode` of what is no file",
                found=file.described(),
                wanted="an input of `bytes`",
                help="leave this step out where the value is a picture already; a file is declared "
                "as `input photo: bytes`",
            )
        dtype = "u16" if self.depth == "u16" else "u8"
        axes = [Axis("h"), Axis("w")]
        if self.to != "gray":
            axes.append(Axis.of("c", len(self.to)))
        after = Array(
            dtype, tuple(axes), str(self.to), range=implied_range(dtype, None), space=file.space
        )
        for name in _options.WORDS:
            if self._may_have(name) and getattr(self, name) is None:
                option = _options.WORDS[name]
                raise Problem(
                    "E209",
                    f"`decode` does not say what becomes of {option.what}",
                    found=f"no `{name}`, of {', '.join(self.allowed)}",
                    wanted=option.wanted,
                    help=option.missing,
                    then=after,
                )
        if self.depth == "u16":
            self._check_16_bits(after)
        return after

    def _check_16_bits(self, after: Array) -> None:
        if not set(self.allowed) <= _options.MAY_HAVE["depth"]:
            raise Problem(
                "E210",
                "no file of these formats has 16 bits",
                found=f"`depth=u16` of {', '.join(self.allowed)}",
                wanted="`formats=png`, `formats=tiff` or both",
                help="name the formats that have 16 bits, or take another `depth`",
                at="depth",
                then=after,
            )
        if self.by == "pil" and self.to != "gray":
            raise Problem(
                "E210",
                "Pillow reads colours of 16 bits as 8",
                found=f"`depth=u16` of {self.to} by Pillow",
                wanted="`by=cv2`, `gray`, or another `depth`",
                help="say which of these training did",
                at="depth",
                then=after,
            )

    def doubts(self, file: Array) -> Iterator[Problem]:
        for name in _options.WORDS:
            if getattr(self, name) is not None and not self._may_have(name):
                kept = name == "alpha" and self.to == "rgba"
                yield Problem(
                    "E320",
                    f"`{name}` has no effect here",
                    found="`rgba`, which keeps it"
                    if kept
                    else f"files of {', '.join(self.allowed)}",
                    wanted=f"{_options.WORDS[name].what} of which something is to become",
                    fix=Proposal.without_argument(),
                    at=name,
                )

    def _may_have(self, name: str) -> bool:
        """Whether a file of these formats may have what an option is about."""
        kept = name == "alpha" and self.to == "rgba"
        return not kept and not _options.MAY_HAVE[name].isdisjoint(self.allowed)

    def attributes(self, file: Array) -> Mapping[str, Attribute]:
        options = {name: getattr(self, name) for name in ("to", "by", "alpha", "depth", "frames")}
        plain = {name: value and str(value) for name, value in options.items()}
        return {**plain, "formats": self.allowed, "turns": self.turns}

    def header(self, data: bytes, name: str = "file") -> ImageFile:
        """What a file says of itself, where the step takes it."""
        from procdsl.imagefile.check_contents import check_contents
        from procdsl.imagefile.read_image_file import read_image_file

        flags = dict.fromkeys(self.allowed, True)
        file = read_image_file(name, data, ", ".join(self.allowed), **flags)
        check_contents(name, file, self.alpha, self.depth, self.frames)
        return file

    def reference(self, types: tuple[Array], data: bytes) -> np.ndarray:
        file = self.header(data)
        read = _libraries.pillow if self.by == "pil" else _libraries.opencv
        return read(data, file, self.to, self.depth == "u16", self.turns)

    def built_in(self) -> Mapping[str, bytes]:
        """Files for `self_check` that the step takes, by what each is called."""
        from procdsl.imagefile.tiny_jpeg import tiny_jpeg
        from procdsl.imagefile.tiny_png import tiny_png

        files = {"jpeg": tiny_jpeg(), "png": tiny_png(16 if self.depth == "u16" else 8)}
        return {name: data for name, data in files.items() if name in self.allowed}

    @staticmethod
    def cases() -> tuple[Case, ...]:
        return tuple(_cases())


def _cases() -> Iterable[Case]:
    from procdsl.imagefile.tiny_jpeg import tiny_jpeg
    from procdsl.imagefile.tiny_png import tiny_png

    def case(call: str, data: bytes) -> Case:
        return Case(f"decode({call})", image="bytes", values=lambda: {"image": data})

    for by in ("pil", "cv2"):
        for colour in ("rgb", "bgr", "gray", "rgba"):
            for exif in ("apply", "ignore"):
                yield case(f"{colour}, by={by}, formats=jpeg, exif={exif}", tiny_jpeg())
            alpha = "" if colour == "rgba" else ", alpha=drop"
            options = f"exif=apply, depth=u8{alpha}"
            yield case(f"{colour}, by={by}, formats=png, {options}", tiny_png(8))
            yield case(f"{colour}, by={by}, {options}", tiny_png(16))
        options = "formats=png, exif=apply, depth=u16, alpha=refuse"
        yield case(f"gray, by={by}, {options}", tiny_png(16))
    yield case(f"bgr, by=cv2, {options}", tiny_png(16))
