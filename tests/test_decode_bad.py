"""Files that `decode` refuses: each with what is wrong, soon, and before memory is taken."""

from __future__ import annotations

import struct
import subprocess
import sys
import time
import tracemalloc
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from image_files import (
    FORMATS,
    chunk,
    encoded,
    mpo,
    noise,
    opaque,
    png,
    saved,
    several,
    smooth,
    transparent,
    without_palette,
)
from support import BACKENDS, build
from test_decode import ALL, BY, decoder, source

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n0 0 10 10 rectfill\nshowpage\n%%EOF\n"
SIDES = "expected a picture of 1 to 16384 pixels a side and 89478485 in all, got "
JPEG, PNG = saved(smooth(), "jpeg"), saved(noise(7, 9, 3), "png")
GIF, WEBP = saved(noise(7, 9, 3), "gif"), saved(smooth(), "webp")
BMP, TIFF = saved(noise(7, 9, 3), "bmp"), saved(noise(7, 9, 3), "tiff")


def jpeg_of(h: int, w: int) -> bytes:
    """A JPEG whose header says these sides."""
    at = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:at] + struct.pack(">HH", h, w) + JPEG[at + 4 :]


def at(data: bytes, place: int, new: bytes) -> bytes:
    return data[:place] + new + data[place + len(new) :]


