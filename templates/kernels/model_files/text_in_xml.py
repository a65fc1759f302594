from typing import BinaryIO
from xml.parsers import expat


def text_in_xml(file: BinaryIO) -> str | None:
    """The manifest in `rt_info` of an OpenVINO IR, read without entities."""
    path: list[str] = []
    texts: list[str] = []

    count = 0

    def begin(name: str, given: dict[str, str]) -> None:
        nonlocal count
        path.append(name)
        count += 1
        if len(path) > 40 or count > 500_000:
            raise ValueError("its XML has more than 40 levels or 500,000 elements")
        if path == ["net", "rt_info", "procdsl"]:
            texts.append(given["value"])

    def end(name: str) -> None:
        path.pop()

    def refuse(*given: object) -> None:
        raise ValueError("its XML has a DOCTYPE")

    data = file.read(64_000_001)
    if len(data) > 64_000_000:
        raise ValueError("its XML has more than 64,000,000 bytes")
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(data, True)
    if len(texts) > 1:
        raise ValueError("the key `procdsl` stands twice in its rt_info")
    return texts[0] if texts else None
