"""What the target writes: which files, what stands in them, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from command_line import said
from onnx import checker
from onnx_graphs import Graph, check_pre, graphs
from support import compiled, converting, picture

from procdsl.codegen.onnx.model import OPSETS
from procdsl.codegen.refusals import refusals
from procdsl.codegen.targets import standard, targets
from procdsl.compiler import generate

STEPS = (
    "letterbox(h=32, w=24, fill=114, sampler=cv2.linear)",
    "to_float(scale=1/255)",
    "normalize(mean=0.5, std=0.25)",
    "layout(c, h, w)",
)
TEXT = converting("u8[h, w, c=3] rgb", *STEPS)
EITHER = converting("u8[h, w, c=3] rgb|bgr", "crop(center, h=8, w=9)", "layout(c, h, w)")


def test_it_is_a_target_that_is_asked_for() -> None:
    assert "onnx" in targets()
    assert "onnx" not in standard()


@pytest.mark.parametrize("opset", [13, 17, 23])
@pytest.mark.parametrize("inline", [False, True])
def test_opsets(opset: int, inline: bool) -> None:
    pipeline = compiled(TEXT)
    data = graphs(pipeline, opset=opset, inline=inline)["pre"]
    model = onnx.load_from_string(data)
    checker.check_model(model, full_check=True)
    assert [o.version for o in model.opset_import if o.domain == ""] == [opset]
    assert bool(model.functions) != inline
    check_pre(pipeline, Graph(data), [{"image": picture(seed=i)} for i in range(2)])


@pytest.mark.parametrize("opset", [OPSETS[0] - 1, OPSETS[-1] + 1])
def test_an_opset_that_is_none(opset: int) -> None:
    with pytest.raises(ValueError, match=f"opset {opset}: graphs are written from opset 13 to 26"):
        graphs(compiled(TEXT), opset=opset)


def test_what_stands_in_a_graph() -> None:
    model = onnx.load_from_string(graphs(compiled(TEXT))["pre"])
    ((image,), (x,)) = (model.graph.input, model.graph.output)
    assert dims(image) == ("image", ["n", "image_h", "image_w", 3])
    assert dims(x) == ("x", ["n", 3, 32, 24])
    labels = dict.fromkeys(node.name.rpartition("/")[0] for node in model.graph.node)
    assert [*labels][:-1] == [
        *("pre/1_letterbox", "pre/2_to_float", "pre/3_normalize", "pre/4_layout")
    ]
    assert {node.doc_string for node in model.graph.node} - {""} == set(STEPS)
    assert [f.name for f in model.functions] == ["letterboxed", "cv2_linear", "place"]
    assert all(f.doc_string for f in model.functions)


def dims(value: onnx.ValueInfoProto) -> tuple[str, list[str | int]]:
    return value.name, [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]


def test_the_same_bytes_for_the_same_source() -> None:
    assert generate(compiled(TEXT), ["onnx"]) == generate(compiled(TEXT), ["onnx"])


def test_the_manifest_stands_in_it() -> None:
    files = generate(compiled(TEXT), ["onnx"])
    model = onnx.load_from_string(files["p_pre.onnx"])
    held = {entry.key: entry.value for entry in model.metadata_props}
    assert held["procdsl"] == files["p.manifest.json"]
    assert held["procdsl.part"] == "pre"


def test_one_order_is_chosen() -> None:
    pipeline = compiled(EITHER)
    with pytest.raises(ValueError, match="one order of channels: --order rgb or --order bgr"):
        graphs(pipeline)
    with pytest.raises(ValueError, match="--order bgr, not gray"):
        graphs(pipeline, order="gray")
    with pytest.raises(ValueError, match="order=bgr, and no input of p comes in two orders"):
        graphs(compiled(TEXT), order="bgr")
    x = picture()[None]
    rgb, bgr = (graphs(pipeline, order=order)["pre"] for order in ("rgb", "bgr"))
    y = Graph(rgb)({"image": x})["x"]
    assert np.array_equal(Graph(bgr)({"image": x[..., ::-1]})["x"], y)
    held = {e.key: e.value for e in onnx.load_from_string(bgr).metadata_props}
    assert held["procdsl.order"] == "bgr"


def test_a_graph_for_one_picture_that_is_too_small_fails() -> None:
    graph = graphs(compiled(converting("u8[h, w, c=3] rgb", "crop(center, h=8, w=9)")))["pre"]
    with pytest.raises(Exception, match="reshape"):
        Graph(graph)({"image": picture(7, 30)[None]})


def test_the_command_line_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "p.proc"
    file.write_text(TEXT)
    words = ("compile", str(file), "--target", "onnx", "--opset", "18")
    assert said(capsys, *words)[0] == 0
    data = (tmp_path / "p_pre.onnx").read_bytes()
    assert onnx.load_from_string(data).opset_import[0].version == 18
    assert said(capsys, *words, "--check")[0] == 0
    (tmp_path / "p_pre.onnx").write_bytes(data + b"\x00")
    code, _, err = said(capsys, *words, "--check")
    assert code == 1
    assert "p_pre.onnx is stale: run procdsl compile" in err
    assert "--opset 18" in err
    (tmp_path / "p_pre.onnx").write_bytes(b"a model of the user's")
    code, _, err = said(capsys, *words)
    assert code == 2
    assert "p_pre.onnx was not written by procdsl: move it away first" in err


DECODED = """proc 1
pipeline p
extern blurred from "shop.filters:blurred" (u8[h, w, c=3] rgb) -> u8[h, w, c=3] rgb
input image: bytes
pre {
    decode(rgb, by=pil, formats=jpeg, exif=apply)
    blurred()
    layout(c, h, w)
}
model x: u8[c=3, h, w] rgb -> y: f32[n=1]
"""


def test_what_runs_on_the_host_is_refused() -> None:
    found = [(d.message, d.found, d.help) for d in refusals(compiled(DECODED), "onnx")]
    assert found == [
        (
            "onnx cannot hold `decode`",
            "files are decoded by the library that the step names",
            "`procdsl bake` leaves the step on the host, before the graph",
        ),
        (
            "onnx cannot hold `blurred`",
            "Python of your own runs on the host",
            "`procdsl bake` leaves the step on the host, and bakes what it can of the others",
        ),
    ]
