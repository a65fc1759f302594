"""What the ops on named axes give, and what they refuse."""

from __future__ import annotations

import numpy as np
import onnx_graphs
import pytest
from cases import check_case
from support import BACKENDS, build, run_post

from procdsl.checker.check import check
from procdsl.checker.checked import Checked
from procdsl.opdef.op import Case
from procdsl.source import Source


def checked(post: str, outputs: str) -> Checked:
    lines = "".join(f"    {step}\n" for step in post.splitlines())
    text = f"proc 1\npipeline p\nmodel i: f32[n=1] -> {outputs}\npost {{\n{lines}}}\noutput y\n"
    return check(Source("p.proc", text))


def type_of(post: str, outputs: str) -> str:
    """The type of `y`, as it is described."""
    found = checked(post, outputs)
    assert found.pipeline is not None, found.diagnostics
    return found.pipeline.outputs[0].type.described()


GIVES = [
    ("y = select(x, class, stop=-1)", "x: f32[class=92] logits", "f32[class=91] logits"),
    ("y = select(x, class, start=0, stop=90)", "x: f32[class] logits", "f32[class=90] logits"),
    ("y = select(x, class, start=1)", "x: f32[class]", "f32[class]"),
    ("y = select(x, class, start=-5)", "x: f32[class]", "f32[class=5]"),
    ("y = select(x, token, index=0)", "x: f32[token=197, d=768]", "f32[d=768]"),
    (
        "y = select(x, box, index=0)",
        "x: f32[n=9, box=4] boxes(xyxy, pixels)",
        "f32[n=9]",
    ),
    ("y = concat(a, b, along=n)", "a: f32[n=2, d=3], b: f32[n=5, d=3]", "f32[n=7, d=3]"),
    (
        "a = flatten(a, h, w, to=anchor)\nb = flatten(b, h, w, to=anchor)\n"
        "y = concat(a, b, along=anchor)",
        "a: f32[h=2, w=3, box=4] boxes(xyxy, pixels), b: f32[h=1, w=2, box=4] boxes(xyxy, pixels)",
        "f32[anchor=8, box=4] boxes(xyxy, pixels)",
    ),
    ("y = flatten(x, h, w, to=n)", "x: f32[c=3, h=4, w=5] rgb", "f32[c=3, n=20] rgb"),
    ("y = flatten(x, c, h, w, to=d)", "x: f32[c=3, h=4, w=5] rgb", "f32[d=60]"),
    (
        "y = unflatten(x, f, axes=(side, bin), sizes=(4, 16))",
        "x: f32[f=64, n=9]",
        "f32[side=4, bin=16, n=9]",
    ),
    (
        "_, q, _ = top(s, over=(query, class), k=300)\ny = take(b, q, along=query)",
        "s: f32[query=300, class=80] logits, b: f32[query=300, box=4] boxes(cxcywh, unit)",
        "f32[rank=300, box=4] boxes(cxcywh, unit)",
    ),
    (
        "_, _, y = top(s, over=(query, class), k=300)",
        "s: f32[query=300, class=80]",
        "i64[rank=300] ids, 0..79",
    ),
    ("y, _, _ = top(s, over=(w, c), k=2)", "s: f32[h=3, c=4, w=5]", "f32[h=3, rank=2]"),
    (
        "y = multiply(c, o)",
        "c: f32[anchor=9, class=3] probabilities, o: f32[anchor=9] scores",
        "f32[anchor=9, class=3] scores",
    ),
    (
        "y = multiply(c, o)",
        "c: f32[anchor=9, class=3] probabilities, o: f32[anchor=9] probabilities",
        "f32[anchor=9, class=3] probabilities, 0..1",
    ),
    ("y = subtract(a, b)", "a: f32[n=2] probabilities, b: f32[n=2] 1..3", "f32[n=2], -3..0"),
    ("y = divide(a, b)", "a: f32[n=2] probabilities, b: f32[n=2] 0..3", "f32[n=2]"),
    ("y = divide(a, b)", "a: f32[n=2] probabilities, b: f32[n=2] 2..4", "f32[n=2], 0..0.5"),
    (
        "y = matmul(a, b, over=k)",
        "a: f32[found=9, k=32], b: f32[k=32, h=160, w=160]",
        "f32[found=9, h=160, w=160]",
    ),
    (
        "p = softmax(x, over=bin)\ny = expected(p, over=bin)",
        "x: f32[side=4, bin=16, n=9]",
        "f32[side=4, n=9], 0..15",
    ),
    ("y = expected(x, over=age)", "x: f32[age=101]", "f32[]"),
    (
        "y = denormalize(x, mean=0.5, std=0.5)",
        "x: f32[c=3, h=4, w=5] rgb -1..1",
        "f32[c=3, h=4, w=5] rgb, 0..1",
    ),
]
FOUND = "b: f32[n=9, box=4] boxes(xyxy, pixels), s: f32[n=9] scores"
NMS = "f = nms(b, s, iou=0.5, per=all, limit=7)\n"
REFUSED = [
    ("y = select(x, classes, stop=-1)", "x: f32[class=9]", "E307"),
    ("y = select(x, class)", "x: f32[class=9]", "E209"),
    ("y = select(x, class, index=0, stop=1)", "x: f32[class=9]", "E214"),
    ("y = select(x, class, index=9)", "x: f32[class=9]", "E211"),
    ("y = select(x, class, index=-10)", "x: f32[class=9]", "E211"),
    ("y = select(x, class, start=3, stop=3)", "x: f32[class=9]", "E211"),
    ("y = select(x, class, stop=10)", "x: f32[class=9]", "E211"),
    ("y = select(x, class, start=-3, stop=2)", "x: f32[class]", "E211"),
    (f"{NMS}y = select(f.scores, found, index=0)", FOUND, "E211"),
    ("y = concat(a, b, along=n)", "a: f32[n=2, d=3], b: f32[n=5, d=4]", "E327"),
    ("y = concat(a, b, along=n)", "a: f32[n=2, d=3], b: f32[d=3, n=5]", "E327"),
    ("y = concat(a, b, along=n)", "a: f32[n=2], b: i64[n=5]", "E327"),
    ("y = concat(a, b, along=d)", "a: f32[n=2], b: f32[n=5]", "E307"),
    (f"{NMS}y = concat(f.scores, f.scores, along=found)", FOUND, "E327"),
    (f"{NMS}y = flatten(f.boxes, found, box, to=d)", FOUND, "E327"),
    ("y = flatten(x, h, c, to=d)", "x: f32[c=3, h=4, w=5]", "E315"),
    ("y = flatten(x, c, w, to=d)", "x: f32[c=3, h=4, w=5]", "E315"),
    ("y = flatten(x, h, w, to=c)", "x: f32[c=3, h=4, w=5]", "E315"),
    ("y = flatten(x, h, v, to=d)", "x: f32[c=3, h=4, w=5]", "E315"),
    ("y = unflatten(x, f, axes=(a, b), sizes=(4, 15))", "x: f32[f=64]", "E322"),
    ("y = unflatten(x, f, axes=(a, b), sizes=(4, 16))", "x: f32[f]", "E322"),
    ("y = unflatten(x, f, axes=(a, a), sizes=(4, 16))", "x: f32[f=64]", "E315"),
    ("y = unflatten(x, f, axes=(a, n), sizes=(4, 16))", "x: f32[f=64, n=2]", "E315"),
    ("y = unflatten(x, f, axes=(a, b), sizes=(64,))", "x: f32[f=64]", "E315"),
    ("y = add(a, b)", "a: f32[n=2], b: f32[n=2, d=3]", "E327"),
    ("y = add(a, b)", "a: f32[n=2, d=3], b: f32[d=4]", "E327"),
    ("y = add(a, b)", "a: f32[n=2], b: i64[n=2]", "E301"),
    ("y = multiply(a, 2)", "a: f32[n=2]", "E216"),
    ("y = matmul(a, b, over=k)", "a: f32[n=2, k=3], b: f32[k=4]", "E327"),
    ("y = matmul(a, b, over=k)", "a: f32[n=2, k=3], b: f32[k=3, n=2]", "E327"),
    ("y = matmul(a, b, over=k)", "a: f32[n=2, k=3], b: f32[n=2]", "E307"),
    ("y = expected(a, over=k, values=(1, 2))", "a: f32[k=3]", "E322"),
    ("y = expected(a, over=k)", "a: f32[k]", "E322"),
    ("y = take(a, k, along=n)", "a: f32[n=2, d=3], k: i64[d=3]", "E327"),
    ("y = take(a, k, along=n)", "a: f32[n=2, d=3], k: f32[k=3]", "E301"),
    ("k = argmax(s, over=c)\ny = take(a, k, along=n)", "a: f32[n=2], s: f32[c=3, d=5]", "E322"),
    ("y, _, _ = top(a, over=(n, m), k=2)", "a: f32[n=2, d=3]", "E307"),
    ("y, _ = top(a, over=(n,), k=2)", "a: f32[n=2, d=3]", "E307"),
    ("y, _, _ = top(a, over=(n, n), k=2)", "a: f32[n=2, d=3]", "E307"),
    ("y, _, _ = top(a, over=(n, d), k=7)", "a: f32[n=2, d=3]", "E211"),
    ("y, _, _ = top(a, over=(n, d), k=7)", "a: f32[n, d=3]", "E211"),
    ("y, _ = top(a, over=(n, d), k=2)", "a: f32[n=2, d=3]", "E216"),
    ("y = denormalize(x, mean=(0.5, 0.5), std=1)", "x: f32[c=3, h=4, w=5]", "E213"),
    ("y = denormalize(x, mean=0.5, std=0)", "x: f32[c=3, h=4, w=5]", "E306"),
    ("y = denormalize(x, mean=0.5, std=2)", "x: u8[c=3, h=4, w=5]", "E301"),
]


