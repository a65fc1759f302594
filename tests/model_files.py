"""Model files of every format that torch writes, and bytes that look like them."""

from __future__ import annotations

import json
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from support import compiled
from torch import nn

from procdsl.manifest import write
from procdsl.modelfile.data import Data, Piece, Span, in_memory
from procdsl.modelfile.format import Files, Model
from procdsl.modelfile.formats import format_of
from procdsl.reference.golden_record import golden_record

PIPELINE = """proc 1

## Carried by models.
pipeline carried

input image: u8[h, w, c=3] bgr

pre {
    convert(rgb)
    resize(h=32, w=32, sampler=cv2.linear)
    to_float(scale=1/255)
    layout(c, h, w)
}

model x: f32[c=3, h=32, w=32] rgb -> logits: f32[class=4]

post {
    probabilities = softmax(logits, over=class)
}

output probabilities
"""
OTHER = PIPELINE.replace("cv2.linear", "cv2.area")


@cache
def manifest(text: str = PIPELINE) -> str:
    """The manifest of a source."""
    pipeline = compiled(text)
    return write.text(write.manifest(pipeline, golden_record(pipeline)))


class Net(nn.Module):
    """What the pipeline's contract says."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.convolution = nn.Conv2d(3, 4, 3, 2)
        self.linear = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = self.linear(self.convolution(x).mean((2, 3)))
        return found


@cache
def net() -> Net:
    return Net().eval()


EXAMPLE = torch.linspace(0, 1, 2 * 3 * 32 * 32).reshape(2, 3, 32, 32)


def saved(value: object, **given: Any) -> bytes:
    """What `torch.save` writes."""
    file = BytesIO()
    torch.save(value, file, **given)
    return file.getvalue()


@cache
def checkpoint() -> bytes:
    state: dict[str, Any] = dict(net().state_dict())
    return saved({"model": state, "epoch": 3, "rates": [0.1, 0.01], ("a", 1): None})


@cache
def torchscript() -> bytes:
    file = BytesIO()
    torch.jit.save(torch.jit.script(net()), file, _extra_files={"notes.txt": "kept"})
    return file.getvalue()


@cache
def exported() -> bytes:
    file = BytesIO()
    batch = torch.export.Dim("batch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(net(), (EXAMPLE,), dynamic_shapes={"x": {0: batch}})
        torch.export.save(program, file, extra_files={"notes.txt": "kept"})
    return file.getvalue()


def safetensors(metadata: Mapping[str, str] | None = None) -> bytes:
    """A file of two tensors, as the format's own library lays it out."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    header["w"] = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}
    header["b"] = {"dtype": "F16", "shape": [3], "data_offsets": [24, 30]}
    return safetensors_of(json.dumps(header).encode(), bytes(range(30)))


def safetensors_of(header: bytes, data: bytes) -> bytes:
    return struct.pack("<Q", len(header)) + header + data


def onnx_field(number: int, value: bytes | int) -> bytes:
    """A field of a protobuf message of fewer than 128 bytes."""
    if isinstance(value, int):
        return bytes([number << 3, value])
    assert len(value) < 128
    return bytes([number << 3 | 2, len(value)]) + value


def onnx(*more: bytes) -> bytes:
    """The smallest model: a version, a graph of one node, an opset."""
    name = onnx_field(2, b"x")
    graph = onnx_field(1, onnx_field(1, b"x") + name + onnx_field(4, b"Neg")) + onnx_field(2, b"g")
    return (
        onnx_field(1, 8) + onnx_field(7, graph) + onnx_field(8, onnx_field(2, 17)) + b"".join(more)
    )


def onnx_entry(key: bytes, value: bytes) -> bytes:
    """An entry of `metadata_props`."""
    return onnx_field(14, onnx_field(1, key) + onnx_field(2, value))


XML = """<?xml version="1.0"?>
<net name="m" version="11">
\t<layers>
\t\t<layer id="0" name="x" type="Parameter" version="opset1">
\t\t\t<data shape="?,3,32,32" element_type="f32" />
\t\t\t<output>
\t\t\t\t<port id="0" precision="FP32" names="x">
\t\t\t\t\t<dim>-1</dim><dim>3</dim><dim>32</dim><dim>32</dim>
\t\t\t\t</port>
\t\t\t</output>
\t\t</layer>
\t\t<layer id="1" name="y/sink_port_0" type="Result" version="opset1" output_names="logits">
\t\t\t<input><port id="0" precision="FP32"><dim>-1</dim><dim>4</dim></port></input>
\t\t</layer>
\t</layers>
\t<rt_info>
\t\t<Runtime_version value="a > b" />
\t</rt_info>
</net>
"""


MADE: dict[str, Callable[[], bytes]] = {
    "checkpoint": checkpoint,
    "torchscript": torchscript,
    "pt2": exported,
    "safetensors": safetensors,
    "onnx": onnx,
    "openvino": XML.encode,
}
"""A file of each format that is one file."""


def model(data: bytes, name: str = "model") -> Model:
    """A model that is held in memory."""
    return Model(name, lambda file: in_memory(data) if file == "" else None)


def folder(files: Mapping[str, bytes]) -> Model:
    """A folder that is held in memory."""
    held = {name: in_memory(data) for name, data in files.items()}
    return Model("folder", held.get)


def joined(data: Data, pieces: Iterable[Piece]) -> bytes:
    """The bytes that pieces of a file are."""
    return b"".join(
        data.read(piece.start, piece.end - piece.start) if isinstance(piece, Span) else piece
        for piece in pieces
    )


def built(given: Model, files: Files) -> dict[str, bytes]:
    return {name: joined(given.file(name) or in_memory(b""), p) for name, p in files.items()}


def embedded(data: bytes, text: str) -> bytes:
    """A file with this manifest in it."""
    given = model(data)
    return built(given, format_of(given).embedded(given, text))[""]


def text_of(data: bytes) -> str | None:
    given = model(data)
    return format_of(given).text(given)


def repacked(data: bytes, changes: Mapping[str, bytes]) -> bytes:
    """An archive of torch's with other contents in some files, written by the standard library."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for info in old.infolist():
            member = zipfile.ZipInfo(info.filename)
            new.writestr(member, changes.get(info.filename, old.read(info)))
    return file.getvalue()


def write_all(path: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (path / name).write_bytes(data)
