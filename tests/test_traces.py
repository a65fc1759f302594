"""Traced modules, and what torch's modules bear: copies, moves, other dtypes, autocast."""

from __future__ import annotations

import copy
import io
import pickle
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from support import Built, build, picture, source_of

from procdsl.opdef.op import Case

STEPS = (
    "letterbox(h=40, w=44, fill=(1, 2, 3), sampler=cv2.linear)\nto_float(scale=1/255)\n"
    "normalize(mean=(0.1, 0.2, 0.3), std=0.5)\nlayout(c, h, w)"
)


@pytest.fixture(scope="module")
def module() -> Any:
    text = source_of(Case(STEPS, image="u8[h, w, c=3] rgb"))
    return build(text, ["torch"]).modules["torch"]


def traced(module: torch.nn.Module, given: torch.Tensor) -> Any:
    with warnings.catch_warnings():  # of each number that becomes a constant
        warnings.simplefilter("ignore", torch.jit.TracerWarning)
        return torch.jit.trace(module, given)


def test_a_trace_is_right_or_raises(module: Any) -> None:
    images = torch.stack([torch.from_numpy(picture(31, 45, seed)) for seed in range(2)])
    preprocess = module.Preprocess()
    graph = traced(preprocess, images)
    stored = io.BytesIO()
    torch.jit.save(graph, stored)
    stored.seek(0)
    loaded = torch.jit.load(stored)
    frozen = torch.jit.freeze(traced(module.Preprocess().eval(), images).eval())
    for one in (graph, loaded, frozen):
        assert torch.equal(one(images.flip(0)), preprocess(images.flip(0)))
        for other in (images[:, :30], images[:, :, :30], images[:1], images[0], images[:, ::2]):
            with pytest.raises(
                Exception, match=r"expected shape \[2, 31, 45, 3\], which was traced"
            ):
                one(other)


@pytest.mark.filterwarnings("ignore")
def test_an_export_to_onnx_that_traces_is_refused(module: Any, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    image = torch.from_numpy(picture(31, 45))
    with pytest.raises(RuntimeError, match="image: .* where it traces: give it dynamo=True"):
        torch.onnx.export(module.Preprocess(), (image,), str(tmp_path / "x.onnx"), dynamo=False)


def test_a_trace_round_a_model(classifier: Built) -> None:
    module = classifier.modules["torch"]

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.preprocess = module.Preprocess()

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return self.preprocess(image).mean(dim=(-2, -1))

    images = torch.stack([torch.from_numpy(picture(seed=seed)) for seed in range(2)])
    graph = traced(Model(), images)
    assert torch.equal(graph(images), Model()(images))
    with pytest.raises(Exception, match="which was traced"):
        graph(images[:1])


def test_copies_and_state(module: Any) -> None:
    """Constants are no state: nothing of them is in a state dict, and none is lost in a copy."""
    image = torch.from_numpy(picture(31, 45))
    preprocess = module.Preprocess()
    wanted = preprocess(image)
    assert preprocess.state_dict() == {}
    assert list(preprocess.parameters()) == []
    preprocess.load_state_dict({}, strict=True)
    stored = io.BytesIO()
    torch.save(preprocess.state_dict(), stored)
    pickled = pickle.loads(pickle.dumps(preprocess))
    for other in (copy.deepcopy(preprocess), copy.copy(preprocess), pickled):
        assert torch.equal(other(image), wanted)


def test_moves_keep_the_numbers(module: Any) -> None:
    image = torch.from_numpy(picture(31, 45))
    wanted = module.Preprocess()(image)
    for move in ("half", "double", "bfloat16", "float", "cpu", "eval", "share_memory"):
        moved = getattr(module.Preprocess(), move)()
        assert torch.equal(moved(image), wanted), move
    assert torch.equal(module.Preprocess().to(torch.float16)(image), wanted)
    assert torch.equal(module.Preprocess().to_empty(device="cpu")(image), wanted)
    assert module.Preprocess().to("meta")(image.to("meta")).device.type == "meta"


def test_modes_keep_the_numbers(module: Any) -> None:
    image = torch.from_numpy(picture(31, 45))
    wanted = module.Preprocess()(image)
    for dtype in (torch.bfloat16, torch.float16):
        with torch.autocast("cpu", dtype):
            found = module.Preprocess()(image)
        assert found.dtype == torch.float32
        assert torch.equal(found, wanted)
    with torch.inference_mode():
        assert torch.equal(module.Preprocess()(image), wanted)
    torch.set_default_dtype(torch.float64)
    try:
        assert torch.equal(module.Preprocess()(image), wanted)
    finally:
        torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        (lambda x: x.float(), TypeError, "expected dtype torch.uint8, got torch.float32"),
        (lambda x: x.half(), TypeError, "expected dtype torch.uint8, got torch.float16"),
        (lambda x: x.to_sparse(), TypeError, "expected a dense tensor, got torch.sparse_coo"),
        (lambda x: x.numpy(), TypeError, "expected a torch tensor, got ndarray"),
        (lambda x: None, TypeError, "expected a torch tensor, got NoneType"),
        (lambda x: x[None, None], ValueError, r"expected shape \(h, w, 3\), or a batch of these"),
        (lambda x: x[..., 0], ValueError, r"expected shape \(h, w, 3\), or a batch of these"),
        (lambda x: x[:0], ValueError, "expected sides of 1 to 16384 pixels"),
        (
            lambda x: torch.nested.nested_tensor([x, x[:5]], layout=torch.jagged),
            TypeError,
            "expected a dense tensor, got",
        ),
        (lambda x: torch.nested.nested_tensor([x, x[:5]]), TypeError, "expected a dense tensor"),
    ],
)
@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
def test_bad_input(module: Any, given: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=f"^image: {words}"):
        module.Preprocess()(given(torch.from_numpy(picture(31, 45))))


def test_odd_memory(module: Any) -> None:
    """Views of all kinds give what their numbers do; a batch of none gives none."""
    x = torch.from_numpy(picture(31, 45))
    preprocess = module.Preprocess()
    wide = torch.zeros(62, 90, 3, dtype=torch.uint8)
    wide[::2, ::2] = x
    planes = x.permute(2, 0, 1).contiguous().permute(1, 2, 0)
    for given in (wide[::2, ::2], planes, x[None].expand(2, -1, -1, -1)[1]):
        assert torch.equal(preprocess(given), preprocess(x))
    both = preprocess(x[None].expand(2, -1, -1, -1))
    assert torch.equal(both, torch.stack([preprocess(x)] * 2))
    flat = x[:, :1].expand(-1, 45, -1)
    assert torch.equal(preprocess(flat), preprocess(flat.contiguous()))
    assert preprocess(x[None][:0]).shape == (0, 3, 40, 44)