@pytest.mark.parametrize(("post", "outputs", "gives"), GIVES)
def test_types(post: str, outputs: str, gives: str) -> None:
    assert type_of(post, outputs) == gives


@pytest.mark.parametrize(("post", "outputs", "code"), REFUSED)
def test_what_is_refused(post: str, outputs: str, code: str) -> None:
    found = checked(post, outputs).diagnostics
    assert [diagnostic.code for diagnostic in found] == [code]
    assert found[0].hint


def test_levels_of_a_detector_are_one_list() -> None:
    """Three grids as YOLOv3 gives them, as `torch.cat` of flattened grids has them."""
    sizes = {"a": 4, "b": 2, "c": 1}
    outputs = ", ".join(f"{name}: f32[f=6, h={n}, w={n}]" for name, n in sizes.items())
    flat = "".join(f"    {name} = flatten({name}, h, w, to=anchor)\n" for name in sizes)
    built = build(
        f"proc 1\npipeline p\nmodel i: f32[n=1] -> {outputs}\n"
        f"post {{\n{flat}    y = concat(a, b, c, along=anchor)\n}}\noutput y\n"
    )
    rng = np.random.default_rng(0)
    grids = {name: rng.random((6, n, n), dtype=np.float32) for name, n in sizes.items()}
    wanted = np.concatenate([grid.reshape(6, -1) for grid in grids.values()], 1)
    for backend in BACKENDS:
        found = run_post(built.modules[backend], grids, [])["y"]
        assert np.array_equal(found, wanted), backend


