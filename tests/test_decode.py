"""`decode` against Pillow's and OpenCV's own calls, to the bit, on files of every kind."""

from __future__ import annotations

import warnings
from functools import cache
from io import BytesIO
from types import ModuleType

import cv2
import numpy as np
import pytest
from image_files import (
    FORMATS,
    cmyk,
    deep,
    exif,
    exif_block,
    noise,
    opaque,
    saved,
    several,
    smooth,
    transparent,
    with_exif,
)
from PIL import Image, ImageOps
from support import BACKENDS, build, to_numpy

from procdsl.ir.decoding import decodings
from procdsl.ir.pipeline import Pipeline

ALL = f"formats=({', '.join(FORMATS)})"
BY = ("pil", "cv2")
COLOURS = ("rgb", "bgr", "gray", "rgba")


def source(call: str) -> str:
    """A file whose model takes what is decoded."""
    colour = call.partition(",")[0]
    axes = "h, w" if colour == "gray" else f"h, w, c={len(colour)}"
    dtype = "u16" if "depth=u16" in call else "u8"
    return (
        f"proc 1\npipeline p\ninput photo: bytes\npre {{\ndecode({call})\n}}\n"
        f"model x: {dtype}[{axes}] {colour} -> y: f32[n=1]\n"
    )


@cache
def decoder(call: str) -> tuple[Pipeline, dict[str, ModuleType]]:
    built = build(source(call))
    return built.pipeline, dict(built.modules)


def decoded(call: str, data: bytes) -> np.ndarray:
    """What every module gives, and the reference, which are one.

    No library warns but Pillow, of damaged EXIF.
    """
    pipeline, modules = decoder(call)
    (step,) = decodings(pipeline)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "Corrupt EXIF data")
        wanted: np.ndarray = step.op.reference(step.types, data)
        for backend in BACKENDS:
            found = to_numpy(modules[backend].preprocess(data))
            assert found.dtype == wanted.dtype
            assert np.array_equal(found, wanted), backend
            assert found.flags.c_contiguous
            assert modules[backend].image_size(data) == found.shape[:2]
    return wanted


def by_pillow(data: bytes, colour: str) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of palettes with transparency
        mode = {"gray": "L", "rgba": "RGBA"}.get(colour, "RGB")
        found = np.asarray(Image.open(BytesIO(data)).convert(mode))
    return found[..., ::-1] if colour == "bgr" else found


