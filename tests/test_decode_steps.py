"""Where `decode` stands, and what it must say: the checker."""

from __future__ import annotations

from typing import Any

import pytest
from checking import mended

from procdsl.checker.check import check
from procdsl.diagnostics.diagnostic import Diagnostic
from procdsl.ir.decoding import behind_decoding, decodings
from procdsl.ir.unparse import unparse
from procdsl.source import Source
from procdsl.syntax.format import formatted

DECODE = "decode(rgb, by=pil, exif=apply, alpha=drop, depth=u8)"
RESIZE = "resize(h=8, w=8, sampler=pil.bilinear)"


def text(*steps: str, model: str = "u8[h=8, w=8, c=3] rgb", head: str = "") -> str:
    body = "".join(f"    {step}\n" for step in steps)
    pre = f"pre {{\n{body}}}\n" if steps else ""
    return f"proc 1\npipeline p\ninput photo: bytes\n{head}{pre}model x: {model} -> y: f32[n=4]\n"


def found(source: str) -> tuple[Diagnostic, ...]:
    return check(Source("p.proc", source)).diagnostics


def test_a_decoded_file_is_a_picture_of_its_input() -> None:
    checked = check(Source("p.proc", text(DECODE, RESIZE)))
    assert checked.pipeline is not None
    (step,) = decodings(checked.pipeline)
    assert str(step.inputs[0].type) == "bytes"
    type_: Any = step.outputs[0].type
    assert type_.described() == "u8[h, w, c=3] rgb, 0..255"
    assert type_.space.name == "photo"
    behind = behind_decoding(checked.pipeline)
    assert [f"{v.name}: {v.type}" for v in behind.inputs] == ["photo: u8[h, w, c=3] rgb"]
    assert [step.op.name for step in behind.serving()] == ["resize"]
    assert behind_decoding(behind) is behind


@pytest.mark.parametrize(
    ("colour", "options", "wanted"),
    [
        ("gray", ", alpha=drop, depth=u8", "u8[h, w] gray"),
        ("bgr", ", alpha=drop, depth=u8", "u8[h, w, c=3] bgr"),
        ("rgba", ", depth=refuse", "u8[h, w, c=4] rgba"),
        ("gray", ", formats=png, alpha=drop, depth=u16", "u16[h, w] gray"),
    ],
)
def test_what_it_gives(colour: str, options: str, wanted: str) -> None:
    source = text(f"decode({colour}, by=cv2, exif=ignore{options})", model=wanted)
    assert found(source) == ()


@pytest.mark.parametrize(
    ("steps", "message", "says"),
    [
        ((RESIZE,), "`resize` of a file that is not decoded", "`decode(rgb, by=pil, ...)`"),
        ((), "`x` is fed a file that is not decoded", "`decode(rgb, by=pil, ...)`"),
        (("to_float(scale=1/255)",), "`to_float` of a file that is not decoded", "decode"),
        (("layout(c, h, w)",), "`layout` of a file that is not decoded", "decode"),
    ],
)
def test_a_file_is_no_array(steps: tuple[str, ...], message: str, says: str) -> None:
    (diagnostic,) = found(text(*steps))
    assert (diagnostic.code, diagnostic.message) == ("E341", message)
    assert says in diagnostic.hint


def test_a_model_takes_no_files() -> None:
    source = "proc 1\npipeline p\nmodel x: bytes -> y: bytes\n"
    assert [d.code for d in found(source)] == ["E341", "E341"]


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ((DECODE, RESIZE, DECODE), "found: u8[h=8, w=8, c=3] rgb"),
        ((f"train {{\n{DECODE}\n}}", f"serve {{\n{DECODE}\n}}", RESIZE), "before `train` and"),
    ],
)
def test_decode_stands_first(steps: tuple[str, ...], says: str) -> None:
    diagnostics = found(text(*steps))
    assert {d.code for d in diagnostics} == {"E342"}
    assert says.removeprefix("found: ") in diagnostics[0].found + diagnostics[0].wanted


def test_a_file_is_decoded_once() -> None:
    steps = (
        f"a = {DECODE.replace('(', '(photo, ')}",
        f"b = {DECODE.replace('(', '(photo, ')}",
        "x = stack(a, b)",
    )
    (diagnostic,) = found(text(*steps, model="u8[t=2, h, w, c=3] rgb"))
    assert (diagnostic.code, diagnostic.message) == ("E342", "`photo` is decoded twice")


