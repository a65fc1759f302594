"""torch's `Preprocess` scripted, exported and compiled: the results of eager code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from graph_table import (
    GRAPHS,
    as_graphs,
    built_of,
    cases,
    check_equal,
    compiled,
    opened,
    refused,
    results,
    samplers,
)
from support import build, random_array, source_of
from torch._subclasses import FakeTensorMode

from procdsl.opdef.op import Case
from procdsl.types.array import Array

pytestmark = pytest.mark.filterwarnings("ignore:There is a performance drop")

CASES = cases()
SIZES = [(33, 47), (20, 28), (40, 56), (60, 84), (18, 90), (100, 30), (19, 21), (40, 28), (50, 57)]
"""Of pictures that become 20 x 28: the same, a half, a third, and others."""
SAMPLERS = samplers()


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("case", CASES)
def test_case(case: Case, graph: str) -> None:
    built, given, wanted = built_of(case)
    module = built.modules["torch"].Preprocess()
    check_equal(built, GRAPHS[graph](module, given)(*given), wanted, graph)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_case_by_inductor(case: Case) -> None:
    built, given, wanted = built_of(case)
    module = built.modules["torch"].Preprocess()
    check_equal(built, compiled(module, given, "inductor")(*given), wanted, "inductor")


@pytest.mark.parametrize("case", CASES)
def test_case_without_memory(case: Case) -> None:
    """On meta and fake tensors, which have no values; the result is where its input is."""
    built, given, wanted = built_of(case)
    kind = built.modules["torch"].Preprocess
    shapes = [(x.shape, x.dtype) for x in wanted]
    found = results(kind().to("meta")(*(x.to("meta") for x in given)))
    assert [(x.shape, x.dtype) for x in found] == shapes
    assert {x.device.type for x in found} == {"meta"}
    with FakeTensorMode() as mode:
        found = results(kind()(*(mode.from_tensor(x) for x in given)))
    assert [(x.shape, x.dtype) for x in found] == shapes


@pytest.mark.parametrize("case", CASES)
def test_case_transformed(case: Case) -> None:
    """Under `functionalize`, and under `vmap` over samples, which a batch gives in one go."""
    built, given, wanted = built_of(case)
    module = built.modules["torch"].Preprocess()
    check_equal(built, torch.func.functionalize(module)(*given), wanted, "functionalize")
    found = torch.func.vmap(module)(*(torch.stack([x, x]) for x in given))
    check_equal(built, tuple(x[1] for x in results(found)), wanted, "vmap")


@pytest.mark.parametrize("sampler", ["cv2.area", "cv2.linear", "cv2.linear_exact"])
def test_an_exact_half_transformed(sampler: str) -> None:
    built, type_ = resizing(sampler, "u8")
    module = built.modules["torch"].Preprocess()
    given = pictures(type_, 2, (40, 56))
    found = torch.func.vmap(module)(given)
    check_equal(built, results(found), results(module(given)), "vmap")


def resizing(sampler: str, dtype: str) -> tuple[Any, Array]:
    steps = f"resize(h=20, w=28, sampler={sampler})\nlayout(c, h, w)"
    built = build(source_of(Case(steps, image=f"{dtype}[h, w, c=3] rgb")), ["torch"])
    type_ = built.pipeline.inputs[0].type
    assert isinstance(type_, Array)
    return built, type_


def pictures(type_: Array, count: int, size: tuple[int, int]) -> torch.Tensor:
    rng = np.random.default_rng(size[0])
    return torch.from_numpy(np.stack([random_array(rng, type_, size) for _ in range(count)]))


@pytest.mark.parametrize("strict", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("sampler", "dtype"), SAMPLERS)
def test_samplers_export_for_any_size(sampler: str, dtype: str, strict: bool) -> None:
    """Batch, height and width; or they are refused by name, and the batch alone is any."""
    built, type_ = resizing(sampler, dtype)
    module = built.modules["torch"].Preprocess()
    given = (pictures(type_, 2, SIZES[0]),)
    sizes = SIZES
    if refused(sampler):
        with pytest.raises(Exception, match=f"{sampler}.*: computed in another way"):
            opened(module, given, [1, 2], batch=True, strict=strict)
        graph, sizes = opened(module, given, [], batch=True, strict=strict), SIZES[:1]
    else:
        graph = opened(module, given, [1, 2], batch=True, strict=strict)
    for size in sizes:
        for count in (1, 3):
            x = pictures(type_, count, size)
            check_equal(built, graph(x), results(module(x)), f"{count} of {size}")


@pytest.mark.parametrize(
    ("steps", "names"),
    [
        ("resize(fit=(24, 30), sampler=cv2.linear)", "resize"),
        ("resize(multiple=16, rounding=half_even, sampler=cv2.linear)", "resize"),
        ("crop(center, fraction=0.875)", "crop"),
        ("to_float(scale=1/255)\nstandardize(over=image, eps=0.0001)", "a sum of floats"),
        ("standardize(over=image, min_std=tf)", r"standardize\(min_std=tf\)"),
        ("tile(h=16, w=20, overlap=4, last=shifted)", "tile"),
    ],
)
def test_what_no_graph_holds_for_any_size(steps: str, names: str) -> None:
    """It is refused by name, and exported for one size, of any number of samples."""
    built = build(source_of(Case(steps, image="u8[h, w, c=3] rgb")), ["torch"])
    module = built.modules["torch"].Preprocess()
    given = (torch.randint(0, 256, (2, 33, 47, 3), dtype=torch.uint8),)
    with pytest.raises(RuntimeError, match=f"^{names}: computed in another way"):
        opened(module, given, [1, 2])
    graph = opened(module, given, [], batch=True)
    x = torch.randint(0, 256, (3, 33, 47, 3), dtype=torch.uint8)
    check_equal(built, graph(x), results(module(x)), steps)


@pytest.mark.parametrize("strict", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        ("letterbox(h=40, w=56, fill=114, sampler=cv2.linear)", [(2, 90)]),
        ("resize(short=24, sampler=cv2.linear)\ncrop(center, h=24, w=24)", []),
        ("pad(multiple=16, anchor=top_left, fill=0)", []),
        *(
            pytest.param(steps, [], marks=pytest.mark.slow)
            for steps in (
                "letterbox(h=64, w=64, fill=(1, 2, 3), sampler=pil.bicubic, multiple=32)",
                "letterbox(h=40, w=40, fill=0, sampler=torch.bilinear, rounding=half_up)",
                "resize(short=24, sampler=pil.bilinear)\ncrop(center, h=20, w=24, offset=floor)",
                "resize(long=30, sampler=cv2.linear)\npad(square, anchor=center, fill=0)",
                "pad(square, anchor=center_even, fill=9)\nresize(h=24, w=24, sampler=cv2.cubic)",
            )
        ),
    ],
)
def test_a_picture_of_any_size_is_placed(
    steps: str, refused: list[tuple[int, int]], strict: bool
) -> None:
    """As the eager module places it; one whose result is a single line of pixels is refused."""
    built = build(source_of(Case(steps, image="u8[h, w, c=3] rgb")), ["torch"])
    module = built.modules["torch"].Preprocess()
    given = (torch.randint(0, 256, (2, 33, 47, 3), dtype=torch.uint8),)
    graph = opened(module, given, [1, 2], batch=True, strict=strict)
    for h, w in [*SIZES, (40, 56), (24, 24), (24, 50), (50, 24), (64, 64), (240, 320)]:
        x = torch.randint(0, 256, (3, h, w, 3), dtype=torch.uint8)
        check_equal(built, graph(x), results(module(x)), f"{steps} of {h} x {w}")
    for h, w in refused:
        with pytest.raises(AssertionError, match="Guard failed"):
            graph(torch.zeros(1, h, w, 3, dtype=torch.uint8))


@pytest.mark.parametrize(("sampler", "dtype"), SAMPLERS)
def test_samplers_compile_for_any_size(sampler: str, dtype: str) -> None:
    """A graph of open sizes, or one made anew for each, without a break."""
    built, type_ = resizing(sampler, dtype)
    module = built.modules["torch"].Preprocess()
    graph = compiled(module, (), dynamic=True)
    for size in SIZES[:3]:
        x = pictures(type_, 2, size)
        check_equal(built, graph(x), results(module(x)), f"{size}")


@pytest.mark.parametrize("sampler", ["cv2.linear", "pil.bicubic", "torch.bilinear_aa"])
def test_compiled_with_gradients(sampler: str) -> None:
    built, type_ = resizing(sampler, "f32")
    module = built.modules["torch"].Preprocess()
    x = pictures(type_, 2, (33, 47))
    weights = torch.rand(2, 3, 20, 28)

    def gradient(function: Callable[..., Any]) -> torch.Tensor:
        given = x.clone().requires_grad_()
        return torch.autograd.grad((function(given) * weights).sum(), given)[0]

    assert torch.allclose(gradient(compiled(module, (x,))), gradient(module), atol=1e-5)


FRESH = """
import sys
import torch
graph = torch.export.load(sys.argv[1]).module() if sys.argv[2] == "export" else (
    torch.jit.load(sys.argv[1])
)
x = torch.load(sys.argv[3])
torch.save(graph(x), sys.argv[4])
assert not any(name.partition(".")[0] in ("procdsl", "kernels", "cv2") for name in sys.modules)
"""


@pytest.mark.parametrize("kind", ["export", "script"])
def test_a_fresh_process_needs_torch_alone(kind: str, tmp_path: Path) -> None:
    steps = "resize(h=20, w=28, sampler=pil.bicubic)\nto_float(scale=1/255)\nlayout(c, h, w)"
    built = build(source_of(Case(steps, image="u8[h, w, c=3] rgb")), ["torch"])
    module = built.modules["torch"].Preprocess()
    graph, given, found = (str(tmp_path / name) for name in ("graph.pt2", "x.pt", "y.pt"))
    x = torch.randint(0, 256, (3, 41, 30, 3), dtype=torch.uint8)
    torch.save(x, given)
    if kind == "export":
        side = torch.export.Dim("h", min=2, max=4096), torch.export.Dim("w", min=2, max=4096)
        shapes = ({0: torch.export.Dim("n"), 1: side[0], 2: side[1]},)
        torch.export.save(
            torch.export.export(module, (x[:2].clone(),), dynamic_shapes=shapes), graph
        )
    else:
        torch.jit.save(torch.jit.script(module), graph)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FRESH, graph, kind, given, found],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert torch.equal(torch.load(found), module(x))


def test_the_page_shows_what_samplers_are_as_graphs() -> None:
    page = (Path(__file__).parent.parent / "docs" / "graphs.md").read_text(encoding="utf-8")
    shown = page.partition("<!-- samplers as graphs -->\n")[2].partition("<!-- end -->")[0]
    assert shown == as_graphs()
