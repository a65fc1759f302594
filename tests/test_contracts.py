"""A pipeline's contract against the inputs and outputs that a model file states."""

from __future__ import annotations

from typing import Any

import pytest
from support import compiled

from procdsl.ir.pipeline import Model
from procdsl.modelfile.contract import differences
from procdsl.modelfile.format import Interface, Tensor


def contract(text: str) -> Model:
    return compiled(f"proc 1\npipeline p\nmodel {text}\n").model


def tensors(**shapes: tuple[Any, ...]) -> tuple[Tensor, ...]:
    return tuple(Tensor(name, shape[0], shape[1]) for name, shape in shapes.items())


ONE = "x: f32[c=3, h, w=8] -> y: f32[n], z: i64[]"
N = None
FITS = {
    "as it is": (
        tensors(x=("f32", (N, 3, N, 8))),
        tensors(y=("f32", (N, N)), z=("i64", (N,))),
    ),
    "one batch": (
        tensors(x=("f32", (1, 3, N, 8))),
        tensors(y=("f32", (1, 5)), z=("i64", (1,))),
    ),
    "another order": (
        tensors(x=("f32", (N, 3, N, 8))),
        tensors(z=("i64", (N,)), y=("f32", (N, N))),
    ),
    "one input of another name": (
        tensors(images=("f32", (N, 3, N, 8))),
        tensors(y=("f32", (N, N)), z=("i64", (N,))),
    ),
    "names of no user": (
        tensors(x=("f32", (N, N, N, N))),
        (Tensor(None, "f32", (N, 4)), Tensor(None, "i64", (N,))),
    ),
    "no shapes": (tensors(x=("f32", N)), tensors(y=("f32", N), z=("i64", N))),
}
GOOD_OUT = FITS["as it is"][1]
APART = {
    "a size": (
        tensors(x=("f32", (N, 1, N, 8))),
        GOOD_OUT,
        "the input `x` is f32[?, 3, ?, 8] by the contract, the first axis for the batch, and "
        "f32[?, 1, ?, 8] in the model",
    ),
    "a fixed size": (tensors(x=("f32", (N, 3, 9, 8))), GOOD_OUT, "f32[?, 3, 9, 8] in the model"),
    "another dtype": (tensors(x=("f16", (N, 3, N, 8))), GOOD_OUT, "f16[?, 3, ?, 8] in the model"),
    "no batch": (tensors(x=("f32", (3, N, 8))), GOOD_OUT, "f32[3, ?, 8] in the model"),
    "channels last": (tensors(x=("f32", (N, 8, N, 3))), GOOD_OUT, "f32[?, 8, ?, 3] in the model"),
    "too many": (
        tensors(x=("f32", (N, 3, N, 8)), mask=("f32", (N,))),
        GOOD_OUT,
        "the contract has the inputs `x`, the model `x`, `mask`",
    ),
    "none": ((), GOOD_OUT, "the contract has the inputs `x`, the model none"),
    "an output of another name": (
        tensors(x=("f32", (N, 3, N, 8))),
        tensors(y=("f32", (N, N)), w=("i64", (N,))),
        "the contract has the output `z`, the model `y`, `w`",
    ),
    "a name and a dtype that would be lines of their own": (
        tensors(x=("f32", (N, 3, N, 8))),
        (Tensor("y", "f32\nok  \x1b[1A", (N, N)), *tensors(**{"w\nok  contract": ("i64", (N,))})),
        r"the contract has the output `z`, the model `y`, `w\nok  contract`",
    ),
    "outputs exchanged": (
        tensors(x=("f32", (N, 3, N, 8))),
        (Tensor(None, "i64", (N,)), Tensor(None, "f32", (N, 4))),
        "the output `y` is f32[?, ?]",
    ),
}


@pytest.mark.parametrize(("inputs", "outputs"), FITS.values(), ids=FITS)
def test_contracts_that_fit(inputs: tuple[Tensor, ...], outputs: tuple[Tensor, ...]) -> None:
    assert differences(contract(ONE), Interface(inputs, outputs)) == []


@pytest.mark.parametrize(("inputs", "outputs", "wanted"), APART.values(), ids=APART)
def test_contracts_that_do_not_fit(
    inputs: tuple[Tensor, ...], outputs: tuple[Tensor, ...], wanted: str
) -> None:
    found = differences(contract(ONE), Interface(inputs, outputs))
    assert wanted in "; ".join(found)
    assert all(line.isprintable() for line in found)
