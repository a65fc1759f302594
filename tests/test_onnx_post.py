"""What graphs of `post` give, and refuse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import onnx
import pytest
from detections import DETECTOR, SIZES, raws
from onnx_graphs import Graph, check_post, graphs
from support import build, compiled, same

LOOKUP = """proc 1
pipeline p
model x: f32[n=1] -> ids: i64[k=2]
post {
    y = lookup(ids, table=(70, 7, 8))
}
output y
"""


def test_an_id_outside_the_table_fails() -> None:
    graph = Graph(graphs(compiled(LOOKUP))["post"])
    assert graph({"ids": np.array([[2, 0]])})["y"].tolist() == [[8, 70]]
    for wrong in (-1, 3):
        with pytest.raises(Exception, match="Out of range value in index"):
            graph({"ids": np.array([[0, wrong]])})


@pytest.mark.parametrize("opset", [13, 17, 18, 23])
@pytest.mark.parametrize("inline", [False, True])
def test_a_detector(opset: int, inline: bool) -> None:
    """A batch, of which each sample goes back to a picture of its own size."""
    pipeline = compiled(DETECTOR)
    samples = [{"raw": x} for x in raws(3).numpy()]
    graph = Graph(graphs(pipeline, opset=opset, inline=inline)["post"])
    check_post(pipeline, graph, samples, [{"image": size} for size in SIZES])


def test_names_are_those_of_an_exported_program() -> None:
    """As tests/test_torch_post_graphs.py has them."""
    model = onnx.load_from_string(graphs(compiled(DETECTOR))["post"])
    assert [x.name for x in model.graph.input] == ["raw", "image_size"]
    assert [x.name for x in model.graph.output] == [
        *("found.boxes", "found.scores", "found.classes", "found.counts"),
        *("names", "names.counts", "numbers", "numbers.counts", "best"),
        *("columns", "columns.counts"),
    ]


def test_each_node_has_a_name_of_its_own() -> None:
    """Two without one were fused under one name by ONNX Runtime 1.20, which then refused both."""
    model = onnx.load_from_string(graphs(compiled(DETECTOR))["post"])
    for nodes in (model.graph.node, *(function.node for function in model.functions)):
        names = [*named(nodes)]
        assert "" not in names
        assert len({*names}) == len(names)


def named(nodes: Iterable[onnx.NodeProto]) -> Iterator[str]:
    """The names of nodes but of constants, also of those in branches."""
    for node in nodes:
        if node.op_type != "Constant":
            yield node.name
        for attribute in node.attribute:
            yield from named(attribute.g.node)


def test_one_size_is_that_of_all() -> None:
    graph, given = Graph(graphs(compiled(DETECTOR))["post"]), raws(3).numpy()
    size = np.array([[48, 80]])
    one, all = (graph({"raw": given, "image_size": x}) for x in (size, size.repeat(3, 0)))
    assert all["found.counts"].max() > 0
    assert np.array_equal(one["found.boxes"], all["found.boxes"])


TURNED = """proc 1
pipeline p
model x: f32[n=1] -> b: f32[anchor=9, box=4] boxes(xyxy, pixels), s: f32[anchor=9, class=2] scores
post {
    found = nms(b, s, score=0.5, iou=1, per=class, limit=7)
    rows = layout(found.boxes, box, found)
    sure = threshold(found.scores, above=0.7)
    hundredths = scale(found.scores, multiply=100)
    hundredths = cast(hundredths, u16, rounding=trunc)
    b = layout(b, box, anchor)
}
output rows, sure, hundredths, b
"""


def test_zeros_behind_what_is_found() -> None:
    """Along whatever axis it lies, and of whatever dtype; a result may be called as it came."""
    model = graphs(compiled(TURNED))["post"]
    assert [x.name for x in onnx.load_from_string(model).graph.input] == ["b.raw", "s"]
    rng = np.random.default_rng(1)
    boxes = rng.random((2, 9, 4), dtype=np.float32)
    boxes[..., 1] = -0.0
    scores = rng.random((2, 9, 2), dtype=np.float32)
    scores[1] *= np.float32(0.6)
    found = Graph(model)({"b.raw": boxes, "s": scores})
    modules = build(TURNED, ["numpy"]).modules
    for i in range(2):
        one = modules["numpy"].postprocess(boxes[i], scores[i])
        count = one.rows.shape[1]
        assert 0 < count < 9
        for name in ("rows", "sure", "hundredths"):
            wanted, rows = getattr(one, name), found[name][i]
            assert found[f"{name}.counts"][i] == count
            same(rows[..., :count], wanted, 0, name)
            assert rows.shape[-1] == 7
            assert not rows[..., count:].any()
        assert np.array_equal(found["b"][i], boxes[i].T)