def test_decode_of_what_a_model_gives() -> None:
    source = text(DECODE, RESIZE) + f"post {{\n{DECODE}\n}}\noutput y\n"
    assert [d.code for d in found(source)] == ["E342"]


@pytest.mark.parametrize(
    ("given", "name", "what"),
    [
        ("alpha=drop, depth=u8", "exif", "an EXIF orientation"),
        ("exif=apply, depth=u8", "alpha", "transparency"),
        ("exif=apply, alpha=drop", "depth", "16 bits"),
        ("formats=jpeg", "exif", "an EXIF orientation"),
        ("formats=(bmp, gif)", "alpha", "transparency"),
        ("formats=tiff, alpha=drop", "depth", "16 bits"),
    ],
)
def test_what_libraries_disagree_about_is_named(given: str, name: str, what: str) -> None:
    (diagnostic,) = found(text(f"decode(rgb, by=pil, {given})", RESIZE))
    assert diagnostic.code == "E209"
    assert diagnostic.message == f"`decode` does not say what becomes of {what}"
    assert f"`{name}=" in diagnostic.wanted


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("formats=jpeg, exif=apply, alpha=drop", "formats=jpeg, exif=apply"),
        ("formats=jpeg, exif=apply, depth=u8", "formats=jpeg, exif=apply"),
        ("formats=bmp, exif=apply, alpha=drop", "formats=bmp, alpha=drop"),
    ],
)
def test_what_has_no_effect_goes(given: str, left: str) -> None:
    source = text(f"decode(rgb, by=pil, {given})", RESIZE)
    diagnostics = found(source)
    assert [d.code for d in diagnostics] == ["E320"]
    assert mended(source, *diagnostics) == source.replace(given, left)
    assert found(mended(source, *diagnostics)) == ()


def test_rgba_keeps_its_alpha() -> None:
    source = text(
        "decode(rgba, by=pil, exif=apply, alpha=drop, depth=u8)", "convert(rgb, alpha=drop)", RESIZE
    )
    (diagnostic,) = found(source)
    assert (diagnostic.code, diagnostic.found) == ("E320", "`rgba`, which keeps it")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("rgb, by=pil, formats=png, exif=apply, alpha=drop, depth=u16", "Pillow reads colours of"),
        ("rgb, by=cv2, exif=apply, alpha=drop, depth=u16", "no file of these formats has 16 bits"),
        ("rgb, by=cv2, formats=(jpeg, eps), exif=apply", "a word that is none of"),
        ("rgb, by=imageio, formats=jpeg, exif=apply", ""),
        ("cv2.hsv, by=cv2, formats=jpeg, exif=apply", ""),
    ],
)
def test_what_no_library_does(call: str, message: str) -> None:
    model = "u16[h=8, w=8, c=3] rgb" if "u16" in call else "u8[h=8, w=8, c=3] rgb"
    steps = (f"decode({call})", "resize(h=8, w=8, sampler=cv2.nearest)")
    diagnostics = found(text(*steps, model=model))
    assert diagnostics[0].code in ("E205", "E210")
    assert message in diagnostics[0].message or diagnostics[0].code == "E205"


def test_bytes_is_a_name_elsewhere() -> None:
    source = (
        "proc 1\npipeline p\nlet bytes = 8\ninput photo: bytes\n"
        f"pre {{\n    {DECODE}\n    {RESIZE.replace('h=8', 'h=bytes')}\n}}\n"
        "model bytes_: u8[h=bytes, w=8, c=3] rgb -> y: f32[bytes=4]\n"
    )
    assert found(source) == ()


@pytest.mark.parametrize("type_", ["bytes[h, w]", "bytes rgb", "bytes @photo", "bytes|u8"])
def test_bytes_has_nothing_behind_it(type_: str) -> None:
    diagnostics = found(text(DECODE, RESIZE).replace("photo: bytes", f"photo: {type_}"))
    assert diagnostics[0].code in ("E100", "E117")


def test_a_file_is_printed_as_it_is_written() -> None:
    source = Source("p.proc", text(DECODE, RESIZE, head="input mask: bytes\n"))
    assert "input photo: bytes\n" in str(formatted(source).text)
    checked = check(Source("p.proc", text(DECODE, RESIZE)))
    assert checked.pipeline is not None
    again = check(Source("p.proc", unparse(checked.pipeline))).pipeline
    assert again == checked.pipeline
