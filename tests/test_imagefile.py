"""What is read of an image file before it is decoded."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from image_files import (
    deep,
    exif,
    exif_block,
    mpo,
    opaque,
    saved,
    several,
    smooth,
    transparent,
    with_exif,
)

from procdsl.imagefile.image_file import ImageFile
from procdsl.imagefile.read_image_file import read_image_file
from procdsl.imagefile.read_orientation import read_orientation
from procdsl.imagefile.tiny_jpeg import tiny_jpeg
from procdsl.imagefile.tiny_png import tiny_png
from procdsl.imagefile.turned_size import turned_size
from procdsl.registry import op, op_names

FILES = [*opaque().values(), *transparent().values(), *deep().values(), *several().values()]
FILES += [saved(smooth(), kind, exif=exif(6)) for kind in ("jpeg", "png", "webp")]
FILES += [mpo(0x020002, tiny_jpeg(), order=order) for order in "<>"]
FILES += [with_exif(exif_block(order)) for order in "<>"]


def read(data: bytes) -> ImageFile:
    return read_image_file("photo", data, "any", True, True, True, True, True, True)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (opaque()["jpeg 4:2:0"], ImageFile("jpeg", 21, 34)),
        (opaque()["jpeg gray"], ImageFile("jpeg", 7, 9, gray=True)),
        (opaque()["jpeg with a preview"], ImageFile("jpeg", 21, 34, further=1)),
        (mpo(0, tiny_jpeg(), tiny_jpeg()), ImageFile("jpeg", 21, 34, further=2)),
        (mpo(0x010002, tiny_jpeg()), ImageFile("jpeg", 21, 34, further=1)),
        (mpo(0x020001, tiny_jpeg()), ImageFile("jpeg", 21, 34, several=True)),
        (mpo(0x020002, tiny_jpeg(), order=">"), ImageFile("jpeg", 21, 34, several=True)),
        (mpo(0x020003, more=1), ImageFile("jpeg", 21, 34)),  # what it gives was taken away
        (saved(smooth(), "jpeg", exif=exif(8)), ImageFile("jpeg", 21, 34, orientation=8)),
        (saved(smooth(), "png", exif=exif(5)), ImageFile("png", 21, 34, orientation=5)),
        (saved(smooth(), "webp", exif=exif(3)), ImageFile("webp", 21, 34, orientation=3)),
        (opaque()["png 1 bit"], ImageFile("png", 7, 9, gray=True)),
        (opaque()["png palette"], ImageFile("png", 7, 9)),
        (transparent()["png palette"], ImageFile("png", 7, 9, alpha=True)),
        (transparent()["png gray and alpha"], ImageFile("png", 7, 9, gray=True, alpha=True)),
        (transparent()["webp rgba"], ImageFile("webp", 7, 9, alpha=True)),
        (transparent()["webp rgba without losses"], ImageFile("webp", 7, 9, alpha=True)),
        (opaque()["webp without"], ImageFile("webp", 21, 34)),
        (transparent()["gif one colour"], ImageFile("gif", 7, 9, alpha=True)),
        (transparent()["tiff rgba"], ImageFile("tiff", 7, 9, alpha=True)),
        (opaque()["bmp of 32 bits"], ImageFile("bmp", 7, 9)),
        (deep()["png gray"], ImageFile("png", 7, 9, 16, gray=True)),
        (deep()["tiff rgb"], ImageFile("tiff", 7, 9, 16)),
        (several()["gif"], ImageFile("gif", 7, 9, several=True)),
        (several()["webp"], ImageFile("webp", 7, 9, several=True)),
        (several()["tiff"], ImageFile("tiff", 7, 9, several=True)),
        (tiny_jpeg(), ImageFile("jpeg", 13, 17, orientation=6)),
        (tiny_png(8), ImageFile("png", 5, 7)),
        (tiny_png(16), ImageFile("png", 5, 7, 16, gray=True)),
    ],
)
def test_what_a_file_says(data: bytes, wanted: ImageFile) -> None:
    assert read(data) == wanted


def test_the_size_of_a_turned_picture() -> None:
    for orientation in range(1, 9):
        file = ImageFile("jpeg", 2, 3, orientation=orientation)
        assert turned_size(file, True) == ((3, 2) if orientation > 4 else (2, 3))
        assert turned_size(file, False) == (2, 3)


def answers(data: bytes) -> None:
    """What is no file of these is a ValueError that says of which argument."""
    begun, said, file = time.process_time(), "", None
    try:
        file = read(data)
    except ValueError as error:
        said = str(error)
    assert time.process_time() - begun < 20  # milliseconds; minutes if it hung on a length
    if file is None:
        assert said.startswith("photo: ")
    else:
        assert 1 <= file.orientation <= 8
        assert 0 < file.h * file.w <= 89478485


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(FILES), st.randoms(use_true_random=False), st.integers(0, 12))
def test_damaged_files_are_answered(data: bytes, rng: random.Random, count: int) -> None:
    """Bytes changed, cut out, said twice or put in, at any place."""
    changed = bytearray(data)
    for _ in range(count):
        place = rng.randrange(len(changed) + 1)
        some = bytes(
            rng.choice((0, 1, 127, 255, rng.randrange(256))) for _ in range(rng.randrange(5))
        )
        match rng.randrange(4):
            case 0:
                changed[place : place + len(some)] = some
            case 1:
                del changed[place : place + rng.randrange(40)]
            case 2:
                changed[place:place] = changed[place : place + rng.randrange(40)]
            case _:
                changed[place:place] = some
    answers(bytes(changed))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"GIF89a", b"II*\0", b"MM\0*"]
    ),
    st.binary(max_size=300),
)
def test_any_bytes_are_answered(begin: bytes, rest: bytes) -> None:
    answers(begin + rest)
    answers(b"RIFF" + len(rest).to_bytes(4, "little") + b"WEBP" + rest)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([b"II*\0", b"MM\0*", b""]), st.binary(max_size=80))
def test_any_exif_is_answered(begin: bytes, rest: bytes) -> None:
    assert 1 <= read_orientation(begin + rest) <= 8


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8" + b"\xff" * 2_000_000 + b"\0",
        b"\xff\xd8" + (b"\xff\xe1\0\x08Exif\0\0") * 60_000,
        b"\xff\xd8" + b"\xff\xd9\xff\xd8" * 500_000,
        b"GIF89a" + bytes(7) + b"\x21\xfe" + b"\1\0" * 500_000,
        b"GIF89a" + bytes(7) + b"\x21\xfe\0" * 300_000,
        b"RIFF" + (1_600_004).to_bytes(4, "little") + b"WEBP" + b"ICCP\0\0\0\0" * 200_000,
        b"II*\0\x08\0\0\0\xff\xff" + b"\x11\1\4\0\0\0\1\0\x08\0\0\0" * 70_000,
    ],
)
def test_large_files_of_nothing_are_answered_soon(data: bytes) -> None:
    answers(data)
    with pytest.raises(ValueError, match="photo: "):
        read(data)


def test_one_op_decodes() -> None:
    assert [name for name in op_names() if op(name).decodes] == ["decode"]
