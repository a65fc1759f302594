"""torch's modes, transforms and devices: what a module computes under them, and leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import torch
from support import build, picture, source_of
from torch._subclasses import FakeTensorMode
from torch.fx.experimental.proxy_tensor import make_fx

from procdsl.opdef.op import Case

pytestmark = pytest.mark.filterwarnings("ignore:There is a performance drop")

PRE = (
    "letterbox(h=40, w=44, fill=(1, 2, 3), sampler=%s)\nto_float(scale=1/255)\n"
    "normalize(mean=(0.1, 0.2, 0.3), std=0.5)\nlayout(c, h, w)"
)


@contextmanager
def faked(image: torch.Tensor) -> Iterator[torch.Tensor]:
    with FakeTensorMode() as mode:
        yield mode.from_tensor(image)


@contextmanager
def on(device: str, image: torch.Tensor) -> Iterator[torch.Tensor]:
    with torch.device(device):
        yield image


@contextmanager
def inferred(image: torch.Tensor) -> Iterator[torch.Tensor]:
    with torch.inference_mode():
        yield image.clone()


def under(mode: str, function: Callable[[torch.Tensor], torch.Tensor], image: torch.Tensor) -> None:
    """Run a function in a mode."""
    if mode == "fake":
        with faked(image) as x:
            assert function(x).shape == (3, 40, 44)
    elif mode == "a default device":
        with on("meta", image) as x:
            assert function(x).device == image.device
    elif mode == "inference":
        with inferred(image) as x:
            assert function(x).is_inference()
    elif mode == "functionalize":
        torch.func.functionalize(function)(image)
    elif mode == "vmap":
        torch.func.vmap(function)(image[None])
    elif mode == "grad":
        torch.func.grad(lambda x: function(image).sum() * x)(torch.ones(()))
    else:
        make_fx(lambda x: function(x), tracing_mode="fake")(image)


MODES = ["fake", "a default device", "inference", "functionalize", "vmap", "grad", "make_fx"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("sampler", ["cv2.linear", "pil.bicubic", "pil.nearest", "torch.bilinear"])
def test_the_first_use_leaves_nothing_behind(mode: str, sampler: str) -> None:
    """What a mode's tensors are made of is remembered for no call outside of it."""
    text = source_of(Case(PRE % sampler, image="u8[h, w, c=3] rgb"))
    image = torch.from_numpy(picture(31, 45))
    wanted = build(text, ["torch"]).modules["torch"].preprocess(image)
    module = build(text, ["torch"]).modules["torch"]
    under(mode, module.preprocess, image)
    found = module.preprocess(image)
    assert type(found) is torch.Tensor
    assert not found.is_inference()
    assert torch.equal(found, wanted)
    module.self_check()
    weights = torch.ones(3, 40, 44, requires_grad=True)
    (by_weight,) = torch.autograd.grad((found * weights).sum(), weights)
    assert torch.equal(by_weight, wanted)
    with faked(image) as x:  # nor is what was remembered before in the way of one
        assert module.preprocess(x).shape == wanted.shape
