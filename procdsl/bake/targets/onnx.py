"""ONNX: what is baked are nodes before and behind the graph of the user's model, at its opset."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from procdsl.bake.difference import largest
from procdsl.bake.probes import of_many_numbers, of_many_sizes
from procdsl.bake.source import BadSource, ModelSource
from procdsl.bake.target import Arrays, BakedFile, BakeTarget, Graph, Run
from procdsl.bake.targets._onnx_operators import OPERATORS
from procdsl.bake.targets._onnx_runtimes import RUNTIMES, Opened
from procdsl.bake.tiles import as_batch, of_model, of_samples
from procdsl.codegen.python.with_processing import is_tiled
from procdsl.codegen.target import Options
from procdsl.codegen.targets import targets
from procdsl.formats.onnx import Onnx
from procdsl.ir.pipeline import Model, Pipeline, Step, Value
from procdsl.lazy import np
from procdsl.plan.halves import Halves, given_to
from procdsl.plan.single import in_post, in_pre
from procdsl.serving import session
from procdsl.types.array import Array
from procdsl.types.value import PictureSize, Record

if TYPE_CHECKING:
    from onnx import ModelProto

    from procdsl.codegen.onnx.whole import Network


_FIRST = next(iter(RUNTIMES))
_BYTES = 2_000_000_000
"""What a file holds, which is one message of protobuf: weights beside it are put into it."""


class ToOnnx(BakeTarget):
    codegen: ClassVar[str] = "onnx"
    format = Onnx.title

    @property
    def library(self) -> str:
        return "onnxruntime"

    @property
    def runtimes(self) -> Sequence[str]:
        return (*RUNTIMES, *OPERATORS)

    def untried(self, runtime: str) -> str:
        if runtime not in OPERATORS:
            return ""
        known = OPERATORS[runtime]
        return (
            f"{known.title} was not run. What it lacks is by its documentation ({known.source}); "
            f"whether it computes the rest alike is not known. A file is proved in {_FIRST}."
        )

    def why_not(self, step: Step, runtime: str, given: Sequence[Value]) -> str:
        why = super().why_not(step, runtime, given)
        if why or runtime == _FIRST:
            return why
        whole = any(isinstance(t, PictureSize | Record) for t in step.types) or step.op.finds
        pipeline, block = (in_post(step, given), "post") if whole else (in_pre(step), "pre")
        model = _alone(pipeline, block)
        if runtime in OPERATORS:
            return OPERATORS[runtime].lacking(_flat(model))
        bound = 0.0 if step.error_bound is None else step.error_bound.absolute
        return _otherwise(model, runtime, pipeline, block, bound)

    def opened(self, source: ModelSource, contract: Model) -> Network:
        import onnx

        from procdsl.codegen.onnx.functions import DOMAIN
        from procdsl.codegen.onnx.model import OPSETS
        from procdsl.codegen.onnx.whole import Network

        if source.factory or source.format != self.format:
            what = f"{source.path} ({source.format})" if source.path else source.factory
            raise BadSource(
                f"{what} cannot be baked to {self.format}: give an ONNX file, as torch.onnx.export "
                "writes one"
            )
        try:
            model = onnx.load(source.path)
        except Exception as error:  # such as of weights in a file that is not there
            raise BadSource(f"{source.path}: onnx cannot load it: {error}") from error
        size = sum(one.ByteSize() for one in model.graph.initializer)
        if size > _BYTES:
            raise BadSource(
                f"{source.path}: its weights are {size / 1e9:.1f} GB, and one ONNX file holds "
                f"{_BYTES / 1e9:.1f}: procdsl embed leaves them beside it"
            )
        opset = _opset(model)
        if opset not in OPSETS:
            raise BadSource(
                f"{source.path}: its opset is {opset}, and steps are written from {OPSETS[0]} to "
                f"{OPSETS[-1]}: onnx.version_converter makes it another one"
            )
        if any(one.domain == DOMAIN for one in model.opset_import):
            raise BadSource(f"{source.path} has functions of the domain `{DOMAIN}` already")
        held = {one.name for one in model.graph.initializer}
        taken = [one.name for one in model.graph.input if one.name not in held]
        given = [one.name for one in model.graph.output]
        inputs = _placed("input", contract.inputs, taken)
        return Network(model, inputs, _placed("output", contract.outputs, given), source.batch)

    def run_alone(self, model: Network, contract: Model, fed: Arrays) -> Arrays:
        given = dict(zip(model.inputs, as_batch(contract.inputs, fed), strict=True))
        try:
            found = RUNTIMES[_FIRST](model.model, 0).run(model.outputs, given)
        except Exception as error:  # ONNX Runtime's own errors, of several kinds
            said = str(error).strip().splitlines()[-1]
            raise BadSource(f"the model does not run on what the contract says: {said}") from None
        batch = len(next(iter(given.values())))
        try:
            for value, x in zip(map(of_model, contract.outputs), found, strict=True):
                session.check(value, x, "the contract wants", "the model gives", batch)
        except (TypeError, ValueError) as error:
            raise BadSource(str(error)) from None
        return of_samples(contract.outputs, found, len(fed[0]))

    def write(
        self, path: str, halves: Halves, runtime: str, model: Network, example: Arrays, fed: Arrays
    ) -> None:
        from procdsl.codegen.onnx.images import described
        from procdsl.codegen.onnx.whole import whole

        baked, holds = halves.baked, targets()[self.codegen].holds
        try:
            made = whole(baked, _told(baked), holds, model, _opset(model.model))
            described(made, baked)
            made = made if runtime == _FIRST else _flat(made)  # the others know no functions
            data = made.SerializeToString(deterministic=True)
        except Exception as error:  # protobuf's and the checker's, which share no class
            said = " ".join(str(error).split())
            raise BadSource(f"no ONNX file can hold it: {said[:600]}") from error
        Path(path).write_bytes(data)

    def read(self, path: str, halves: Halves, runtime: str) -> BakedFile:
        import onnx

        return _Read(onnx.load(path), halves, runtime)

    def one_thread(self) -> AbstractContextManager[None]:
        """Those of steps alone are opened so."""
        return nullcontext()

    def graph(
        self, pipeline: Pipeline, block: str, runtime: str, given: Arrays, raw: Arrays
    ) -> Graph:
        opened = _runner(runtime)(_alone(pipeline, block), 1)
        arrays = given if block == "pre" else [*given, *raw]
        fed = dict(zip(opened.inputs, arrays, strict=True))
        names = opened.outputs

        def results() -> Mapping[str, np.ndarray]:
            return dict(zip(names, opened.run(names, fed), strict=True))

        return results


class _Read(BakedFile):
    """The file with its seams as results, and without the user's nodes."""

    def __init__(self, model: ModelProto, halves: Halves, runtime: str) -> None:
        from procdsl.codegen.onnx.whole import seams

        opened = _runner(runtime)
        run_by = runtime if runtime in RUNTIMES else _FIRST
        self.runtime = f"{run_by} {importlib.metadata.version(run_by)}"
        self._contract = halves.baked.model
        self._inputs = [value.name for value in halves.file.inputs]
        self._results = [value.name for value in halves.file.outputs]
        self._fed, self._raw = seams(model)
        self._whole = opened(_showing(model, [*self._fed, *self._raw]), 0)
        self._cut = opened(_without_network(model, self._contract, self._raw), 0)

    def run(self, inputs: Arrays, raw: Arrays | None = None) -> Run:
        count = len(inputs[0])
        given = dict(zip(self._inputs, inputs, strict=True))
        names = [*self._fed, *self._raw, *self._results]
        found = dict(zip(names, self._whole.run(names, given), strict=True))
        fed = of_samples(self._contract.inputs, [found[name] for name in self._fed], count)
        outputs = of_samples(self._contract.outputs, [found[n] for n in self._raw], count)
        results = {name: found[name] for name in self._results}
        if raw is not None:
            given |= zip(self._raw, as_batch(self._contract.outputs, raw), strict=True)
            answers = self._cut.run(self._results, given)
            results = dict(zip(self._results, answers, strict=True))
        return Run(fed, outputs if raw is None else raw, results)


