"""safetensors, ONNX and OpenVINO files that are damaged, or made to do harm."""

from __future__ import annotations

import json
import resource
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

import model_files as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_files import onnx, onnx_entry, onnx_field, safetensors_of

from procdsl.modelfile.data import BadModelFile
from procdsl.modelfile.format import Interface
from procdsl.modelfile.formats import format_of, recognised

TEXT = made.manifest()


def header(**tensors: Any) -> bytes:
    """A safetensors file of 8 bytes with this header."""
    return safetensors_of(json.dumps(tensors).encode(), bytes(8))


def at(start: Any, end: Any) -> dict[str, Any]:
    return {"dtype": "U8", "shape": [8], "data_offsets": [start, end]}


def xml(*lines: str) -> bytes:
    return made.XML.replace("\t<rt_info>", "".join(lines) + "\t<rt_info>").encode()


def entry(value: str = "a") -> str:
    return f'<procdsl value="{value}"/>'


def info(*entries: str) -> bytes:
    return made.XML.replace("</rt_info>", "".join(entries) + "</rt_info>").encode()


BOMB = '<!DOCTYPE net [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
BAD: dict[str, tuple[bytes, str]] = {
    "a header of 2^60": (struct.pack("<Q", 2**60) + b'{"a":1}', "has 1,152,921,504,606,846,976 b"),
    "a header of 100 MB": (struct.pack("<Q", 10**8) + b"{", "its header has 100,000,000 bytes"),
    "a header that is cut off": (struct.pack("<Q", 99) + b'{"a":', "it was cut off, or damaged"),
    "no JSON": (safetensors_of(b'{"a": ', b""), "its header is not JSON that can be read"),
    "deep JSON": (
        safetensors_of(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b""),
        "its header is not JSON that can be read: maximum recursion depth",
    ),
    "not UTF-8": (safetensors_of(b'{"\xff": 1}', b""), "its header is not JSON that can be read"),
    "a doubled tensor": (
        safetensors_of(b'{"a": {"data_offsets":[0,0]}, "a": {"data_offsets":[0,0]}}', b""),
        'the key "a" stands twice',
    ),
    "a doubled manifest": (
        safetensors_of(b'{"__metadata__": {"procdsl": "a", "procdsl": "b"}}', b""),
        'the key "procdsl" stands twice',
    ),
    "metadata that is no table": (header(__metadata__=[1], a=at(0, 8)), "is no table of texts"),
    "metadata of numbers": (header(__metadata__={"procdsl": 1}, a=at(0, 8)), "no table of texts"),
    "tensors that overlap": (header(a=at(0, 8), b=at(4, 8)), 'its tensor "b" has the bytes 4 to 8'),
    "a gap": (header(a=at(0, 2), b=at(4, 8)), "those before it end at 2"),
    "backwards": (header(a=at(0, 8), b=at(8, 4)), "those before it end at 8"),
    "too few bytes": (header(a=at(0, 9)), "its tensors have 9 bytes, and the file has 8"),
    "too many bytes": (header(a=at(0, 7)), "its tensors have 7 bytes, and the file has 8"),
    "a place of words": (header(a=at("0", 8)), 'its tensor "a" has no place'),
    "a place of truth": (header(a=at(False, 8)), 'its tensor "a" has no place'),
    "a tensor of nothing": (header(a=None), 'its tensor "a" has no place'),
    "a doubled entry": (
        onnx(onnx_entry(b"procdsl", b"a"), onnx_entry(b"procdsl", b"b")),
        "the key `procdsl` stands twice in its metadata_props",
    ),
    "a doubled key in an entry": (
        onnx(onnx_field(14, onnx_field(1, b"procdsl") + onnx_field(1, b"x"))),
        "field 1 stands twice",
    ),
    "two graphs": (onnx(onnx_field(7, b"")), "it has two graphs"),
    "a field that is cut off": (onnx(b"\x72\x7f"), "a field of it is cut off"),
    "a length of 2^63": (onnx(b"\x72" + b"\xff" * 9 + b"\x01"), "a field of it is cut off"),
    "a number without end": (onnx(b"\x72" + b"\xff" * 20), "longer than ten bytes"),
    "a group": (onnx(b"\x73"), "the unknown wire type 3"),
    "a text that is none": (onnx(onnx_entry(b"\xff\xfe", b"a")), "a text of it is not UTF-8"),
    "a DOCTYPE": (made.XML.replace("<net", BOMB + "<net", 1).encode(), "its XML has a DOCTYPE"),
    "deep XML": (xml("<a>" * 100 + "</a>" * 100), "more than 40 levels"),
    "many elements": (xml("<a/>" * 500_001), "more than 40 levels or 500,000 elements"),
    "XML that is cut off": (made.XML.encode()[:-20], "its XML is damaged"),
    "two entries": (info(entry(), entry()), "the key `procdsl` stands twice"),
    "two rt_info": (xml("<rt_info></rt_info>"), "its XML has two `rt_info`"),
    "no value": (info("<procdsl/>"), "has no value"),
    "a doubled value": (info('<procdsl value="a" value="b"/>'), "its XML is damaged: duplicate"),
    "another root": (b"<a><net ></net></a>", "its XML is of `a`, not of `net`"),
}


