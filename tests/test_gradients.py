"""Derivatives: of `pre` on floats, and of all in `post` that has one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from support import arrays, build, source_of
from test_torch_batches import POST
from torch.autograd import gradcheck

from kernels.scores.sigmoid_torch import sigmoid
from kernels.values.power_torch import power
from kernels.values.square_root_torch import square_root
from kernels.values.standardized_torch import standardized
from procdsl import registry
from procdsl.opdef.op import Case
from procdsl.types.array import Array

pytestmark = pytest.mark.filterwarnings("ignore:Input #0 requires gradient and is not a double")

CASES = [
    pytest.param(case, id=f"{name}-{number}")
    for name in registry.op_names()
    for number, case in enumerate(registry.op(name).cases())
    if case.pre and case.image.startswith("f32")
]
SAMPLERS = [n for n in registry.sampler_names() if registry.sampler(n).numerics.get("f32")]


def check_gradient(function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> None:
    """The derivative against differences, which are of float32."""
    given = x.clone().requires_grad_()
    assert gradcheck(function, given, eps=1e-3, atol=2e-3, rtol=2e-2, fast_mode=True)


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case) -> None:
    built = build(source_of(case), ["torch"])
    inputs, _ = arrays(case, built.pipeline)
    finite = [torch.from_numpy(np.nan_to_num(x, nan=0.3, posinf=1.3)) for x in inputs.values()]
    preprocess = built.modules["torch"].Preprocess()
    found = preprocess(*(x.clone().requires_grad_() for x in finite))
    (contract,) = built.pipeline.model.inputs
    assert isinstance(contract.type, Array)
    if contract.type.dtype == "f32" and len(finite) == 1:
        check_gradient(preprocess, finite[0] + 0.01)  # off the places where lines meet
    elif found.is_floating_point():
        assert found.requires_grad
    else:
        assert not found.requires_grad


@pytest.mark.parametrize("size", [(20, 24), (9, 7), (11, 30), (22, 24)])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_samplers(sampler: str, size: tuple[int, int]) -> None:
    steps = f"resize(h=11, w=12, sampler={sampler})\nlayout(c, h, w)"
    module = build(source_of(Case(steps, image="f32[h, w, c=3] rgb")), ["torch"]).modules["torch"]
    image = torch.from_numpy(np.random.default_rng(1).random((*size, 3), np.float32))
    check_gradient(module.Preprocess(), image)


@pytest.mark.parametrize("name", [name for name in POST if name != "lookup"])
def test_post(name: str) -> None:
    x = torch.from_numpy(np.random.default_rng(2).standard_normal((2, 7, 11), np.float32))

    def first(x: torch.Tensor) -> torch.Tensor:
        found = POST[name](x)
        return found[0] if isinstance(found, tuple) else found

    check_gradient(first, x)


def derivative(function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> list[float]:
    """That of the sum, which any function of one number each has."""
    given = x.clone().requires_grad_()
    (found,) = torch.autograd.grad(function(given).sum(), given)
    return found.flatten().tolist()


def test_where_a_line_ends() -> None:
    """No NaN where the derivative of a part is infinite, of what the whole does not take."""
    assert derivative(sigmoid, torch.tensor([-1e9, -800.0, 0.0, 800.0])) == [0, 0, 0.25, 0]
    assert derivative(lambda x: power(x, 0.5), torch.tensor([-1.0, 0.0, 4.0])) == [0, 0, 0.25]
    assert derivative(square_root, torch.tensor([0.0, 4.0], dtype=torch.float64)) == [0, 0.25]
    flat = torch.full((4, 5, 3), 0.25)
    found = derivative(lambda x: standardized(x, 3, -1, True, 1e-5, None).square(), flat)
    assert found == [0] * 60


def test_nothing_is_recorded_where_nothing_is_asked_for() -> None:
    steps = "standardize(over=channel, eps=1/1000)\nlayout(c, h, w)"
    module = build(source_of(Case(steps, image="f32[h, w, c=3] rgb")), ["torch"]).modules["torch"]
    image = torch.rand(9, 11, 3)
    given = image.clone().requires_grad_()
    wanted = module.Preprocess()(image)
    recorded = module.Preprocess()(given)
    assert recorded.requires_grad
    assert torch.equal(recorded, wanted)
    with torch.no_grad():
        assert not module.Preprocess()(given).requires_grad