def _otherwise(
    model: ModelProto, runtime: str, pipeline: Pipeline, block: str, bound: float
) -> str:
    """What another runtime makes of a graph that the first one does not, tried on noise."""
    raw = pipeline.model.outputs if block == "post" else ()
    first, apart = RUNTIMES[_FIRST](model, 1), -1.0
    try:
        other = RUNTIMES[runtime](model, 1)
    except Exception as error:  # a runtime's own errors, which share no class
        return _not_run(runtime, error)
    values = [*given_to(pipeline), *raw]
    for arrays in (*of_many_sizes(pipeline, values), *of_many_numbers(pipeline, values)):
        fed = dict(zip(first.inputs, arrays, strict=True))
        try:
            wanted = first.run(first.outputs, fed)
        except Exception:  # noqa: S112  # the step takes no picture of this size
            continue
        try:
            found = other.run(first.outputs, fed)
        except Exception as error:
            return _not_run(runtime, error)
        apart = max(apart, *map(largest, found, wanted))
    if apart < 0:
        return f"{runtime} was not tried on it: {_FIRST} takes none of the pictures tried"
    return "" if apart <= bound else f"{runtime} computes it otherwise: {apart:.3g} off"


def _not_run(runtime: str, error: Exception) -> str:
    said = " ".join(str(error).split())
    return f"{runtime} does not run it: {said[-160:]}"


