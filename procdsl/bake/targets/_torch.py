"""What both formats of torch share: the modules of what is baked, and the model between them."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from procdsl.bake.source import BadSource, ModelSource, made
from procdsl.bake.target import Arrays, BakeTarget
from procdsl.bake.tiles import as_batch, of_model, of_samples
from procdsl.codegen.python.baked import ModelCall, baked
from procdsl.codegen.python.loading import load
from procdsl.codegen.targets import targets
from procdsl.formats.checkpoint import Checkpoint
from procdsl.ir.pipeline import Model, Pipeline
from procdsl.lazy import np
from procdsl.records import dataclass
from procdsl.serving import session

if TYPE_CHECKING:
    import torch
    from torch import nn


@dataclass(frozen=True, eq=False)
class Opened:
    """A model that is baked round, and which of the contract's inputs its arguments are."""

    network: nn.Module
    order: tuple[int, ...]
    batch: int | None = None
    """The one size of batch that it takes; None where it takes any."""


class TorchTarget(BakeTarget):
    codegen: ClassVar[str] = "torch"

    @property
    def library(self) -> str:
        return "torch"

    def opened(self, source: ModelSource, contract: Model) -> Opened:
        order = tuple(range(len(contract.inputs)))
        with quiet():
            if source.factory:
                return Opened(_made(source).eval(), order)
            if source.format == self.format:
                return self.of_file(source, contract)
        if source.format == Checkpoint.title:
            raise BadSource(
                f"{source.path} holds weights, and no network that runs: name the function that "
                "makes it of them, --factory package.module:function"
            )
        raise BadSource(
            f"{source.path} ({source.format}) cannot be baked to {self.format}: give a file of "
            "that format, or the function that makes the network, --factory"
        )

    @contextmanager
    def one_thread(self) -> Iterator[None]:
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(before)

    @abstractmethod
    def of_file(self, source: ModelSource, contract: Model) -> Opened:
        """The model in a file of the format itself."""

    def run_alone(self, model: Opened, contract: Model, fed: Arrays) -> Arrays:
        call, found = answered(model, contract, tensors(fed))
        outputs = taken_apart(found, call)
        return arrays(of_samples(contract.outputs, outputs, len(fed[0])))


def code(pipeline: Pipeline, call: ModelCall | None = None) -> Any:
    """A loaded module with the classes of what is baked round a model that is called so."""
    inputs, outputs = pipeline.model.inputs, pipeline.model.outputs
    any_ = ModelCall(tuple(range(len(inputs))), tuple(range(len(outputs))))
    text = baked(pipeline, call or any_, targets()["torch"].holds)
    return load(text, f"procdsl_baked_{hashlib.sha256(text.encode()).hexdigest()[:16]}")


@contextmanager
def quiet() -> Iterator[None]:
    """Without torch's own warnings, which are of no use to whoever bakes."""
    import logging
    import warnings

    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _made(source: ModelSource) -> nn.Module:
    """What a factory gives: of the checkpoint, where there is one, else of nothing."""
    import torch

    given: list[Any] = []
    if source.path:
        if source.format != Checkpoint.title:
            raise BadSource(f"{source.path} ({source.format}): a factory takes a torch checkpoint")
        given.append(torch.load(source.path, map_location="cpu", weights_only=True))
    found = made(source.factory, given)
    if not isinstance(found, torch.nn.Module):
        kind = type(found).__name__
        raise BadSource(f"{source.factory}: expected a torch.nn.Module, it gives a {kind}")
    return found


def answered(model: Opened, contract: Model, fed: Sequence[torch.Tensor]) -> tuple[ModelCall, Any]:
    """How the model is called and its answer taken apart, and its answer for a batch.

    A `BadSource` says what it raises, or what it gives that the contract does not.
    """
    import torch

    given = as_batch(contract.inputs, fed)
    try:
        with torch.no_grad():
            found = model.network(*(given[i] for i in model.order))
    except Exception as error:  # a model of the user's may raise anything
        raise BadSource(_why(error, model.network, contract, given)) from None
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
        call = ModelCall(model.order, outputs)
        for value, x in zip(contract.outputs, taken_apart(found, call), strict=True):
            session.check(
                of_model(value), x, "the contract wants", "the model gives", len(given[0])
            )
    except (TypeError, ValueError) as error:
        raise BadSource(str(error)) from None
    return call, found


def _why(
    error: Exception, network: nn.Module, contract: Model, given: Sequence[torch.Tensor]
) -> str:
    taken = ", ".join(
        f"{value.name}: {session.stated(value.name, x)}"
        for value, x in zip(contract.inputs, given, strict=True)
    )
    kinds = sorted({str(p.dtype) for p in network.parameters() if p.is_floating_point()})
    weights = f" (its weights are of {', '.join(kinds)})" * bool(kinds)
    said = [line.strip() for line in str(error).splitlines() if line.strip()][-1:]
    return (
        f"the model does not run on what the contract says, {taken}{weights}: "
        f"{type(error).__name__}: {''.join(said)}"
    )


def taken_apart(found: Any, call: ModelCall) -> list[Any]:
    """The outputs of the contract in what a model gave."""
    return [found if at is None else found[at] for at in call.outputs]


def arrays(found: Sequence[torch.Tensor]) -> Arrays:
    return [x.detach().numpy() for x in found]


def by_name(found: Mapping[str, torch.Tensor]) -> dict[str, np.ndarray]:
    return {name: x.detach().numpy() for name, x in found.items()}


def results(found: Any, pipeline: Pipeline) -> dict[str, np.ndarray]:
    """The results of a block by name: a dict, or what the model is fed."""
    if isinstance(found, dict):
        return by_name(found)
    values = [found] if hasattr(found, "detach") else list(found)
    return dict(zip((v.name for v in pipeline.model.inputs), arrays(values), strict=True))


def tensors(arrays: Arrays) -> list[torch.Tensor]:
    import torch

    return [torch.from_numpy(np.require(x, requirements=["C", "W"])) for x in arrays]


def version() -> str:
    import torch

    return f"torch {torch.__version__}"