def test_what_is_missing_at_run_time_is_refused() -> None:
    """An open axis is asked for what `select` takes of it."""
    built = build(
        "proc 1\npipeline p\nmodel i: f32[n=1] -> x: f32[class]\n"
        "post {\n    y = select(x, class, start=0, stop=90)\n}\noutput y\n"
    )
    for backend in BACKENDS:
        x = np.ones(90, np.float32)
        assert run_post(built.modules[backend], {"x": x}, [])["y"].shape == (90,)
        with pytest.raises(ValueError, match="90 or more"):
            run_post(built.modules[backend], {"x": x[1:]}, [])


FOUND_OUTPUTS = {
    "b": "f32[anchor=9, box=4] boxes(xyxy, pixels)",
    "s": "f32[anchor=9, class=3] scores",
    "t": "f32[class=3, d=2]",
    "m": "f32[d=2, h=4]",
}
OF_FOUND = Case(
    post="f = nms(b, s, score=0.2, iou=0.5, per=class, limit=7)\n"
    "k = take(t, f.classes, along=class)\n"
    "z = matmul(k, m, over=d)\n"
    "q = divide(z, f.scores)\n"
    "u = l2_normalize(k, over=d)\n"
    "e = expected(k, over=d)\n"
    "sides = unflatten(f.boxes, box, axes=(corner, axis), sizes=(2, 2))\n"
    "first = select(sides, corner, index=0)\n"
    "pairs = concat(first, first, along=axis)\n"
    "flat = flatten(sides, corner, axis, to=n)",
    outputs=FOUND_OUTPUTS,
)


def test_rows_that_are_found_go_through_them() -> None:
    """One by one, in a batch, scripted, and in graphs, which have room for more than are found."""
    check_case(OF_FOUND, scripted=True)
    onnx_graphs.check_case(OF_FOUND)


def test_two_values_of_one_axis_are_equally_long() -> None:
    """A library repeats what is 1 long; here it is an error, as any other length is."""
    built = build(
        "proc 1\npipeline p\nmodel i: f32[n=1] -> a: f32[c=2, h, w], b: f32[w, h]\n"
        "post {\n    y = add(a, b)\n}\noutput y\n"
    )
    a, b = np.ones((2, 3, 4), np.float32), np.full((4, 3), 2, np.float32)
    for backend in BACKENDS:
        assert (run_post(built.modules[backend], {"a": a, "b": b}, [])["y"] == 3).all()
        for bad in (b[:1], b[:, :1], b[:3]):
            with pytest.raises(ValueError, match="long in one value and"):
                run_post(built.modules[backend], {"a": a, "b": bad}, [])
