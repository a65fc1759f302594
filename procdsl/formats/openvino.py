"""OpenVINO IR: the manifest is the entry `procdsl` of `rt_info` in the model's XML.

The XML is read without entities, and written anew only at that entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from procdsl.modelfile.data import BadModelFile, Data, Span
from procdsl.modelfile.format import KEY, Files, Format, Interface, Model, Tensor, decoded
from procdsl.records import dataclass, field

_MOST, _DEPTH, _ELEMENTS = 64_000_000, 40, 500_000
_TOP = re.compile(rb"<net[\s>]")
_DTYPES = {
    "FP16": "f16", "FP32": "f32", "FP64": "f64", "BF16": "bf16", "BOOL": "bool", "I8": "i8",
    "I16": "i16", "I32": "i32", "I64": "i64", "U8": "u8", "U16": "u16", "U32": "u32", "U64": "u64",
}  # fmt: skip


class OpenVino(Format):
    title = "OpenVINO IR"

    def recognises(self, model: Model) -> bool:
        if model.is_folder:
            return False
        head = model.data.head(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
        return head.startswith(b"<") and _TOP.search(head) is not None

    def text(self, model: Model) -> str | None:
        net = _read(model.data)
        return None if net.text is None else decoded(net.text.encode())

    def embedded(self, model: Model, text: str) -> Files:
        from xml.sax.saxutils import quoteattr  # which brings urllib and http with it

        net, end = _read(model.data), model.data.size
        entry = f"<{KEY} value={quoteattr(text, _ESCAPED)} />".encode()
        if net.entry is not None:
            start, stop = net.entry
        elif net.info is not None:
            start = stop = net.info
        else:
            start = stop = net.close
            entry = b"<rt_info>" + entry + b"</rt_info>"
        return {"": [Span(0, start), entry, Span(stop, end)]}

    def interface(self, model: Model) -> Interface | None:
        net = _read(model.data)
        return Interface(tuple(net.inputs), tuple(net.outputs))

    def companions(self, model: Model, name: str) -> Mapping[str, str]:
        stem = model.name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
        weights = f"{stem}.bin"
        if model.file(weights) is None:
            return {}
        return {weights: f"{name.rpartition('.')[0] or name}.bin"}


_ESCAPED = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


@dataclass(eq=False)
class _Net:
    """What is looked for in the XML, with places in bytes."""

    text: str | None = None
    entry: tuple[int, int] | None = None
    info: int | None = None
    """Behind the start of `rt_info`."""
    close: int = 0
    """Where the end of `net` begins."""
    inputs: list[Tensor] = field(default_factory=list)
    outputs: list[Tensor] = field(default_factory=list)


class _Reader:
    """Follows the elements of the XML; `path` is where it is."""

    def __init__(self, parser: Any) -> None:
        self.net, self.parser = _Net(), parser
        self.path: list[str] = []
        self.count = 0
        self.layer: dict[str, str] = {}
        self.port: dict[str, str] = {}
        self.sizes: list[int | None] = []
        self.said = ""
        self.after: Callable[[int], None] | None = None
        """Takes the place at which the element ends that has just begun."""

    def begin(self, name: str, given: dict[str, str]) -> None:
        self.settle()
        self.count += 1
        self.path.append(name)
        if len(self.path) > _DEPTH or self.count > _ELEMENTS:
            raise BadModelFile(f"its XML has more than {_DEPTH} levels or {_ELEMENTS:,} elements")
        if self.count == 1 and name != "net":
            raise BadModelFile(f"its XML is of `{name[:60]}`, not of `net`")
        if self.path == ["net", "rt_info"]:
            if self.net.info is not None:
                raise BadModelFile("its XML has two `rt_info`")
            self.tell(self.set_info)
        elif self.path == ["net", "rt_info", KEY]:
            if self.net.entry is not None:
                raise BadModelFile(f"the key `{KEY}` stands twice in its `rt_info`")
            if "value" not in given:
                raise BadModelFile(f"the entry `{KEY}` of its `rt_info` has no value")
            self.net.text = given["value"]
            self.net.entry = (self.parser.CurrentByteIndex, -1)
        elif self.path == ["net", "layers", "layer"]:
            self.layer = given
        elif name == "port":
            self.port, self.sizes = given, []
        elif name == "dim":
            self.said = ""
            self.parser.CharacterDataHandler = self.characters

    def characters(self, text: str) -> None:
        if self.after is not None:
            self.settle()
        elif len(self.said) < 30:
            self.said += text

    def end(self, name: str) -> None:
        at = self.parser.CurrentByteIndex
        self.settle()
        if self.path == ["net", "rt_info", KEY]:
            self.tell(self.set_entry)
        elif self.path == ["net"]:
            self.net.close = at
        elif self.path[:3] == ["net", "layers", "layer"] and len(self.path) >= 5:
            self.end_in_layer(name)
        self.path.pop()

    def end_in_layer(self, name: str) -> None:
        if name == "dim":
            self.parser.CharacterDataHandler = None
            said = self.said.strip()
            self.sizes.append(int(said) if re.fullmatch(r"[0-9]{1,18}", said) else None)
        elif name == "port" and len(self.path) == 5:
            kind = self.layer.get("type")
            if kind == "Parameter" and self.path[3] == "output":
                names = self.port.get("names", "").split(",")[0] or self.layer.get("name")
                self.net.inputs.append(self.tensor(names))
            elif kind == "Result" and self.path[3] == "input":
                names = self.layer.get("output_names", "").split(",")[0]
                self.net.outputs.append(self.tensor(names or None))

    def tensor(self, name: str | None) -> Tensor:
        said = self.port.get("precision", "?")
        return Tensor(name, _DTYPES.get(said, said), tuple(self.sizes))

    def tell(self, after: Callable[[int], None]) -> None:
        """Have the place told at which this tag ends, which is where the next thing begins."""
        self.after = after
        self.parser.CharacterDataHandler = self.characters
        self.parser.CommentHandler = self.parser.ProcessingInstructionHandler = self.other
        self.parser.StartCdataSectionHandler = self.other

    def settle(self) -> None:
        if self.after is not None:
            self.after(self.parser.CurrentByteIndex)
            self.after = self.parser.CharacterDataHandler = self.parser.CommentHandler = None
            self.parser.ProcessingInstructionHandler = None
            self.parser.StartCdataSectionHandler = None

    def set_info(self, place: int) -> None:
        self.net.info = place

    def set_entry(self, place: int) -> None:
        assert self.net.entry is not None, "it has begun"
        self.net.entry = (self.net.entry[0], place)

    def other(self, *_: object) -> None:
        self.settle()

    def refuse(self, *_: object) -> None:
        raise BadModelFile("its XML has a DOCTYPE, which a model has no use for")


def _read(data: Data) -> _Net:
    from xml.parsers import expat

    if data.size > _MOST:
        raise BadModelFile(
            f"its XML has {data.size:,} bytes, more than the {_MOST:,} that are read"
        )
    parser = expat.ParserCreate("utf-8")
    reader = _Reader(parser)
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(data.read(0, data.size), True)
    except expat.ExpatError as error:
        raise BadModelFile(f"its XML is damaged: {error}") from None
    return reader.net


FORMAT = OpenVino()
