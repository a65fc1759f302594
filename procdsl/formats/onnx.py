"""ONNX: the manifest is the entry `procdsl` of the model's `metadata_props`.

The graph is neither parsed nor written anew: the entry is a field of its own behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procdsl.modelfile import protobuf
from procdsl.modelfile.data import BadModelFile, Data, Piece, Span
from procdsl.modelfile.format import KEY, TEXT_BYTES, Files, Format, Interface, Model, Tensor
from procdsl.modelfile.protobuf import Field, fields

_IR_VERSION, _GRAPH, _METADATA = 1, 7, 14
_NUMBERS = {1, 5}
_MESSAGES = {2, 3, 4, 6, 7, 8, 14, 20, 25, 26}
"""The fields of a ModelProto: numbers, and texts or messages."""
_NAME_BYTES = 4096
_DTYPES = {
    1: "f32", 2: "u8", 3: "i8", 4: "u16", 5: "i16", 6: "i32", 7: "i64", 8: "string", 9: "bool",
    10: "f16", 11: "f64", 12: "u32", 13: "u64", 16: "bf16",
}  # fmt: skip
_HOLDS = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {
        5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"
    },
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}  # fmt: skip
"""Which fields of which messages lead to tensors."""
_DEPTH = 40
_EXTERNAL_DATA = 13


class Onnx(Format):
    title = "ONNX"

    def recognises(self, model: Model) -> bool:
        if model.is_folder:
            return False
        seen: set[int] = set()
        try:
            for field in _whole(model.data):
                known = _NUMBERS if isinstance(field.value, int) else _MESSAGES
                if field.number not in known:
                    return False
                seen.add(field.number)
        except BadModelFile:
            if seen >= {_IR_VERSION, _GRAPH} or seen >= {_IR_VERSION, 2}:
                raise  # it begins as one: it was cut off
            return False
        return seen >= {_IR_VERSION, _GRAPH}

    def text(self, model: Model) -> str | None:
        found = None
        for key, value, _ in _metadata(model.data):
            if key == KEY:
                if found is not None:
                    raise BadModelFile(f"the key `{KEY}` stands twice in its metadata_props")
                found = protobuf.text(model.data, value, TEXT_BYTES)
        return found

    def embedded(self, model: Model, text: str) -> Files:
        self.text(model)  # refuses a doubled key: readers disagree which of the two wins
        return {"": self._pieces(model.data, text)}

    def _pieces(self, data: Data, text: str) -> Iterator[Piece]:
        start = 0
        for key, _, whole in _metadata(data):
            if key == KEY:
                yield Span(start, whole.start)
                start = whole.end
        yield Span(start, data.size)
        entry = protobuf.encoded(1, KEY.encode()) + protobuf.encoded(2, text.encode())
        yield protobuf.encoded(_METADATA, entry)

    def interface(self, model: Model) -> Interface | None:
        data = model.data
        (graph,) = [field.span for field in _whole(data) if field.number == _GRAPH]
        held = list(fields(data, graph))
        constants = {
            name for field in held if field.number in (5, 15) for name in _named(data, field)
        }
        inputs = [_tensor(data, field.span) for field in held if field.number == 11]
        return Interface(
            tuple(tensor for tensor in inputs if tensor.name not in constants),
            tuple(_tensor(data, field.span) for field in held if field.number == 12),
        )

    def companions(self, model: Model, name: str) -> Mapping[str, str]:
        data = model.data
        names = dict.fromkeys(_locations(data, Span(0, data.size), "model", 0))
        for location in names:
            if not location or set(location) & set("/\\\0") or location in (".", ".."):
                raise BadModelFile(
                    f"its weights lie in {location!r}: copied are those in files beside it"
                )
        return {location: location for location in names}


def _whole(data: Data) -> Iterator[Field]:
    graphs = 0
    for field in fields(data, Span(0, data.size)):
        graphs += field.number == _GRAPH
        if graphs > 1:
            raise BadModelFile("it has two graphs")
        yield field


def _metadata(data: Data) -> Iterator[tuple[str, Span, Span]]:
    """Key, place of the value, and place of the whole, of each entry of `metadata_props`."""
    for field in _whole(data):
        if field.number == _METADATA:
            entry = _once(data, field.span)
            key = entry.get(1)
            if key is not None:
                at = entry.get(2, Span(field.whole.end, field.whole.end))
                yield protobuf.text(data, key, _NAME_BYTES), at, field.whole


def _once(data: Data, span: Span) -> dict[int, Span]:
    """The bytes of a message's fields by number, each of which may stand once."""
    found: dict[int, Span] = {}
    for field in fields(data, span):
        if field.number in found:
            raise BadModelFile(f"field {field.number} stands twice in an entry of it")
        found[field.number] = field.span
    return found


def _named(data: Data, field: Field) -> Iterator[str]:
    """The name of a tensor, or of a sparse one's values."""
    for inner in fields(data, field.span):
        if field.number == 5 and inner.number == 8:
            yield protobuf.text(data, inner.span, _NAME_BYTES)
        elif field.number == 15 and inner.number == 1:
            yield from _named(data, Field(5, inner.span, inner.whole))


def _tensor(data: Data, span: Span) -> Tensor:
    """What a ValueInfoProto states."""
    held = {field.number: field.span for field in fields(data, span) if field.number in (1, 2)}
    name = protobuf.text(data, held[1], _NAME_BYTES) if 1 in held else None
    dtype, shape = "?", None
    for kind in fields(data, held[2]) if 2 in held else ():
        if kind.number != 1:  # a sequence, a map
            continue
        for field in fields(data, kind.span):
            if field.number == 1 and isinstance(field.value, int):
                dtype = _DTYPES.get(field.value, f"type {field.value}")
            elif field.number == 2:
                shape = tuple(_size(data, dim.span) for dim in fields(data, field.span))
    return Tensor(name, dtype, shape)


def _size(data: Data, dim: Span) -> int | None:
    """The size of an axis, None where it has a name or nothing."""
    sizes = [f.value for f in fields(data, dim) if f.number == 1 and isinstance(f.value, int)]
    return sizes[0] if sizes and 0 < sizes[0] < 1 << 62 else None


def _locations(data: Data, span: Span, kind: str, depth: int) -> Iterator[str]:
    """The files that the tensors of a message lie in."""
    if depth > _DEPTH:
        raise BadModelFile(f"its graphs are nested deeper than {_DEPTH} levels")
    for field in fields(data, span):
        if kind == "tensor" and field.number == _EXTERNAL_DATA:
            entry = _once(data, field.span)
            if protobuf.text(data, entry.get(1, Span(0, 0)), _NAME_BYTES) == "location":
                yield protobuf.text(data, entry.get(2, Span(0, 0)), _NAME_BYTES)
        elif field.number in _HOLDS[kind]:
            yield from _locations(data, field.span, _HOLDS[kind][field.number], depth + 1)


FORMAT = Onnx()