BAD = {
    "nothing": (b"", "expected a file of .*, got one without content"),
    "text": (b"no picture", r"got one that begins with b'no pictu'"),
    "eps": (EPS, r"got one that begins with b'%!PS-Ado'"),
    "eps of two parts": (b"\xc5\xd0\xd3\xc6" + EPS, "got one that begins with"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "got one that begins with"),
    "jpeg 2000": (encoded(smooth(64, 64), ".jp2"), "got one that begins with"),
    "jpeg of no height": (jpeg_of(0, 9), f"{SIDES}0 x 9"),
    "jpeg of no width": (jpeg_of(9, 0), f"{SIDES}9 x 0"),
    "jpeg, too high": (jpeg_of(65535, 9), f"{SIDES}65535 x 9"),
    "jpeg, too large": (jpeg_of(16384, 16384), f"{SIDES}16384 x 16384"),
    "jpeg of 12 bits": (
        at(JPEG, JPEG.index(b"\xff\xc0") + 4, b"\x0c"),
        "0 with 12 bits and 3 comp",
    ),
    "jpeg without losses": (at(JPEG, JPEG.index(b"\xff\xc0"), b"\xff\xc3"), "got the process 3"),
    "jpeg, arithmetic": (at(JPEG, JPEG.index(b"\xff\xc0"), b"\xff\xc9"), "got the process 9"),
    "jpeg of two headers": (
        JPEG[:2] + JPEG[JPEG.index(b"\xff\xc0") :][:19] + JPEG[2:],
        "two headers of one picture",
    ),
    "jpeg without a header": (
        JPEG[: JPEG.index(b"\xff\xc0")] + JPEG[JPEG.index(b"\xff\xc0") + 19 :],
        "the JPEG has no header",
    ),
    "jpeg without scans": (
        JPEG[: JPEG.index(b"\xff\xda")] + b"\xff\xd9",
        "the JPEG has no picture",
    ),
    "jpeg of 101 scans": (
        JPEG[:-2] + JPEG[JPEG.index(b"\xff\xda") : -2] * 100 + b"\xff\xd9",
        "more than 100 scans",
    ),
    "jpeg of many segments": (
        JPEG[:2] + b"\xff\xfe\0\2" * 70_000 + JPEG[2:],
        "more than 4096 seg",
    ),
    "jpeg of an empty segment": (JPEG[:2] + b"\xff\xfe\0\0" + JPEG[2:], "has the marker 0xfe"),
    "jpeg that starts again": (b"\xff\xd8" + JPEG, "has the marker 0xd8"),
    "jpeg filled up": (JPEG[:2] + b"\xff" * 1_000_000, "cut off"),
    "jpeg, its data filled up": (JPEG[:-2] + b"\xff" * 1_000_000, "cut off"),
    "jpeg and zip": (JPEG + b"PK\3\4" + bytes(99), "103 bytes stand behind the end of the JPEG"),
    "jpeg and film": (JPEG + b"\0\0\0\x18ftypmp42" + bytes(9), "stand behind the end of the JPEG"),
    "jpeg and a cut one": (JPEG + JPEG[:-9], "the JPEG is cut off"),
    "png of no height": (png(0, 9), f"{SIDES}0 x 9"),
    "png of 10^9 pixels": (png(40_000, 25_000, rows=1), f"{SIDES}40000 x 25000"),
    "png, one side": (png(2**31 - 1, 1, rows=1), f"{SIDES}2147483647 x 1"),
    "png of 100,000 chunks": (png(9, 9, *[chunk(b"teXt")] * 100_000), "more than 65536 chunks"),
    "png and zip": (PNG + b"PK\3\4", "4 bytes stand behind the end of the PNG"),
    "png, damaged": (at(PNG, len(PNG) - 20, b"\0\0"), "the checksum of its chunk b'IDAT' is wrong"),
    "png of two headers": (png(9, 9, PNG[8:33]), "one header, which stands first"),
    "png without pixels": (png(9, 9)[:33] + chunk(b"IEND"), "the PNG has no pixels"),
    "png without a header": (PNG[:8] + PNG[33:], "one header, which stands first"),
    "png of 3 bits": (png(9, 9, depth=3), "no PNG has the header"),
    **{
        f"{kind} without its palette": (without_palette(kind), "numbers of a palette, and no")
        for kind in ("png", "gif", "tiff", "bmp")
    },
    "jpeg, a panorama": (mpo(0x020001, JPEG), "several frames"),
    "jpeg, a stereo pair": (mpo(0x020002, JPEG, order=">"), "several frames"),
    "png, animated": (several()["png"], "several frames"),
    "gif, animated": (several()["gif"], "several frames"),
    "gif of no width": (at(GIF, 6, b"\0\0"), f"{SIDES}7 x 0"),
    "gif, too large": (at(GIF, 6, b"\xff\xff\xff\xff"), f"{SIDES}65535 x 65535"),
    "gif and jar": (GIF + b"PK\3\4", "4 bytes stand behind the end of the GIF"),
    "gif of no picture": (GIF[:13] + b"\x3b", "cut off|the GIF has"),
    "gif of no block": (at(GIF, len(GIF) - 1, b"\x77"), "the block 0x77"),
    "webp, animated": (several()["webp"], "several frames"),
    "webp and zip": (WEBP + b"PK\3\4", "4 bytes stand behind the end of the WebP"),
    "webp without a picture": (b"RIFF\4\0\0\0WEBP", "the WebP has no picture"),
    "webp of no picture": (at(WEBP, 23, b"\0\0\0"), "no header of a picture"),
    "webp of an odd canvas": (
        at(transparent()["webp rgba"], 24, b"\xff"),
        "a WebP of 7 x 256 with a picture of 7 x 9",
    ),
    "bmp of 10^9 pixels": (at(BMP, 18, struct.pack("<ii", 25_000, 40_000)), "cut off"),
    "bmp, packed": (at(BMP, 30, b"\1"), "got 24 bits with compression 1"),
    "bmp of an old kind": (at(BMP, 14, b"\x0c"), "a header of 40 to 124 bytes, got 12"),
    "bmp and zip": (BMP + b"PK\3\4", "4 bytes stand behind the end of the BMP"),
    "bmp of no height": (at(BMP, 22, bytes(4)), f"{SIDES}0 x 9"),
    "tiff of several pages": (several()["tiff"], "several frames"),
    "tiff, turned": (saved(smooth(), "tiff", tiffinfo={274: 6}), "and orientation 6"),
    "tiff of floats": (encoded(noise(7, 9).astype(np.float32), ".tiff"), "whole numbers"),
}