@pytest.mark.parametrize(("data", "said"), BAD.values(), ids=BAD)
def test_bad_files(data: bytes, said: str) -> None:
    for call in (made.text_of, lambda data: made.embedded(data, TEXT)):
        with pytest.raises(BadModelFile, match=said):
            call(data)


LARGE: dict[str, Callable[[], bytes]] = {
    "a manifest of 100 MB in safetensors": lambda: safetensors_of(
        b'{"__metadata__":{"procdsl":"' + b"a" * 10**8 + b'"}}', b""
    ),
    "a manifest of 100 MB in ONNX": lambda: (
        onnx() + _large(14, onnx_field(1, b"procdsl") + _large(2, b"a" * 10**8))
    ),
    "a manifest of 100 MB in OpenVINO": lambda: info(entry("a" * 10**8)),
    "a manifest of 50 MB in OpenVINO": lambda: info(entry("a" * 50_000_000)),
    "a pickle of 100 MB": lambda: made.repacked(
        made.saved({"a": 1}), {"archive/data.pkl": b"\x80\x02X" + b"\xff" * 10**8}
    ),
    "lists in JSON": lambda: safetensors_of(b'{"a":[' + b"[]," * 3_300_000 + b"[]]}", b""),
    "fields in ONNX": lambda: onnx(b"\x72\x00" * 1_000_000),
    "elements in OpenVINO": lambda: xml("<a/>" * 10_000_000),
    "opcodes": lambda: made.repacked(
        made.saved({"a": 1}), {"archive/data.pkl": b"\x80\x02" + b"]0" * 14_000_000}
    ),
    "texts in a pickle": lambda: made.repacked(
        made.saved({"a": 1}), {"archive/data.pkl": b"\x80\x02}(" + b"U\x01aK\x01" * 400_000 + b"u"}
    ),
}


def _large(number: int, value: bytes) -> bytes:
    """A field of any number of bytes."""
    size, length = len(value), b""
    while size > 0x7F:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + value


@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_large_files_are_refused_at_once(make: Callable[[], bytes]) -> None:
    data = make()
    before, start = _peak(), time.process_time()
    with pytest.raises(BadModelFile):
        made.text_of(data)
    assert time.process_time() - start < 20  # 0.1 s on an idle machine, minutes if quadratic
    assert _peak() - before < 512 * 2**20


def _peak() -> int:
    """The most memory that this process has taken, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


# Any bytes

SEEDS = {kind: made.embedded(make(), TEXT) for kind, make in made.MADE.items()}


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A real file with some bytes changed, taken out, or put in twice."""
    data = SEEDS[draw(st.sampled_from(sorted(SEEDS)))]
    for _ in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):  # where what is read of a file begins and ends
            place = draw(st.sampled_from([0, max(0, len(data) - 400)]))
            start = place + draw(st.integers(0, 400))
        else:
            start = draw(st.integers(0, len(data)))
        new = draw(st.binary(max_size=12) | st.sampled_from([b"\xff" * 8, bytes(8), b"procdsl"]))
        end = start + draw(st.sampled_from([0, 1, len(new), len(new), 50]))
        data = data[:start] + new + data[end:]
    return data


def looked_at(data: bytes) -> None:
    """Everything that is done with a file whose bytes are not known; it may only refuse them."""
    model = made.model(data)
    try:
        format = recognised(model)
        if format is None:
            return
        stated = format.interface(model)
        assert stated is None or isinstance(stated, Interface)
        format.companions(model, "other")
        text = format.text(model)
        assert text is None or isinstance(text, str)
        again = made.joined(model.data, format.embedded(model, TEXT)[""])
    except BadModelFile:
        return
    copy = made.model(again)
    assert format_of(copy).text(copy) == TEXT


@settings(max_examples=600, deadline=None, derandomize=True)
@given(damaged())
def test_damaged_files_are_read_or_refused(data: bytes) -> None:
    looked_at(data)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None)
@given(damaged())
def test_many_damaged_files_are_read_or_refused(data: bytes) -> None:
    looked_at(data)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.sampled_from([b"", b"PK\3\4", b"\x08\x08", b"<net ", bytes(7) + b"\1{", b"\x80\x02\x8a\n"]),
    st.binary(max_size=200),
)
def test_any_bytes_are_read_or_refused(head: bytes, rest: bytes) -> None:
    looked_at(head + rest)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(max_size=60))
def test_any_pickle_is_read_or_refused(data: bytes) -> None:
    looked_at(made.repacked(made.checkpoint(), {"archive/data.pkl": data + b"."}))