def by_opencv(data: bytes, colour: str) -> np.ndarray:
    flag = cv2.IMREAD_GRAYSCALE if colour == "gray" else cv2.IMREAD_COLOR
    found = cv2.imdecode(np.frombuffer(data, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    assert found is not None
    if colour == "rgba":
        return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGBA))
    return found[..., ::-1] if colour == "rgb" else found


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("name", opaque())
def test_opaque_files_of_8_bits(name: str, colour: str) -> None:
    data = opaque()[name]
    options = "exif=ignore, depth=refuse" + ", alpha=refuse" * (colour != "rgba")
    found = decoded(f"{colour}, by=pil, {ALL}, {options}", data)
    assert np.array_equal(found, by_pillow(data, colour))
    found = decoded(f"{colour}, by=cv2, {ALL}, {options}", data)
    assert np.array_equal(found, by_opencv(data, colour))


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("name", transparent())
def test_transparent_files(name: str, colour: str) -> None:
    data = transparent()[name]
    options = "exif=ignore, depth=refuse" + ", alpha=drop" * (colour != "rgba")
    found = decoded(f"{colour}, by=pil, {ALL}, {options}", data)
    assert np.array_equal(found, by_pillow(data, colour))
    call = f"{colour}, by=cv2, {ALL}, {options}"
    if colour == "rgba":
        as_stored = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        assert as_stored is not None
        if as_stored.shape[2:] != (4,):  # and so nothing may be made of it
            with pytest.raises(ValueError, match="OpenCV gives no alpha of this"):
                decoded(call, data)
            return
        wanted = np.asarray(cv2.cvtColor(as_stored, cv2.COLOR_BGRA2RGBA))
        assert (wanted[..., 3] < 255).any()
    else:
        wanted = by_opencv(data, colour)
    assert np.array_equal(decoded(call, data), wanted)
    if colour != "rgba":
        refusing = decoder(f"{colour}, by=cv2, {ALL}, exif=ignore, depth=refuse, alpha=refuse")
        for module in refusing[1].values():
            with pytest.raises(ValueError, match="photo: the .* may be transparent"):
                module.preprocess(data)


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("name", deep())
def test_files_of_16_bits(name: str, colour: str, by: str) -> None:
    """As 8 bits each number is its high byte; OpenCV rounds the colours of a TIFF."""
    data = deep()[name]
    options = f"by={by}, {ALL}, exif=ignore" + ", alpha=drop" * (colour != "rgba")
    found = decoded(f"{colour}, {options}, depth=u8", data)
    stored = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert stored is not None
    numbers: np.ndarray = np.asarray(stored)
    rounds = name == "tiff rgb" and by == "cv2"
    high = (numbers.astype(np.int64) + 128) // 257 if rounds else numbers >> 8
    if stored.ndim == 2:
        assert np.array_equal(found if colour == "gray" else found[..., 1], high)
    elif colour != "gray":
        assert np.array_equal(found[..., :3], high if colour == "bgr" else high[..., ::-1])
    else:
        wanted = by_pillow(data, "gray") if by == "pil" else by_opencv(data, "gray")
        assert np.array_equal(found, wanted)
    for module in decoder(f"{colour}, {options}, depth=refuse")[1].values():
        with pytest.raises(ValueError, match="photo: the .* has 16 bits"):
            module.preprocess(data)


@pytest.mark.parametrize("name", deep())
def test_16_bits_are_kept(name: str) -> None:
    data = deep()[name]
    stored = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert stored is not None
    options = "formats=(png, tiff), exif=ignore, alpha=refuse, depth=u16"
    if stored.ndim == 2:
        assert np.array_equal(decoded(f"gray, by=pil, {options}", data), stored)
        assert np.array_equal(decoded(f"gray, by=cv2, {options}", data), stored)
    else:
        assert np.array_equal(decoded(f"bgr, by=cv2, {options}", data), stored)
        for module in decoder(f"gray, by=pil, {options}")[1].values():
            with pytest.raises(ValueError, match="Pillow reads colours of 16 bits as 8"):
                module.preprocess(data)
    for module in decoder(f"gray, by=cv2, {options}")[1].values():
        with pytest.raises(ValueError, match=r"expected 16 bits \(depth=u16\), got a png of 8"):
            module.preprocess(saved(noise(7, 9), "png"))


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turns_as_both_libraries_do(orientation: int, kind: str) -> None:
    data = saved(smooth(), kind, exif=exif(orientation))
    options = f"{ALL}, alpha=refuse, depth=refuse"
    with Image.open(BytesIO(data)) as image:
        turned = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
        stored = np.asarray(image.convert("RGB"))
    assert (turned.shape != stored.shape) == (orientation > 4)
    assert np.array_equal(decoded(f"rgb, by=pil, {options}, exif=apply", data), turned)
    assert np.array_equal(decoded(f"rgb, by=pil, {options}, exif=ignore", data), stored)
    theirs = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert theirs is not None
    assert np.array_equal(decoded(f"bgr, by=cv2, {options}, exif=apply", data), theirs)
    found = decoded(f"bgr, by=cv2, {options}, exif=ignore", data)
    assert np.array_equal(found, by_opencv(data, "bgr"))


