"""Holds a pipeline's contract against the inputs and outputs that a model file states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procdsl.ir.pipeline import Model, Value
from procdsl.modelfile.format import Interface, Tensor
from procdsl.types.array import Array


def differences(contract: Model, stated: Interface) -> list[str]:
    """Where the two do not fit, in words; nothing where they do.

    A model has a leading batch axis that the contract, which is of one sample, has not.
    """
    return [
        *_of_side("input", contract.inputs, stated.inputs),
        *_of_side("output", contract.outputs, stated.outputs),
    ]


def _of_side(side: str, wanted: Sequence[Value], found: Sequence[Tensor]) -> Iterator[str]:
    names = [tensor.told for tensor in found]
    called = ", ".join(f"`{name}`" if name else "one" for name in names) or "none"
    if len(wanted) != len(found):
        said = ", ".join(f"`{value.name}`" for value in wanted)
        yield f"the contract has the {side}s {said}, the model {called}"
        return
    for value, tensor in _pairs(wanted, found):
        if tensor is None:
            yield f"the contract has the {side} `{value.name}`, the model {called}"
            continue
        assert isinstance(value.type, Array), "the model's values are arrays"
        if not fits(value.type, tensor, takes=side == "input"):
            yield (
                f"the {side} `{value.name}` is {of_contract(value)} by the contract, the first "
                f"axis for the batch, and {tensor} in the model"
            )


def of_contract(value: Value, batch: int | None = None) -> Tensor:
    """A value of the contract as a model has it: with the batch in front, of so many samples."""
    assert isinstance(value.type, Array), "the model's values are arrays"
    return Tensor(value.name, value.type.dtype, (batch, *value.type.shape))


def _pairs(
    wanted: Sequence[Value], found: Sequence[Tensor]
) -> Iterator[tuple[Value, Tensor | None]]:
    """Each value of the contract with its tensor: by name, and by place where there is but one or
    the file names none."""
    by_name = {tensor.name: tensor for tensor in found}
    if len(wanted) == 1 or None in by_name:
        yield from zip(wanted, found, strict=True)
        return
    for value in wanted:
        yield value, by_name.get(value.name)


def fits(type_: Array, tensor: Tensor, takes: bool) -> bool:
    """Whether a tensor is of a type; an input must take all sizes of an open axis, too."""
    if tensor.dtype != type_.dtype:
        return False
    if tensor.shape is None:
        return True
    if len(tensor.shape) != len(type_.shape) + 1:
        return False
    return all(
        size is None or size == wanted or (wanted is None and not takes)
        for size, wanted in zip(tensor.shape[1:], type_.shape, strict=True)
    )