def _runner(runtime: str) -> Callable[[Any, int], Opened]:
    """What runs a file for a runtime: the first one for those that are not run."""
    return RUNTIMES.get(runtime, RUNTIMES[_FIRST])


def _flat(model: ModelProto) -> ModelProto:
    """The model without functions."""
    from onnx import inliner

    return inliner.inline_local_functions(model)


def _alone(pipeline: Pipeline, block: str) -> ModelProto:
    """The graph of `pre` or `post`; that of `post` takes what the file does, and then what the
    model gives."""
    from procdsl.codegen.onnx.whole import after, before

    holds, opset = targets()[ToOnnx.codegen].holds, Options().opset
    if block == "pre":
        return before(pipeline, holds, opset)
    return after(pipeline, _told(pipeline), holds, opset)


def _told(pipeline: Pipeline) -> Sequence[Value]:
    """What the file takes beside the inputs: the sizes of other pictures."""
    return given_to(pipeline)[len(pipeline.inputs) :]


def _opset(model: ModelProto) -> int:
    return next((one.version for one in model.opset_import if one.domain in ("", "ai.onnx")), 0)


def _placed(side: str, values: Sequence[Value], found: Sequence[str]) -> tuple[str, ...]:
    """What the graph calls the values of the contract."""
    try:
        places = session.places(side, [v.name for v in values], [{name} for name in found])
    except ValueError as error:
        raise BadSource(str(error)) from None
    return tuple(found[i] for i in places)


def _showing(model: ModelProto, names: Sequence[str]) -> ModelProto:
    """The model with these tensors among its results."""
    from onnx import helper

    shown: ModelProto = type(model).FromString(model.SerializeToString())
    shown.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    return shown


def _without_network(model: ModelProto, contract: Model, raw: Sequence[str]) -> ModelProto:
    """The model without the user's nodes: it takes what these give."""
    from onnx import helper

    from procdsl.codegen.onnx.dtypes import element_type
    from procdsl.codegen.onnx.whole import MODEL

    cut: ModelProto = type(model).FromString(model.SerializeToString())
    for held in (cut.graph.node, cut.graph.initializer, cut.graph.value_info):
        kept = [one for one in held if not _names(one)[0].startswith(MODEL)]
        del held[:]
        held.extend(kept)
    for value, name in zip(contract.outputs, raw, strict=True):
        assert isinstance(value.type, Array), "a model gives arrays"
        sizes = [None, *value.type.shape[is_tiled(value) :]]
        dtype = element_type(value.type.dtype)
        cut.graph.input.append(helper.make_tensor_value_info(name, dtype, sizes))
    return cut


def _names(one: Any) -> Sequence[str]:
    """What a node gives, or what something else is called."""
    return [name for name in one.output if name] if hasattr(one, "op_type") else [one.name]


TARGET = ToOnnx()