@pytest.mark.parametrize(
    ("block", "orientation"),
    [
        (exif_block(), 6),
        (exif_block(">"), 6),
        (exif_block(">", kind=4), 6),
        (exif_block(value=0), 1),
        (exif_block(value=9), 1),
        (exif_block(kind=2), 1),
        (exif_block(count=99), 6),
        (exif_block()[:20], 6),
        (exif_block()[:19], 1),
        (exif_block()[:9], 1),
        (b"", 1),
        (b"II*\0\xff\xff\xff\xff", 1),
        (b"no EXIF", 1),
    ],
)
def test_damaged_exif_turns_as_far_as_it_can_be_read(block: bytes, orientation: int) -> None:
    """The same by both libraries: of what is damaged nothing is turned."""
    data = with_exif(block)
    ways = {1: 0, 6: -1}
    for by in BY:
        stored = decoded(f"rgb, by={by}, formats=jpeg, exif=ignore", data)
        found = decoded(f"rgb, by={by}, formats=jpeg, exif=apply", data)
        assert np.array_equal(found, np.rot90(stored, ways[orientation]))


def test_the_first_block_of_exif_counts() -> None:
    data = with_exif(exif_block(value=3), with_exif(exif_block(value=6)))
    stored = decoded("rgb, by=pil, formats=jpeg, exif=ignore", data)
    found = decoded("rgb, by=pil, formats=jpeg, exif=apply", data)
    assert np.array_equal(found, stored[::-1, ::-1])


@pytest.mark.parametrize("kind", several())
def test_the_first_of_several_frames(kind: str) -> None:
    data = several()[kind]
    options = f"{ALL}, exif=ignore, alpha=drop, depth=refuse"
    found = decoded(f"rgb, by=pil, {options}, frames=first", data)
    assert np.array_equal(found, by_pillow(data, "rgb"))
    found = decoded(f"rgb, by=cv2, {options}, frames=first", data)
    assert np.array_equal(found, by_opencv(data, "rgb"))
    for by in BY:
        for module in decoder(f"rgb, by={by}, {options}")[1].values():
            with pytest.raises(ValueError, match=rf"photo: the {kind} has several frames"):
                module.preprocess(data)


def test_cmyk_has_the_formulas_of_the_page() -> None:
    """On the numbers that Pillow decodes, which are the inverse of those in the file."""
    data = saved(cmyk(), "jpeg", quality=95)
    with Image.open(BytesIO(data)) as image:
        ink = np.asarray(image).astype(np.int64)
    c, k = ink[..., :3], ink[..., 3:]
    t = (255 - k) * c + 128
    pillow = 255 - k - ((t >> 8) + t >> 8)
    opencv = (255 - k) - ((255 - (255 - c)) * (255 - k) >> 8)
    found = decoded("rgb, by=pil, formats=jpeg, exif=ignore", data)
    assert np.array_equal(found, np.clip(pillow, 0, 255))
    assert np.array_equal(decoded("rgb, by=cv2, formats=jpeg, exif=ignore", data), opencv)
    assert not np.array_equal(pillow, opencv)


def test_gray_is_that_of_the_library() -> None:
    """OpenCV takes the luma that a JPEG stores; Pillow weighs the colours."""
    data = saved(smooth(), "jpeg", quality=40)
    with Image.open(BytesIO(data)) as image:
        image.draft("YCbCr", None)
        luma = np.asarray(image.convert("YCbCr") if image.mode != "YCbCr" else image)[..., 0]
    found = decoded("gray, by=cv2, formats=jpeg, exif=ignore", data)
    assert np.array_equal(found, luma)
    weighed = decoded("gray, by=pil, formats=jpeg, exif=ignore", data)
    assert not np.array_equal(weighed, found)
    assert np.array_equal(weighed, by_pillow(data, "gray"))


def test_a_profile_changes_nothing() -> None:
    plain, profiled = opaque()["jpeg 4:2:0"], saved(smooth(), "jpeg", icc_profile=b"x" * 99)
    for by in BY:
        call = f"rgb, by={by}, formats=jpeg, exif=ignore"
        assert np.array_equal(decoded(call, plain), decoded(call, profiled))
