from typing import BinaryIO


def text_in_onnx(file: BinaryIO) -> str | None:
    """The manifest in `metadata_props` of an ONNX model: the fields are passed over, one by one."""

    def varint(data: BinaryIO) -> int | None:
        number, shift, part = 0, 0, data.read(1)
        if not part:
            return None
        while part and part[0] & 0x80 and shift < 63:
            number |= (part[0] & 0x7F) << shift
            shift, part = shift + 7, data.read(1)
        if not part or part[0] & 0x80:
            raise ValueError("a number in it is cut off")
        return number | part[0] << shift

    def fields(data: BinaryIO, end: int) -> list[tuple[int, int, int]]:
        """Number, place and size of each field that holds bytes."""
        found = []
        for _ in range(500_000):
            if data.tell() >= end:
                break
            tag = varint(data) or 0
            kind = tag & 7
            if kind == 2:
                size = varint(data) or 0
                found.append((tag >> 3, data.tell(), size))
            elif kind == 0:
                varint(data)
                continue
            else:
                raise ValueError("it is no protobuf that ONNX writes")
            data.seek(size, 1)
        if data.tell() != end:
            raise ValueError("it is cut off, or no ONNX model")
        return found

    def text(place: int, size: int) -> str:
        if size > 8_000_000:
            raise ValueError("a text in it is larger than is read")
        file.seek(place)
        return file.read(size).decode()

    texts, end = [], file.seek(0, 2)
    file.seek(0)
    for number, place, size in fields(file, end):
        if number == 14:
            file.seek(place)
            entry = fields(file, place + size)
            keys = [text(at, many) for field, at, many in entry if field == 1]
            if keys == ["procdsl"]:
                texts += [text(at, many) for field, at, many in entry if field == 2]
    if len(texts) > 1:
        raise ValueError("the key `procdsl` stands twice in its metadata_props")
    return texts[0] if texts else None
