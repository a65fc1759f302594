"""What both formats of torch share: the modules of what is baked, and the model between them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from procdsl.bake.source import BadSource, ModelSource, made
from procdsl.codegen.python.baked import ModelCall, baked
from procdsl.codegen.python.loading import load
from procdsl.codegen.python.with_processing import is_tiled
from procdsl.codegen.targets import targets
from procdsl.ir.pipeline import Model, Pipeline, Value
from procdsl.records import replace
from procdsl.serving import session
from procdsl.types.array import Array

if TYPE_CHECKING:
    import numpy as np
    import torch
    from torch import nn

IDENTITY = ModelCall((0,), (None,))
"""A model that takes and gives one tensor."""


def code(pipeline: Pipeline, call: ModelCall) -> Any:
    """A loaded module with the classes of what is baked."""
    text = baked(pipeline, call, targets()["torch"].holds)
    name = f"procdsl_baked_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    return load(text, name)


def network(source: ModelSource, opened: nn.Module | None) -> nn.Module:
    """The model that is baked round: the one of a file that was opened, or what a factory makes."""
    import torch

    if opened is None:
        if not source.factory:
            raise BadSource(
                f"{source.path} holds no network that runs: name the function that makes it, "
                "--factory package.module:function"
            )
        given: tuple[Any, ...] = ()
        if source.path:
            given = (torch.load(source.path, map_location="cpu", weights_only=True),)
        found = made(source.factory, given)
        if not isinstance(found, torch.nn.Module):
            raise BadSource(
                f"{source.factory}: expected a torch.nn.Module, got {type(found).__name__}"
            )
        opened = found
    return opened.eval()


def answered(network: nn.Module, contract: Model, fed: Sequence[torch.Tensor]) -> ModelCall:
    """How the model is called, by what it gives for a batch that the contract says.

    A `BadSource` says what it raises, or what it gives that the contract does not.
    """
    import torch

    try:
        with torch.no_grad():
            found = network(*fed)
    except Exception as error:  # a model of the user's may raise anything
        given = ", ".join(
            f"{v.name}: {session.stated(v.name, x)}"
            for v, x in zip(contract.inputs, fed, strict=True)
        )
        kinds = sorted({str(p.dtype) for p in network.parameters() if p.is_floating_point()})
        weights = f" (its weights are of {', '.join(kinds)})" * bool(kinds)
        said = [line for line in str(error).splitlines() if line.strip()][-1:]
        raise BadSource(
            f"the model does not run on {given}{weights}: {type(error).__name__}: {''.join(said)}"
        ) from None
    wanted = [value.name for value in contract.outputs]
    try:
        if isinstance(found, Mapping):
            names = list(found)
            places = session.places("output", wanted, [{str(name)} for name in names])
            outputs: tuple[int | str | None, ...] = tuple(names[i] for i in places)
        else:
            several = isinstance(found, tuple | list)
            places = session.places("output", wanted, [()] * (len(found) if several else 1))
            outputs = tuple(places) if several else (None,)
        call = ModelCall(tuple(range(len(contract.inputs))), outputs)
        for value, x in zip(contract.outputs, taken_apart(found, call), strict=True):
            session.check(_of_model(value), x, "the contract wants", "the model gives", len(fed[0]))
    except (TypeError, ValueError) as error:
        raise BadSource(str(error)) from None
    return call


def _of_model(value: Value) -> Value:
    """A value of the contract as the model has it, for which tiles are a batch."""
    assert isinstance(value.type, Array), "a model takes and gives arrays"
    return replace(value, type=value.type.without("tile")) if is_tiled(value) else value


def taken_apart(found: Any, call: ModelCall) -> list[Any]:
    """The outputs of the contract in what a model gave."""
    return [found if at is None else found[at] for at in call.outputs]


def arrays(found: Any) -> list[np.ndarray]:
    """The arrays of a tensor, or of several."""
    each = [found] if hasattr(found, "detach") else list(found)
    return [x.detach().numpy() for x in each]


def tensors(arrays: Sequence[np.ndarray]) -> list[torch.Tensor]:
    import numpy as np
    import torch

    return [torch.from_numpy(np.ascontiguousarray(x)) for x in arrays]
