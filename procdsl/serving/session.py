"""A model that is open, and how it is run: its values by the names of the contract."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from procdsl.codegen.python.macros import DTYPES
from procdsl.ir.pipeline import Model, Value
from procdsl.lazy import np
from procdsl.modelfile.contract import fits, of_contract
from procdsl.modelfile.format import Tensor
from procdsl.records import dataclass
from procdsl.types.array import Array

_DTYPES = {name: dtype for dtype, name in DTYPES.items()}
"""The dtypes of the language by the names that numpy and torch have for them."""


@dataclass(frozen=True, eq=False)
class Session:
    """A model as a function."""

    run: Callable[..., Any]
    """Takes an array for each input, with the batch in front, and gives one for each output: alone,
    in a sequence, or by name."""
    tensors: bool
    """Whether these are torch's tensors; else numpy's arrays."""
    inputs: Sequence[Collection[str]] = ()
    """The names of each input in the order of `run`; empty where that is the contract's."""
    outputs: Sequence[Collection[str]] = ()
    """The same of what it gives."""
    batch: int | None = None
    """The one size of batch that it takes; None where it takes any."""


def of_function(model: Callable[..., Any], tensors: bool) -> Session:
    """A model that the caller gives: a torch module, or a function of the backend's arrays."""
    torch = sys.modules.get("torch")  # without it nobody has a module
    if torch is None or not isinstance(model, torch.nn.Module):
        return Session(model, tensors)
    # What torch.export gives is always marked as in training, and has no other way.
    if model.training and not isinstance(model, torch.fx.GraphModule):
        raise ValueError("model: expected a module that serves, got one in training: model.eval()")
    return of_module(model)


def of_module(model: Callable[..., Any], inputs: Sequence[Collection[str]] = ()) -> Session:
    """A model of torch's, run without gradients."""
    import torch

    def run(*tensors: Any) -> Any:
        with torch.no_grad():
            return model(*tensors)

    return Session(run, tensors=True, inputs=inputs)


def run(session: Session, contract: Model, arrays: Sequence[Any], tensors: bool) -> list[Any]:
    """The model's outputs for a batch, both in the order of the contract.

    With `tensors` the outputs are torch's tensors, else numpy's arrays.
    """
    for value, array in zip(contract.inputs, arrays, strict=True):
        check(value, array, "expected", "got", len(arrays[0]))
    count = len(arrays[0])
    if not count:
        raise ValueError("the model is run on no sample: expected one or more")
    if session.batch in (None, count):
        return _run_once(session, contract, arrays, tensors)
    if session.batch != 1:
        raise ValueError(f"the model takes batches of {session.batch}, got {count} samples")
    each = [
        _run_once(session, contract, [x[i : i + 1] for x in arrays], tensors) for i in range(count)
    ]
    return [joined(column) for column in zip(*each, strict=True)]


def _run_once(session: Session, contract: Model, arrays: Sequence[Any], tensors: bool) -> list[Any]:
    given = [_as(session.tensors, array) for array in arrays]
    names = [value.name for value in contract.inputs]
    order = places("input", names, session.inputs) if session.inputs else range(len(names))
    placed = dict(zip(order, given, strict=True))
    found = session.run(*(placed[i] for i in range(len(placed))))
    outputs = [_as(tensors, value) for value in _outputs(found, session.outputs, contract)]
    for value, output in zip(contract.outputs, outputs, strict=True):
        check(value, output, "the contract wants", "the model gives", len(arrays[0]))
    return outputs


def _outputs(found: Any, names: Sequence[Collection[str]], contract: Model) -> list[Any]:
    """What a model gave, in the order of the contract."""
    if isinstance(found, Mapping):
        names, values = [{str(name)} for name in found], list(found.values())
    else:
        values = list(found) if isinstance(found, tuple | list) else [found]
    wanted = [value.name for value in contract.outputs]
    return [values[i] for i in places("output", wanted, names or [()] * len(values))]


def places(side: str, wanted: Sequence[str], found: Sequence[Collection[str]]) -> list[int]:
    """Which of the model's values each of the contract's is: by name, and by place where there is
    but one or they have no names."""
    by_name = {name: i for i, names in enumerate(found) for name in names}
    if by_name.keys() >= set(wanted) and (side == "output" or len(found) == len(wanted)):
        return [by_name[name] for name in wanted]
    if len(found) == len(wanted) and (len(wanted) == 1 or not by_name):
        return list(range(len(wanted)))
    said = ", ".join(f"`{name}`" for name in wanted) or "none"
    named = ", ".join(f"`{min(names)}`" if names else "one" for names in found) or "none"
    raise ValueError(f"the contract has the {side}s {said}, the model {named}")


def stated(name: str, array: Any) -> Tensor:
    """What an array of numpy's or torch's is, as model files state theirs."""
    if not hasattr(array, "shape") or not hasattr(array, "dtype"):
        raise TypeError(f"`{name}`: expected an array, got {type(array).__name__}")
    dtype = str(array.dtype).removeprefix("torch.")
    return Tensor(name, _DTYPES.get(dtype, dtype), tuple(array.shape))


def check(value: Value, array: Any, wanted: str, got: str, count: int) -> None:
    """Refuse an array that is no batch of the contract's type, of so many samples."""
    assert isinstance(value.type, Array), "the model's values are arrays"
    found = stated(value.name, array)
    if not fits(value.type, found, takes=False) or array.shape[0] != count:
        batch = of_contract(value, count)
        raise ValueError(
            f"`{value.name}`: {wanted} {batch}, the first axis for the batch, {got} {found}"
        )


def _as(tensors: bool, array: Any) -> Any:
    """An array as a tensor of torch's, or as an array of numpy's."""
    if tensors and isinstance(array, np.ndarray):
        import torch

        owned = array.flags.writeable and all(stride >= 0 for stride in array.strides)
        return torch.from_numpy(array if owned else array.copy())
    if not tensors and hasattr(array, "detach"):
        return array.detach().cpu().numpy()
    return np.asarray(array) if not tensors and hasattr(array, "__array__") else array


def joined(parts: Sequence[Any]) -> Any:
    """Batches as one."""
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    import torch

    return torch.cat(list(parts))
