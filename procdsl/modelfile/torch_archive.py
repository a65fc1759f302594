"""What torch's zip archives have in common: extra files, and where records begin."""

from __future__ import annotations

from procdsl.modelfile import zip_archive
from procdsl.modelfile.format import FILE, TEXT_BYTES, Files, decoded
from procdsl.modelfile.zip_archive import Archive

_ALIGNMENT = 64


def extra_file(archive: Archive) -> str | None:
    """The manifest's text in an archive that has it as an extra file."""
    member = archive.find(f"extra/{FILE}")
    return None if member is None else decoded(archive.read(member, TEXT_BYTES))


def with_extra_file(archive: Archive, text: str) -> Files:
    """The archive with the manifest as an extra file."""
    return with_file(archive, f"extra/{FILE}", text.encode())


def with_file(archive: Archive, name: str, data: bytes) -> Files:
    """The archive with another file in it, in the place of that of its name."""
    changed = {f"{archive.root}/{name}": data}
    return {"": zip_archive.written(archive, changed, _alignment(archive))}


def _alignment(archive: Archive) -> int:
    """The multiple of bytes at which torch counts on each record to begin."""
    member = archive.find(".storage_alignment")
    said = archive.read(member, 16) if member else b""
    number = int(said) if said.isdigit() else _ALIGNMENT
    return number if number in (1 << n for n in range(16)) else _ALIGNMENT
