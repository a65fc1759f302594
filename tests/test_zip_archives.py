"""Zip archives as torch writes them: hostile ones are refused, large ones are copied."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import model_files as made
import pytest
import torch

from procdsl.modelfile import zip_archive
from procdsl.modelfile.data import BadModelFile, Data, Span, in_memory
from procdsl.modelfile.torch_archive import extra_file

TEXT = made.manifest()


def packed(*files: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """An archive of the standard library."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def renamed(name: str) -> bytes:
    """An archive whose second file has a name that the standard library would not write."""
    stand_in = "m/" + "x" * (len(name.encode()) - 2)
    return packed(("m/a", b"1"), (stand_in, b"2")).replace(stand_in.encode(), name.encode())


NAMES = ["m/../../etc/x", "/etc/passwd", "m\\..\\x", "m/./x", "m//x", "m/a\x00b", "m/\n"]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_mean_another_place(name: str) -> None:
    with pytest.raises(BadModelFile, match="a file in it has the name"):
        zip_archive.read(in_memory(renamed(name)))


def test_two_files_of_one_name() -> None:
    with pytest.raises(BadModelFile, match="two files in it have one name"):
        zip_archive.read(in_memory(renamed("m/a")))


def test_a_file_that_is_too_large_is_not_unpacked() -> None:
    data = packed(("m/extra/procdsl.json", bytes(8_000_001)), method=zipfile.ZIP_DEFLATED)
    assert len(data) < 10_000
    with pytest.raises(BadModelFile, match="has 8,000,001 bytes, more than the 8,000,000"):
        extra_file(zip_archive.read(in_memory(data)))


def test_more_than_is_said_is_not_unpacked() -> None:
    """The directory says 8 bytes, and the data unpacks to a hundred million."""
    bomb = zlib.compress(bytes(100_000_000), 9)[2:-4]
    unpacked = zip_archive.Member("m/a", 0, 8, bytes(4), zlib.crc32(bytes(8)), len(bomb), 8, 0, 0)
    head = struct.pack("<4s5H3I2H", b"PK\3\4", 0, 0, 8, 0, 0, 0, len(bomb), 8, 3, 0) + b"m/a"
    archive = zip_archive.Archive(in_memory(head + bomb), [unpacked])
    with pytest.raises(BadModelFile, match="is damaged: its checksum does not hold"):
        archive.read(unpacked, 100)


def patched(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    at = data.rindex(signature) + offset
    return data[:at] + value + data[at + len(value) :]


CENTRAL, END = b"PK\1\2", b"PK\5\6"
GOOD = packed(("m/version", b"3\n"), ("m/extra/procdsl.json", b"{}"))
DAMAGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "encrypted": (lambda d: patched(d, CENTRAL, 8, b"\1\0"), "is encrypted, or compressed"),
    "a method of its own": (lambda d: patched(d, CENTRAL, 10, b"\x0e\0"), "compressed in a way"),
    "two sizes": (lambda d: patched(d, CENTRAL, 24, b"\xff"), "is stored, and has two sizes"),
    "larger than the file": (
        lambda d: patched(d, CENTRAL, 20, b"\0\0\0\x7f\0\0\0\x7f"),
        "overlaps what follows it",
    ),
    "the place of another": (lambda d: patched(d, CENTRAL, 42, b"\0\0\0\0"), "overlaps"),
    "a size of 2^60, left out": (lambda d: patched(d, CENTRAL, 24, b"\xff" * 4), "leaves out"),
    "another count": (lambda d: patched(d, END, 8, b"\1\0\1\0"), "names fewer files"),
    "a larger count": (lambda d: patched(d, END, 8, b"\7\0\7\0"), "directory is (cut off|damaged)"),
    "another disk": (lambda d: patched(d, END, 4, b"\1\0"), "end of its zip directory is damaged"),
    "a directory elsewhere": (lambda d: patched(d, END, 16, b"\1\0\0\0"), "directory is damaged"),
    "no end": (lambda d: d[:-22], "without its directory: it was cut off"),
    "nothing": (lambda d: packed(("m/x", b""))[:4] + packed()[:22], "is an empty zip archive"),
}


@pytest.mark.parametrize(("damage", "said"), DAMAGED.values(), ids=DAMAGED)
def test_damaged_archives(damage: Callable[[bytes], bytes], said: str) -> None:
    assert extra_file(zip_archive.read(in_memory(GOOD))) == "{}"
    with pytest.raises(BadModelFile, match=said):
        zip_archive.read(in_memory(damage(GOOD)))