@cache
def modules() -> list[ModuleType]:
    """Every module that decodes every format, by both libraries."""
    options = f"rgb, {ALL}, exif=apply, alpha=drop, depth=u8"
    return [m for by in BY for m in decoder(options.replace("rgb", f"rgb, by={by}"))[1].values()]


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused(name: str) -> None:
    """By `preprocess`, by `image_size`, but of frames, and in a batch, where it is named."""
    data, message = BAD[name]
    modules()  # so that no time is measured in which they are compiled
    begun = time.process_time()
    for module in modules():
        with pytest.raises(ValueError, match=f"^photo: .*{message}"):
            module.preprocess(data)
        if message != "several frames":
            with pytest.raises(ValueError, match=f"^photo: .*{message}"):
                module.image_size(data)
    assert time.process_time() - begun < 60  # a tenth of a second; minutes if it were decoded
    with pytest.raises(ValueError, match=f"^sample 1: photo: .*{message}"):
        modules()[0].preprocess_batch([JPEG, data])


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused_takes_little_memory(name: str) -> None:
    data, _ = BAD[name]
    module = modules()[0]
    tracemalloc.start()
    with pytest.raises(ValueError, match="photo: "):
        module.preprocess(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * len(data) + 2_000_000


@pytest.mark.parametrize("kind", FORMATS)
def test_every_cut_is_found_before_the_library_sees_it(kind: str) -> None:
    data = saved(noise(7, 9, 3), kind)
    for end in range(len(data)):
        with pytest.raises(ValueError, match="cut off|expected|stand behind|has no"):
            modules()[0].image_size(data[:end])


@pytest.mark.parametrize("by", BY)
def test_formats_that_are_not_named_are_refused(by: str) -> None:
    _, made = decoder(f"rgb, by={by}, formats=jpeg, exif=ignore")
    for name, data in opaque().items():
        for backend in BACKENDS:
            if name.startswith("jpeg"):
                assert made[backend].preprocess(data).shape[-1] == 3
            else:
                with pytest.raises(ValueError, match="photo: expected a file of jpeg, got one"):
                    made[backend].preprocess(data)


@pytest.mark.parametrize("given", ["photo.jpg", None, np.zeros(9, np.uint8), bytearray(JPEG), 7])
def test_what_is_no_bytes(given: object) -> None:
    for module in modules():
        kind = type(given).__name__
        with pytest.raises(
            TypeError, match=f"photo: expected bytes, what is in a file, got {kind}"
        ):
            module.preprocess(given)


def test_damage_that_the_library_tells() -> None:
    """In coded data, behind a structure that is whole: an error that names the library."""
    short = png(9, 9, rows=3)
    with pytest.raises(ValueError, match="photo: OpenCV cannot read this png"):
        decoder(f"rgb, by=cv2, {ALL}, exif=ignore, alpha=drop, depth=u8")[1]["numpy"].preprocess(
            short
        )
    start = WEBP.index(b"VP8 ") + 8
    broken = at(WEBP, start + 10, b"\xff" * (len(WEBP) - start - 10))
    for module in modules():
        with pytest.raises(ValueError, match="photo: (Pillow|OpenCV) cannot read this webp"):
            module.preprocess(broken)


def test_damage_that_nobody_tells_is_on_the_page() -> None:
    """What the page says that libraries fill up: data of a JPEG, and for Pillow of a PNG."""
    data = saved(smooth(200, 300), "jpeg", quality=95)
    cut = data[: len(data) // 2] + b"\xff\xd9"
    whole = {by: decoder(f"rgb, by={by}, formats=jpeg, exif=ignore")[1]["numpy"] for by in BY}
    for by in BY:
        found = whole[by].preprocess(cut)
        assert found.shape == (200, 300, 3)
        assert len(np.unique(found[-1])) < 4
    gray = decoder(f"rgb, by=pil, {ALL}, exif=ignore, alpha=drop, depth=u8")[1]["numpy"]
    assert not gray.preprocess(png(9, 9, rows=3)).any()


def test_nothing_else_is_started(tmp_path: Path) -> None:
    """An EPS under another name opens no program: the process starts none, whatever it reads."""
    built = build(source("rgb, by=pil, exif=ignore, alpha=drop, depth=u8"), ("numpy",))
    (tmp_path / "p_numpy.py").write_text(built.files["p_numpy.py"])
    (tmp_path / "photo.jpg").write_bytes(EPS)
    script = (
        "import sys, subprocess, os\n"
        "def started(event, arguments):\n"
        "    if event in ('subprocess.Popen', 'os.system', 'os.exec', 'os.posix_spawn'):\n"
        "        os._exit(3)\n"
        "sys.addaudithook(started)\n"
        "import p_numpy\n"
        "try:\n"
        "    p_numpy.preprocess(open('photo.jpg', 'rb').read())\n"
        "except ValueError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "photo: expected a file of jpeg, png, got one" in done.stdout
