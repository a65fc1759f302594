"""The zip archives that torch writes: read strictly, and written as torch writes them.

Members are copied as they lie, compressed or not. torch maps stored tensors into memory and counts
on where they begin, so a copy has the layout of its own writer: padding in the extra field of the
local header, and the sizes behind the data.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence

from procdsl.modelfile.data import BadModelFile, Data, Piece, Span
from procdsl.records import dataclass

MAGIC = b"PK\x03\x04"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZES_BEHIND = 0x1, 0x8
_MEMBERS, _DIRECTORY_BYTES = 100_000, 20_000_000
_LARGE = 0xFFFFFFFF
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")


@dataclass(frozen=True)
class Member:
    """A file in the archive, as the directory at its end says."""

    name: str
    flags: int
    method: int
    time: bytes
    """Time and date, as they stand there."""
    crc: int
    packed: int
    size: int
    offset: int
    attributes: int


@dataclass(frozen=True)
class Archive:
    """A zip archive all of whose files lie in one folder."""

    data: Data
    members: Sequence[Member]

    @property
    def root(self) -> str:
        """The folder."""
        return self.members[0].name.partition("/")[0]

    def find(self, name: str) -> Member | None:
        """The file of this name in the folder."""
        wanted = f"{self.root}/{name}"
        return next((member for member in self.members if member.name == wanted), None)

    def read(self, member: Member, most: int) -> bytes:
        """What a file holds, at most so much of it."""
        if member.size > most:
            raise BadModelFile(
                f"its `{member.name}` has {member.size:,} bytes, more than the {most:,} that are "
                "read"
            )
        place = self.place(member)
        packed = self.data.read(place.start, min(member.packed, most + 65_536))
        found = packed if member.method == _STORED else _inflated(packed, member)
        if len(found) != member.size or zlib.crc32(found) != member.crc:
            raise BadModelFile(f"its `{member.name}` is damaged: its checksum does not hold")
        return found

    def place(self, member: Member) -> Span:
        """Where the bytes of a file lie."""
        head = self.data.read(member.offset, _LOCAL.size)
        magic, *_, name, extra = _LOCAL.unpack(head)
        start = member.offset + _LOCAL.size
        wanted = member.name.encode()
        if magic != MAGIC or self.data.read(start, name) != wanted:
            raise BadModelFile(f"its directory names {member.name!r} where another file begins")
        start += name + extra
        if start + member.packed > self.data.size:
            raise BadModelFile(f"its `{member.name}` is cut off")
        return Span(start, start + member.packed)


def is_zip(data: Data) -> bool:
    """Whether the bytes begin as a zip archive does."""
    return data.head(4) == MAGIC


def read(data: Data) -> Archive:
    """The archive, whose members must not overlap, nor have names that mean another place."""
    start, size, count = _directory(data)
    if count > _MEMBERS or size > _DIRECTORY_BYTES:
        raise BadModelFile(f"its directory has {count:,} files, more than the {_MEMBERS:,} read")
    members = list(_members(data.read(start, size), count))
    names = [member.name for member in members]
    if not members or len(set(names)) < len(names):
        raise BadModelFile(
            "it is an empty zip archive" if not members else "two files in it have one name"
        )
    _check_apart(members, start)
    return Archive(data, members)


def _directory(data: Data) -> tuple[int, int, int]:
    """Where the directory begins, its size, and how many files it names."""
    tail = data.read(max(0, data.size - 65_557), min(data.size, 65_557))
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise BadModelFile("it is a zip archive without its directory: it was cut off")
    _, disk, first, here, count, size, start, comment = _END.unpack_from(tail, at)
    if comment != len(tail) - at - _END.size or (disk, first) != (0, 0) or here != count:
        raise BadModelFile("the end of its zip directory is damaged")
    if _LARGE in (start, size) or count == 0xFFFF:
        end = data.size - len(tail) + at
        magic, _, at64, _ = _LOCATOR.unpack(data.read(end - _LOCATOR.size, _LOCATOR.size))
        if magic != b"PK\x06\x07":
            raise BadModelFile("the end of its zip directory is damaged")
        magic, *_, here, count, size, start = _END64.unpack(data.read(at64, _END64.size))
        if magic != b"PK\x06\x06" or here != count:
            raise BadModelFile("the end of its zip directory is damaged")
    return start, size, count


def _members(directory: bytes, count: int) -> Iterator[Member]:
    position = 0
    for _ in range(count):
        try:
            entry = _CENTRAL.unpack_from(directory, position)
        except struct.error:
            raise BadModelFile("its zip directory is cut off") from None
        magic, _, _, flags, method, time, date, crc, packed, size = entry[:10]
        name_size, extra_size, comment_size, disk, _, attributes, offset = entry[10:]
        position += _CENTRAL.size
        name = directory[position : position + name_size]
        extra = directory[position + name_size : position + name_size + extra_size]
        position += name_size + extra_size + comment_size
        if magic != b"PK\x01\x02" or position > len(directory) or disk:
            raise BadModelFile("its zip directory is damaged")
        large = [value == _LARGE for value in (size, packed, offset)]
        if any(large):
            wide = iter(_wide(extra, sum(large)))
            size, packed, offset = (
                next(wide) if is_large else value
                for is_large, value in zip(large, (size, packed, offset), strict=True)
            )
        named = _checked_name(name)
        if method not in (_STORED, _DEFLATED) or flags & _ENCRYPTED:
            raise BadModelFile(f"its `{named}` is encrypted, or compressed in a way of its own")
        if method == _STORED and packed != size:
            raise BadModelFile(f"its `{named}` is stored, and has two sizes")
        stamp = struct.pack("<2H", time, date)
        yield Member(named, flags, method, stamp, crc, packed, size, offset, attributes)
    if position != len(directory):
        raise BadModelFile("its zip directory names fewer files than it holds")


def _wide(extra: bytes, count: int) -> tuple[int, ...]:
    """The numbers of 64 bits in an extra field."""
    position = 0
    while position + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, position)
        if kind == 1 and 8 * count <= size and position + 4 + size <= len(extra):
            return struct.unpack_from(f"<{count}Q", extra, position + 4)
        position += 4 + size
    raise BadModelFile("its zip directory leaves out a size")


def _checked_name(name: bytes) -> str:
    try:
        found = name.decode()
    except UnicodeDecodeError:
        raise BadModelFile("a file in it has a name that is not UTF-8") from None
    parts = found.removesuffix("/").split("/")
    if {"", ".", ".."} & set(parts) or "\\" in found or not found.isprintable():
        raise BadModelFile(f"a file in it has the name {found[:80]!r}")
    return found


def _check_apart(members: Sequence[Member], end: int) -> None:
    """Refuse files that share bytes, which is how a small archive claims to hold a large one."""
    ordered = sorted(members, key=lambda member: member.offset)
    ends = [member.offset for member in ordered[1:]] + [end]
    for member, next_ in zip(ordered, ends, strict=True):
        if member.offset + _LOCAL.size + len(member.name.encode()) + member.packed > next_:
            raise BadModelFile(f"its `{member.name}` overlaps what follows it")


def _inflated(packed: bytes, member: Member) -> bytes:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        found = unpacker.decompress(packed, member.size + 1)
    except zlib.error as error:
        raise BadModelFile(f"its `{member.name}` is damaged: {error}") from None
    return found


def written(archive: Archive, changed: Mapping[str, bytes], alignment: int) -> Iterator[Piece]:
    """The archive with these files in the place of those of their names, or added at its end."""
    added = changed.keys() - {member.name for member in archive.members}
    new = [
        Member(name, 0x800 | _SIZES_BEHIND, _STORED, bytes(4), 0, 0, 0, 0, 0)
        for name in sorted(added)
    ]
    position, directory = 0, []
    for member in (*archive.members, *new):
        content: Piece
        if member.name in changed:
            content = changed[member.name]
            crc, size = zlib.crc32(content), len(content)
            entry = Member(
                member.name,
                member.flags,
                _STORED,
                member.time,
                crc,
                size,
                size,
                position,
                member.attributes,
            )
        else:
            content = archive.place(member)
            entry = Member(
                member.name, member.flags, member.method, member.time, member.crc, member.packed,
                member.size, position, member.attributes,
            )  # fmt: skip
        head, tail = _head(entry, alignment), _tail(entry)
        yield head
        yield content
        yield tail
        directory.append(_central(entry))
        position += len(head) + entry.packed + len(tail)
    yield from directory
    yield _end(position, sum(map(len, directory)), len(directory))


def _is_large(member: Member) -> bool:
    return max(member.packed, member.size) >= _LARGE


def _head(member: Member, alignment: int) -> bytes:
    """The local header, with padding that brings the data to a multiple of the alignment."""
    name, extra = member.name.encode(), b""
    behind = member.flags & _SIZES_BEHIND
    if _is_large(member) or member.offset >= _LARGE:
        sizes = (member.size, member.packed) if _is_large(member) else ()
        places = (member.offset,) if member.offset >= _LARGE else ()
        values = (*sizes, *places)
        extra = struct.pack(f"<2H{len(values)}Q", 1, 8 * len(values), *values)
    start = member.offset + _LOCAL.size + len(name) + len(extra) + 4
    padding = -start % alignment
    extra += struct.pack("<2sH", b"FB", padding) + b"Z" * padding
    sizes_here = [_LARGE] * 2 if _is_large(member) else [member.packed, member.size]
    crc, *sizes_here = (0, 0, 0) if behind else (member.crc, *sizes_here)
    return (
        struct.pack("<4s3H4s3I2H", MAGIC, 45 if extra[:2] == b"\1\0" else 0, member.flags,
                    member.method, member.time, crc, *sizes_here, len(name), len(extra))
        + name + extra
    )  # fmt: skip


def _tail(member: Member) -> bytes:
    """The sizes behind the data."""
    if not member.flags & _SIZES_BEHIND:
        return b""
    form = "<4sI2Q" if _is_large(member) else "<4s3I"
    return struct.pack(form, b"PK\x07\x08", member.crc, member.packed, member.size)


def _central(member: Member) -> bytes:
    """The entry of the directory."""
    name = member.name.encode()
    wide = [n for n in (member.size, member.packed, member.offset) if n >= _LARGE]
    extra = struct.pack(f"<2H{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    packed, size, offset = (min(n, _LARGE) for n in (member.packed, member.size, member.offset))
    return (
        struct.pack("<4s4H4s3I5H2I", b"PK\x01\x02", 0, 45 if wide else 0, member.flags,
                    member.method, member.time, member.crc, packed, size, len(name), len(extra),
                    0, 0, 0, member.attributes, offset)
        + name + extra
    )  # fmt: skip


def _end(start: int, size: int, count: int) -> bytes:
    """The end of the archive; torch writes the form of 64 bits beside the other."""
    end64 = _END64.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = _LOCATOR.pack(b"PK\x06\x07", 0, start + size, 1)
    short = min(count, 0xFFFF)
    return (
        end64
        + locator
        + _END.pack(b"PK\x05\x06", 0, 0, short, short, min(size, _LARGE), min(start, _LARGE), 0)
    )