def test_a_changed_byte_of_the_manifest() -> None:
    data = made.embedded(made.torchscript(), TEXT)
    at = data.index(b'"pipeline": "carried"')
    changed = data[:at] + b'"pipeline": "carries"' + data[at + 21 :]
    with pytest.raises(BadModelFile, match=r"procdsl.json` is damaged: its checksum"):
        made.text_of(changed)


def test_a_directory_of_many_files() -> None:
    count = 100_001
    end = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, 0, 4)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, 4, 1)
    short = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0, 0xFFFFFFFF, 0)
    data = in_memory(b"PK\3\4" + end + locator + short)
    with pytest.raises(BadModelFile, match="its directory has 100,001 files, more than"):
        zip_archive.read(data)


def test_sizes_of_64_bits_in_small_files() -> None:
    """As writers of streams put them, who do not know the size before."""
    file, name = io.BytesIO(), zipfile.ZipInfo("m/data.pkl")
    with (
        zipfile.ZipFile(file, "w") as archive,
        archive.open(name, "w", force_zip64=True) as member,
    ):
        member.write(b"\x80\x02}U\x05modelK\x01s.")
    assert made.text_of(made.embedded(file.getvalue(), TEXT)) == TEXT


@pytest.mark.parametrize("size", [5 * 2**30, 2**32 - 1])
def test_records_beyond_4_gigabytes(size: int) -> None:
    """The copy has sizes and places of 64 bits, and every record at a multiple of 64 bytes."""
    head = struct.pack("<4s5H3I2H", b"PK\3\4", 0, 0x808, 0, 0, 0, 0, 0, 0, 8, 0) + b"m/data/0"
    large = zip_archive.Member("m/data/0", 0x808, 0, bytes(4), 0, size, size, 0, 0)
    source = Data(len(head) + size, lambda start, count: head[start : start + count])
    archive = zip_archive.Archive(source, [large])
    pieces = list(zip_archive.written(archive, {"m/version": b"3\n"}, 64))
    begin, record, *rest = pieces
    assert isinstance(begin, bytes)
    assert record == Span(len(head), len(head) + size)
    zeros = 70_000  # so many of the record as are read with the end of the archive
    tail = bytes(zeros) + b"".join(piece for piece in rest if isinstance(piece, bytes))
    first = len(begin) + size - zeros
    copy = zip_archive.read(
        Data(first + len(tail), lambda start, count: tail[start - first : start - first + count])
    )
    assert [(m.name, m.size) for m in copy.members] == [("m/data/0", size), ("m/version", 2)]
    assert copy.read(copy.members[1], 10) == b"3\n"
    assert (len(begin) % 64, copy.place(copy.members[1]).start % 64) == (0, 0)


@pytest.mark.slow
def test_torch_maps_records_beyond_4_gigabytes(tmp_path: Path) -> None:
    """The file has a hole for the zeros, so that it takes no place on the disk."""
    count, size = 70_000, 5 * 2**30
    tensors = {"large": torch.zeros(count, dtype=torch.uint8), "small": torch.arange(5)}
    with zipfile.ZipFile(io.BytesIO(made.saved({"model": tensors}))) as archive:
        pickle, small = archive.read("archive/data.pkl"), archive.read("archive/data/1")
    number = b"J" + struct.pack("<i", count)
    assert pickle.count(number) == 2  # of the storage, and of the tensor
    pickle = pickle.replace(number, b"\x8a\x05" + size.to_bytes(5, "little"))
    head = (
        struct.pack("<4s5H3I2H", b"PK\3\4", 0, 0x808, 0, 0, 0, 0, 0, 0, 14, 0) + b"archive/data/0"
    )
    source = Data(len(head) + size, lambda start, count: head[start : start + count])
    large = zip_archive.Member("archive/data/0", 0x808, 0, bytes(4), 0, size, size, 0, 0)
    files = {"data.pkl": pickle, "data/1": small, "version": b"3\n", "byteorder": b"little"}
    changed = {f"archive/{name}": data for name, data in files.items()}
    path = tmp_path / "model.pt"
    with path.open("wb") as file:
        for piece in zip_archive.written(zip_archive.Archive(source, [large]), changed, 64):
            if isinstance(piece, Span):
                file.seek(size, io.SEEK_CUR)
            else:
                file.write(piece)
    found = torch.load(path, mmap=True, weights_only=True)["model"]
    assert found["large"].shape == (size,)
    assert torch.equal(found["small"], torch.arange(5))
    with zipfile.ZipFile(path) as archive:
        assert archive.read("archive/version") == b"3\n"
